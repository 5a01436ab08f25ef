/* SPDX-License-Identifier: MIT
 *
 * void thunk_guest_forward_enter(void)
 *
 * The first call of a symbol that is forwarded: has thunk_guest_forward(library,
 * entry) find the function and goes on there, with all registers that may hold
 * arguments and the stack as the caller left them.
 *
 *   x10  struct thunk_library       x9  struct thunk_forward
 *   x0 to x7, x8 (address of a large result), v0 to v7    arguments (AAPCS64
 *        6.1.1)
 *   x16  the function
 *
 * Stack picture:
 *   sp 0 x29, x30   16 to 79 x0 to x7   80 x8   96 to 223 v0 to v7
 */
    .text
    .globl thunk_guest_forward_enter
    .type thunk_guest_forward_enter, %function
    .p2align 4
thunk_guest_forward_enter:
    .cfi_startproc
    hint #34                    /* bti c */
    stp x29, x30, [sp, #-224]!
    .cfi_def_cfa_offset 224
    .cfi_offset x29, -224
    .cfi_offset x30, -216
    mov x29, sp
    stp x0, x1, [sp, #16]
    stp x2, x3, [sp, #32]
    stp x4, x5, [sp, #48]
    stp x6, x7, [sp, #64]
    str x8, [sp, #80]
    stp q0, q1, [sp, #96]
    stp q2, q3, [sp, #128]
    stp q4, q5, [sp, #160]
    stp q6, q7, [sp, #192]
    mov x0, x10
    mov x1, x9
    bl thunk_guest_forward
    mov x16, x0
    ldp q6, q7, [sp, #192]
    ldp q4, q5, [sp, #160]
    ldp q2, q3, [sp, #128]
    ldp q0, q1, [sp, #96]
    ldr x8, [sp, #80]
    ldp x6, x7, [sp, #64]
    ldp x4, x5, [sp, #48]
    ldp x2, x3, [sp, #32]
    ldp x0, x1, [sp, #16]
    ldp x29, x30, [sp], #224
    .cfi_def_cfa_offset 0
    .cfi_restore x29
    .cfi_restore x30
    br x16
    .cfi_endproc
    .size thunk_guest_forward_enter, . - thunk_guest_forward_enter

    .section .note.GNU-stack, "", %progbits
