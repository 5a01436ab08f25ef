/* SPDX-License-Identifier: MIT
 *
 * void thunk_net_enter(void)
 *
 * A function of whatever type: stores the registers that may hold arguments in
 * a struct thunk_net_frame, has thunk_net_pass(frame) make the call, and gives
 * back what the frame then says. A trampoline or a stub has led here.
 *
 *   a0 to a7, fa0 to fa7    arguments (RISC-V ELF psABI)
 *   a0, a1, fa0, fa1        results
 *
 * Stack picture:
 *   sp 0 frame   392 ra   400 the caller's arguments
 */
#include "thunk_net.h"

    .text
    .globl thunk_net_enter
    .hidden thunk_net_enter
    .type thunk_net_enter, @function
    .p2align 2
thunk_net_enter:
    .cfi_startproc
    addi sp, sp, -(THUNK_NET_SIZE + 16)
    .cfi_def_cfa_offset THUNK_NET_SIZE + 16
    sd ra, THUNK_NET_SIZE + 8(sp)
    .cfi_offset ra, -8
    addi t0, sp, THUNK_NET_SIZE + 16
    sd a0, THUNK_NET_INTEGERS(sp)
    sd a1, THUNK_NET_INTEGERS + 8(sp)
    sd a2, THUNK_NET_INTEGERS + 16(sp)
    sd a3, THUNK_NET_INTEGERS + 24(sp)
    sd a4, THUNK_NET_INTEGERS + 32(sp)
    sd a5, THUNK_NET_INTEGERS + 40(sp)
    sd a6, THUNK_NET_INTEGERS + 48(sp)
    sd a7, THUNK_NET_INTEGERS + 56(sp)
    fsd fa0, THUNK_NET_FLOATS(sp)
    fsd fa1, THUNK_NET_FLOATS + 16(sp)
    fsd fa2, THUNK_NET_FLOATS + 32(sp)
    fsd fa3, THUNK_NET_FLOATS + 48(sp)
    fsd fa4, THUNK_NET_FLOATS + 64(sp)
    fsd fa5, THUNK_NET_FLOATS + 80(sp)
    fsd fa6, THUNK_NET_FLOATS + 96(sp)
    fsd fa7, THUNK_NET_FLOATS + 112(sp)
    sd t0, THUNK_NET_STACK(sp)
    mv a0, sp
    call thunk_net_pass
    ld a0, THUNK_NET_INTEGERS(sp)
    ld a1, THUNK_NET_INTEGERS + 8(sp)
    fld fa0, THUNK_NET_FLOATS(sp)
    fld fa1, THUNK_NET_FLOATS + 16(sp)
    ld ra, THUNK_NET_SIZE + 8(sp)
    .cfi_restore ra
    addi sp, sp, THUNK_NET_SIZE + 16
    .cfi_def_cfa_offset 0
    ret
    .cfi_endproc
    .size thunk_net_enter, . - thunk_net_enter

    .section .note.GNU-stack, "", @progbits
