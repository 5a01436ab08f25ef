/* SPDX-License-Identifier: MIT
 *
 * The heap that the program and the host's libraries have in common. A native
 * allocator works on the host; its memory is the guest's, mapped by the guest,
 * so that QEMU knows it for system calls. The program's malloc() and its family
 * are in libthunk-heap.so, which comes before its libc, and each of them is one
 * call of a thunk_proc, short enough for the instruction door.
 */
#ifndef THUNK_BLOCKS_H
#define THUNK_BLOCKS_H

#include <thunk/frame.h>

/* What became of a call. */
enum thunk_block_state {
    THUNK_BLOCK_LOST = 0,    /* preset by the guest: nothing was done */
    THUNK_BLOCK_DONE = 1,    /* the result is in `value` */
    THUNK_BLOCK_FOREIGN = 2, /* the block is another heap's; nothing was done */
    THUNK_BLOCK_FREED = 3,   /* it has been freed before; likewise */
};

/* Of one call, on the guest's stack. */
struct thunk_block_frame {
    /* In and out: what each function says below. */
    uint64_t value;

    /* Out, where a block is NULL as there is no memory: how many bytes would
     * help; 0: nothing would. In, with a block: 1 where it is known to be the
     * host's libc's if it is none of this heap, else 0. */
    uint64_t wanted;
    uint64_t state; /* enum thunk_block_state */
};

/* What libthunk-host.so exports, as THUNK_BLOCKS_SYMBOL. The first argument is
 * a block or a size, the second a struct thunk_block_frame. */
struct thunk_blocks {
    uint64_t abi; /* THUNK_ABI */

    /* (size, out: the block); `clear` fills it with zeros. */
    thunk_proc *allocate;
    thunk_proc *clear;

    /* (size, in: the alignment, a power of two; out: the block) */
    thunk_proc *align;

    /* (block, -) */
    thunk_proc *free;

    /* (block, in: the size; out: the block, or NULL and the old one stays) */
    thunk_proc *resize;

    /* (block, out: how many bytes of it may be used) */
    thunk_proc *size;

    /* (address, in: size): gives memory of the guest's that can be read and
     * written and holds zeros. Both are multiples of `unit`. */
    thunk_proc *give;

    /* (NULL, -): there is no more memory to give, so what this thread has freed
     * and is kept for it becomes free. */
    thunk_proc *collect;

    /* (NULL, out: 1, or 0 where there is no allocator): once, before all else.
     */
    thunk_proc *start;
    uint64_t unit;
};

#define THUNK_BLOCKS_SYMBOL "thunk_blocks"

_Static_assert(sizeof(struct thunk_block_frame) == 24, "shared layout");
_Static_assert(sizeof(struct thunk_blocks) == 88, "shared layout");

#endif
