/* SPDX-License-Identifier: MIT
 * Code of a GTL's own, riscv64; the same contract in every folder of arch/. */
#ifndef THUNK_ARCH_FORWARD_H
#define THUNK_ARCH_FORWARD_H

/* The code of a symbol that is forwarded (thunk/guest.h): with its entry of the
 * table in t2 it jumps to what that begins with; and what all begin with, which
 * has the library in t3. t0 to t6 are free at a call (RISC-V ELF psABI); jumps
 * go through t1, since t0 would be taken for a return. */
#define THUNK_ARCH_FORWARD_SIZE 32
#define THUNK_ARCH_FORWARD(number)                                             \
    "lla t2, thunk_forwards + 32 * " number "\n"                               \
    "ld t1, 0(t2)\n"                                                           \
    "jr t1\n"
#define THUNK_ARCH_FORWARD_FIRST                                               \
    "lla t3, thunk_forward_library\n"                                          \
    "la t1, thunk_guest_forward_enter\n"                                       \
    "jr t1\n"

#endif
