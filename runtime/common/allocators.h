/* SPDX-License-Identifier: MIT
 *
 * The allocator behind the heap that guest and host have in common, by its
 * names: mimalloc 2 is Debian 12's, 3 Debian 13's.
 */
#ifndef THUNK_ALLOCATORS_H
#define THUNK_ALLOCATORS_H

#include <dlfcn.h>
#include <stddef.h>

/* NULL: this machine has none. */
static inline void *allocator_open(void)
{
    static const char *const names[] = {"libmimalloc.so.2", "libmimalloc.so.3"};
    void *handle = NULL;

    for (size_t i = 0; handle == NULL && i < sizeof(names) / sizeof(*names);
         i++) {
        handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    }
    return handle;
}

#endif
