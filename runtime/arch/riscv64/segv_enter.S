/* SPDX-License-Identifier: MIT
 *
 * void thunk_segv_enter(int number, siginfo_t *info, void *context)
 *
 * The guest's handler of SIGSEGV. thunk_guest_segv() with the same arguments
 * says what is to be done: to return, for NULL, or to have the handler run that
 * it gives, as if the kernel had called that one, and then to say that it has.
 *
 *   a0, a1, a2  arguments, kept at sp + 8, 16 and 24
 *   t1          the handler
 */
    .text
    .globl thunk_segv_enter
    .hidden thunk_segv_enter
    .type thunk_segv_enter, @function
    .p2align 2
thunk_segv_enter:
    .cfi_startproc
    addi sp, sp, -32
    .cfi_def_cfa_offset 32
    sd ra, 0(sp)
    .cfi_offset ra, -32
    sd a0, 8(sp)
    sd a1, 16(sp)
    sd a2, 24(sp)
    call thunk_guest_segv
    mv t1, a0
    ld a0, 8(sp)
    ld a1, 16(sp)
    ld a2, 24(sp)
    beqz t1, 1f
    jalr t1
    call thunk_guest_segv_leave
1:
    ld ra, 0(sp)
    .cfi_restore ra
    addi sp, sp, 32
    .cfi_def_cfa_offset 0
    ret
    .cfi_endproc
    .size thunk_segv_enter, . - thunk_segv_enter

    .section .note.GNU-stack, "", @progbits
