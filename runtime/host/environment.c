/* SPDX-License-Identifier: MIT
 *
 * The environment. The host's is what QEMU was started with; what the program
 * sets in its own, and the children that it starts get, is not there. A library
 * whose spec says so has the program's.
 */
#include <stdlib.h>

#include "heap.h"
#include "imports.h"
#include "process.h"

static char *variable_get(const char *name)
{
    struct thunk_heap_frame frame = {
        .operation = THUNK_HEAP_GETENV,
        .block = (void *)(uintptr_t)name,
    };

    if (!thunk_host_heap_has_guest()) {
        return getenv(name);
    }
    thunk_host_heap_ask(&frame);
    return frame.result;
}

static int variable_set(const char *name, const char *value, int overwrite)
{
    struct thunk_heap_frame frame = {
        .operation = THUNK_HEAP_SETENV,
        .block = (void *)(uintptr_t)name,
        .value = value,
        .size = (uint64_t)overwrite,
    };

    if (!thunk_host_heap_has_guest()) {
        return setenv(name, value, overwrite);
    }
    thunk_host_heap_ask(&frame);
    return (int)frame.status;
}

static int variable_unset(const char *name)
{
    struct thunk_heap_frame frame = {
        .operation = THUNK_HEAP_UNSETENV,
        .block = (void *)(uintptr_t)name,
    };

    if (!thunk_host_heap_has_guest()) {
        return unsetenv(name);
    }
    thunk_host_heap_ask(&frame);
    return (int)frame.status;
}

void thunk_host_environment_settle(const struct thunk_host_library *library)
{
    static const struct thunk_import imports[] = {
        {"getenv", (thunk_function)variable_get},
        {"secure_getenv", (thunk_function)variable_get},
        {"setenv", (thunk_function)variable_set},
        {"unsetenv", (thunk_function)variable_unset},
    };

    if (library->has_guest_environment) {
        thunk_host_imports_set(library->handle, imports,
                               sizeof(imports) / sizeof(imports[0]));
    }
}
