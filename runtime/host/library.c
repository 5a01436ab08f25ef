/* SPDX-License-Identifier: MIT
 *
 * The real library of the host behind an HTL.
 *
 * The library is opened with RTLD_LOCAL and RTLD_DEEPBIND: QEMU exports
 * thousands of symbols of its own and brings a dozen libraries into the global
 * scope, and none of them may get between a host library and its own functions.
 */
#include <dlfcn.h>
#include <pthread.h>

#include "host.h"

/* Work of the runtime that needs a real stack: dlopen() runs constructors. */
struct attach_frame {
    struct thunk_frame head;
    struct thunk_host_library *library;
    const char *error;
};

static void attach_entry(struct thunk_frame *head)
{
    struct attach_frame *frame = (struct attach_frame *)(void *)head;
    struct thunk_host_library *library = frame->library;
    void *handle = library->open(library->table->soname,
                                 RTLD_LAZY | RTLD_LOCAL | RTLD_DEEPBIND);

    if (handle == NULL) {
        frame->error = dlerror();
        return;
    }
    /* Threads that come here together have the same to say. Only the first
     * writes: the others may be reading by then. */
    thunk_host_lock();
    if (library->handle == NULL) {
        library->handle = handle;
    }
    thunk_host_unlock();
}

void thunk_host_attach(struct thunk_host_library *library,
                       struct thunk_attachment *attachment)
{
    static pthread_once_t handler_once = PTHREAD_ONCE_INIT;
    struct attach_frame frame = {.library = library};

    pthread_once(&handler_once, thunk_host_fault_handler_install);
    thunk_host_count_start(library);
    thunk_host_lock();
    if (library->runners == NULL) {
        library->runners = attachment->runners;
    }
    thunk_host_unlock();
    thunk_host_enter((void *)(uintptr_t)attach_entry, &frame.head);
    attachment->error =
        frame.head.state == THUNK_DONE ? frame.error : "no memory for a stack";
    attachment->enter =
        thunk_host_counts() ? thunk_host_enter_counted : thunk_host_enter;
    attachment->enter_leaf = thunk_host_counts() ? thunk_host_enter_leaf_counted
                                                 : thunk_host_enter_leaf;
}

void thunk_host_resolve(struct thunk_host_library *library,
                        struct thunk_resolution *resolution)
{
    const struct thunk_host_function *function;
    void *symbol;

    if (resolution->index >= library->table->count) {
        resolution->error = "no such function in the table";
        return;
    }
    function = &library->functions[resolution->index];
    symbol = function->version == NULL
                 ? dlsym(library->handle, function->name)
                 : dlvsym(library->handle, function->name, function->version);
    if (symbol == NULL) {
        resolution->error = dlerror();
        return;
    }
    thunk_host_lock();
    if (library->symbols[resolution->index] == NULL) {
        library->symbols[resolution->index] = (thunk_function)(uintptr_t)symbol;
    }
    thunk_host_unlock();
    resolution->entry = thunk_host_counts()
                            ? thunk_host_count_entry(library, function->entry)
                            : (void *)(uintptr_t)function->entry;
    if (resolution->entry == NULL) {
        resolution->error = "no memory";
    }
}
