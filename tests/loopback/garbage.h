/* SPDX-License-Identifier: MIT
 *
 * A client that says to the host what no thunk says. The same code runs in the
 * loopback tests, where the host is in its own process, and as a guest of a
 * real QEMU (tests/e2e/garbage.c).
 */
#ifndef GARBAGE_H
#define GARBAGE_H

/* Pieces of garbage after which the host has to have told something. */
struct garbage {
    int refused; /* a line of it for each: "refused: " */
    int crashed; /* one or more: "host code crashed: " */
};

/* Attaches the HTL of libloop.so.1, and throws garbage through both doors in
 * each way; after every piece a proper call must work. A CHECK fails where that
 * is not so. Counts on where it is called again. */
struct garbage garbage_throw(const char *htl);

#endif
