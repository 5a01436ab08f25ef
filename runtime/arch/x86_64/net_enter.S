/* SPDX-License-Identifier: MIT
 *
 * void thunk_net_enter(void)
 *
 * A function of whatever type: stores the registers that may hold arguments in
 * a struct thunk_net_frame, has thunk_net_pass(frame) make the call, and gives
 * back what the frame then says. A trampoline or a stub has led here.
 *
 *   rdi, rsi, rdx, rcx, r8, r9, xmm0 to xmm7    arguments (AMD64, 3.2.3)
 *   rax, rdx, xmm0, xmm1                        results
 *
 * Stack picture:
 *   rsp 0 frame   384 rbp   392 return address   400 the caller's arguments
 */
#include "thunk_net.h"

    .text
    .globl thunk_net_enter
    .hidden thunk_net_enter
    .type thunk_net_enter, @function
    .p2align 4
thunk_net_enter:
    .cfi_startproc
    endbr64
    push %rbp
    .cfi_def_cfa_offset 16
    .cfi_offset %rbp, -16
    mov %rsp, %rbp
    .cfi_def_cfa_register %rbp
    lea 16(%rbp), %r10
    sub $THUNK_NET_SIZE, %rsp
    mov %rdi, THUNK_NET_INTEGERS(%rsp)
    mov %rsi, THUNK_NET_INTEGERS + 8(%rsp)
    mov %rdx, THUNK_NET_INTEGERS + 16(%rsp)
    mov %rcx, THUNK_NET_INTEGERS + 24(%rsp)
    mov %r8, THUNK_NET_INTEGERS + 32(%rsp)
    mov %r9, THUNK_NET_INTEGERS + 40(%rsp)
    movups %xmm0, THUNK_NET_FLOATS(%rsp)
    movups %xmm1, THUNK_NET_FLOATS + 16(%rsp)
    movups %xmm2, THUNK_NET_FLOATS + 32(%rsp)
    movups %xmm3, THUNK_NET_FLOATS + 48(%rsp)
    movups %xmm4, THUNK_NET_FLOATS + 64(%rsp)
    movups %xmm5, THUNK_NET_FLOATS + 80(%rsp)
    movups %xmm6, THUNK_NET_FLOATS + 96(%rsp)
    movups %xmm7, THUNK_NET_FLOATS + 112(%rsp)
    mov %r10, THUNK_NET_STACK(%rsp)
    mov %rsp, %rdi
    call thunk_net_pass
    mov THUNK_NET_INTEGERS(%rsp), %rax
    mov THUNK_NET_INTEGERS + 8(%rsp), %rdx
    movups THUNK_NET_FLOATS(%rsp), %xmm0
    movups THUNK_NET_FLOATS + 16(%rsp), %xmm1
    leave
    .cfi_def_cfa %rsp, 8
    ret
    .cfi_endproc
    .size thunk_net_enter, . - thunk_net_enter

    .section .note.GNU-stack, "", @progbits
