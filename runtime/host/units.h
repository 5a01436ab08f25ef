/* SPDX-License-Identifier: MIT
 *
 * The memory that the heap's allocator works on; see units.c.
 */
#ifndef THUNK_HOST_UNITS_H
#define THUNK_HOST_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    THUNK_UNIT_BITS = 25, /* mimalloc 2 aligns its segments to that */
    THUNK_ADDRESS_BITS = 48,
    THUNK_UNITS_WORD = 64, /* bits */
    THUNK_UNITS_WORDS =
        (1 << (THUNK_ADDRESS_BITS - THUNK_UNIT_BITS)) / THUNK_UNITS_WORD,
};

#define THUNK_UNIT ((size_t)1 << THUNK_UNIT_BITS)

/* One bit for each unit that was ever given: it stays the allocator's, data of
 * its own included. */
extern uint64_t thunk_host_units[THUNK_UNITS_WORDS];

/* How many bytes those are. */
size_t thunk_host_units_size(void);

/* What the first piece that this thread has asked for in vain, in this call,
 * needs; 0: nothing was. And whether it takes what the guest does not know, as
 * there is no guest to ask. */
extern __thread size_t thunk_host_units_wanted
    __attribute__((tls_model("initial-exec")));
extern __thread bool thunk_host_units_alone
    __attribute__((tls_model("initial-exec")));

/* Whether the block is the allocator's. */
static inline bool thunk_host_units_have(const void *block)
{
    const uintptr_t unit = (uintptr_t)block >> THUNK_UNIT_BITS;

    return unit / THUNK_UNITS_WORD < THUNK_UNITS_WORDS &&
           (__atomic_load_n(&thunk_host_units[unit / THUNK_UNITS_WORD],
                            __ATOMIC_RELAXED) >>
                unit % THUNK_UNITS_WORD &
            1) != 0;
}

/* Gives memory of the guest's that can be read and written and holds zeros, by
 * the unit. */
void thunk_host_units_give(uintptr_t start, size_t size);

/* Has the library of that dlopen() handle take its memory from there. */
void thunk_host_units_serve(void *handle);

#endif
