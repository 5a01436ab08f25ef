/* SPDX-License-Identifier: MIT
 *
 * void thunk_trampoline_enter(void)
 *
 * Every trampoline of the host comes here with its data in t2: notes the
 * target for thunk_host_target() and goes on in the callback's code, with all
 * argument registers and the stack as the caller left them.
 *
 * a0 to a7 and fa0 to fa7 hold arguments; t0 to t6 are free (RISC-V ELF psABI).
 * Jumps go through t1: t0 would be taken for a return.
 */
#include "thunk_trampoline.h"

    .text
    .globl thunk_trampoline_enter
    .hidden thunk_trampoline_enter
    .type thunk_trampoline_enter, @function
    .p2align 2
thunk_trampoline_enter:
    .cfi_startproc
    ld t2, 0(t2)
    la.tls.ie t1, thunk_trampoline_target
    add t1, t1, tp
    sd t2, 0(t1)
    ld t1, THUNK_TARGET_CODE(t2)
    jr t1
    .cfi_endproc
    .size thunk_trampoline_enter, . - thunk_trampoline_enter

    .section .note.GNU-stack, "", @progbits
