/* SPDX-License-Identifier: MIT
 *
 * One trampoline, THUNK_TRAMPOLINE_SIZE bytes, copied side by side into a page
 * that is executable and never written again. Its data stands exactly
 * THUNK_TRAMPOLINE_SPAN bytes further on, in a page that is never executable:
 *
 *   0  struct thunk_host_target *      8  thunk_trampoline_enter
 *
 * a0 to a7 and fa0 to fa7 hold arguments; t0 to t6 are free (RISC-V ELF psABI).
 * Jumps go through t1: t0 would be taken for a return.
 */
#include "thunk_trampoline.h"

    .section .rodata
    .p2align 4
    .globl thunk_trampoline_code
    .hidden thunk_trampoline_code
    .type thunk_trampoline_code, @object
    .option push
    .option norvc
thunk_trampoline_code:
    auipc t2, THUNK_TRAMPOLINE_SPAN >> 12
    ld t1, 8(t2)
    jr t1
    unimp
    .option pop
    .size thunk_trampoline_code, . - thunk_trampoline_code

/* Every trampoline comes here with its data in t2: notes the target for
 * thunk_host_target() and goes on in the callback's code, with all argument
 * registers and the stack as the caller left them. */
    .text
    .globl thunk_trampoline_enter
    .hidden thunk_trampoline_enter
    .type thunk_trampoline_enter, @function
    .p2align 2
thunk_trampoline_enter:
    .cfi_startproc
    ld t2, 0(t2)
    la.tls.ie t1, thunk_trampoline_target
    add t1, t1, tp
    sd t2, 0(t1)
    ld t1, THUNK_TARGET_CODE(t2)
    jr t1
    .cfi_endproc
    .size thunk_trampoline_enter, . - thunk_trampoline_enter

    .section .note.GNU-stack, "", @progbits
