/* SPDX-License-Identifier: MIT
 * What a signal has interrupted, riscv64, for both sides; the same contract in
 * every folder of arch/. */
#ifndef THUNK_ARCH_CONTEXT_H
#define THUNK_ARCH_CONTEXT_H

#include <stdint.h>
#include <ucontext.h>

static inline uintptr_t thunk_arch_pc(const ucontext_t *context)
{
    return (uintptr_t)context->uc_mcontext.__gregs[REG_PC];
}

static inline void thunk_arch_pc_set(ucontext_t *context, uintptr_t pc)
{
    context->uc_mcontext.__gregs[REG_PC] = pc;
}

static inline uintptr_t thunk_arch_sp(const ucontext_t *context)
{
    return (uintptr_t)context->uc_mcontext.__gregs[REG_SP];
}

/* The instruction of a system call (ecall, 0x00000073); where a signal has come
 * in one, its result, or its number where it is to be made again. */
#define THUNK_ARCH_SYSCALL_SIZE 4

static inline int thunk_arch_is_syscall(const unsigned char *code)
{
    return code[0] == 0x73 && code[1] == 0 && code[2] == 0 && code[3] == 0;
}

static inline long thunk_arch_syscall_result(const ucontext_t *context)
{
    return (long)context->uc_mcontext.__gregs[REG_A0];
}

static inline long thunk_arch_syscall_number(const ucontext_t *context)
{
    return (long)context->uc_mcontext.__gregs[REG_A0 + 7];
}

#endif
