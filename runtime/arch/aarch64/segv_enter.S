/* SPDX-License-Identifier: MIT
 *
 * void thunk_segv_enter(int number, siginfo_t *info, void *context)
 *
 * The guest's handler of SIGSEGV. thunk_guest_segv() with the same arguments
 * says what is to be done: to return, for NULL, or to have the handler run that
 * it gives, as if the kernel had called that one, and then to say that it has.
 *
 *   x0, x1, x2  arguments, kept at sp + 16, 24 and 32
 *   x16         the handler
 */
    .text
    .globl thunk_segv_enter
    .hidden thunk_segv_enter
    .type thunk_segv_enter, %function
    .p2align 4
thunk_segv_enter:
    .cfi_startproc
    hint #34                    /* bti c */
    stp x29, x30, [sp, #-48]!
    .cfi_def_cfa_offset 48
    .cfi_offset x29, -48
    .cfi_offset x30, -40
    mov x29, sp
    stp x0, x1, [sp, #16]
    str x2, [sp, #32]
    bl thunk_guest_segv
    mov x16, x0
    ldp x0, x1, [sp, #16]
    ldr x2, [sp, #32]
    cbz x16, 1f
    blr x16
    bl thunk_guest_segv_leave
1:
    ldp x29, x30, [sp], #48
    .cfi_def_cfa_offset 0
    .cfi_restore x29
    .cfi_restore x30
    ret
    .cfi_endproc
    .size thunk_segv_enter, . - thunk_segv_enter

    .section .note.GNU-stack, "", %progbits
