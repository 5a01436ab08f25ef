/* SPDX-License-Identifier: MIT
 * A system call of host code that a signal has come in, aarch64; the same contract
 * in every folder of arch/. */
#ifndef THUNK_ARCH_SYSCALL_H
#define THUNK_ARCH_SYSCALL_H

#include <stdint.h>
#include <ucontext.h>

static inline uintptr_t thunk_arch_sp(const ucontext_t *context)
{
    return (uintptr_t)context->uc_mcontext.sp;
}

/* The instruction of a system call (svc #0, 0xd4000001); where a signal has
 * come in one, its result, or its number where it is to be made again. */
#define THUNK_ARCH_SYSCALL_SIZE 4

static inline int thunk_arch_is_syscall(const unsigned char *code)
{
    return code[0] == 0x01 && code[1] == 0 && code[2] == 0 && code[3] == 0xd4;
}

static inline long thunk_arch_syscall_result(const ucontext_t *context)
{
    return (long)context->uc_mcontext.regs[0];
}

static inline long thunk_arch_syscall_number(const ucontext_t *context)
{
    return (long)context->uc_mcontext.regs[8];
}

#endif
