/* SPDX-License-Identifier: MIT
 *
 * What the walker of runtime/host/convert.c needs of the runtime, for tests of
 * it alone.
 */
#ifndef CONVERT_RUNTIME_H
#define CONVERT_RUNTIME_H

#include <setjmp.h>
#include <thunk/isa.h>

struct thunk_host_block;

/* An ISA whose long doubles are not the host's. */
#define GUEST                                                                  \
    (THUNK_ISA == THUNK_ISA_AARCH64 ? THUNK_ISA_X86_64 : THUNK_ISA_AARCH64)

/* Where a call that cannot go on ends. */
extern jmp_buf convert_abandoned;

/* What is not freed yet of the running call's. */
extern __thread struct thunk_host_block *convert_blocks;

/* Messages so far. */
extern int convert_messages;

/* Starts with a guest of that ISA. */
void convert_start(void);

#endif
