/* SPDX-License-Identifier: MIT
 * Code of a GTL's own, aarch64; the same contract in every folder of arch/. */
#ifndef THUNK_ARCH_FORWARD_H
#define THUNK_ARCH_FORWARD_H

/* The code of a symbol that is forwarded (thunk/guest.h): with its entry of the
 * table in x9 it jumps to what that begins with; and what all begin with, which
 * has the library in x10. x9 to x17 are free at a call (AAPCS64 6.1.1), and a
 * jump by x16 is one that "bti c" lets in. */
#define THUNK_ARCH_FORWARD_SIZE 32
#define THUNK_ARCH_FORWARD(number)                                             \
    "hint #34\n" /* bti c */                                                   \
    "adrp x9, thunk_forwards + 32 * " number "\n"                              \
    "add x9, x9, :lo12:thunk_forwards + 32 * " number "\n"                     \
    "ldr x16, [x9]\n"                                                          \
    "br x16\n"
#define THUNK_ARCH_FORWARD_FIRST                                               \
    "hint #34\n"                                                               \
    "adrp x10, thunk_forward_library\n"                                        \
    "add x10, x10, :lo12:thunk_forward_library\n"                              \
    "adrp x16, :got:thunk_guest_forward_enter\n"                               \
    "ldr x16, [x16, :got_lo12:thunk_guest_forward_enter]\n"                    \
    "br x16\n"

#endif
