/* SPDX-License-Identifier: MIT
 * A system call of host code that a signal has come in, x86_64; the same contract
 * in every folder of arch/. */
#ifndef THUNK_ARCH_SYSCALL_H
#define THUNK_ARCH_SYSCALL_H

#include <stdint.h>
#include <ucontext.h>

static inline uintptr_t thunk_arch_sp(const ucontext_t *context)
{
    return (uintptr_t)context->uc_mcontext.gregs[15 /* REG_RSP */];
}

/* The instruction of a system call; where a signal has come in one, its result,
 * or its number where it is to be made again (rax is both). */
#define THUNK_ARCH_SYSCALL_SIZE 2

static inline int thunk_arch_is_syscall(const unsigned char *code)
{
    return code[0] == 0x0f && code[1] == 0x05;
}

static inline long thunk_arch_syscall_result(const ucontext_t *context)
{
    return (long)context->uc_mcontext.gregs[13 /* REG_RAX */];
}

static inline long thunk_arch_syscall_number(const ucontext_t *context)
{
    return (long)context->uc_mcontext.gregs[13 /* REG_RAX */];
}

#endif
