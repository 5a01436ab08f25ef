/* SPDX-License-Identifier: MIT
 *
 * void thunk_leave(void)
 *
 * Returns by a jump. See thunk_arch_host.h for why. x16 is nobody's over a call
 * (AAPCS64, 6.1.1), and a branch through it is allowed at every landing pad.
 */
    .text
    .globl thunk_leave
    .hidden thunk_leave
    .type thunk_leave, %function
    .p2align 4
thunk_leave:
    .cfi_startproc
    hint #34                    /* bti c */
    mov x16, x30
    br x16
    .cfi_endproc
    .size thunk_leave, . - thunk_leave

    .section .note.GNU-stack, "", %progbits
