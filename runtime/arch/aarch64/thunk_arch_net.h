/* SPDX-License-Identifier: MIT
 * Calls without a type, aarch64; the same contract in every folder of arch/. */
#ifndef THUNK_ARCH_NET_H
#define THUNK_ARCH_NET_H

#include <stdint.h>

/* Registers for integer arguments (AAPCS64 6.8.2), and ELF's
 * e_machine. */
#define THUNK_ARCH_INTEGERS 8
#define THUNK_ARCH_MACHINE  183

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
