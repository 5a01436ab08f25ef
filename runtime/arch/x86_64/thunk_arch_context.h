/* SPDX-License-Identifier: MIT
 * What a signal has interrupted, x86_64, for both sides; the same contract in
 * every folder of arch/. */
#ifndef THUNK_ARCH_CONTEXT_H
#define THUNK_ARCH_CONTEXT_H

#include <stdint.h>
#include <ucontext.h>

static inline uintptr_t thunk_arch_pc(const ucontext_t *context)
{
    return (uintptr_t)context->uc_mcontext.gregs[16 /* REG_RIP */];
}

static inline void thunk_arch_pc_set(ucontext_t *context, uintptr_t pc)
{
    context->uc_mcontext.gregs[16 /* REG_RIP */] = (greg_t)pc;
}

#endif
