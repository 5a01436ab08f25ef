/* SPDX-License-Identifier: MIT
 *
 * What the process has loaded on the host. Libraries get what they have in
 * common with the program in place of what they import: the one that was
 * opened, and all that came with it or that these open later. QEMU's own, which
 * were there before, keep what they have, but that they can free blocks of the
 * program's.
 */
#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../common/dynamic.h"
#include "blocks.h"
#include "file.h"
#include "heap.h"
#include "imports.h"
#include "process.h"
#include "program.h"

/* The last of QEMU's own objects, which stay, and the last that has been seen
 * to, which may have been closed. */
static const struct link_map *last_own;
static struct {
    const struct link_map *map;
    const ElfW(Dyn) * dynamic; /* another object may get the map's place */
} last;

/* What QEMU and the runtime itself are linked with is theirs. */
__attribute__((constructor)) static void last_find(void)
{
    const struct link_map *map = NULL;
    void *process = dlopen(NULL, RTLD_LAZY);

    if (process != NULL &&
        dlinfo(process, RTLD_DI_LINKMAP, (void *)&map) == 0) {
        for (; map != NULL; map = map->l_next) {
            last_own = map;
        }
    }
}

/* The first object that has not been seen to; where the last that was is gone,
 * all but QEMU's are looked at once more, which does no harm. */
static const struct link_map *next_find(void)
{
    const struct link_map *found = last_own;

    thunk_host_lock();
    for (const struct link_map *map = last_own; map != NULL;
         map = map->l_next) {
        if (map == last.map && map->l_ld == last.dynamic) {
            found = map;
        }
    }
    thunk_host_unlock();
    return found->l_next;
}

static void last_note(const struct link_map *map)
{
    thunk_host_lock();
    last.map = map;
    last.dynamic = map->l_ld;
    thunk_host_unlock();
}

/* ---- what libraries load themselves ---- */

static void objects_settle(void *library);

/* The file of that name in one folder of a RUNPATH, where $ORIGIN is the
 * library's own folder. False: its path is too long, or has other such words.
 */
static bool runpath_file(char *file, size_t size, const char *library,
                         const char *folder, int length, const char *name)
{
    static const char *const origins[] = {"$ORIGIN", "${ORIGIN}"};
    const char *slash = strrchr(library, '/');
    int own = 0, done;

    for (size_t i = 0; i < sizeof(origins) / sizeof(*origins); i++) {
        const size_t word = strlen(origins[i]);

        if (slash != NULL && strncmp(folder, origins[i], word) == 0) {
            own = (int)(slash - library);
            folder += word;
            length -= (int)word;
        }
    }
    done =
        snprintf(file, size, "%.*s%.*s/%s", own, library, length, folder, name);
    return done >= 0 && (size_t)done < size &&
           memchr(folder, '$', (size_t)length) == NULL;
}

/* As the dynamic linker does where the caller has a RUNPATH: it takes the
 * caller from the return address, which would be this runtime's. NULL: there is
 * no such file. */
static void *beside_open(const void *caller, const char *name, int flags)
{
    const struct link_map *map = NULL;
    char file[PATH_MAX];
    const char *list, *names = NULL;
    size_t place = 0; /* in the names; 0: there is no RUNPATH */
    Dl_info info;

    if (name == NULL || strchr(name, '/') != NULL ||
        dladdr1(caller, &info, (void *)&map, RTLD_DL_LINKMAP) == 0) {
        return NULL;
    }
    for (const ElfW(Dyn) *entry = map->l_ld; entry->d_tag != DT_NULL; entry++) {
        if (entry->d_tag == DT_STRTAB) {
            names = thunk_dynamic_pointer(map->l_addr, entry);
        } else if (entry->d_tag == DT_RUNPATH ||
                   (entry->d_tag == DT_RPATH && place == 0)) {
            place = entry->d_un.d_val;
        }
    }
    list = place == 0 ? "" : names + place;
    while (*list != '\0') {
        const int length = (int)strcspn(list, ":");

        if (runpath_file(file, sizeof(file), map->l_name, list, length, name) &&
            access(file, R_OK) == 0) {
            return dlopen(file, flags);
        }
        list += length + (list[length] == ':');
    }
    return NULL;
}

/* A plug-in finds the functions of the library that opens it where natively the
 * program has linked that: in the global scope. Only the thunked ones get there
 * so: plug-ins may well have symbols of the same names. */
static void caller_publish(const void *caller)
{
    const struct link_map *map = NULL;
    struct thunk_host_library *library;
    Dl_info info;
    void *handle;

    if (dladdr1(caller, &info, (void *)&map, RTLD_DL_LINKMAP) == 0) {
        return;
    }
    thunk_host_lock();
    library = thunk_host_libraries();
    while (library != NULL && library->handle != map) {
        library = library->next_deferred;
    }
    thunk_host_unlock();
    handle = library == NULL
                 ? NULL
                 : dlopen(map->l_name, RTLD_LAZY | RTLD_NOLOAD | RTLD_GLOBAL);
    if (handle != NULL) {
        dlclose(handle); /* it stays open, and global */
    }
}

/* dlopen(), for the host's libraries: what it loads is the program's as well.
 */
static void *object_open(const char *name, int flags)
{
    const void *caller = __builtin_return_address(0);
    void *handle;

    caller_publish(caller);
    handle = beside_open(caller, name, flags);
    if (handle == NULL) {
        handle = dlopen(name, flags);
    }
    if (handle != NULL) {
        objects_settle(handle);
        thunk_host_hooks_settle();
    }
    return handle;
}

/* dlclose(): what is opened next may get the place of what is closed, and would
 * pass for seen. */
static int object_close(void *handle)
{
    int result = dlclose(handle);

    thunk_host_lock();
    last.map = NULL;
    thunk_host_unlock();
    return result;
}

/* ---- all ---- */

/* What objects have in common with the program. */
static struct thunk_imports common[10];

/* Once it is known what the guest has. */
static void common_gather(const struct thunk_attachment *attachment)
{
    static const struct thunk_import opens[] = {
        {"dlclose", (thunk_function)object_close},
        {"dlopen", (thunk_function)object_open},
    };

    thunk_host_lock();
    if (common[0].count == 0) {
        common[0] =
            (struct thunk_imports){opens, sizeof(opens) / sizeof(*opens)};
        common[1] = thunk_host_environment_imports(attachment);
        common[2] = thunk_host_heap_imports();
        common[3] = thunk_host_end_imports();
        common[4] = thunk_host_children_imports();
        common[5] = thunk_host_state_imports(attachment);
        common[6] = thunk_host_thread_end_imports();
        common[7] = thunk_host_signals_imports();
        common[8] = thunk_host_libc_blocks_imports();
        common[9] = thunk_host_standard_imports();
    }
    thunk_host_unlock();
}

static void objects_settle(void *library)
{
    for (const struct link_map *map = next_find(); map != NULL;
         map = map->l_next) {
        thunk_host_imports_set_of(map, library, common,
                                  sizeof(common) / sizeof(*common));
        thunk_host_hooks_note(map);
        last_note(map);
    }
}

/* QEMU makes pages of the guest's executable for the host when it changes their
 * protection for its own ends, as it does for those that are written and run.
 * It needs that nowhere, and host code that jumps there would run what is the
 * guest's; it is to fault instead. QEMU's code buffer is there by now. */
static int pages_protect(void *start, size_t size, int protection)
{
    return mprotect(start, size, protection & ~PROT_EXEC);
}

/* QEMU's own go on with libc's heap, but get and free blocks of the program's
 * as well. The first is QEMU itself; and this runtime knows what it frees. */
static void own_settle(void)
{
    static const struct thunk_import protect = {"mprotect",
                                                (thunk_function)pages_protect};
    const struct link_map *map = NULL, *runtime = NULL;
    const struct thunk_imports imports = thunk_host_heap_imports_own();
    const struct thunk_imports of_qemu = {&protect, 1};
    void *process = dlopen(NULL, RTLD_LAZY);
    Dl_info info;

    if (process == NULL ||
        dlinfo(process, RTLD_DI_LINKMAP, (void *)&map) != 0 ||
        dladdr1(&last, &info, (void *)&runtime, RTLD_DL_LINKMAP) == 0) {
        return;
    }
    thunk_host_imports_set_of(map, process, &of_qemu, 1);
    while (imports.count > 0 && map != last_own) {
        map = map->l_next;
        if (map != runtime) {
            thunk_host_imports_set_of(map, process, &imports, 1);
        }
    }
}

void thunk_host_objects_settle(void *library,
                               const struct thunk_attachment *attachment)
{
    static pthread_once_t own_once = PTHREAD_ONCE_INIT;
    struct thunk_imports standard;

    if (last_own == NULL || !thunk_host_heap_is_apart()) {
        return;
    }
    pthread_once(&own_once, own_settle);
    (void)thunk_host_allocator_start(); /* not under the lock, as the next */
    standard = thunk_host_standard_imports();
    common_gather(attachment);
    objects_settle(library);
    /* QEMU may be linked with it, and does not print by it. */
    thunk_host_imports_set(library, standard.items, standard.count);
}
