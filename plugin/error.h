/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What GET_LIBRARY_ERROR tells: the last error of each thread, as dlerror()'s.
 * A copy, because host code that runs before the guest asks may use the dl
 * functions as well.
 *
 * The texts are on the heap: what the plugin has for each thread is to fit into
 * static TLS, which QEMU's libraries leave little of, since only that can be
 * read in signal handlers.
 */
#ifndef DLCALL_ERROR_H
#define DLCALL_ERROR_H

/* Sets this thread's error; a text longer than PATH_MAX + 255 is cut off. */
__attribute__((format(printf, 1, 2))) void error_set(const char *format, ...);

/* Sets it to what the last dl function said, or to none: a symbol can be NULL
 * without an error. */
void error_take(void);

/* The text, which stays until the thread's next error or its end; NULL: there
 * is none. */
const char *error_get(void);

/* Forgets it. */
void error_clear(void);

#endif
