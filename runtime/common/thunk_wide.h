/* SPDX-License-Identifier: MIT
 *
 * Where a long double goes that is passed to "...": thunk_arch_words.h says it
 * for its ISA.
 */
#ifndef THUNK_WIDE_H
#define THUNK_WIDE_H

enum thunk_wide {
    THUNK_WIDE_ON_STACK,    /* aligned to 16 bytes */
    THUNK_WIDE_IN_FLOATS,   /* in one register, as a double; else the stack */
    THUNK_WIDE_IN_INTEGERS, /* in two, the first even; else the stack */
};

#endif
