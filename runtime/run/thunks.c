/* SPDX-License-Identifier: MIT */
#include "thunks.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "heap.h"

/* Libraries of the runtime itself, which thunks need, are no thunks. */
static const char runtime_prefix[] = "libthunk-";

static int entry_is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* By the name that programs are linked with. */
static int entry_is_thunk(const struct dirent *entry)
{
    return strstr(entry->d_name, ".so") != NULL &&
           strncmp(entry->d_name, runtime_prefix, strlen(runtime_prefix)) != 0;
}

/* A folder's entries in the order of their names; none where there is none. */
static struct list folder_read(const char *folder,
                               int (*is_wanted)(const struct dirent *))
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_wanted, alphasort);
    struct list names = {0};

    for (int i = 0; i < count; i++) {
        list_append(&names, entries[i]->d_name);
    }
    return names;
}

/* Those of a folder by their sonames. A link as libz.so is to libz.so.1 is for
 * programs that open it so. */
static struct list folder_thunks(const char *folder)
{
    const struct list names = folder_read(folder, entry_is_thunk);
    struct list thunks = {0};

    for (size_t i = 0; i < names.count; i++) {
        const char *name = names.items[i];
        const char *next = i + 1 < names.count ? names.items[i + 1] : "";

        if (strncmp(next, name, strlen(name)) != 0 ||
            next[strlen(name)] != '.') {
            list_append(&thunks, name);
        }
    }
    return thunks;
}

/* Sets errno if there is none. */
static bool folder_exists(const char *path)
{
    struct stat status;

    errno = ENOTDIR;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* ---- what is there ---- */

/* What one --thunks means: a folder of thunks, or packs of the installed ones,
 * which are such folders with links in them. */
static void homes_add(struct list *homes, const char *what, const char *home,
                      const struct isa *isa)
{
    const char *missing = NULL;
    char *names = format_text("%s", what), *rest = names;
    size_t before = homes->count;

    for (const char *name; (name = strsep(&rest, ",")) != NULL;) {
        const char *folder = format_text("%s/packs/%s", home, name);

        if (strchr(name, '/') != NULL || *name == '\0' ||
            !folder_exists(folder)) {
            missing = name;
        } else {
            const struct list thunks =
                folder_thunks(format_text("%s/guest/%s", folder, isa->name));

            list_append(homes, folder);
            log_info("pack %s: %s", name, list_join(&thunks, ", "));
        }
    }
    if (missing == NULL) {
        return;
    }
    if (homes->count == before && (strchr(what, '/') || folder_exists(what))) {
        list_append(homes, what);
        return;
    }
    const struct list packs =
        folder_read(format_text("%s/packs", home), entry_is_visible);

    fail(STATUS_NOT_FOUND,
         "--thunks %s: %s is neither a folder nor one of the packs: %s", what,
         missing, list_join(&packs, ", "));
}

/* Adds what lies in `home`; `path` is where its thunks are. */
static void folder_add(struct thunks *thunks, const char *home,
                       const char *path)
{
    const struct list sonames = folder_thunks(path);

    thunks->folders =
        array_grow(thunks->folders, thunks->n_folders, sizeof *thunks->folders);
    thunks->folders[thunks->n_folders] = (struct thunk_folder){home, path};
    for (size_t i = 0; i < sonames.count; i++) {
        thunks->items =
            array_grow(thunks->items, thunks->count, sizeof *thunks->items);
        thunks->items[thunks->count++] = (struct thunk){
            .soname = sonames.items[i],
            .path = format_text("%s/%s", path, sonames.items[i]),
            .folder = thunks->n_folders,
        };
    }
    thunks->n_folders++;
}

void thunks_open(struct thunks *thunks, const struct list *wanted,
                 const char *home, const struct isa *isa)
{
    struct list homes = {0};

    *thunks = (struct thunks){.isa = isa};
    for (size_t i = 0; i < wanted->count; i++) {
        homes_add(&homes, wanted->items[i], home, isa);
    }
    if (homes.count == 0) {
        list_append(&homes, home);
    }
    for (size_t i = 0; i < homes.count; i++) {
        const char *folder =
            format_text("%s/guest/%s", homes.items[i], isa->name);

        const char *absolute =
            folder_exists(folder) ? realpath(folder, NULL) : NULL;

        if (absolute == NULL) {
            fail_file(folder,
                      format_text("; there are no thunks for %s guests: build "
                                  "them, or name others with --thunks",
                                  isa->name));
        }
        folder_add(thunks, homes.items[i], absolute);
    }
}

struct thunk *thunks_by_name(const struct thunks *thunks, const char *soname)
{
    for (size_t i = 0; thunks != NULL && i < thunks->count; i++) {
        struct thunk *thunk = &thunks->items[i];

        if (thunk->reason == NULL && strcmp(thunk->soname, soname) == 0) {
            return thunk;
        }
    }
    return NULL;
}

struct thunk *thunks_by_own(const struct thunks *thunks,
                            const struct elf_file *own)
{
    for (size_t i = 0; thunks != NULL && i < thunks->count; i++) {
        struct thunk *thunk = &thunks->items[i];

        if (thunk->reason == NULL && thunk->own != NULL &&
            thunk->own->device == own->device &&
            thunk->own->inode == own->inode) {
            return thunk;
        }
    }
    return NULL;
}

const char *thunks_runtime(const struct thunks *thunks, const char *name)
{
    if (strncmp(name, runtime_prefix, strlen(runtime_prefix)) != 0) {
        return NULL;
    }
    for (size_t i = 0; thunks != NULL && i < thunks->n_folders; i++) {
        const char *path = format_text("%s/%s", thunks->folders[i].path, name);

        if (access(path, F_OK) == 0) {
            return path;
        }
    }
    return NULL;
}

/* ---- packs ---- */

/* NULL: the folder has no thunk of that soname. */
static struct thunk *folder_thunk(const struct thunks *thunks, size_t folder,
                                  const char *soname)
{
    for (size_t i = 0; i < thunks->count; i++) {
        if (thunks->items[i].folder == folder &&
            strcmp(thunks->items[i].soname, soname) == 0) {
            return &thunks->items[i];
        }
    }
    return NULL;
}

static void pack_add(struct thunks *thunks, const char *name, const char *path,
                     size_t folder)
{
    const struct pack pack = {name, path, folder, folder_thunks(path)};

    /* One with thunks that are not in the folder is only for programs whose
     * --thunks names it. */
    for (size_t i = 0; i < pack.sonames.count; i++) {
        if (folder_thunk(thunks, folder, pack.sonames.items[i]) == NULL) {
            return;
        }
    }
    thunks->packs =
        array_grow(thunks->packs, thunks->n_packs, sizeof *thunks->packs);
    thunks->packs[thunks->n_packs++] = pack;
}

static bool pack_has(const struct pack *pack, const struct thunk *thunk)
{
    return pack->folder == thunk->folder &&
           list_has(&pack->sonames, thunk->soname);
}

static bool thunk_has_pack(const struct thunks *thunks,
                           const struct thunk *thunk)
{
    for (size_t i = 0; i < thunks->n_packs; i++) {
        if (pack_has(&thunks->packs[i], thunk)) {
            return true;
        }
    }
    return false;
}

static void packs_read(struct thunks *thunks)
{
    if (thunks->n_packs > 0) {
        return;
    }
    for (size_t i = 0; i < thunks->n_folders; i++) {
        const char *packs = format_text("%s/packs", thunks->folders[i].home);
        const struct list names = folder_read(packs, entry_is_visible);

        for (size_t k = 0; k < names.count; k++) {
            const char *path = format_text("%s/%s/guest/%s", packs,
                                           names.items[k], thunks->isa->name);

            if (folder_exists(path)) {
                pack_add(thunks, names.items[k], path, i);
            }
        }
    }
    /* Where there are none, the whole folder is one. */
    for (size_t i = 0; i < thunks->count; i++) {
        const size_t folder = thunks->items[i].folder;

        if (!thunk_has_pack(thunks, &thunks->items[i])) {
            pack_add(thunks, NULL, thunks->folders[folder].path, folder);
        }
    }
}

/* The first of a pack's thunks that is left; NULL: none. */
static const struct thunk *pack_gap(const struct thunks *thunks,
                                    const struct pack *pack)
{
    for (size_t i = 0; i < thunks->count; i++) {
        if (thunks->items[i].reason != NULL &&
            pack_has(pack, &thunks->items[i])) {
            return &thunks->items[i];
        }
    }
    return NULL;
}

/* The one that keeps a thunk from the program: none of its packs is whole. NULL
 * if one is. */
static const struct thunk *pack_cause(const struct thunks *thunks,
                                      const struct thunk *thunk)
{
    const struct thunk *cause = NULL;

    for (size_t i = 0; i < thunks->n_packs; i++) {
        if (pack_has(&thunks->packs[i], thunk)) {
            cause = pack_gap(thunks, &thunks->packs[i]);
            if (cause == NULL) {
                return NULL;
            }
        }
    }
    return cause;
}

/* A thunk that is left and that another one uses; NULL: it uses none. */
static const struct thunk *use_cause(const struct thunks *thunks,
                                     const struct thunk *thunk)
{
    const struct elf_file *file = elf_file_open(thunk->path);

    for (size_t i = 0; file != NULL && i < file->n_needed; i++) {
        const struct thunk *used =
            folder_thunk(thunks, thunk->folder, file->needed[i]);

        if (used != NULL && used->reason != NULL) {
            return used;
        }
    }
    return NULL;
}

static bool any_is_left(const struct thunks *thunks)
{
    for (size_t i = 0; i < thunks->count; i++) {
        if (thunks->items[i].reason != NULL) {
            return true;
        }
    }
    return false;
}

void thunks_settle(struct thunks *thunks)
{
    bool is_settled = !any_is_left(thunks);

    if (!is_settled) {
        packs_read(thunks);
    }
    while (!is_settled) {
        is_settled = true;
        for (size_t i = 0; i < thunks->count; i++) {
            struct thunk *thunk = &thunks->items[i];
            const struct thunk *cause = NULL;

            if (thunk->reason == NULL) {
                cause = pack_cause(thunks, thunk);
                cause = cause == NULL ? use_cause(thunks, thunk) : cause;
            }
            if (cause != NULL) {
                thunk->cause = cause->cause == NULL ? cause : cause->cause;
                thunk->reason =
                    format_text("goes with %s", thunk->cause->soname);
                is_settled = false;
            }
        }
    }
}

struct list thunks_packs(struct thunks *thunks, const struct thunk *thunk)
{
    struct list names = {0};

    packs_read(thunks);
    for (size_t i = 0; i < thunks->n_packs; i++) {
        if (thunks->packs[i].name != NULL &&
            pack_has(&thunks->packs[i], thunk)) {
            list_append(&names, thunks->packs[i].name);
        }
    }
    return names;
}

struct list thunks_packs_apart(const struct thunks *thunks)
{
    struct list apart = {0};

    for (size_t i = 0; i < thunks->n_folders; i++) {
        const char *packs = format_text("%s/packs", thunks->folders[i].home);
        const struct list names = folder_read(packs, entry_is_visible);

        for (size_t k = 0; k < names.count; k++) {
            const struct list sonames = folder_thunks(format_text(
                "%s/%s/guest/%s", packs, names.items[k], thunks->isa->name));

            for (size_t n = 0; n < sonames.count; n++) {
                if (folder_thunk(thunks, i, sonames.items[n]) == NULL) {
                    list_append(&apart, names.items[k]);
                    break;
                }
            }
        }
    }
    return apart;
}

/* ---- --without ---- */

/* The name in a soname: png for libpng16.so.16. */
static bool soname_has_name(const char *soname, const char *name)
{
    static const char prefix[] = "lib";
    size_t length = strlen(name);

    if (strncmp(soname, prefix, strlen(prefix)) == 0) {
        soname += strlen(prefix);
    }
    if (strncmp(soname, name, length) != 0) {
        return false;
    }
    soname += length;
    while (isdigit((unsigned char)*soname)) {
        soname++;
    }
    return strncmp(soname, ".so", strlen(".so")) == 0;
}

static bool named_leave(struct thunks *thunks, const char *name)
{
    const char *reason = format_text("--without %s", name);
    bool is_found = false;

    for (size_t i = 0; i < thunks->count; i++) {
        struct thunk *thunk = &thunks->items[i];

        if (strcmp(thunk->soname, name) == 0 ||
            soname_has_name(thunk->soname, name)) {
            thunk->is_wanted = true;
            thunk->reason = reason;
            is_found = true;
        }
    }
    for (size_t i = 0; !is_found && i < thunks->n_folders; i++) {
        const struct list sonames = folder_thunks(
            format_text("%s/packs/%s/guest/%s", thunks->folders[i].home, name,
                        thunks->isa->name));

        for (size_t k = 0; k < sonames.count; k++) {
            struct thunk *thunk = folder_thunk(thunks, i, sonames.items[k]);

            if (thunk != NULL) {
                thunk->is_wanted = true;
                thunk->reason = reason;
                is_found = true;
            }
        }
    }
    return is_found;
}

void thunks_leave_named(struct thunks *thunks, const struct list *names)
{
    char *rest = format_text("%s", list_join(names, ","));
    struct list sonames = {0};

    for (const char *name;
         names->count > 0 && (name = strsep(&rest, ",")) != NULL;) {
        if (strcmp(name, HEAP_NAME) == 0 || named_leave(thunks, name)) {
            continue;
        }
        for (size_t i = 0; i < thunks->count; i++) {
            list_append(&sonames, thunks->items[i].soname);
        }
        fail(STATUS_USAGE,
             "--without %s: no thunk or pack has that name; there are %s", name,
             list_join(&sonames, ", "));
    }
}
