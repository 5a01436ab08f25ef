/* SPDX-License-Identifier: MIT
 *
 * void thunk_guest_forward_enter(void)
 *
 * The first call of a symbol that is forwarded: has thunk_guest_forward(library,
 * entry) find the function and goes on there, with all registers that may hold
 * arguments and the stack as the caller left them.
 *
 *   r10  struct thunk_library       r11  struct thunk_forward, then the function
 *   rdi, rsi, rdx, rcx, r8, r9, rax (number of vector registers of a variadic
 *        call), zmm0 to zmm7        arguments (System V ABI, AMD64, 3.2.3)
 *   rbx  whether the processor has XSAVE: without it there is nothing beyond
 *        xmm0 to xmm7, which FXSAVE stores
 *
 * Stack picture:
 *   rbp - 64 arguments, rbx   rbp   rbp + 8 return address
 *   below, aligned for it, the area of XSAVE (Intel SDM 1, 13.4) or FXSAVE
 */
#define XSAVE_STATES 0xe6 /* SSE, AVX, AVX-512 */
#define XSAVE_HEADER 512

    .text
    .globl thunk_guest_forward_enter
    .type thunk_guest_forward_enter, @function
    .p2align 4
thunk_guest_forward_enter:
    .cfi_startproc
    endbr64
    push %rbp
    .cfi_def_cfa_offset 16
    .cfi_offset %rbp, -16
    mov %rsp, %rbp
    .cfi_def_cfa_register %rbp
    push %rbx
    .cfi_offset %rbx, -24
    push %rdi
    push %rsi
    push %rdx
    push %rcx
    push %r8
    push %r9
    push %rax
    mov $1, %eax
    cpuid
    bt $27, %ecx                /* OSXSAVE */
    jc 1f
    xor %ebx, %ebx
    sub $512, %rsp
    fxsave (%rsp)               /* rsp is a multiple of 16 */
    jmp 2f
1:  mov $13, %eax               /* how much the states take, in ebx */
    xor %ecx, %ecx
    cpuid
    sub %rbx, %rsp
    and $-64, %rsp
    xor %eax, %eax
    mov %rax, XSAVE_HEADER(%rsp)
    mov %rax, XSAVE_HEADER + 8(%rsp)
    mov %rax, XSAVE_HEADER + 16(%rsp)
    mov %rax, XSAVE_HEADER + 24(%rsp)
    mov %rax, XSAVE_HEADER + 32(%rsp)
    mov %rax, XSAVE_HEADER + 40(%rsp)
    mov %rax, XSAVE_HEADER + 48(%rsp)
    mov %rax, XSAVE_HEADER + 56(%rsp)
    mov $XSAVE_STATES, %eax
    xor %edx, %edx
    xsave (%rsp)
    mov $1, %ebx
2:  mov %r10, %rdi
    mov %r11, %rsi
    call thunk_guest_forward
    mov %rax, %r11
    test %ebx, %ebx
    jnz 3f
    fxrstor (%rsp)
    jmp 4f
3:  mov $XSAVE_STATES, %eax
    xor %edx, %edx
    xrstor (%rsp)
4:  lea -64(%rbp), %rsp
    pop %rax
    pop %r9
    pop %r8
    pop %rcx
    pop %rdx
    pop %rsi
    pop %rdi
    pop %rbx
    .cfi_restore %rbx
    pop %rbp
    .cfi_def_cfa %rsp, 8
    .cfi_restore %rbp
    jmp *%r11
    .cfi_endproc
    .size thunk_guest_forward_enter, . - thunk_guest_forward_enter

    .section .note.GNU-stack, "", @progbits
