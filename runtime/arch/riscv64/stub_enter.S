/* SPDX-License-Identifier: MIT
 *
 * void thunk_stub_enter(void)
 *
 * Every stub of the guest comes here with its data in t2: puts the host
 * function upon the thread's ring for thunk_guest_target() and goes on in the
 * type's code, with all argument registers and the stack as the caller left
 * them. A signal handler may come at any place and call stubs itself: it takes
 * off what it puts on, and `top` goes up before the slot is written.
 *
 *   t2  data, then struct stub_target
 *   t1  struct thunk_guest_ring, then its slot
 *   t3  top, then the function
 *
 * a0 to a7 and fa0 to fa7 hold arguments; t0 to t6 are free (RISC-V ELF psABI).
 * Jumps go through t1: t0 would be taken for a return.
 */
#include "thunk_trampoline.h"

    .text
    .globl thunk_stub_enter
    .hidden thunk_stub_enter
    .type thunk_stub_enter, @function
    .p2align 2
thunk_stub_enter:
    .cfi_startproc
    ld t2, 0(t2)
    la.tls.ie t1, thunk_guest_ring
    add t1, t1, tp
    ld t3, 0(t1)
    addi t3, t3, 8
    sd t3, 0(t1)
    andi t3, t3, THUNK_STUB_RING_SIZE - 8
    add t1, t1, t3              /* of the slot, 8 bytes short: top is there */
    ld t3, THUNK_STUB_FUNCTION(t2)
    sd t3, 8(t1)
    ld t1, THUNK_STUB_CODE(t2)
    jr t1
    .cfi_endproc
    .size thunk_stub_enter, . - thunk_stub_enter

    .section .note.GNU-stack, "", @progbits
