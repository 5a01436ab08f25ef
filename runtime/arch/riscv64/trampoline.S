/* SPDX-License-Identifier: MIT
 *
 * One trampoline of the host, or one stub of the guest: THUNK_TRAMPOLINE_SIZE
 * bytes, copied side by side into a page that is executable and never written
 * again. The data stands exactly THUNK_TRAMPOLINE_SPAN bytes further on, in a
 * page that is never executable:
 *
 *            0                             8
 *   host     struct thunk_host_target *    thunk_trampoline_enter
 *   guest    struct stub_target *          thunk_stub_enter
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

    .section .note.GNU-stack, "", @progbits
