/* SPDX-License-Identifier: MIT
 *
 * What is better tried in another process: it may crash, hang, print, or end.
 */
#ifndef THUNK_RUN_CHILD_H
#define THUNK_RUN_CHILD_H

#include <stdbool.h>

struct child {
    bool is_good;       /* it ended by itself, with status 0 */
    const char *output; /* on stdout */
    const char *error;  /* the first line on stderr, or how it ended */
};

/* Runs an action, which has to end the process, or a command. It has ten
 * seconds, and nothing on stdin. */
struct child child_run(void (*action)(const void *context),
                       const void *context);
struct child child_command(const char *const *arguments);

#endif
