/* SPDX-License-Identifier: MIT
 *
 * The ISAs that guests and hosts may have, in the order of every table that has
 * a row for each, and which of them this is compiled for. The one place that
 * asks the compiler: a thunk is compiled with nothing but these headers.
 */
#ifndef THUNK_ISA_H
#define THUNK_ISA_H

enum thunk_isa {
    THUNK_ISA_X86_64,
    THUNK_ISA_AARCH64,
    THUNK_ISA_RISCV64,
    THUNK_ISA_COUNT
};

/* THUNK_ON_X86_64(declaration) is the declaration there, and nothing elsewhere;
 * likewise the others. */
#if defined(__x86_64__)
#define THUNK_ISA                    THUNK_ISA_X86_64
#define THUNK_ON_X86_64(declaration) declaration
#define THUNK_ON_AARCH64(declaration)
#define THUNK_ON_RISCV64(declaration)
#elif defined(__aarch64__)
#define THUNK_ISA THUNK_ISA_AARCH64
#define THUNK_ON_X86_64(declaration)
#define THUNK_ON_AARCH64(declaration) declaration
#define THUNK_ON_RISCV64(declaration)
#elif defined(__riscv)
#define THUNK_ISA THUNK_ISA_RISCV64
#define THUNK_ON_X86_64(declaration)
#define THUNK_ON_AARCH64(declaration)
#define THUNK_ON_RISCV64(declaration) declaration
#else
#error "thunks know x86_64, aarch64 and riscv64"
#endif

#endif
