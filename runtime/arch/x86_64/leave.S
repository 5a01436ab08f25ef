/* SPDX-License-Identifier: MIT
 *
 * void thunk_leave(void)
 *
 * Returns by a jump. See thunk_arch_host.h for why. rcx is nobody's over a call
 * (System V ABI, AMD64, 3.2.1) and holds no result.
 */
    .text
    .globl thunk_leave
    .hidden thunk_leave
    .type thunk_leave, @function
    .p2align 4
thunk_leave:
    .cfi_startproc
    endbr64
    pop %rcx
    .cfi_adjust_cfa_offset -8
    .cfi_register %rip, %rcx
    notrack jmp *%rcx
    .cfi_endproc
    .size thunk_leave, . - thunk_leave

    .section .note.GNU-stack, "", @progbits
