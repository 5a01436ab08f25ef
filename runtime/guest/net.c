/* SPDX-License-Identifier: MIT
 *
 * The guest's side of function pointers without a type (thunk/net.h): a host
 * function that the guest has found somewhere, and a guest function that the
 * host has.
 */
#include <dlfcn.h>
#include <stdio.h>

#include "../common/net.h"
#include "guest.h"

/* All host functions without a type, as a library with one function. */
static void *entries[1];
static const struct thunk_guest_symbol symbols[1] = {{"host_function", NULL}};
static struct thunk_library library = {
    .soname = "untyped",
    .count = 1,
    .symbols = symbols,
    .entries = entries,
};

/* What tells where to go on after a fault. */
static thunk_proc *fault_proc;

void thunk_guest_net_start(const struct thunk_attachment *attachment)
{
    thunk_guest_library_start(&library, attachment);
    __atomic_store_n(&entries[0], attachment->net_entry, __ATOMIC_RELEASE);
    __atomic_store_n(&fault_proc, attachment->net_fault, __ATOMIC_RELEASE);
    thunk_guest_segv_start();
}

/* The guest calls a host function. */
void thunk_net_pass(struct thunk_net_frame *frame)
{
    frame->function = thunk_guest_target();
    thunk_net_give(frame);
    (void)thunk_call(&library, &entries[0], &frame->head, THUNK_SYSCALL_DOOR);
    thunk_net_take(frame);
}

/* SYMBOL or FILE+OFFSET, as far as the dynamic linker knows. */
static void function_name(thunk_function function, char *name, size_t size)
{
    Dl_info info = {0};
    const char *file;

    if (dladdr((void *)(uintptr_t)function, &info) == 0 ||
        info.dli_fname == NULL) {
        snprintf(name, size, "%p", (void *)(uintptr_t)function);
    } else if (info.dli_sname != NULL &&
               info.dli_saddr == (void *)(uintptr_t)function) {
        snprintf(name, size, "%s", info.dli_sname);
    } else {
        file = strrchr(info.dli_fname, '/');
        snprintf(
            name, size, "%s+0x%lx", file == NULL ? info.dli_fname : file + 1,
            (unsigned long)((uintptr_t)function - (uintptr_t)info.dli_fbase));
    }
}

/* The host calls a guest function. */
void thunk_guest_net_run(thunk_function target, struct thunk_frame *head)
{
    struct thunk_net_frame *frame = (struct thunk_net_frame *)(void *)head;
    int saved = errno;

    if (frame->name != NULL) {
        function_name(target, frame->name, (size_t)frame->name_size);
        errno = saved;
    }
    thunk_net_call(target, frame);
}

thunk_function thunk_guest_net_find(uintptr_t address)
{
    thunk_proc *proc = __atomic_load_n(&fault_proc, __ATOMIC_ACQUIRE);
    struct thunk_net_fault fault = {.address = address};

    if (proc == NULL) {
        return NULL;
    }
    thunk_pass(proc, &fault, NULL);
    if (fault.is_wanted) {
        struct thunk_stub_frame stub = {.function = (thunk_function)address};

        thunk_guest_stub_make(thunk_net_enter, &stub.head);
        fault.stub = stub.result;
        if (fault.stub != NULL) {
            thunk_pass(proc, &fault, NULL);
        }
    }
    return fault.stub;
}
