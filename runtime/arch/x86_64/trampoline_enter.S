/* SPDX-License-Identifier: MIT
 *
 * void thunk_trampoline_enter(void)
 *
 * Every trampoline of the host comes here with its data in r11: notes the
 * target for thunk_host_target() and goes on in the callback's code, with all
 * argument registers and the stack as the caller left them.
 *
 * Only r10 and r11 are free here: rdi, rsi, rdx, rcx, r8, r9, rax (number of
 * vector registers of a variadic call) and xmm0 to xmm7 hold arguments (System
 * V ABI, AMD64, 3.2.3).
 */
#include "thunk_trampoline.h"

    .text
    .globl thunk_trampoline_enter
    .hidden thunk_trampoline_enter
    .type thunk_trampoline_enter, @function
    .p2align 4
thunk_trampoline_enter:
    .cfi_startproc
    endbr64
    mov (%r11), %r11
    mov thunk_trampoline_target@gottpoff(%rip), %r10
    mov %r11, %fs:(%r10)
    jmp *THUNK_TARGET_CODE(%r11)
    .cfi_endproc
    .size thunk_trampoline_enter, . - thunk_trampoline_enter

    .section .note.GNU-stack, "", @progbits
