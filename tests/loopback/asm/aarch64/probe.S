/* SPDX-License-Identifier: MIT */

/* void probe_switch(set x0, got x1, save x2, load x3)
 *   the caller's: 0(sp) x19 to x30    96(sp) d8 to d15    160(sp) FPCR
 *   168(sp) got */
    .text
    .globl probe_switch
    .type probe_switch, %function
    .p2align 2
probe_switch:
    sub sp, sp, #176
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
    mrs x9, fpcr
    stp x9, x1, [sp, #160]
    ldp x19, x20, [x0, #0]
    ldp x21, x22, [x0, #16]
    ldp x23, x24, [x0, #32]
    ldp x25, x26, [x0, #48]
    ldp x27, x28, [x0, #64]
    ldr x29, [x0, #80]
    ldp d8, d9, [x0, #96]
    ldp d10, d11, [x0, #112]
    ldp d12, d13, [x0, #128]
    ldp d14, d15, [x0, #144]
    ldr x9, [x0, #192]
    msr fpcr, x9
    mov x0, x2
    mov x1, x3
    bl thunk_switch
    ldp x9, x1, [sp, #160]
    mrs x10, fpcr
    str x10, [x1, #192]
    msr fpcr, x9
    stp x19, x20, [x1, #0]
    stp x21, x22, [x1, #16]
    stp x23, x24, [x1, #32]
    stp x25, x26, [x1, #48]
    stp x27, x28, [x1, #64]
    str x29, [x1, #80]
    stp d8, d9, [x1, #96]
    stp d10, d11, [x1, #112]
    stp d12, d13, [x1, #128]
    stp d14, d15, [x1, #144]
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
    ret
    .size probe_switch, . - probe_switch

/* void probe_call(set x0, function x1) */
    .globl probe_call
    .type probe_call, %function
    .p2align 2
probe_call:
    stp x29, x30, [sp, #-16]!
    mov x29, sp
    sub sp, sp, #32
    ldr x9, [x0, #136]
    str x9, [sp, #0]
    ldr x9, [x0, #144]
    str x9, [sp, #8]
    ldr x9, [x0, #152]
    str x9, [sp, #16]
    ldr x9, [x0, #160]
    str x9, [sp, #24]
    mov x16, x0
    mov x17, x1
    ldp x0, x1, [x16, #0]
    ldp x2, x3, [x16, #16]
    ldp x4, x5, [x16, #32]
    ldp x6, x7, [x16, #48]
    ldp d0, d1, [x16, #64]
    ldp d2, d3, [x16, #80]
    ldp d4, d5, [x16, #96]
    ldp d6, d7, [x16, #112]
    ldr x8, [x16, #128]
    blr x17
    mov sp, x29
    ldp x29, x30, [sp], #16
    ret
    .size probe_call, . - probe_call

/* void probe_callee(void): any arguments */
    .globl probe_callee
    .type probe_callee, %function
    .p2align 2
probe_callee:
    hint #34                    /* bti c */
    adrp x16, :got:probe_got
    ldr x16, [x16, :got_lo12:probe_got]
    stp x0, x1, [x16, #0]
    stp x2, x3, [x16, #16]
    stp x4, x5, [x16, #32]
    stp x6, x7, [x16, #48]
    stp d0, d1, [x16, #64]
    stp d2, d3, [x16, #80]
    stp d4, d5, [x16, #96]
    stp d6, d7, [x16, #112]
    str x8, [x16, #128]
    ldr x9, [sp, #0]
    str x9, [x16, #136]
    ldr x9, [sp, #8]
    str x9, [x16, #144]
    ldr x9, [sp, #16]
    str x9, [x16, #152]
    ldr x9, [sp, #24]
    str x9, [x16, #160]
    ret
    .size probe_callee, . - probe_callee

    .section .note.GNU-stack, "", %progbits
