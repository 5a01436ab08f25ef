/* SPDX-License-Identifier: MIT
 * Host side, aarch64; the same contract in every folder of arch/. */
#ifndef THUNK_ARCH_HOST_H
#define THUNK_ARCH_HOST_H

#include <stdint.h>
#include <thunk_arch_context.h>

/* Saves the callee-saved registers on the present stack, leaves its pointer in
 * *save, and goes on where `load` was left. AAPCS64 6.1.1 and 6.1.2: x19 to
 * x29, x30, the low halves of v8 to v15; FPCR (6.1.4) keeps its modes over a
 * call. */
void thunk_switch(void **save, void *load);

/* As the last call of a function: returns to that function's caller, by a jump.
 * The processor predicts returns from its own stack of calls; after a switch to
 * another stack that one's top belongs to what was switched from, so a jump is
 * the better guess. */
void thunk_leave(void);

/* The control word of this thread: FPCR. */
static inline uint64_t thunk_arch_control(void)
{
    uint64_t fpcr;

    __asm__ volatile("mrs %0, fpcr" : "=r"(fpcr));
    return fpcr;
}

/* The same without a call: the processor's own stack of calls, from which it
 * predicts returns, stays in step with the vCPU's. For where the other side
 * comes back by a switch before it returns; thunk_switch() is the better one at
 * the end of a function, which it then returns from as well. `control` is what
 * thunk_arch_control() gives: reading it can cost as much as all the rest. */
static inline __attribute__((always_inline)) void
thunk_switch_here(void **save, void *load, uint64_t control)
{
    register void **x0 __asm__("x0") = save;
    register void *x1 __asm__("x1") = load;
    register uint64_t x2 __asm__("x2") = control;

    /* x29 and x30 are kept; so are the lower halves of v8 to v15. */
    __asm__ volatile("adr x16, 1f\n\t"
                     "b thunk_switch_jump\n"
                     "1:"
                     : "+r"(x0), "+r"(x1), "+r"(x2)
                     :
                     : "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11",
                       "x12", "x13", "x14", "x15", "x16", "x17", "x18", "v0",
                       "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v16", "v17",
                       "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25",
                       "v26", "v27", "v28", "v29", "v30", "v31", "cc",
                       "memory");
}

/* What thunk_switch() loads when it comes to a stack for the first time. */
struct thunk_arch_start {
    uint64_t x19_to_x28[10];
    uint64_t x29;
    uint64_t x30; /* 0: here unwinders stop */
    uint64_t d8_to_d15[8];
    uint64_t fpcr;
    uint64_t pc;
};

/* A value for `load` that starts start() at the upper end of a stack. `top` is
 * 16-byte aligned; start() must not return. */
static inline void *thunk_arch_stack(void *top, void (*start)(void))
{
    struct thunk_arch_start *frame = (struct thunk_arch_start *)top - 1;

    *frame = (struct thunk_arch_start){.pc = (uintptr_t)start};
    return frame;
}

_Static_assert(sizeof(struct thunk_arch_start) == 176, "see switch.S");

/* Has the interrupted thread go on in function(), which must not return, on the
 * same stack below what is in use there. */
static inline void thunk_arch_go(ucontext_t *context, void (*function)(void))
{
    context->uc_mcontext.sp &= ~UINT64_C(15);
    thunk_arch_pc_set(context, (uintptr_t)function);
}

#endif
