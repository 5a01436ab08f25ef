/* SPDX-License-Identifier: MIT
 *
 * What only the guest can do with memory: the host asks by a callback of the
 * call that wants it.
 */
#ifndef THUNK_HEAP_H
#define THUNK_HEAP_H

#include <thunk/frame.h>

enum thunk_heap_operation {
    THUNK_HEAP_ALLOCATE = 0, /* result: malloc(size) */
    THUNK_HEAP_FREE = 1,     /* free(block) */
    THUNK_HEAP_RESIZE = 2,   /* result: realloc(block, size) */
    THUNK_HEAP_MAP = 3,      /* result: `size` bytes of new memory at a multiple
                              * of `unit`, for thunk/blocks.h */
    THUNK_HEAP_ALIGN = 4,    /* result: `size` bytes at a multiple of `unit`,
                              * which is a power of two, at least 16 */
    THUNK_HEAP_SIZE = 5,     /* size: malloc_usable_size(block) */
};

/* What the host wants of the guest. */
struct thunk_heap_frame {
    struct thunk_frame head;
    uint64_t operation; /* enum thunk_heap_operation */
    void *block;
    uint64_t size;
    void *result;

    /* Out, of FREE, RESIZE and SIZE: the block is none of the guest's, so
     * nothing was done. */
    uint64_t is_foreign;

    uint64_t unit;

    /* In, of the same: it is known to be the guest's. */
    uint64_t is_known;
};

_Static_assert(sizeof(struct thunk_heap_frame) == 72, "shared layout");

#endif
