/* SPDX-License-Identifier: MIT
 *
 * Function pointers of which nobody knows the type. One side jumps to a
 * function of the other, and all that there is are registers: they are taken as
 * they are, in the order in which the calling convention fills them, and put
 * into those of the other side. How many arguments there are cannot be seen, so
 * all registers cross, and some words of the stack behind them.
 */
#ifndef THUNK_NET_H
#define THUNK_NET_H

#include <thunk/frame.h>

enum {
    /* As many as any convention of ours has. */
    THUNK_NET_INTEGER_COUNT = 8,
    THUNK_NET_FLOAT_COUNT = 8,
    /* Of the caller's stack. */
    THUNK_NET_WORD_COUNT = 16,
};

/* A call without a type, in either direction. The caller's registers as the
 * assembly stores them (net_enter.S); the results take the first places. */
struct thunk_net_frame {
    struct thunk_frame head;
    thunk_function function; /* the host's, for the host to call */
    uint64_t integers[THUNK_NET_INTEGER_COUNT];
    uint64_t floats[THUNK_NET_FLOAT_COUNT][2]; /* vector registers, 16 bytes */
    uint64_t indirect;      /* aarch64: x8, where a large result goes */
    const uint64_t *stack;  /* the caller's further arguments */
    char *name;             /* NULL, or where the guest is to say what its */
    uint64_t name_size;     /* function is called */
    uint32_t integer_count; /* registers that the caller has for integers */
    uint32_t machine;       /* whose registers these are: ELF's e_machine */
    uint64_t words[THUNK_NET_WORD_COUNT]; /* copied from `stack` */
};

/* The guest has jumped to an address that is no code of its own. Argument of
 * the proc `net_fault` of struct thunk_attachment. */
struct thunk_net_fault {
    uint64_t address; /* in */
    /* in: NULL, or a stub of thunk_guest_stub_make() for the address; out:
     * where the guest is to go on, NULL: that is no host function. */
    thunk_function stub;
    uint64_t is_wanted; /* out: it is, and has no stub yet: make one */
};

_Static_assert(sizeof(struct thunk_net_frame) == 384, "shared layout");
_Static_assert(offsetof(struct thunk_net_frame, words) == 256, "shared layout");
_Static_assert(sizeof(struct thunk_net_fault) == 24, "shared layout");

#endif
