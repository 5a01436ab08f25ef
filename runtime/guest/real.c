/* SPDX-License-Identifier: MIT
 *
 * The guest's own library, for calls that cannot go to the host. The GTL has
 * taken its name. Where the plugin has given the GTL to the dynamic linker, the
 * path of the GTL is the library's own; else it is looked for past the GTL on
 * the search path. It is opened by its full path, which the dynamic linker does
 * not compare with the sonames of what is loaded.
 *
 * It may need more of a library that is thunked than the thunk has, as libGL
 * does of libGLX, of which it uses what no header declares. Then that library's
 * own comes first; by its soname the dynamic linker takes it for what is
 * needed.
 */
#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../common/dynamic.h"
#include "guest.h"

/* The status with which ld.so ends a program that lacks a symbol. */
#define STATUS_NO_SYMBOL 127

static bool file_is(const char *path, const struct stat *file)
{
    struct stat other;

    return stat(path, &other) == 0 && other.st_dev == file->st_dev &&
           other.st_ino == file->st_ino;
}

/* Where libraries are looked for, and where the thunks are. */
struct search {
    const Dl_serinfo *list;
    const char *thunks;
    unsigned depth; /* of libraries that need others */
};

enum { DEPTH_MAX = 8 };

static void needed_open(void *context, const char *soname);

/* All that it needs has to be there at once, or else what is not found would
 * end the program at the call that needs it. */
static void *file_open(const struct search *search, const char *path)
{
    struct search deeper = *search;
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);

    deeper.depth++;
    if (handle == NULL && deeper.depth < DEPTH_MAX) {
        thunk_guest_needs_walk(path, needed_open, &deeper);
        handle = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
    }
    return handle;
}

/* Tries the folders in their order: those behind the thunk's, or all where the
 * thunk is not among them (it was opened by path or preloaded). */
static void *folders_try(const struct search *search, const char *soname,
                         const struct stat *thunk)
{
    const Dl_serinfo *list = search->list;
    char path[PATH_MAX];
    unsigned first = 0;

    for (unsigned i = 0; i < list->dls_cnt; i++) {
        snprintf(path, sizeof(path), "%s/%s", list->dls_serpath[i].dls_name,
                 soname);
        if (file_is(path, thunk)) {
            first = i + 1;
        }
    }
    for (unsigned i = first; i < list->dls_cnt; i++) {
        void *handle;

        snprintf(path, sizeof(path), "%s/%s", list->dls_serpath[i].dls_name,
                 soname);
        handle = file_open(search, path);
        if (handle != NULL) {
            return handle;
        }
    }
    return NULL;
}

/* Opens one of the libraries that a file needs, if there is a thunk of it which
 * is not loaded. */
static void needed_open(void *context, const char *soname)
{
    const struct search *search = context;
    char path[PATH_MAX];
    struct stat thunk;
    void *loaded = dlopen(soname, RTLD_LAZY | RTLD_NOLOAD);

    snprintf(path, sizeof(path), "%s/%s", search->thunks, soname);
    if (loaded != NULL) {
        dlclose(loaded);
    } else if (stat(path, &thunk) == 0) {
        (void)folders_try(search, soname, &thunk);
    }
}

/* Of the thunk in that file. */
static void *real_search(const char *soname, const char *file,
                         const Dl_serinfo *list)
{
    char thunks[PATH_MAX];
    const char *end = strrchr(file, '/');
    struct search search = {.list = list, .thunks = thunks};
    struct stat thunk;

    if (stat(file, &thunk) != 0) {
        return NULL;
    }
    snprintf(thunks, sizeof(thunks), "%.*s",
             end == NULL ? 0 : (int)(end - file), file);
    return folders_try(&search, soname, &thunk);
}

static void own_use(bool is_own)
{
    volatile uint64_t answer = THUNK_UNANSWERED;

    (void)thunk_syscall(THUNK_SYSCALL, THUNK_USE_OWN, is_own,
                        (uintptr_t)&answer, 0);
}

/* Where the plugin has given the GTL. To the dynamic linker the path is the
 * GTL's: so it gets another one for the same file. What the library needs comes
 * from the guest as well, unless it is there. */
static void *given_open(const char *file)
{
    const char *name = strrchr(file, '/');
    char path[PATH_MAX];
    void *handle;

    if (name == NULL ||
        snprintf(path, sizeof(path), "%.*s/./%s", (int)(name - file), file,
                 name + 1) >= (int)sizeof(path)) {
        return NULL;
    }
    own_use(true);
    handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        handle = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
    }
    own_use(false);
    return handle;
}

static void *real_open(const struct thunk_library *library)
{
    void *program, *handle = NULL;
    Dl_serinfo *list = NULL;
    Dl_serinfo head;
    Dl_info info;

    if (dladdr(library, &info) == 0) {
        return NULL;
    }
    if (thunk_guest_given_path(library) != NULL) {
        return given_open(info.dli_fname);
    }
    program = dlopen(NULL, RTLD_LAZY);
    if (program == NULL || dlinfo(program, RTLD_DI_SERINFOSIZE, &head) != 0) {
        return NULL;
    }
    list = malloc(head.dls_size);
    if (list != NULL) {
        list->dls_size = head.dls_size;
        list->dls_cnt = head.dls_cnt;
        if (dlinfo(program, RTLD_DI_SERINFOSIZE, list) == 0 &&
            dlinfo(program, RTLD_DI_SERINFO, list) == 0) {
            handle = real_search(library->soname, info.dli_fname, list);
        }
    }
    free(list);
    dlclose(program);
    return handle;
}

/* Without a lock: see attach.c. A handle too many only counts one reference
 * more on the same library. */
static void *real_handle(struct thunk_library *library)
{
    void *handle = __atomic_load_n(&library->handle, __ATOMIC_ACQUIRE);

    if (handle == NULL) {
        handle = real_open(library);
        __atomic_store_n(&library->handle, handle, __ATOMIC_RELEASE);
        if (handle != NULL) {
            thunk_guest_data_own(library);
            thunk_guest_data_check();
        }
    }
    return handle;
}

const char *thunk_guest_given_path(const struct thunk_library *library)
{
    volatile uint64_t path = THUNK_UNANSWERED;

    (void)thunk_syscall(THUNK_SYSCALL, THUNK_GET_THUNK,
                        (uintptr_t)library->soname, (uintptr_t)&path, 0);
    return path == THUNK_UNANSWERED ? NULL : (const char *)(uintptr_t)path;
}

const char *thunk_guest_real_path(struct thunk_library *library)
{
    void *handle = real_handle(library);
    struct link_map *map;
    Dl_info info;

    if (handle == NULL || dlinfo(handle, RTLD_DI_LINKMAP, &map) != 0) {
        return "which is not on its search path either";
    }
    if (thunk_guest_given_path(library) != NULL &&
        dladdr(library, &info) != 0) {
        return info.dli_fname; /* without given_open()'s "/." */
    }
    return map->l_name;
}

void *thunk_guest_real_data(struct thunk_library *library,
                            const struct thunk_datum *datum)
{
    void *handle = real_handle(library);

    if (handle == NULL) {
        return NULL;
    }
    return thunk_dynamic_symbol(handle, datum->name, datum->version);
}

thunk_function thunk_guest_real_function(struct thunk_library *library,
                                         const char *name, const char *version)
{
    void *handle = real_handle(library);
    void *address;

    if (handle == NULL) {
        thunk_log(THUNK_LOG_ERROR,
                  "%s: %s cannot be called: neither the host's library nor the "
                  "guest's own can be had",
                  library->soname, name);
        _exit(STATUS_NO_SYMBOL);
    }
    address = thunk_dynamic_symbol(handle, name, version);
    if (address == NULL) {
        thunk_log(THUNK_LOG_ERROR, "%s: %s: %s", library->soname, name,
                  dlerror());
        _exit(STATUS_NO_SYMBOL);
    }
    return (thunk_function)(uintptr_t)address;
}

thunk_function thunk_guest_real(struct thunk_library *library, uint32_t index)
{
    const struct thunk_guest_symbol *symbol = &library->symbols[index];
    int saved = errno;
    thunk_function real;

    thunk_guest_search_begin();
    real = thunk_guest_real_function(library, symbol->name, symbol->version);
    thunk_guest_search_end();
    __atomic_store_n(&library->reals[index], real, __ATOMIC_RELEASE);
    errno = saved;
    return real;
}
