/* SPDX-License-Identifier: MIT
 * Guest side, aarch64. */
#ifndef THUNK_ARCH_GUEST_H
#define THUNK_ARCH_GUEST_H

#include <stdint.h>

/* A system call of four arguments; returns the kernel's answer, a negated errno
 * on failure. Linux on arm64: number in x8, arguments in x0 to x3, result in
 * x0; all other registers are kept. */
static inline int64_t thunk_syscall(int64_t number, uint64_t a1, uint64_t a2,
                                    uint64_t a3, uint64_t a4)
{
    register int64_t x8 __asm__("x8") = number;
    register uint64_t x0 __asm__("x0") = a1;
    register uint64_t x1 __asm__("x1") = a2;
    register uint64_t x2 __asm__("x2") = a3;
    register uint64_t x3 __asm__("x3") = a4;

    __asm__ volatile("svc 0"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(x3)
                     : "memory");
    return (int64_t)x0;
}

/* Knocks at the instruction door (protocol.h): "movz xzr, #0x7468", which
 * discards what it loads (Arm ARM C6.2, MOVZ). Compilers write no dead moves,
 * and pad with NOP. */
static inline void thunk_knock(void)
{
    __asm__ volatile(".inst 0xd28e8d1f" : : : "memory");
}

#endif
