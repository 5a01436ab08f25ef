/* SPDX-License-Identifier: MIT
 *
 * The registers of a variadic call: a0 to a7, for floating-point numbers too if
 * they are unnamed, for a long double two of them, the first with an even
 * number (RISC-V ELF psABI, integer calling convention).
 */
#ifndef THUNK_ARCH_WORDS_H
#define THUNK_ARCH_WORDS_H

#include "thunk_wide.h"

enum { THUNK_ARCH_WORD_INTEGERS = 8, THUNK_ARCH_WORD_FLOATS = 0 };
enum { THUNK_ARCH_WORD_WIDE = THUNK_WIDE_IN_INTEGERS };
typedef double thunk_arch_word_float;

#define THUNK_ARCH_WORDS(p)                                                    \
    (p).integers[0], (p).integers[1], (p).integers[2], (p).integers[3],        \
        (p).integers[4], (p).integers[5], (p).integers[6], (p).integers[7]

#endif
