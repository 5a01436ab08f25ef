/* SPDX-License-Identifier: MIT */

/* void probe_switch(set rdi, got rsi, save rdx, load rcx)
 *   0(%rsp) got    8(%rsp) MXCSR of the caller    12(%rsp) its x87 control */
    .text
    .globl probe_switch
    .type probe_switch, @function
probe_switch:
    endbr64
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    sub $24, %rsp
    mov %rsi, (%rsp)
    stmxcsr 8(%rsp)
    fnstcw 12(%rsp)
    mov 0(%rdi), %rbx
    mov 8(%rdi), %rbp
    mov 16(%rdi), %r12
    mov 24(%rdi), %r13
    mov 32(%rdi), %r14
    mov 40(%rdi), %r15
    ldmxcsr 192(%rdi)
    fldcw 196(%rdi)
    mov %rdx, %rdi
    mov %rcx, %rsi
    call thunk_switch
    mov (%rsp), %rax
    mov %rbx, 0(%rax)
    mov %rbp, 8(%rax)
    mov %r12, 16(%rax)
    mov %r13, 24(%rax)
    mov %r14, 32(%rax)
    mov %r15, 40(%rax)
    stmxcsr 192(%rax)
    fnstcw 196(%rax)
    ldmxcsr 8(%rsp)
    fldcw 12(%rsp)
    add $24, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    ret
    .size probe_switch, . - probe_switch

/* void probe_call(set rdi, function rsi) */
    .globl probe_call
    .type probe_call, @function
probe_call:
    endbr64
    push %rbp
    mov %rsp, %rbp
    push 160(%rdi)
    push 152(%rdi)
    push 144(%rdi)
    push 136(%rdi)
    mov %rdi, %r10
    mov %rsi, %r11
    mov 0(%r10), %rdi
    mov 8(%r10), %rsi
    mov 16(%r10), %rdx
    mov 24(%r10), %rcx
    mov 32(%r10), %r8
    mov 40(%r10), %r9
    movq 64(%r10), %xmm0
    movq 72(%r10), %xmm1
    movq 80(%r10), %xmm2
    movq 88(%r10), %xmm3
    movq 96(%r10), %xmm4
    movq 104(%r10), %xmm5
    movq 112(%r10), %xmm6
    movq 120(%r10), %xmm7
    mov 128(%r10), %rax
    call *%r11
    leave
    ret
    .size probe_call, . - probe_call

/* void probe_callee(void): any arguments */
    .globl probe_callee
    .type probe_callee, @function
probe_callee:
    endbr64
    mov probe_got@GOTPCREL(%rip), %r11
    mov %rdi, 0(%r11)
    mov %rsi, 8(%r11)
    mov %rdx, 16(%r11)
    mov %rcx, 24(%r11)
    mov %r8, 32(%r11)
    mov %r9, 40(%r11)
    movq %xmm0, 64(%r11)
    movq %xmm1, 72(%r11)
    movq %xmm2, 80(%r11)
    movq %xmm3, 88(%r11)
    movq %xmm4, 96(%r11)
    movq %xmm5, 104(%r11)
    movq %xmm6, 112(%r11)
    movq %xmm7, 120(%r11)
    mov %rax, 128(%r11)
    mov 8(%rsp), %rax
    mov %rax, 136(%r11)
    mov 16(%rsp), %rax
    mov %rax, 144(%r11)
    mov 24(%rsp), %rax
    mov %rax, 152(%r11)
    mov 32(%rsp), %rax
    mov %rax, 160(%r11)
    ret
    .size probe_callee, . - probe_callee

    .section .note.GNU-stack, "", @progbits
