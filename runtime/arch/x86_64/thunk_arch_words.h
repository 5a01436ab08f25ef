/* SPDX-License-Identifier: MIT
 *
 * The registers of a variadic call: rdi to r9, and xmm0 to xmm7 whose number is
 * in al; a long double goes on the stack (System V ABI 3.2.3, 3.5.7).
 */
#ifndef THUNK_ARCH_WORDS_H
#define THUNK_ARCH_WORDS_H

#include "thunk_wide.h"

enum { THUNK_ARCH_WORD_INTEGERS = 6, THUNK_ARCH_WORD_FLOATS = 8 };
enum { THUNK_ARCH_WORD_WIDE = THUNK_WIDE_ON_STACK };
typedef double thunk_arch_word_float;

#define THUNK_ARCH_WORDS(p)                                                    \
    (p).integers[0], (p).integers[1], (p).integers[2], (p).integers[3],        \
        (p).integers[4], (p).integers[5], (p).floats[0], (p).floats[1],        \
        (p).floats[2], (p).floats[3], (p).floats[4], (p).floats[5],            \
        (p).floats[6], (p).floats[7]

#endif
