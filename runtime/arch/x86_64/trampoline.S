/* SPDX-License-Identifier: MIT
 *
 * One trampoline, THUNK_TRAMPOLINE_SIZE bytes, copied side by side into a page
 * that is executable and never written again. Its data stands exactly
 * THUNK_TRAMPOLINE_SPAN bytes further on, in a page that is never executable:
 *
 *   0  struct thunk_host_target *      8  thunk_trampoline_enter
 *
 * Only r10 and r11 are free here: rdi, rsi, rdx, rcx, r8, r9, rax (number of
 * vector registers of a variadic call) and xmm0 to xmm7 hold arguments (System
 * V ABI, AMD64, 3.2.3).
 */
#include "thunk_trampoline.h"

    .section .rodata
    .p2align 4                  /* as C takes an array of 16 bytes to be */
    .globl thunk_trampoline_code
    .hidden thunk_trampoline_code
    .type thunk_trampoline_code, @object
thunk_trampoline_code:
    endbr64
    .byte 0x4c, 0x8d, 0x1d      /* lea SPAN - 4(%rip), %r11: its data, seen */
    .long THUNK_TRAMPOLINE_SPAN - 11 /* from the next instruction, at 11 */
    jmp *8(%r11)
    int3
    .size thunk_trampoline_code, . - thunk_trampoline_code
    .if . - thunk_trampoline_code != THUNK_TRAMPOLINE_SIZE
    .error "a trampoline must be THUNK_TRAMPOLINE_SIZE bytes"
    .endif

/* Every trampoline comes here with its data in r11: notes the target for
 * thunk_host_target() and goes on in the callback's code, with all argument
 * registers and the stack as the caller left them. */
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
