/* SPDX-License-Identifier: MIT
 *
 * void thunk_switch(void **save, void *load)     save x0, load x1
 * thunk_switch_jump: the same, jumped to by thunk_switch_here(), with the place
 * to go on at in x16 and FPCR in x2
 *
 * Stack picture that is left behind, from *save upwards:
 *   0 x19 ... 72 x28    80 x29    88 x30
 *   96 d8 ... 152 d15  160 FPCR  168 where to go on
 *
 * It goes on by a branch, not by a return: the processor predicts returns from
 * its own stack of calls, and there this one never was. FPCR is loaded only
 * where the two sides differ, since loading stalls.
 *
 * Both stacks have the same picture, so what the CFI says holds while sp moves
 * from one to the other. The place to go on at is no landing pad, so this file
 * has no BTI note, and with that the linker leaves the library without BTI. A
 * return address that is signed (PAC) stays valid: sp and x30 are kept.
 */
    .text
    .globl thunk_switch
    .hidden thunk_switch
    .type thunk_switch, %function
    .globl thunk_switch_jump
    .hidden thunk_switch_jump
    .type thunk_switch_jump, %function
    .p2align 4
thunk_switch:
    .cfi_startproc
    hint #34                    /* bti c */
    mov x16, x30
    mrs x2, fpcr
thunk_switch_jump:
    .cfi_register x30, x16
    sub sp, sp, #176
    .cfi_def_cfa_offset 176
    stp x19, x20, [sp, #0]
    stp x21, x22, [sp, #16]
    stp x23, x24, [sp, #32]
    stp x25, x26, [sp, #48]
    stp x27, x28, [sp, #64]
    stp x29, x30, [sp, #80]
    stp d8, d9, [sp, #96]
    stp d10, d11, [sp, #112]
    stp d12, d13, [sp, #128]
    stp d14, d15, [sp, #144]
    stp x2, x16, [sp, #160]
    .cfi_rel_offset x19, 0
    .cfi_rel_offset x20, 8
    .cfi_rel_offset x21, 16
    .cfi_rel_offset x22, 24
    .cfi_rel_offset x23, 32
    .cfi_rel_offset x24, 40
    .cfi_rel_offset x25, 48
    .cfi_rel_offset x26, 56
    .cfi_rel_offset x27, 64
    .cfi_rel_offset x28, 72
    .cfi_rel_offset x29, 80
    .cfi_rel_offset x30, 168
    .cfi_rel_offset d8, 96
    .cfi_rel_offset d9, 104
    .cfi_rel_offset d10, 112
    .cfi_rel_offset d11, 120
    .cfi_rel_offset d12, 128
    .cfi_rel_offset d13, 136
    .cfi_rel_offset d14, 144
    .cfi_rel_offset d15, 152
    mov x3, sp
    str x3, [x0]
    mov sp, x1
    ldp x3, x16, [sp, #160]
    cmp x2, x3
    b.ne 2f
1:
    .cfi_remember_state
    ldp x19, x20, [sp, #0]
    ldp x21, x22, [sp, #16]
    ldp x23, x24, [sp, #32]
    ldp x25, x26, [sp, #48]
    ldp x27, x28, [sp, #64]
    ldp x29, x30, [sp, #80]
    ldp d8, d9, [sp, #96]
    ldp d10, d11, [sp, #112]
    ldp d12, d13, [sp, #128]
    ldp d14, d15, [sp, #144]
    add sp, sp, #176
    .cfi_def_cfa_offset 0
    .cfi_restore x19
    .cfi_restore x20
    .cfi_restore x21
    .cfi_restore x22
    .cfi_restore x23
    .cfi_restore x24
    .cfi_restore x25
    .cfi_restore x26
    .cfi_restore x27
    .cfi_restore x28
    .cfi_restore x29
    .cfi_register x30, x16
    .cfi_restore d8
    .cfi_restore d9
    .cfi_restore d10
    .cfi_restore d11
    .cfi_restore d12
    .cfi_restore d13
    .cfi_restore d14
    .cfi_restore d15
    br x16
2:
    .cfi_restore_state
    msr fpcr, x3
    b 1b
    .cfi_endproc
    .size thunk_switch_jump, . - thunk_switch_jump
    .size thunk_switch, . - thunk_switch

    .section .note.GNU-stack, "", %progbits
