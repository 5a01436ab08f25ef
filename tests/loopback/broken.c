/* SPDX-License-Identifier: MIT
 * A host thunk library of another time: BROKEN_ABI and BROKEN_HASH say which;
 * without them, something that is no thunk library at all. */
#include <thunk/frame.h>

#ifdef BROKEN_ABI
THUNK_EXPORT extern const struct thunk_table thunk_table;
THUNK_EXPORT const struct thunk_table thunk_table = {
    .abi = BROKEN_ABI,
    .count = BROKEN_COUNT,
    .hash = BROKEN_HASH,
    .soname = "libloop.so.1",
};
#else
int broken_nothing;
#endif
