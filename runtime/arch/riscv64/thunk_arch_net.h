/* SPDX-License-Identifier: MIT
 * Calls without a type, riscv64; the same contract in every folder of arch/. */
#ifndef THUNK_ARCH_NET_H
#define THUNK_ARCH_NET_H

#include <stdint.h>

/* Registers for integer arguments (RISC-V ELF psABI, integer calling
 * convention), and ELF's e_machine. */
#define THUNK_ARCH_INTEGERS 8
#define THUNK_ARCH_MACHINE  243

/* A value in a register of another machine, as a register of this one holds it.
 * Here every 32-bit integer is sign-extended, unsigned ones too (psABI), and
 * code relies on it; elsewhere the upper half is 0 as a rule. So what looks
 * like one is extended, at the price of 64-bit values from 2 to 4 GiB. */
static inline uint64_t thunk_arch_net_integer(uint64_t value)
{
    return value >> 32 == 0 ? (uint64_t)(int64_t)(int32_t)(uint32_t)value
                            : value;
}

/* A float has an upper half of ones here, or it is a NaN (unprivileged ISA,
 * "NaN boxing"); elsewhere the upper half is 0 as a rule. Doubles with such an
 * upper half are too small to occur, but for 0, which is taken for a double. */
static inline uint64_t thunk_arch_net_float(uint64_t value)
{
    return value >> 32 == 0 && value != 0 ? value | UINT64_C(0xffffffff) << 32
                                          : value;
}

#endif
