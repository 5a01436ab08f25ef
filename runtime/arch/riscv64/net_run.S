/* SPDX-License-Identifier: MIT
 *
 * void thunk_net_run(thunk_function function, struct thunk_net_frame *frame)
 *
 * Calls the function with the registers and the words that are in the frame,
 * and stores all that may be results there.
 *
 *   a0  function, then t1      a1  frame, then s0
 *   a0 to a7, fa0 to fa7    arguments (RISC-V ELF psABI)
 *   a0, a1, fa0, fa1        results
 *
 * Stack picture:
 *   sp 0 to 127 words   128 s0   136 ra
 */
#include "thunk_net.h"

    .text
    .globl thunk_net_run
    .hidden thunk_net_run
    .type thunk_net_run, @function
    .p2align 2
thunk_net_run:
    .cfi_startproc
    addi sp, sp, -144
    .cfi_def_cfa_offset 144
    sd s0, 128(sp)
    .cfi_offset s0, -16
    sd ra, 136(sp)
    .cfi_offset ra, -8
    mv t1, a0
    mv s0, a1
    ld t0, THUNK_NET_WORDS(s0)
    sd t0, 0(sp)
    ld t0, THUNK_NET_WORDS + 8(s0)
    sd t0, 8(sp)
    ld t0, THUNK_NET_WORDS + 16(s0)
    sd t0, 16(sp)
    ld t0, THUNK_NET_WORDS + 24(s0)
    sd t0, 24(sp)
    ld t0, THUNK_NET_WORDS + 32(s0)
    sd t0, 32(sp)
    ld t0, THUNK_NET_WORDS + 40(s0)
    sd t0, 40(sp)
    ld t0, THUNK_NET_WORDS + 48(s0)
    sd t0, 48(sp)
    ld t0, THUNK_NET_WORDS + 56(s0)
    sd t0, 56(sp)
    ld t0, THUNK_NET_WORDS + 64(s0)
    sd t0, 64(sp)
    ld t0, THUNK_NET_WORDS + 72(s0)
    sd t0, 72(sp)
    ld t0, THUNK_NET_WORDS + 80(s0)
    sd t0, 80(sp)
    ld t0, THUNK_NET_WORDS + 88(s0)
    sd t0, 88(sp)
    ld t0, THUNK_NET_WORDS + 96(s0)
    sd t0, 96(sp)
    ld t0, THUNK_NET_WORDS + 104(s0)
    sd t0, 104(sp)
    ld t0, THUNK_NET_WORDS + 112(s0)
    sd t0, 112(sp)
    ld t0, THUNK_NET_WORDS + 120(s0)
    sd t0, 120(sp)
    ld a0, THUNK_NET_INTEGERS(s0)
    ld a1, THUNK_NET_INTEGERS + 8(s0)
    ld a2, THUNK_NET_INTEGERS + 16(s0)
    ld a3, THUNK_NET_INTEGERS + 24(s0)
    ld a4, THUNK_NET_INTEGERS + 32(s0)
    ld a5, THUNK_NET_INTEGERS + 40(s0)
    ld a6, THUNK_NET_INTEGERS + 48(s0)
    ld a7, THUNK_NET_INTEGERS + 56(s0)
    fld fa0, THUNK_NET_FLOATS(s0)
    fld fa1, THUNK_NET_FLOATS + 16(s0)
    fld fa2, THUNK_NET_FLOATS + 32(s0)
    fld fa3, THUNK_NET_FLOATS + 48(s0)
    fld fa4, THUNK_NET_FLOATS + 64(s0)
    fld fa5, THUNK_NET_FLOATS + 80(s0)
    fld fa6, THUNK_NET_FLOATS + 96(s0)
    fld fa7, THUNK_NET_FLOATS + 112(s0)
    jalr t1
    sd a0, THUNK_NET_INTEGERS(s0)
    sd a1, THUNK_NET_INTEGERS + 8(s0)
    fsd fa0, THUNK_NET_FLOATS(s0)
    fsd fa1, THUNK_NET_FLOATS + 16(s0)
    ld s0, 128(sp)
    .cfi_restore s0
    ld ra, 136(sp)
    .cfi_restore ra
    addi sp, sp, 144
    .cfi_def_cfa_offset 0
    ret
    .cfi_endproc
    .size thunk_net_run, . - thunk_net_run

    .section .note.GNU-stack, "", @progbits
