/* SPDX-License-Identifier: MIT
 * Host side, riscv64; the same contract in every folder of arch/. */
#ifndef THUNK_ARCH_HOST_H
#define THUNK_ARCH_HOST_H

#include <stdint.h>
#include <thunk_arch_context.h>

/* Saves the callee-saved registers on the present stack, leaves its pointer in
 * *save, and goes on where `load` was left. RISC-V ELF psABI, calling
 * convention: ra, s0 to s11, fs0 to fs11; fcsr holds the rounding mode. */
void thunk_switch(void **save, void *load);

/* As the last call of a function: returns to that function's caller, by a jump.
 * The processor predicts returns from its own stack of calls; after a switch to
 * another stack that one's top belongs to what was switched from, so a jump is
 * the better guess. */
void thunk_leave(void);

/* The control word of this thread: fcsr. */
static inline uint64_t thunk_arch_control(void)
{
    uint64_t fcsr;

    __asm__ volatile("frcsr %0" : "=r"(fcsr));
    return fcsr;
}

/* The same without a call: the processor's own stack of calls, from which it
 * predicts returns, stays in step with the vCPU's. For where the other side
 * comes back by a switch before it returns; thunk_switch() is the better one at
 * the end of a function, which it then returns from as well. `control` is what
 * thunk_arch_control() gives: reading it can cost as much as all the rest. */
static inline __attribute__((always_inline)) void
thunk_switch_here(void **save, void *load, uint64_t control)
{
    register void **a0 __asm__("a0") = save;
    register void *a1 __asm__("a1") = load;
    register uint64_t a2 __asm__("a2") = control;

    /* ra is kept. */
    __asm__ volatile("lla t1, 1f\n\t"
                     "j thunk_switch_jump\n"
                     "1:"
                     : "+r"(a0), "+r"(a1), "+r"(a2)
                     :
                     : "a3", "a4", "a5", "a6", "a7", "t0", "t1", "t2", "t3",
                       "t4", "t5", "t6", "ft0", "ft1", "ft2", "ft3", "ft4",
                       "ft5", "ft6", "ft7", "ft8", "ft9", "ft10", "ft11", "fa0",
                       "fa1", "fa2", "fa3", "fa4", "fa5", "fa6", "fa7",
                       "memory");
}

/* What thunk_switch() loads when it comes to a stack for the first time. */
struct thunk_arch_start {
    uint64_t pc;
    uint64_t s0_to_s11[12];
    uint64_t fs0_to_fs11[12];
    uint64_t fcsr;
    uint64_t ra; /* 0: here unwinders stop */
    uint64_t unused;
};

/* A value for `load` that starts start() at the upper end of a stack. `top` is
 * 16-byte aligned; start() must not return. */
static inline void *thunk_arch_stack(void *top, void (*start)(void))
{
    struct thunk_arch_start *frame = (struct thunk_arch_start *)top - 1;

    *frame = (struct thunk_arch_start){.pc = (uintptr_t)start};
    return frame;
}

_Static_assert(sizeof(struct thunk_arch_start) == 224, "see switch.S");

/* Has the interrupted thread go on in function(), which must not return, on the
 * same stack below what is in use there. */
static inline void thunk_arch_go(ucontext_t *context, void (*function)(void))
{
    context->uc_mcontext.__gregs[REG_SP] &= ~UINT64_C(15);
    thunk_arch_pc_set(context, (uintptr_t)function);
}

#endif
