/* SPDX-License-Identifier: MIT
 *
 * void thunk_stub_enter(void)
 *
 * Every stub of the guest comes here with its data in r11: puts the host
 * function upon the thread's ring for thunk_guest_target() and goes on in the
 * type's code, with all argument registers and the stack as the caller left
 * them. A signal handler may come at any place and call stubs itself: it takes
 * off what it puts on, and `top` goes up before the slot is written.
 *
 *   r11  data, then struct stub_target
 *   r10  struct thunk_guest_ring, then its slot
 *   rax  is saved: top, then the function
 *
 * Only r10 and r11 are free here: rdi, rsi, rdx, rcx, r8, r9, rax (number of
 * vector registers of a variadic call) and xmm0 to xmm7 hold arguments (System
 * V ABI, AMD64, 3.2.3).
 */
#include "thunk_trampoline.h"

    .text
    .globl thunk_stub_enter
    .hidden thunk_stub_enter
    .type thunk_stub_enter, @function
    .p2align 4
thunk_stub_enter:
    .cfi_startproc
    endbr64
    push %rax
    .cfi_adjust_cfa_offset 8
    mov (%r11), %r11
    mov thunk_guest_ring@gottpoff(%rip), %r10
    add %fs:0, %r10             /* the thread's own (ELF TLS, 3.4.2) */
    addq $8, (%r10)
    mov (%r10), %rax
    and $THUNK_STUB_RING_SIZE - 8, %eax
    add %rax, %r10              /* of the slot, 8 bytes short: top is there */
    mov THUNK_STUB_FUNCTION(%r11), %rax
    mov %rax, 8(%r10)
    pop %rax
    .cfi_adjust_cfa_offset -8
    jmp *THUNK_STUB_CODE(%r11)
    .cfi_endproc
    .size thunk_stub_enter, . - thunk_stub_enter

    .section .note.GNU-stack, "", @progbits
