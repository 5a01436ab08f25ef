/* SPDX-License-Identifier: MIT */
#include "libraries.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ld_cache.h"
#include "thunks.h"

enum { LIBRARIES_MAX = 4096 };

/* One library that is looked for. */
struct search {
    const struct guest *guest;
    const struct closure *closure;
    const struct thunks *thunks;
    const char *name;
    size_t loader;
};

void guest_open(struct guest *guest, const struct options *options,
                const struct program *program, const char *qemu)
{
    struct stat status;

    *guest = (struct guest){
        .isa = program->isa,
        .program = program->path,
        .sysroot = options->sysroot != NULL ? options->sysroot
                                            : qemu_sysroot(program->isa, qemu),
        .library_path = environment_get(options, "LD_LIBRARY_PATH"),
        .preload = environment_get(options, "LD_PRELOAD"),
    };
    (void)span_map(&guest->cache, guest_path(guest, "/etc/ld.so.cache"),
                   &status);
}

const char *guest_path(const struct guest *guest, const char *path)
{
    if (guest->sysroot != NULL && *path == '/') {
        const char *inside = format_text("%s%s", guest->sysroot, path);

        if (access(inside, F_OK) == 0) {
            return inside;
        }
    }
    return path;
}

/* What is for another machine is passed over. */
static bool path_try(const struct search *search, const char *path,
                     struct library *library)
{
    const struct elf_file *file =
        elf_file_open(guest_path(search->guest, path));

    if (file == NULL || file->machine != search->guest->isa->machine) {
        return false;
    }
    library->path = path;
    library->file = file;
    return true;
}

/* $ORIGIN is the folder of the file that has it. Other names in a path ($LIB,
 * $PLATFORM) are known to the dynamic linker alone: NULL. */
static const char *path_expand(const char *path, int length,
                               const struct library *owner)
{
    static const char *const origins[] = {"$ORIGIN", "${ORIGIN}"};
    const char *text = format_text("%.*s", length, path);

    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++) {
        const char *at = strstr(text, origins[i]);
        const char *end = strrchr(owner->path, '/');

        if (at != NULL) {
            text = format_text("%.*s%.*s%s", (int)(at - text), text,
                               end == NULL ? 1 : (int)(end - owner->path),
                               end == NULL ? "." : owner->path,
                               at + strlen(origins[i]));
        }
    }
    return strchr(text, '$') == NULL ? text : NULL;
}

/* Tries the folders of a search path, of which an empty one is the current. */
static bool folders_try(const struct search *search, const char *folders,
                        const struct library *owner, struct library *library)
{
    while (folders != NULL) {
        int length = (int)strcspn(folders, ":;");
        const char *folder = path_expand(folders, length, owner);

        if (folder != NULL &&
            path_try(
                search,
                format_text("%s/%s", length > 0 ? folder : ".", search->name),
                library)) {
            return true;
        }
        folders = folders[length] == '\0' ? NULL : folders + length + 1;
    }
    return false;
}

/* DT_RPATH counts for what the library itself loads and so on, but not where
 * there is a DT_RUNPATH. */
static bool rpaths_try(const struct search *search, struct library *library)
{
    const struct library *items = search->closure->items;
    size_t at = search->loader;
    bool is_last = items[at].file->runpath != NULL;

    while (!is_last) {
        if (items[at].file->runpath == NULL &&
            folders_try(search, items[at].file->rpath, &items[at], library)) {
            return true;
        }
        is_last = at == 0;
        at = items[at].loader;
    }
    return false;
}

static bool defaults_try(const struct search *search, struct library *library)
{
    static const char *const folders[] = {
        "/lib/%s-linux-gnu",
        "/usr/lib/%s-linux-gnu",
        "/lib64",
        "/usr/lib64",
        "/lib",
        "/usr/lib",
    };
    const char *path;

    for (size_t at = 0; (path = ld_cache_next(search->guest->cache,
                                              search->name, &at)) != NULL;) {
        if (path_try(search, path, library)) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        const char *at = strstr(folders[i], "%s");

        path = at == NULL ? format_text("%s/%s", folders[i], search->name)
                          : format_text("%.*s%s%s/%s", (int)(at - folders[i]),
                                        folders[i], search->guest->isa->name,
                                        at + strlen("%s"), search->name);
        if (path_try(search, path, library)) {
            return true;
        }
    }
    return false;
}

static bool own_search(const struct search *search, struct library *library)
{
    const struct library *loader = &search->closure->items[search->loader];

    if (strchr(search->name, '/') != NULL) {
        const char *path =
            path_expand(search->name, (int)strlen(search->name), loader);

        return path != NULL && path_try(search, path, library);
    }
    return rpaths_try(search, library) ||
           folders_try(search, search->guest->library_path, loader, library) ||
           folders_try(search, loader->file->runpath, loader, library) ||
           ((loader->file->flags & DF_1_NODEFLIB) == 0 &&
            defaults_try(search, library));
}

static bool search_run(const struct search *search, struct library *library)
{
    const bool is_found = own_search(search, library);
    const struct thunk *thunk =
        is_found ? thunks_by_own(search->thunks, library->file)
                 : thunks_by_name(search->thunks, search->name);
    const char *runtime =
        is_found ? NULL : thunks_runtime(search->thunks, search->name);

    if (runtime != NULL) {
        library->path = runtime;
        library->file = elf_file_open(runtime);
        return library->file != NULL;
    }
    if (thunk != NULL) {
        library->path = is_found ? library->path : thunk->path;
        library->file = elf_file_open(thunk->path);
        library->thunk = thunk;
    }
    return is_found || library->file != NULL;
}

bool closure_has_file(const struct closure *closure,
                      const struct elf_file *file)
{
    for (size_t i = 0; i < closure->count; i++) {
        if (closure->items[i].file->device == file->device &&
            closure->items[i].file->inode == file->inode) {
            return true;
        }
    }
    return false;
}

static void closure_append(struct closure *closure,
                           const struct library *library)
{
    closure->items =
        array_grow(closure->items, closure->count, sizeof *closure->items);
    closure->items[closure->count++] = *library;
}

static void closure_need(struct closure *closure, const struct guest *guest,
                         const struct thunks *thunks, size_t loader,
                         const char *name)
{
    const struct search search = {guest, closure, thunks, name, loader};
    struct library library = {.name = name, .loader = loader};

    if (closure_library(closure, name) != NULL ||
        closure->count == LIBRARIES_MAX) {
        return;
    }
    if (!search_run(&search, &library)) {
        if (!list_has(&closure->missing, name)) {
            list_append(&closure->missing, name);
        }
    } else if (!closure_has_file(closure, library.file)) {
        closure_append(closure, &library);
    }
}

/* Whether a dynamic linker runs with it, or it is one itself. */
static bool has_linker(const struct elf_file *program)
{
    return program->interpreter != NULL ||
           (program->soname != NULL && strncmp(program->soname, "ld-", 3) == 0);
}

void closure_find(struct closure *closure, const struct guest *guest,
                  const struct thunks *thunks)
{
    const char *path = realpath(guest->program, NULL);
    const struct library program = {
        .name = guest->program,
        .path = path != NULL ? path : guest->program, /* it may have no name */
        .file = elf_file_open(guest->program),
    };

    *closure = (struct closure){0};
    if (program.file == NULL || !program.file->is_dynamic ||
        !has_linker(program.file)) {
        return;
    }
    closure_append(closure, &program);
    if (guest->preload != NULL) {
        char *rest = format_text("%s", guest->preload);

        for (const char *name; (name = strsep(&rest, ": ")) != NULL;) {
            if (*name != '\0') {
                closure_need(closure, guest, thunks, 0, name);
            }
        }
    }
    for (size_t i = 0; i < closure->count; i++) {
        for (size_t k = 0; k < closure->items[i].file->n_needed; k++) {
            closure_need(closure, guest, thunks, i,
                         closure->items[i].file->needed[k]);
        }
    }
}

struct library *closure_library(const struct closure *closure, const char *name)
{
    for (size_t i = 0; i < closure->count; i++) {
        struct library *library = &closure->items[i];

        if (strcmp(library->name, name) == 0 ||
            strcmp(library_name(library), name) == 0) {
            return library;
        }
    }
    return NULL;
}

bool library_find(const struct guest *guest, const struct closure *closure,
                  const char *name, struct library *library)
{
    const struct search search = {guest, closure, NULL, name, 0};

    *library = (struct library){.name = name};
    return closure->count > 0 && search_run(&search, library);
}

const char *library_name(const struct library *library)
{
    return library->file->soname != NULL ? library->file->soname
                                         : basename(library->path);
}
