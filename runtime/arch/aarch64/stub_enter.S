/* SPDX-License-Identifier: MIT
 *
 * void thunk_stub_enter(void)
 *
 * Every stub of the guest comes here with its data in x16: puts the host
 * function upon the thread's ring for thunk_guest_target() and goes on in the
 * type's code, with all argument registers and the stack as the caller left
 * them. A signal handler may come at any place and call stubs itself: it takes
 * off what it puts on, and `top` goes up before the slot is written.
 *
 *   x16  data, then struct stub_target
 *   x17  struct thunk_guest_ring, then its slot
 *   x9   offset of the ring, top, then the function
 *
 * x0 to x7, x8 (address of a large result) and v0 to v7 hold arguments; x9 to
 * x17 are free (AAPCS64 6.1.1).
 */
#include "thunk_trampoline.h"

    .text
    .globl thunk_stub_enter
    .hidden thunk_stub_enter
    .type thunk_stub_enter, %function
    .p2align 4
thunk_stub_enter:
    .cfi_startproc
    hint #34                    /* bti c */
    ldr x16, [x16]
    mrs x17, tpidr_el0
    adrp x9, :gottprel:thunk_guest_ring
    ldr x9, [x9, :gottprel_lo12:thunk_guest_ring]
    add x17, x17, x9
    ldr x9, [x17]
    add x9, x9, #8
    str x9, [x17]
    and x9, x9, #THUNK_STUB_RING_SIZE - 8
    add x17, x17, x9            /* of the slot, 8 bytes short: top is there */
    ldr x9, [x16, #THUNK_STUB_FUNCTION]
    str x9, [x17, #8]
    ldr x17, [x16, #THUNK_STUB_CODE]
    br x17
    .cfi_endproc
    .size thunk_stub_enter, . - thunk_stub_enter

    .section .note.GNU-stack, "", %progbits
