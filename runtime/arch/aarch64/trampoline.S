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
 * x0 to x7, x8 (address of a large result) and v0 to v7 hold arguments; x9 to
 * x17 are free (AAPCS64 6.1.1).
 */
#include "thunk_trampoline.h"

    .section .rodata
    .p2align 4
    .globl thunk_trampoline_code
    .hidden thunk_trampoline_code
    .type thunk_trampoline_code, %object
thunk_trampoline_code:
    hint #34                    /* bti c */
    adr x16, . + THUNK_TRAMPOLINE_SPAN - 4
    ldr x17, [x16, #8]
    br x17
    .size thunk_trampoline_code, . - thunk_trampoline_code
    .if . - thunk_trampoline_code != THUNK_TRAMPOLINE_SIZE
    .error "a trampoline must be THUNK_TRAMPOLINE_SIZE bytes"
    .endif

    .section .note.GNU-stack, "", %progbits
