/* SPDX-License-Identifier: MIT
 * Host side, x86_64; the same contract in every folder of arch/. */
#ifndef THUNK_ARCH_HOST_H
#define THUNK_ARCH_HOST_H

#include <stdint.h>
#include <thunk_arch_context.h>

/* Saves the callee-saved registers on the present stack, leaves its pointer in
 * *save, and goes on where `load` was left. System V ABI, AMD64, 3.2.1: rbx,
 * rbp, r12 to r15, the control bits of MXCSR and the x87 control word. */
void thunk_switch(void **save, void *load);

/* As the last call of a function: returns to that function's caller, by a jump.
 * The processor predicts returns from its own stack of calls; after a switch to
 * another stack that one's top belongs to what was switched from, so a jump is
 * the better guess. */
void thunk_leave(void);

/* The control words of this thread: MXCSR, and the x87 control word above. */
static inline uint64_t thunk_arch_control(void)
{
    uint32_t mxcsr;
    uint16_t x87cw;

    __asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
    __asm__ volatile("fnstcw %0" : "=m"(x87cw));
    return (uint64_t)x87cw << 32 | mxcsr;
}

/* The same without a call: the processor's own stack of calls, from which it
 * predicts returns, stays in step with the vCPU's. For where the other side
 * comes back by a switch before it returns; thunk_switch() is the better one at
 * the end of a function, which it then returns from as well. `control` is what
 * thunk_arch_control() gives: reading it can cost as much as all the rest. */
static inline __attribute__((always_inline)) void
thunk_switch_here(void **save, void *load, uint64_t control)
{
    __asm__ volatile("lea 1f(%%rip), %%rdx\n\t"
                     "jmp thunk_switch_jump\n"
                     "1:"
                     : "+D"(save), "+S"(load), "+c"(control)
                     :
                     : "rax", "rdx", "r8", "r9", "r10", "r11", "xmm0", "xmm1",
                       "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8",
                       "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14",
                       "xmm15", "cc", "memory");
}

/* What thunk_switch() pops when it comes to a stack for the first time. */
struct thunk_arch_start {
    uint64_t pc;
    uint32_t mxcsr, x87cw;
    uint64_t r15, r14, r13, r12, rbx, rbp;
    unsigned char red_zone[128];
    uint64_t return_address;
};

/* A value for `load` that starts start() at the upper end of a stack. `top` is
 * 16-byte aligned; start() must not return. */
static inline void *thunk_arch_stack(void *top, void (*start)(void))
{
    /* At a function's entry rsp + 8 is a multiple of 16 (3.2.2): the return
     * address, 0 for unwinders, lies 8 bytes below such a multiple. */
    struct thunk_arch_start *frame = (struct thunk_arch_start *)top - 1;

    *frame = (struct thunk_arch_start){
        .pc = (uintptr_t)start,
        .mxcsr = 0x1f80, /* the values at program start, 3.4.1 */
        .x87cw = 0x37f,
    };
    return frame;
}

_Static_assert(sizeof(struct thunk_arch_start) == 200, "see thunk_arch_stack");

/* Has the interrupted thread go on in function(), which must not return, on the
 * same stack below what is in use there. */
static inline void thunk_arch_go(ucontext_t *context, void (*function)(void))
{
    greg_t *registers = context->uc_mcontext.gregs;
    uint64_t sp = (uint64_t)registers[15 /* REG_RSP */];

    /* Below the red zone (3.2.2), as if called, direction flag clear (3.2.1) */
    registers[15] = (greg_t)(((sp - 128) & ~UINT64_C(15)) - 8);
    registers[17 /* REG_EFL */] &= ~(greg_t)0x400;
    thunk_arch_pc_set(context, (uintptr_t)function);
}

#endif
