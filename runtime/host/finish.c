/* SPDX-License-Identifier: MIT
 *
 * The end of what the process has on the host, when the program has called
 * exit(): as natively, what libraries have given to atexit() runs first, the
 * last first, and then their destructors. The host's libc would run the first
 * at an exit() of QEMU's, which there is not.
 */
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdlib.h>

#include "heap.h"
#include "host.h"
#include "imports.h"
#include "observe.h"
#include "process.h"

/* Given to __cxa_atexit(), which is what atexit() and C++ call. */
static struct handler {
    struct handler *before;
    void (*function)(void *argument);
    void *argument;
} * handlers;
static pthread_mutex_t handlers_lock = PTHREAD_MUTEX_INITIALIZER;

static void handlers_take(void)
{
    pthread_mutex_lock(&handlers_lock);
}

static void handlers_release(void)
{
    pthread_mutex_unlock(&handlers_lock);
}

__attribute__((constructor)) static void handlers_guard_fork(void)
{
    pthread_atfork(handlers_take, handlers_release, handlers_release);
}

/* Libraries are not closed before the end, so whose it is does not matter. */
static int handler_add(void (*function)(void *argument), void *argument,
                       void *object)
{
    struct handler *handler = malloc(sizeof(*handler));

    (void)object;
    if (handler == NULL) {
        return -1;
    }
    handler->function = function;
    handler->argument = argument;
    handlers_take();
    handler->before = handlers;
    handlers = handler;
    handlers_release();
    return 0;
}

/* They may add others. */
static void handlers_run(void)
{
    struct handler *handler;

    do {
        handlers_take();
        handler = handlers;
        if (handler != NULL) {
            handlers = handler->before;
        }
        handlers_release();
        if (handler != NULL) {
            handler->function(handler->argument);
            free(handler);
        }
    } while (handler != NULL);
}

void thunk_host_finish_settle(const struct link_map *map, void *library)
{
    static const struct thunk_import imports[] = {
        {"__cxa_atexit", (thunk_function)handler_add},
    };

    thunk_host_imports_set_of(map, library, imports, 1);
}

/* What the dynamic linker would do at the end (_dl_fini()): a library's
 * destructors. */
static void object_finish(void *handle)
{
    const struct link_map *map = NULL;
    const thunk_function *functions = NULL;
    size_t count = 0;
    thunk_function last = NULL;

    if (handle == NULL || dlinfo(handle, RTLD_DI_LINKMAP, (void *)&map) != 0) {
        return;
    }
    for (const ElfW(Dyn) *entry = map->l_ld; entry->d_tag != DT_NULL; entry++) {
        if (entry->d_tag == DT_FINI_ARRAY) {
            functions = (const void *)(map->l_addr + entry->d_un.d_ptr);
        } else if (entry->d_tag == DT_FINI_ARRAYSZ) {
            count = entry->d_un.d_val / sizeof(*functions);
        } else if (entry->d_tag == DT_FINI) {
            last = (thunk_function)(map->l_addr + entry->d_un.d_ptr);
        }
    }
    while (functions != NULL && count-- > 0) {
        functions[count]();
    }
    if (last != NULL) {
        last();
    }
}

static void finish_entry(struct thunk_frame *head, thunk_function real)
{
    (void)head;
    (void)real;
    handlers_run();
    for (struct thunk_host_library *library = thunk_host_libraries();
         library != NULL; library = library->next_deferred) {
        object_finish(library->handle);
    }
}

void thunk_host_finish(void *unused, void *unused_too)
{
    struct thunk_frame head = {0};

    (void)unused;
    (void)unused_too;
    if (thunk_host_heap_is_apart()) {
        (void)thunk_host_stack_run(finish_entry, &head);
    }
}
