/* SPDX-License-Identifier: MIT
 *
 * void thunk_segv_enter(int number, siginfo_t *info, void *context)
 *
 * The guest's handler of SIGSEGV. thunk_guest_segv() with the same arguments
 * says what is to be done: to return, for NULL, or to go on in the handler that
 * it gives, with arguments, stack and return address as if the kernel had called
 * that one.
 *
 *   a0, a1, a2  arguments, kept at sp + 8, 16 and 24
 *   t1          where to go on; a jump through t0 would be taken for a return
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
    ld ra, 0(sp)
    .cfi_restore ra
    ld a0, 8(sp)
    ld a1, 16(sp)
    ld a2, 24(sp)
    addi sp, sp, 32
    .cfi_def_cfa_offset 0
    beqz t1, 1f
    jr t1
1:
    ret
    .cfi_endproc
    .size thunk_segv_enter, . - thunk_segv_enter

    .section .note.GNU-stack, "", @progbits
