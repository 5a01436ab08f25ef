/* SPDX-License-Identifier: MIT
 *
 * What only the guest can do with memory and with its process: the host's
 * libraries have a heap, an environment and an exit() of their own. The host
 * asks by a callback of the call that wants it.
 */
#ifndef THUNK_HEAP_H
#define THUNK_HEAP_H

#include <thunk/frame.h>

enum thunk_heap_operation {
    THUNK_HEAP_ALLOCATE = 0, /* result: malloc(size) */
    THUNK_HEAP_FREE = 1,     /* free(block) */
    THUNK_HEAP_RESIZE = 2,   /* result: realloc(block, size) */
    THUNK_HEAP_EXIT = 3,     /* exit(size); does not come back */
    THUNK_HEAP_SETENV = 4,   /* status: setenv(block, value, size) */
    THUNK_HEAP_UNSETENV = 5, /* status: unsetenv(block) */
    THUNK_HEAP_PUTENV = 6,   /* status: putenv(block) */
    THUNK_HEAP_CLEARENV = 7, /* status: clearenv() */
    THUNK_HEAP_MAP = 8,      /* result: `size` bytes of new memory at a multiple
                              * of `unit`, for thunk/blocks.h */
    THUNK_HEAP_QUICK_EXIT = 9, /* quick_exit(size); does not come back */
};

/* What the host wants of the guest. */
struct thunk_heap_frame {
    struct thunk_frame head;
    uint64_t operation; /* enum thunk_heap_operation */
    void *block;
    uint64_t size;
    void *result;

    /* Out, of FREE and RESIZE: the block is none of the guest's, so nothing was
     * done. */
    uint64_t is_foreign;

    const void *value;
    int64_t status;
    uint64_t unit;
};

/* What the host does once the program has called exit() and its libraries are
 * at their end: a thunk_proc of this name, which looks at neither argument. It
 * comes with any HTL. */
#define THUNK_FINISH_SYMBOL "thunk_host_finish"

_Static_assert(sizeof(struct thunk_heap_frame) == 80, "shared layout");

#endif
