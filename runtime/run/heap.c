/* SPDX-License-Identifier: MIT */
#include "heap.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../common/allocators.h"
#include "fit.h"

static bool is_without(const struct list *names)
{
    char *rest = format_text("%s", list_join(names, ","));

    for (const char *name; (name = strsep(&rest, ",")) != NULL;) {
        if (strcmp(name, HEAP_NAME) == 0) {
            return true;
        }
    }
    return false;
}

/* The first of the program and its libraries that has a malloc() and is not
 * libc; NULL: none. The dynamic linker has one for itself. */
static const struct library *malloc_find(const struct closure *own)
{
    const struct elf_need need = {.name = "malloc"};
    const uint32_t hash = elf_name_hash(need.name);

    for (size_t i = 0; i < own->count; i++) {
        const struct library *library = &own->items[i];
        const char *name = library_name(library);

        if (strncmp(name, "libc.so.", strlen("libc.so.")) != 0 &&
            strncmp(name, "ld-linux", strlen("ld-linux")) != 0 &&
            elf_file_exports(library->file, &need, hash)) {
            return library;
        }
    }
    return NULL;
}

static const char *reason_find(const struct options *options, const char *file,
                               const struct closure *own)
{
    const char *door = environment_get(options, "THUNK_DOOR");
    const char *reason = NULL;

    if (is_without(&options->without)) {
        return "--without " HEAP_NAME;
    }
    if (door != NULL && strcmp(door, "syscall") == 0) {
        return "THUNK_DOOR is syscall";
    }
    if (linker_foreign(own) != NULL) {
        return format_text("its libc is none of glibc: it has %s",
                           linker_foreign(own));
    }
    if (malloc_find(own) != NULL) {
        return format_text("%s has a malloc() of its own",
                           library_name(malloc_find(own)));
    }
    reason = runtime_reason("libthunk-heap.so", file, own);
    if (reason == NULL && allocator_open() == NULL) {
        reason = "this machine has no mimalloc (Debian: libmimalloc2.0 or "
                 "libmimalloc3)";
    }
    return reason;
}

const char *heap_choose(const struct options *options, const char *home,
                        const struct guest *guest, const struct closure *own)
{
    const char *file =
        format_text("%s/guest/%s/libthunk-heap.so", home, guest->isa->name);
    const char *absolute = own->count == 0 ? NULL : realpath(file, NULL);
    const char *reason =
        absolute == NULL ? NULL : reason_find(options, absolute, own);

    if (reason != NULL) {
        log_info("%s keeps its own heap: %s", guest->program, reason);
    }
    return reason == NULL ? absolute : NULL;
}
