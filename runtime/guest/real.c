/* SPDX-License-Identifier: MIT
 *
 * The guest's own library, for calls that cannot go to the host. The GTL has
 * taken its name, so it is looked for past the GTL on the search path and
 * opened by its full path, which the dynamic linker does not compare with the
 * sonames of what is loaded.
 */
#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest.h"

/* The status with which ld.so ends a program that lacks a symbol. */
#define STATUS_NO_SYMBOL 127

static bool file_is(const char *path, const struct stat *file)
{
    struct stat other;

    return stat(path, &other) == 0 && other.st_dev == file->st_dev &&
           other.st_ino == file->st_ino;
}

/* Tries the folders of `list` in their order: those behind the GTL's own, or
 * all where its own is not among them (it was opened by path or preloaded). */
static void *folders_try(const struct thunk_library *library,
                         const Dl_serinfo *list, const struct stat *self)
{
    char path[PATH_MAX];
    unsigned first = 0;

    for (unsigned i = 0; i < list->dls_cnt; i++) {
        snprintf(path, sizeof(path), "%s/%s", list->dls_serpath[i].dls_name,
                 library->soname);
        if (file_is(path, self)) {
            first = i + 1;
        }
    }
    for (unsigned i = first; i < list->dls_cnt; i++) {
        void *handle;

        snprintf(path, sizeof(path), "%s/%s", list->dls_serpath[i].dls_name,
                 library->soname);
        handle = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
        if (handle != NULL) {
            return handle;
        }
    }
    return NULL;
}

static void *real_open(const struct thunk_library *library)
{
    void *program = dlopen(NULL, RTLD_LAZY);
    void *handle = NULL;
    Dl_serinfo *list = NULL;
    Dl_serinfo head;
    Dl_info info;
    struct stat self;

    if (program == NULL || dladdr(library, &info) == 0 ||
        stat(info.dli_fname, &self) != 0 ||
        dlinfo(program, RTLD_DI_SERINFOSIZE, &head) != 0) {
        return NULL;
    }
    list = malloc(head.dls_size);
    if (list != NULL) {
        list->dls_size = head.dls_size;
        list->dls_cnt = head.dls_cnt;
        if (dlinfo(program, RTLD_DI_SERINFOSIZE, list) == 0 &&
            dlinfo(program, RTLD_DI_SERINFO, list) == 0) {
            handle = folders_try(library, list, &self);
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
    }
    return handle;
}

const char *thunk_guest_real_path(struct thunk_library *library)
{
    void *handle = real_handle(library);
    struct link_map *map;

    if (handle == NULL || dlinfo(handle, RTLD_DI_LINKMAP, &map) != 0) {
        return "which is not on its search path either";
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
    return datum->version == NULL ? dlsym(handle, datum->name)
                                  : dlvsym(handle, datum->name, datum->version);
}

static thunk_function real_find(struct thunk_library *library, uint32_t index)
{
    const struct thunk_guest_symbol *symbol = &library->symbols[index];
    void *handle = real_handle(library);
    void *address;

    if (handle == NULL) {
        thunk_log(THUNK_LOG_ERROR,
                  "%s: %s cannot be called: neither the host's library nor the "
                  "guest's own can be had",
                  library->soname, symbol->name);
        _exit(STATUS_NO_SYMBOL);
    }
    address = symbol->version == NULL
                  ? dlsym(handle, symbol->name)
                  : dlvsym(handle, symbol->name, symbol->version);
    if (address == NULL) {
        thunk_log(THUNK_LOG_ERROR, "%s: %s: %s", library->soname, symbol->name,
                  dlerror());
        _exit(STATUS_NO_SYMBOL);
    }
    return (thunk_function)(uintptr_t)address;
}

thunk_function thunk_guest_real(struct thunk_library *library, uint32_t index)
{
    int saved = errno;
    thunk_function real;

    thunk_guest_search_begin();
    real = real_find(library, index);
    thunk_guest_search_end();
    __atomic_store_n(&library->reals[index], real, __ATOMIC_RELEASE);
    errno = saved;
    return real;
}
