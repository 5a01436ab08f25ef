/* SPDX-License-Identifier: MIT
 *
 * Messages of both runtimes and the plugin, one line each with "thunk: " in
 * front, on stderr or where THUNK_LOG_FILE says. Errors are always told; the
 * rest when the environment's THUNK_LOG asks for it.
 */
#ifndef THUNK_LOG_H
#define THUNK_LOG_H

enum thunk_log_level {
    THUNK_LOG_ERROR, /* something does not work as set up: always told */
    THUNK_LOG_INFO,  /* THUNK_LOG=info: which way the calls of a library go */
    THUNK_LOG_DEBUG, /* THUNK_LOG=debug: what is loaded and resolved */
};

/* Whether a message of that level would be told. */
int thunk_log_enabled(enum thunk_log_level level);

/* Writes one line with a single write(2), so that lines of several threads do
 * not mix; longer than about 1,000 bytes is cut. Keeps errno. */
void thunk_log(enum thunk_log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
