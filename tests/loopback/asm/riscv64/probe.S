/* SPDX-License-Identifier: MIT */

/* void probe_switch(set a0, got a1, save a2, load a3)
 *   the caller's: 0(sp) s0 to s11    96(sp) fs0 to fs11    192(sp) fcsr
 *   200(sp) ra   208(sp) got */
    .text
    .globl probe_switch
    .type probe_switch, @function
    .p2align 2
probe_switch:
    addi sp, sp, -224
    sd s0, 0(sp)
    sd s1, 8(sp)
    sd s2, 16(sp)
    sd s3, 24(sp)
    sd s4, 32(sp)
    sd s5, 40(sp)
    sd s6, 48(sp)
    sd s7, 56(sp)
    sd s8, 64(sp)
    sd s9, 72(sp)
    sd s10, 80(sp)
    sd s11, 88(sp)
    fsd fs0, 96(sp)
    fsd fs1, 104(sp)
    fsd fs2, 112(sp)
    fsd fs3, 120(sp)
    fsd fs4, 128(sp)
    fsd fs5, 136(sp)
    fsd fs6, 144(sp)
    fsd fs7, 152(sp)
    fsd fs8, 160(sp)
    fsd fs9, 168(sp)
    fsd fs10, 176(sp)
    fsd fs11, 184(sp)
    frcsr t0
    sd t0, 192(sp)
    sd ra, 200(sp)
    sd a1, 208(sp)
    ld s0, 0(a0)
    ld s1, 8(a0)
    ld s2, 16(a0)
    ld s3, 24(a0)
    ld s4, 32(a0)
    ld s5, 40(a0)
    ld s6, 48(a0)
    ld s7, 56(a0)
    ld s8, 64(a0)
    ld s9, 72(a0)
    ld s10, 80(a0)
    ld s11, 88(a0)
    fld fs0, 96(a0)
    fld fs1, 104(a0)
    fld fs2, 112(a0)
    fld fs3, 120(a0)
    fld fs4, 128(a0)
    fld fs5, 136(a0)
    fld fs6, 144(a0)
    fld fs7, 152(a0)
    fld fs8, 160(a0)
    fld fs9, 168(a0)
    fld fs10, 176(a0)
    fld fs11, 184(a0)
    ld t0, 192(a0)
    fscsr t0
    mv a0, a2
    mv a1, a3
    call thunk_switch
    ld a1, 208(sp)
    frcsr t0
    sd t0, 192(a1)
    ld t0, 192(sp)
    fscsr t0
    sd s0, 0(a1)
    sd s1, 8(a1)
    sd s2, 16(a1)
    sd s3, 24(a1)
    sd s4, 32(a1)
    sd s5, 40(a1)
    sd s6, 48(a1)
    sd s7, 56(a1)
    sd s8, 64(a1)
    sd s9, 72(a1)
    sd s10, 80(a1)
    sd s11, 88(a1)
    fsd fs0, 96(a1)
    fsd fs1, 104(a1)
    fsd fs2, 112(a1)
    fsd fs3, 120(a1)
    fsd fs4, 128(a1)
    fsd fs5, 136(a1)
    fsd fs6, 144(a1)
    fsd fs7, 152(a1)
    fsd fs8, 160(a1)
    fsd fs9, 168(a1)
    fsd fs10, 176(a1)
    fsd fs11, 184(a1)
    ld s0, 0(sp)
    ld s1, 8(sp)
    ld s2, 16(sp)
    ld s3, 24(sp)
    ld s4, 32(sp)
    ld s5, 40(sp)
    ld s6, 48(sp)
    ld s7, 56(sp)
    ld s8, 64(sp)
    ld s9, 72(sp)
    ld s10, 80(sp)
    ld s11, 88(sp)
    fld fs0, 96(sp)
    fld fs1, 104(sp)
    fld fs2, 112(sp)
    fld fs3, 120(sp)
    fld fs4, 128(sp)
    fld fs5, 136(sp)
    fld fs6, 144(sp)
    fld fs7, 152(sp)
    fld fs8, 160(sp)
    fld fs9, 168(sp)
    fld fs10, 176(sp)
    fld fs11, 184(sp)
    ld ra, 200(sp)
    addi sp, sp, 224
    ret
    .size probe_switch, . - probe_switch

/* void probe_call(set a0, function a1) */
    .globl probe_call
    .type probe_call, @function
    .p2align 2
probe_call:
    addi sp, sp, -48
    sd ra, 40(sp)
    ld t0, 136(a0)
    sd t0, 0(sp)
    ld t0, 144(a0)
    sd t0, 8(sp)
    ld t0, 152(a0)
    sd t0, 16(sp)
    ld t0, 160(a0)
    sd t0, 24(sp)
    mv t0, a0
    mv t1, a1
    ld a0, 0(t0)
    ld a1, 8(t0)
    ld a2, 16(t0)
    ld a3, 24(t0)
    ld a4, 32(t0)
    ld a5, 40(t0)
    ld a6, 48(t0)
    ld a7, 56(t0)
    fld fa0, 64(t0)
    fld fa1, 72(t0)
    fld fa2, 80(t0)
    fld fa3, 88(t0)
    fld fa4, 96(t0)
    fld fa5, 104(t0)
    fld fa6, 112(t0)
    fld fa7, 120(t0)
    jalr t1
    ld ra, 40(sp)
    addi sp, sp, 48
    ret
    .size probe_call, . - probe_call

/* void probe_callee(void): any arguments */
    .globl probe_callee
    .type probe_callee, @function
    .p2align 2
probe_callee:
    la t0, probe_got
    sd a0, 0(t0)
    sd a1, 8(t0)
    sd a2, 16(t0)
    sd a3, 24(t0)
    sd a4, 32(t0)
    sd a5, 40(t0)
    sd a6, 48(t0)
    sd a7, 56(t0)
    fsd fa0, 64(t0)
    fsd fa1, 72(t0)
    fsd fa2, 80(t0)
    fsd fa3, 88(t0)
    fsd fa4, 96(t0)
    fsd fa5, 104(t0)
    fsd fa6, 112(t0)
    fsd fa7, 120(t0)
    ld t1, 0(sp)
    sd t1, 136(t0)
    ld t1, 8(sp)
    sd t1, 144(t0)
    ld t1, 16(sp)
    sd t1, 152(t0)
    ld t1, 24(sp)
    sd t1, 160(t0)
    ret
    .size probe_callee, . - probe_callee

    .section .note.GNU-stack, "", @progbits
