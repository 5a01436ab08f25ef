/* SPDX-License-Identifier: MIT
 *
 * void thunk_switch(void **save, void *load)     save a0, load a1
 * thunk_switch_jump: the same, jumped to by thunk_switch_here(), with the place
 * to go on at in t1 and fcsr in a2
 *
 * Stack picture that is left behind, from *save upwards:
 *   0 where to go on   8 s0 ... 96 s11   104 fs0 ... 192 fs11   200 fcsr
 *   208 ra
 *
 * It goes on by a jump through t1, not by a return: a jump through ra or t0 is
 * predicted from the processor's own stack of calls (RISC-V unprivileged ISA,
 * 2.5.1), and there this one never was. fcsr is loaded only where the two sides
 * have another rounding mode (bits 5 to 7), since loading stalls; the exception
 * flags below belong to nobody over a call.
 *
 * Both stacks have the same picture, so what the CFI says holds while sp moves
 * from one to the other.
 */
    .text
    .globl thunk_switch
    .hidden thunk_switch
    .type thunk_switch, @function
    .globl thunk_switch_jump
    .hidden thunk_switch_jump
    .type thunk_switch_jump, @function
    .p2align 2
thunk_switch:
    .cfi_startproc
    mv t1, ra
    frcsr a2
thunk_switch_jump:
    .cfi_register ra, t1
    addi sp, sp, -224
    .cfi_def_cfa_offset 224
    sd t1, 0(sp)
    sd ra, 208(sp)
    .cfi_rel_offset ra, 0
    sd s0, 8(sp)
    .cfi_rel_offset s0, 8
    sd s1, 16(sp)
    .cfi_rel_offset s1, 16
    sd s2, 24(sp)
    .cfi_rel_offset s2, 24
    sd s3, 32(sp)
    .cfi_rel_offset s3, 32
    sd s4, 40(sp)
    .cfi_rel_offset s4, 40
    sd s5, 48(sp)
    .cfi_rel_offset s5, 48
    sd s6, 56(sp)
    .cfi_rel_offset s6, 56
    sd s7, 64(sp)
    .cfi_rel_offset s7, 64
    sd s8, 72(sp)
    .cfi_rel_offset s8, 72
    sd s9, 80(sp)
    .cfi_rel_offset s9, 80
    sd s10, 88(sp)
    .cfi_rel_offset s10, 88
    sd s11, 96(sp)
    .cfi_rel_offset s11, 96
    fsd fs0, 104(sp)
    .cfi_rel_offset fs0, 104
    fsd fs1, 112(sp)
    .cfi_rel_offset fs1, 112
    fsd fs2, 120(sp)
    .cfi_rel_offset fs2, 120
    fsd fs3, 128(sp)
    .cfi_rel_offset fs3, 128
    fsd fs4, 136(sp)
    .cfi_rel_offset fs4, 136
    fsd fs5, 144(sp)
    .cfi_rel_offset fs5, 144
    fsd fs6, 152(sp)
    .cfi_rel_offset fs6, 152
    fsd fs7, 160(sp)
    .cfi_rel_offset fs7, 160
    fsd fs8, 168(sp)
    .cfi_rel_offset fs8, 168
    fsd fs9, 176(sp)
    .cfi_rel_offset fs9, 176
    fsd fs10, 184(sp)
    .cfi_rel_offset fs10, 184
    fsd fs11, 192(sp)
    .cfi_rel_offset fs11, 192
    sd a2, 200(sp)
    sd sp, 0(a0)
    mv sp, a1
    ld t0, 200(sp)
    ld t1, 0(sp)
    xor a2, a2, t0
    andi a2, a2, 0xe0
    bnez a2, 2f
1:
    .cfi_remember_state
    .cfi_register ra, t1
    ld ra, 208(sp)
    ld s0, 8(sp)
    .cfi_restore s0
    ld s1, 16(sp)
    .cfi_restore s1
    ld s2, 24(sp)
    .cfi_restore s2
    ld s3, 32(sp)
    .cfi_restore s3
    ld s4, 40(sp)
    .cfi_restore s4
    ld s5, 48(sp)
    .cfi_restore s5
    ld s6, 56(sp)
    .cfi_restore s6
    ld s7, 64(sp)
    .cfi_restore s7
    ld s8, 72(sp)
    .cfi_restore s8
    ld s9, 80(sp)
    .cfi_restore s9
    ld s10, 88(sp)
    .cfi_restore s10
    ld s11, 96(sp)
    .cfi_restore s11
    fld fs0, 104(sp)
    .cfi_restore fs0
    fld fs1, 112(sp)
    .cfi_restore fs1
    fld fs2, 120(sp)
    .cfi_restore fs2
    fld fs3, 128(sp)
    .cfi_restore fs3
    fld fs4, 136(sp)
    .cfi_restore fs4
    fld fs5, 144(sp)
    .cfi_restore fs5
    fld fs6, 152(sp)
    .cfi_restore fs6
    fld fs7, 160(sp)
    .cfi_restore fs7
    fld fs8, 168(sp)
    .cfi_restore fs8
    fld fs9, 176(sp)
    .cfi_restore fs9
    fld fs10, 184(sp)
    .cfi_restore fs10
    fld fs11, 192(sp)
    .cfi_restore fs11
    addi sp, sp, 224
    .cfi_def_cfa_offset 0
    jr t1
2:
    .cfi_restore_state
    fscsr t0
    j 1b
    .cfi_endproc
    .size thunk_switch_jump, . - thunk_switch_jump
    .size thunk_switch, . - thunk_switch

    .section .note.GNU-stack, "", @progbits
