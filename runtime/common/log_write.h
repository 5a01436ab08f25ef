/* SPDX-License-Identifier: MIT
 *
 * Where lines of THUNK_LOG's go: to the end of the file that the environment's
 * THUNK_LOG_FILE names, by an absolute path, or to stderr.
 */
#ifndef THUNK_LOG_WRITE_H
#define THUNK_LOG_WRITE_H

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define THUNK_LOG_FILE "THUNK_LOG_FILE"

/* Writes lines by one write(2), so that those of several threads and processes
 * do not mix. A file that cannot be written to is no reason to lose them. */
static inline void thunk_log_write(const char *lines, size_t length)
{
    const char *path = getenv(THUNK_LOG_FILE);
    const int file =
        path == NULL || *path == '\0'
            ? -1
            : open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);

    if (file < 0 || write(file, lines, length) < 0) {
        if (write(STDERR_FILENO, lines, length) < 0) {
            /* nobody left to tell */
        }
    }
    if (file >= 0) {
        close(file);
    }
}

#endif
