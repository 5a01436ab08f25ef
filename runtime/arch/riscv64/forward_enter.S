/* SPDX-License-Identifier: MIT
 *
 * void thunk_guest_forward_enter(void)
 *
 * The first call of a symbol that is forwarded: has thunk_guest_forward(library,
 * entry) find the function and goes on there, with all registers that may hold
 * arguments and the stack as the caller left them.
 *
 *   t3  struct thunk_library        t2  struct thunk_forward
 *   a0 to a7, fa0 to fa7            arguments (RISC-V ELF psABI)
 *   t1  the function
 *
 * Stack picture:
 *   sp 0 to 63 a0 to a7   64 to 127 fa0 to fa7   136 ra
 */
    .text
    .globl thunk_guest_forward_enter
    .type thunk_guest_forward_enter, @function
    .p2align 2
thunk_guest_forward_enter:
    .cfi_startproc
    addi sp, sp, -144
    .cfi_def_cfa_offset 144
    sd ra, 136(sp)
    .cfi_offset ra, -8
    sd a0, 0(sp)
    sd a1, 8(sp)
    sd a2, 16(sp)
    sd a3, 24(sp)
    sd a4, 32(sp)
    sd a5, 40(sp)
    sd a6, 48(sp)
    sd a7, 56(sp)
    fsd fa0, 64(sp)
    fsd fa1, 72(sp)
    fsd fa2, 80(sp)
    fsd fa3, 88(sp)
    fsd fa4, 96(sp)
    fsd fa5, 104(sp)
    fsd fa6, 112(sp)
    fsd fa7, 120(sp)
    mv a0, t3
    mv a1, t2
    call thunk_guest_forward
    mv t1, a0
    ld a0, 0(sp)
    ld a1, 8(sp)
    ld a2, 16(sp)
    ld a3, 24(sp)
    ld a4, 32(sp)
    ld a5, 40(sp)
    ld a6, 48(sp)
    ld a7, 56(sp)
    fld fa0, 64(sp)
    fld fa1, 72(sp)
    fld fa2, 80(sp)
    fld fa3, 88(sp)
    fld fa4, 96(sp)
    fld fa5, 104(sp)
    fld fa6, 112(sp)
    fld fa7, 120(sp)
    ld ra, 136(sp)
    .cfi_restore ra
    addi sp, sp, 144
    .cfi_def_cfa_offset 0
    jr t1
    .cfi_endproc
    .size thunk_guest_forward_enter, . - thunk_guest_forward_enter

    .section .note.GNU-stack, "", @progbits
