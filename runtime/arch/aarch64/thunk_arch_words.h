/* SPDX-License-Identifier: MIT
 *
 * The registers of a variadic call: x0 to x7 and v0 to v7, for unnamed
 * arguments too; a long double takes all of a v (AAPCS64 6.8.2).
 */
#ifndef THUNK_ARCH_WORDS_H
#define THUNK_ARCH_WORDS_H

#include "thunk_wide.h"

enum { THUNK_ARCH_WORD_INTEGERS = 8, THUNK_ARCH_WORD_FLOATS = 8 };
enum { THUNK_ARCH_WORD_WIDE = THUNK_WIDE_IN_FLOATS };

/* All of a vector register; a double is its lower half. */
typedef long double thunk_arch_word_float;

#define THUNK_ARCH_WORDS(p)                                                    \
    (p).integers[0], (p).integers[1], (p).integers[2], (p).integers[3],        \
        (p).integers[4], (p).integers[5], (p).integers[6], (p).integers[7],    \
        (p).floats[0], (p).floats[1], (p).floats[2], (p).floats[3],            \
        (p).floats[4], (p).floats[5], (p).floats[6], (p).floats[7]

#endif
