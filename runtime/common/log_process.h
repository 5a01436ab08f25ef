/* SPDX-License-Identifier: MIT
 *
 * Of which process a line of THUNK_LOG's is. thunk-run's first names itself in
 * the environment: its lines, and those of the program that it becomes, need no
 * number; children's do.
 */
#ifndef THUNK_LOG_PROCESS_H
#define THUNK_LOG_PROCESS_H

#include <stdlib.h>
#include <unistd.h>

#define THUNK_LOG_PROCESS "THUNK_LOG_PROCESS"

/* The number that this process's lines get; 0: none. */
static inline long thunk_log_process(void)
{
    const char *first = getenv(THUNK_LOG_PROCESS);
    const long own = (long)getpid();

    return first == NULL || strtol(first, NULL, 10) == own ? 0 : own;
}

#endif
