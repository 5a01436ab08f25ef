/* SPDX-License-Identifier: MIT
 *
 * void thunk_net_run(thunk_function function, struct thunk_net_frame *frame)
 *
 * Calls the function with the registers and the words that are in the frame,
 * and stores all that may be results there.
 *
 *   x0  function, then x16         x1  frame, then x19
 *   x0 to x7, v0 to v7, x8 (where a large result goes)   arguments (AAPCS64 6.8)
 *   x0, x1, v0 to v3                                      results
 *
 * Stack picture:
 *   sp 0 to 127 words   128 x29   136 x30   144 x19
 */
#include "thunk_net.h"

    .text
    .globl thunk_net_run
    .hidden thunk_net_run
    .type thunk_net_run, %function
    .p2align 4
thunk_net_run:
    .cfi_startproc
    hint #34                    /* bti c */
    stp x29, x30, [sp, #-32]!
    .cfi_def_cfa_offset 32
    .cfi_offset x29, -32
    .cfi_offset x30, -24
    str x19, [sp, #16]
    .cfi_offset x19, -16
    mov x29, sp
    .cfi_def_cfa_register x29
    sub sp, sp, #128
    mov x16, x0
    mov x19, x1
    add x9, x19, #THUNK_NET_WORDS
    ldp q0, q1, [x9]
    ldp q2, q3, [x9, #32]
    ldp q4, q5, [x9, #64]
    ldp q6, q7, [x9, #96]
    stp q0, q1, [sp]
    stp q2, q3, [sp, #32]
    stp q4, q5, [sp, #64]
    stp q6, q7, [sp, #96]
    add x9, x19, #THUNK_NET_FLOATS
    ldp q0, q1, [x9]
    ldp q2, q3, [x9, #32]
    ldp q4, q5, [x9, #64]
    ldp q6, q7, [x9, #96]
    ldp x0, x1, [x19, #THUNK_NET_INTEGERS]
    ldp x2, x3, [x19, #THUNK_NET_INTEGERS + 16]
    ldp x4, x5, [x19, #THUNK_NET_INTEGERS + 32]
    ldp x6, x7, [x19, #THUNK_NET_INTEGERS + 48]
    ldr x8, [x19, #THUNK_NET_INDIRECT]
    blr x16
    stp x0, x1, [x19, #THUNK_NET_INTEGERS]
    add x9, x19, #THUNK_NET_FLOATS
    stp q0, q1, [x9]
    stp q2, q3, [x9, #32]
    mov sp, x29
    ldr x19, [sp, #16]
    ldp x29, x30, [sp], #32
    .cfi_def_cfa sp, 0
    .cfi_restore x19
    .cfi_restore x29
    .cfi_restore x30
    ret
    .cfi_endproc
    .size thunk_net_run, . - thunk_net_run

    .section .note.GNU-stack, "", %progbits
