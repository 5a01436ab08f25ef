/* SPDX-License-Identifier: MIT
 * Guest side, x86_64. */
#ifndef THUNK_ARCH_GUEST_H
#define THUNK_ARCH_GUEST_H

#include <stdint.h>

/* A system call of four arguments; returns the kernel's answer, a negated errno
 * on failure. System V ABI, AMD64 supplement, A.2.1: number in rax, arguments
 * in rdi, rsi, rdx, r10; the kernel overwrites rcx and r11. */
static inline int64_t thunk_syscall(int64_t number, uint64_t a1, uint64_t a2,
                                    uint64_t a3, uint64_t a4)
{
    register uint64_t r10 __asm__("r10") = a4;
    int64_t result;

    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a1), "S"(a2), "d"(a3), "r"(r10)
                     : "rcx", "r11", "memory");
    return result;
}

/* Knocks at the instruction door (protocol.h): "nopl 0x44556677(%rax,%rax,1)",
 * the 8-byte no-op with a displacement. Compilers and assemblers pad with the
 * displacement 0 alone (AMD64 manual, vol. 3, NOP); this one does not occur. */
static inline void thunk_knock(void)
{
    __asm__ volatile(".byte 0x0f, 0x1f, 0x84, 0x00, 0x77, 0x66, 0x55, 0x44"
                     :
                     :
                     : "memory");
}

#endif
