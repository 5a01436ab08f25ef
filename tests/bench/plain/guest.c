/* SPDX-License-Identifier: MIT
 * The guest half of the plain scheme: libplain.so.1. */
#include "plain.h"

#include <dlfcn.h>
#include <thunk/protocol.h>
#include <thunk_arch_guest.h>

#define PLAIN_EXPORT __attribute__((visibility("default")))

static uint64_t host_add, host_repeat, host_nest, host_enter, host_resume;

static const struct {
    const char *name;
    uint64_t *address;
} procs[] = {
    {PLAIN_ADD, &host_add},       {PLAIN_REPEAT, &host_repeat},
    {PLAIN_NEST, &host_nest},     {PLAIN_ENTER, &host_enter},
    {PLAIN_RESUME, &host_resume},
};

static void invoke(uint64_t proc, void *arg1, void *arg2)
{
    (void)thunk_syscall(THUNK_SYSCALL, THUNK_INVOKE_PROC, proc, (uintptr_t)arg1,
                        (uintptr_t)arg2);
}

static bool answered(uint64_t slot)
{
    return slot != THUNK_UNANSWERED && slot != 0;
}

PLAIN_EXPORT bool plain_open(const char *host_library)
{
    uint64_t handle = THUNK_UNANSWERED;

    (void)thunk_syscall(THUNK_SYSCALL, THUNK_LOAD_LIBRARY,
                        (uintptr_t)host_library, RTLD_NOW, (uintptr_t)&handle);
    if (!answered(handle)) {
        return false;
    }
    for (size_t i = 0; i < sizeof(procs) / sizeof(procs[0]); i++) {
        uint64_t address = THUNK_UNANSWERED;

        (void)thunk_syscall(THUNK_SYSCALL, THUNK_GET_PROC_ADDRESS, handle,
                            (uintptr_t)procs[i].name, (uintptr_t)&address);
        if (!answered(address)) {
            return false;
        }
        *procs[i].address = address;
    }
    return true;
}

PLAIN_EXPORT int plain_add(int a, int b, int c)
{
    void *arguments[] = {&a, &b, &c};
    int result;

    invoke(host_add, arguments, &result);
    return result;
}

PLAIN_EXPORT int plain_emulated(int a, int b, int c)
{
    return a + b + c;
}

/* Makes a call that may call back. */
static void call(uint64_t function, void **arguments, void *result)
{
    struct plain_call call = {
        .function = (void (*)(void *, void *))(uintptr_t)function,
        .arguments = arguments,
        .result = result,
    };

    invoke(host_enter, &call, NULL);
    while (call.callback != NULL) {
        *(int *)call.callback_result =
            call.callback(*(int *)call.callback_arguments[0]);
        invoke(host_resume, &call, NULL);
    }
}

PLAIN_EXPORT int plain_call_back(plain_callback callback, int count)
{
    void *arguments[] = {&callback, &count};
    int result;

    call(host_repeat, arguments, &result);
    return result;
}

PLAIN_EXPORT int plain_nest(plain_callback callback, int depth)
{
    void *arguments[] = {&callback, &depth};
    int result;

    call(host_nest, arguments, &result);
    return result;
}
