/* SPDX-License-Identifier: MIT
 *
 * One trampoline of the host, or one stub of the guest: THUNK_TRAMPOLINE_SIZE
 * bytes, copied side by side into a page that is executable and never written
 * again. The data stands exactly THUNK_TRAMPOLINE_SPAN bytes further on, in a
 * page that is never executable:
 *
 *            0                             8
 *   host     struct thunk_host_target *    thunk_trampoline_enter
 *   guest    struct stub_target *          thunk_stub_enter
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

    .section .note.GNU-stack, "", @progbits
