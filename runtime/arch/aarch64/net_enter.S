/* SPDX-License-Identifier: MIT
 *
 * void thunk_net_enter(void)
 *
 * A function of whatever type: stores the registers that may hold arguments in
 * a struct thunk_net_frame, has thunk_net_pass(frame) make the call, and gives
 * back what the frame then says. A trampoline or a stub has led here.
 *
 *   x0 to x7, v0 to v7, x8 (where a large result goes)   arguments (AAPCS64 6.8)
 *   x0, x1, v0 to v3                                      results
 *
 * Stack picture:
 *   sp 0 frame   384 x29   392 x30   400 the caller's arguments
 */
#include "thunk_net.h"

    .text
    .globl thunk_net_enter
    .hidden thunk_net_enter
    .type thunk_net_enter, %function
    .p2align 4
thunk_net_enter:
    .cfi_startproc
    hint #34                    /* bti c */
    stp x29, x30, [sp, #-16]!
    .cfi_def_cfa_offset 16
    .cfi_offset x29, -16
    .cfi_offset x30, -8
    mov x29, sp
    .cfi_def_cfa_register x29
    add x9, sp, #16
    sub sp, sp, #THUNK_NET_SIZE
    stp x0, x1, [sp, #THUNK_NET_INTEGERS]
    stp x2, x3, [sp, #THUNK_NET_INTEGERS + 16]
    stp x4, x5, [sp, #THUNK_NET_INTEGERS + 32]
    stp x6, x7, [sp, #THUNK_NET_INTEGERS + 48]
    add x10, sp, #THUNK_NET_FLOATS
    stp q0, q1, [x10]
    stp q2, q3, [x10, #32]
    stp q4, q5, [x10, #64]
    stp q6, q7, [x10, #96]
    stp x8, x9, [sp, #THUNK_NET_INDIRECT]   /* and THUNK_NET_STACK */
    mov x0, sp
    bl thunk_net_pass
    ldp x0, x1, [sp, #THUNK_NET_INTEGERS]
    add x10, sp, #THUNK_NET_FLOATS
    ldp q0, q1, [x10]
    ldp q2, q3, [x10, #32]
    mov sp, x29
    ldp x29, x30, [sp], #16
    .cfi_def_cfa sp, 0
    .cfi_restore x29
    .cfi_restore x30
    ret
    .cfi_endproc
    .size thunk_net_enter, . - thunk_net_enter

    .section .note.GNU-stack, "", %progbits
