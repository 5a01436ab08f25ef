/* SPDX-License-Identifier: MIT
 *
 * void thunk_segv_enter(int number, siginfo_t *info, void *context)
 *
 * The guest's handler of SIGSEGV. thunk_guest_segv() with the same arguments
 * says what is to be done: to return, for NULL, or to have the handler run that
 * it gives, as if the kernel had called that one, and then to say that it has.
 *
 *   rdi, rsi, rdx  arguments, kept below rbp at -8, -16 and -24
 *   rax            the handler
 *
 * QEMU 7.2 enters handlers with a stack that is not aligned; so it is aligned
 * here for what is called (AMD64, 3.2.2).
 */
    .text
    .globl thunk_segv_enter
    .hidden thunk_segv_enter
    .type thunk_segv_enter, @function
    .p2align 4
thunk_segv_enter:
    .cfi_startproc
    endbr64
    push %rbp
    .cfi_def_cfa_offset 16
    .cfi_offset %rbp, -16
    mov %rsp, %rbp
    .cfi_def_cfa_register %rbp
    push %rdi
    push %rsi
    push %rdx
    and $-16, %rsp
    call thunk_guest_segv
    mov -8(%rbp), %rdi
    mov -16(%rbp), %rsi
    mov -24(%rbp), %rdx
    test %rax, %rax
    je 1f
    call *%rax
    call thunk_guest_segv_leave
1:
    leave
    .cfi_def_cfa %rsp, 8
    ret
    .cfi_endproc
    .size thunk_segv_enter, . - thunk_segv_enter

    .section .note.GNU-stack, "", @progbits
