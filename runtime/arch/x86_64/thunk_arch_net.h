/* SPDX-License-Identifier: MIT
 * Calls without a type, x86_64; the same contract in every folder of arch/. */
#ifndef THUNK_ARCH_NET_H
#define THUNK_ARCH_NET_H

#include <stdint.h>

/* Registers for integer arguments (System V ABI, AMD64, 3.2.3), and ELF's
 * e_machine. */
#define THUNK_ARCH_INTEGERS 6
#define THUNK_ARCH_MACHINE  62

/* A value in a register of another machine, as a register of this one holds it:
 * nothing is said here of the bits above a value. */
static inline uint64_t thunk_arch_net_integer(uint64_t value)
{
    return value;
}

static inline uint64_t thunk_arch_net_float(uint64_t value)
{
    return value;
}

#endif
