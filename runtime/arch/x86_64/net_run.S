/* SPDX-License-Identifier: MIT
 *
 * void thunk_net_run(thunk_function function, struct thunk_net_frame *frame)
 *
 * Calls the function with the registers and the words that are in the frame,
 * and stores all that may be results there.
 *
 *   rdi  function, then r11        rsi  frame, then rbx
 *   rdi, rsi, rdx, rcx, r8, r9, xmm0 to xmm7    arguments (AMD64, 3.2.3)
 *   rax  before: vector registers in use, for a variadic function; 8 does for
 *        any function
 *   rax, rdx, xmm0, xmm1                        results
 *
 * Stack picture:
 *   rsp 0 to 127 words   136 rbx   144 rbp   152 return address
 */
#include "thunk_net.h"

    .text
    .globl thunk_net_run
    .hidden thunk_net_run
    .type thunk_net_run, @function
    .p2align 4
thunk_net_run:
    .cfi_startproc
    endbr64
    push %rbp
    .cfi_def_cfa_offset 16
    .cfi_offset %rbp, -16
    mov %rsp, %rbp
    .cfi_def_cfa_register %rbp
    push %rbx
    .cfi_offset %rbx, -24
    sub $136, %rsp              /* a multiple of 16 with rbx */
    mov %rdi, %r11
    mov %rsi, %rbx
    movups THUNK_NET_WORDS(%rbx), %xmm0
    movups THUNK_NET_WORDS + 16(%rbx), %xmm1
    movups THUNK_NET_WORDS + 32(%rbx), %xmm2
    movups THUNK_NET_WORDS + 48(%rbx), %xmm3
    movups THUNK_NET_WORDS + 64(%rbx), %xmm4
    movups THUNK_NET_WORDS + 80(%rbx), %xmm5
    movups THUNK_NET_WORDS + 96(%rbx), %xmm6
    movups THUNK_NET_WORDS + 112(%rbx), %xmm7
    movups %xmm0, (%rsp)
    movups %xmm1, 16(%rsp)
    movups %xmm2, 32(%rsp)
    movups %xmm3, 48(%rsp)
    movups %xmm4, 64(%rsp)
    movups %xmm5, 80(%rsp)
    movups %xmm6, 96(%rsp)
    movups %xmm7, 112(%rsp)
    mov THUNK_NET_INTEGERS(%rbx), %rdi
    mov THUNK_NET_INTEGERS + 8(%rbx), %rsi
    mov THUNK_NET_INTEGERS + 16(%rbx), %rdx
    mov THUNK_NET_INTEGERS + 24(%rbx), %rcx
    mov THUNK_NET_INTEGERS + 32(%rbx), %r8
    mov THUNK_NET_INTEGERS + 40(%rbx), %r9
    movups THUNK_NET_FLOATS(%rbx), %xmm0
    movups THUNK_NET_FLOATS + 16(%rbx), %xmm1
    movups THUNK_NET_FLOATS + 32(%rbx), %xmm2
    movups THUNK_NET_FLOATS + 48(%rbx), %xmm3
    movups THUNK_NET_FLOATS + 64(%rbx), %xmm4
    movups THUNK_NET_FLOATS + 80(%rbx), %xmm5
    movups THUNK_NET_FLOATS + 96(%rbx), %xmm6
    movups THUNK_NET_FLOATS + 112(%rbx), %xmm7
    mov $8, %eax
    call *%r11
    mov %rax, THUNK_NET_INTEGERS(%rbx)
    mov %rdx, THUNK_NET_INTEGERS + 8(%rbx)
    movups %xmm0, THUNK_NET_FLOATS(%rbx)
    movups %xmm1, THUNK_NET_FLOATS + 16(%rbx)
    mov -8(%rbp), %rbx
    .cfi_restore %rbx
    leave
    .cfi_def_cfa %rsp, 8
    ret
    .cfi_endproc
    .size thunk_net_run, . - thunk_net_run

    .section .note.GNU-stack, "", @progbits
