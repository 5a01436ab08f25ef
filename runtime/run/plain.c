/* SPDX-License-Identifier: MIT */
#include "plain.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run.h"

/* What ends a folder in LD_LIBRARY_PATH, and a variable in QEMU's -E. */
static const char ends[] = ",:;";

/* FNV-1a: two folders get two links. */
static uint64_t text_hash(const char *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (; *text != '\0'; text++) {
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    }
    return hash;
}

static bool link_leads_to(const char *link, const char *folder)
{
    const char *found = realpath(link, NULL);

    return found != NULL && strcmp(found, folder) == 0;
}

/* Whatever other process makes the same link at the same time. */
static bool link_make(const char *link, const char *folder)
{
    const char *new = format_text("%s.%ld", link, (long)getpid());

    return symlink(folder, new) == 0 && rename(new, link) == 0;
}

static bool folders_make(const char *path)
{
    char *folder = format_text("%s", path);

    for (char *slash = folder; (slash = strchr(slash + 1, '/')) != NULL;) {
        *slash = '\0';
        if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
            return false;
        }
        *slash = '/';
    }
    return true;
}

const char *plain_folder(const char *folder)
{
    const char *absolute = realpath(folder, NULL);
    const char *cache, *link;

    if (absolute == NULL || strpbrk(absolute, ends) == NULL) {
        return absolute;
    }
    cache = user_folder("XDG_CACHE_HOME", ".cache");
    if (cache == NULL || strpbrk(cache, ends) != NULL) {
        fail(STATUS_NOT_RUNNABLE,
             "%s: a folder in LD_LIBRARY_PATH cannot have ',', ':' or ';' in "
             "its name, and there is no cache folder of the user's for a link "
             "to it: set XDG_CACHE_HOME",
             absolute);
    }
    link = format_text("%s/thunkgen/folders/%016" PRIx64, cache,
                       text_hash(absolute));
    if (!link_leads_to(link, absolute) &&
        (!folders_make(link) || !link_make(link, absolute))) {
        fail(STATUS_NOT_RUNNABLE,
             "%s: a folder in LD_LIBRARY_PATH cannot have ',', ':' or ';' in "
             "its name, and the link %s to it cannot be made: %s",
             absolute, link, strerror(errno));
    }
    return link;
}
