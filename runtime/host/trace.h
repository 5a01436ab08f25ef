/* SPDX-License-Identifier: MIT
 *
 * The text of --trace: what is in a frame, as thunk/host.h describes it.
 */
#ifndef THUNK_TRACE_H
#define THUNK_TRACE_H

#include "host.h"

/* Writes "name(path=\"x\", n=3)" of a frame into `text`, which always gets a
 * NUL; what does not fit is cut and ends in "...". */
void thunk_trace_call(char *text, size_t size,
                      const struct thunk_host_library *library,
                      const char *trace, const struct thunk_frame *frame);

/* Writes " = 3", or "" for a function that returns nothing. */
void thunk_trace_result(char *text, size_t size,
                        const struct thunk_host_library *library,
                        const char *trace, const struct thunk_frame *frame);

/* Writes one line to stderr, with a single write(2): the thread's number and
 * the text, indented by `depth` levels. Keeps errno. */
void thunk_trace_print(int depth, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
