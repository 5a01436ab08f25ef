/* SPDX-License-Identifier: MIT
 *
 * A library that ends the process, in each way that libc has, and that has
 * something to do when it ends.
 */
#ifndef ENDS_H
#define ENDS_H

/* Does not come back, but for "error 0". */
void ends_now(const char *how, int status);

/* Has a line written there at the end, by each of a handler, another handler
 * that the first one adds, and a destructor. */
void ends_note(const char *path);

/* Has the text printed at the end, by a handler that is given to "atexit",
 * "on_exit" or "at_quick_exit". */
void ends_print(const char *how, const char *text);

/* A message with the program's name, and the names as the library has them. */
void ends_warn(const char *text);
const char *ends_name(int is_short);

#endif
