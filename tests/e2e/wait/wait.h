/* SPDX-License-Identifier: MIT
 * A library of functions that wait; one of them is in the spec as if it did
 * not. */
#ifndef WAIT_H
#define WAIT_H

/* Writes a byte to `notice`, so that others know that it is there, and gives
 * what read() of a byte from `file` gives. Both do. */
long wait_for_pipe(int file, int notice);
long wait_for_pipe_as_said(int file, int notice);

long wait_add(long a, long b);
long wait_add_leaf(long a, long b);

#endif
