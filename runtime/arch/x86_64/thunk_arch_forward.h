/* SPDX-License-Identifier: MIT
 * Code of a GTL's own, x86_64; the same contract in every folder of arch/. */
#ifndef THUNK_ARCH_FORWARD_H
#define THUNK_ARCH_FORWARD_H

/* The code of a symbol that is forwarded (thunk/guest.h): with its entry of the
 * table in r11 it jumps to what that begins with; and what all begin with,
 * which has the library in r10. Both are free at a call (System V ABI, AMD64,
 * 3.2.3). */
#define THUNK_ARCH_FORWARD_SIZE 32
#define THUNK_ARCH_FORWARD(number)                                             \
    "endbr64\n"                                                                \
    "lea thunk_forwards + 32 * " number "(%rip), %r11\n"                       \
    "jmp *(%r11)\n"
#define THUNK_ARCH_FORWARD_FIRST                                               \
    "endbr64\n"                                                                \
    "lea thunk_forward_library(%rip), %r10\n"                                  \
    "jmp *thunk_guest_forward_enter@GOTPCREL(%rip)\n"

#endif
