/* SPDX-License-Identifier: MIT
 *
 * void thunk_switch(void **save, void *load)     save rdi, load rsi
 * thunk_switch_jump: the same, jumped to by thunk_switch_here(), with the place
 * to go on at in rdx and the control words, as thunk_arch_control(), in rcx
 *
 * Stack picture that is left behind, from *save upwards:
 *   0  where to go on            16 r15   24 r14   32 r13
 *   8  MXCSR, 12 x87 control     40 r12   48 rbx   56 rbp
 *   64 to 191 the caller's red zone (3.2.2)
 *
 * It goes on by a jump, not by a return: the processor predicts returns from
 * its own stack of calls, and there this one never was. The control words are
 * loaded only where the two sides differ, since loading stalls; the exception
 * flags in MXCSR, bits 0 to 5, belong to nobody over a call and do not count.
 *
 * Both stacks have the same picture, so what the CFI says holds while rsp moves
 * from one to the other. No note tells the linker that this file suits a shadow
 * stack (CET): it does not, and the library is then marked as a whole.
 */
    .text
    .globl thunk_switch
    .hidden thunk_switch
    .type thunk_switch, @function
    .globl thunk_switch_jump
    .hidden thunk_switch_jump
    .type thunk_switch_jump, @function
    .p2align 4
thunk_switch:
    .cfi_startproc
    endbr64
    pop %rdx
    .cfi_adjust_cfa_offset -8
    .cfi_register %rip, %rdx
    stmxcsr -8(%rsp)
    fnstcw -4(%rsp)
    mov -8(%rsp), %ecx          /* 4 bytes and 2, as they were written: one */
    movzwl -4(%rsp), %eax       /* load over both would wait for them */
    shl $32, %rax
    or %rax, %rcx
thunk_switch_jump:
    add $-128, %rsp
    .cfi_adjust_cfa_offset 128
    push %rbp
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %rbp, 0
    push %rbx
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %rbx, 0
    push %r12
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %r12, 0
    push %r13
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %r13, 0
    push %r14
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %r14, 0
    push %r15
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %r15, 0
    sub $16, %rsp
    .cfi_adjust_cfa_offset 16
    mov %rdx, (%rsp)
    .cfi_rel_offset %rip, 0
    mov %rcx, 8(%rsp)
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    xor 8(%rsp), %rcx
    shr $6, %rcx
    jne 2f
1:
    .cfi_remember_state
    mov (%rsp), %rdx
    .cfi_register %rip, %rdx
    add $16, %rsp
    .cfi_adjust_cfa_offset -16
    pop %r15
    .cfi_adjust_cfa_offset -8
    .cfi_restore %r15
    pop %r14
    .cfi_adjust_cfa_offset -8
    .cfi_restore %r14
    pop %r13
    .cfi_adjust_cfa_offset -8
    .cfi_restore %r13
    pop %r12
    .cfi_adjust_cfa_offset -8
    .cfi_restore %r12
    pop %rbx
    .cfi_adjust_cfa_offset -8
    .cfi_restore %rbx
    pop %rbp
    .cfi_adjust_cfa_offset -8
    .cfi_restore %rbp
    sub $-128, %rsp
    .cfi_adjust_cfa_offset -128
    notrack jmp *%rdx
2:
    .cfi_restore_state
    ldmxcsr 8(%rsp)
    fldcw 12(%rsp)
    jmp 1b
    .cfi_endproc
    .size thunk_switch_jump, . - thunk_switch_jump
    .size thunk_switch, . - thunk_switch

    .section .note.GNU-stack, "", @progbits
