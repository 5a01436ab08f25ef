/* SPDX-License-Identifier: MIT */
#include "ld_cache.h"

#include <ctype.h>
#include <string.h>

struct cache_head {
    char magic[20];
    uint32_t count;
    uint32_t unused[6];
};

/* Places are as seen from the head. */
struct cache_entry {
    int32_t flags;
    uint32_t library;
    uint32_t path;
    uint32_t os_version;
    uint64_t hardware;
};

/* What glibc wrote before 2.32 is in front of what it writes since 2.2. */
struct old_head {
    char magic[12];
    uint32_t count;
};

enum { OLD_ENTRY_SIZE = 12 };

static struct span cache_open(struct span file, struct cache_head *head)
{
    static const char magic[20] = "glibc-ld.so.cache1.1",
                      old_magic[12] = "ld.so-1.7.0";
    struct old_head old;

    if (span_read(file, 0, &old, sizeof old) &&
        memcmp(old.magic, old_magic, sizeof old_magic) == 0) {
        uint64_t size = sizeof old + (uint64_t)old.count * OLD_ENTRY_SIZE;

        file = span_part(file, (size + 7) & ~(uint64_t)7, UINT64_MAX);
    }
    if (!span_read(file, 0, head, sizeof *head) ||
        memcmp(head->magic, magic, sizeof magic) != 0) {
        return (struct span){NULL, 0};
    }
    return file;
}

/* The entries' order, from the greatest to the least: numbers in names count as
 * numbers (glibc's _dl_cache_libcmp). */
static int name_compare(const char *one, const char *two)
{
    while (*one != '\0') {
        if (isdigit((unsigned char)*one) && isdigit((unsigned char)*two)) {
            unsigned first = 0, second = 0;

            while (isdigit((unsigned char)*one)) {
                first = first * 10 + (unsigned)(*one++ - '0');
            }
            while (isdigit((unsigned char)*two)) {
                second = second * 10 + (unsigned)(*two++ - '0');
            }
            if (first != second) {
                return first < second ? -1 : 1;
            }
        } else if (isdigit((unsigned char)*one)) {
            return 1;
        } else if (isdigit((unsigned char)*two)) {
            return -1;
        } else if (*one != *two) {
            break;
        } else {
            one++;
            two++;
        }
    }
    return *one - *two;
}

static bool entry_read(struct span cache, size_t index,
                       struct cache_entry *entry, const char **library)
{
    if (!span_read(cache, sizeof(struct cache_head) + index * sizeof *entry,
                   entry, sizeof *entry)) {
        return false;
    }
    *library = span_text(cache, entry->library);
    return *library != NULL;
}

/* The first of a library's entries, or the one behind where it would be. */
static size_t entry_find(struct span cache, size_t count, const char *library)
{
    size_t first = 0, end = count;

    while (first < end) {
        size_t middle = first + (end - first) / 2;
        struct cache_entry entry;
        const char *name;

        if (entry_read(cache, middle, &entry, &name) &&
            name_compare(name, library) > 0) {
            first = middle + 1;
        } else {
            end = middle;
        }
    }
    return first;
}

const char *ld_cache_next(struct span file, const char *library, size_t *at)
{
    struct cache_head head;
    struct span cache = cache_open(file, &head);
    struct cache_entry entry;
    const char *name;

    if (*at == 0) {
        *at = entry_find(cache, head.count, library) + 1;
    }
    while (cache.size > 0 && *at <= head.count &&
           entry_read(cache, *at - 1, &entry, &name) &&
           strcmp(name, library) == 0) {
        ++*at;
        if (entry.hardware == 0) {
            return span_text(cache, entry.path);
        }
    }
    return NULL;
}
