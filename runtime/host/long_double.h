/* SPDX-License-Identifier: MIT
 *
 * The two formats of long double, as bytes in memory: x87's of 80 bits
 * (x86_64) and IEC 60559 binary128 (aarch64, riscv64). Both take 16 bytes; in
 * the first, 6 of them are padding, written as 0.
 */
#ifndef THUNK_LONG_DOUBLE_H
#define THUNK_LONG_DOUBLE_H

enum { THUNK_LONG_DOUBLE_SIZE = 16 };

/* Exact. What x87 itself takes for invalid (no integer bit) becomes a NaN. A
 * signaling NaN stays one. `to` and `from` may be the same. */
void thunk_binary128_from_x87(void *to, const void *from);

/* Rounded to nearest, ties to even. A NaN loses the end of its payload, and
 * becomes quiet where nothing else is left of it. */
void thunk_x87_from_binary128(void *to, const void *from);

#endif
