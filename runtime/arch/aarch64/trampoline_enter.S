/* SPDX-License-Identifier: MIT
 *
 * void thunk_trampoline_enter(void)
 *
 * Every trampoline of the host comes here with its data in x16: notes the
 * target for thunk_host_target() and goes on in the callback's code, with all
 * argument registers and the stack as the caller left them.
 *
 * x0 to x7, x8 (address of a large result) and v0 to v7 hold arguments; x9 to
 * x17 are free (AAPCS64 6.1.1).
 */
#include "thunk_trampoline.h"

    .text
    .globl thunk_trampoline_enter
    .hidden thunk_trampoline_enter
    .type thunk_trampoline_enter, %function
    .p2align 4
thunk_trampoline_enter:
    .cfi_startproc
    hint #34                    /* bti c */
    ldr x16, [x16]
    mrs x17, tpidr_el0
    adrp x9, :gottprel:thunk_trampoline_target
    ldr x9, [x9, :gottprel_lo12:thunk_trampoline_target]
    str x16, [x17, x9]
    ldr x17, [x16, #THUNK_TARGET_CODE]
    br x17
    .cfi_endproc
    .size thunk_trampoline_enter, . - thunk_trampoline_enter

    .section .note.GNU-stack, "", %progbits
