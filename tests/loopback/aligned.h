/* SPDX-License-Identifier: MIT
 * Facts about the stack that C cannot tell. */
#ifndef ALIGNED_H
#define ALIGNED_H

#include <stdint.h>

/* Whether the present function's stack is aligned as its compiler believes: a
 * local of 16-byte alignment really has it. On x86_64 movaps faults if not. */
static inline __attribute__((always_inline)) int stack_is_aligned(void)
{
    _Alignas(16) char local[16] = {0};
    uintptr_t address;

#if defined(__x86_64__)
    __asm__ volatile("movaps (%0), %%xmm0" ::"r"(local) : "xmm0", "memory");
#endif
    /* The compiler must not know what the address is made of. */
    __asm__ volatile("" : "=r"(address) : "0"(local) : "memory");
    return address % 16 == 0;
}

/* Writes 1 to address while the stack pointer is as odd as the ISA lets it be.
 */
static inline void stack_misalign_and_write(int *address)
{
#if defined(__x86_64__)
    __asm__ volatile("mov %%rsp, %%rbx\n\t"
                     "sub $67, %%rsp\n\t"
                     "movl $1, (%0)\n\t"
                     "mov %%rbx, %%rsp"
                     :
                     : "r"(address)
                     : "rbx", "memory");
#else
    *(volatile int *)address = 1;
#endif
}

#endif
