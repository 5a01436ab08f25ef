/* SPDX-License-Identifier: MIT
 *
 * void thunk_leave(void)
 *
 * Returns by a jump. See thunk_arch_host.h for why. A jump through ra (x1) would
 * be taken for a return (unprivileged ISA, 2.5.1, "return-address stack"); t1 is
 * nobody's over a call (psABI, integer register convention).
 */
    .text
    .globl thunk_leave
    .hidden thunk_leave
    .type thunk_leave, @function
    .p2align 2
thunk_leave:
    .cfi_startproc
    mv t1, ra
    jr t1
    .cfi_endproc
    .size thunk_leave, . - thunk_leave

    .section .note.GNU-stack, "", @progbits
