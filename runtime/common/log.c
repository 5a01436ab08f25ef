/* SPDX-License-Identifier: MIT */
#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log_process.h"
#include "log_write.h"

static enum thunk_log_level level_wanted(void)
{
    const char *text = getenv("THUNK_LOG");

    if (text == NULL) {
        return THUNK_LOG_ERROR;
    }
    if (strcmp(text, "debug") == 0) {
        return THUNK_LOG_DEBUG;
    }
    return strcmp(text, "info") == 0 ? THUNK_LOG_INFO : THUNK_LOG_ERROR;
}

int thunk_log_enabled(enum thunk_log_level level)
{
    return level <= level_wanted();
}

/* The start of a line. */
static size_t prefix_print(char *line, size_t size)
{
    const long process = thunk_log_process();
    const int length = process == 0
                           ? snprintf(line, size, "thunk: ")
                           : snprintf(line, size, "thunk: [%ld] ", process);

    return length < 0 ? 0 : (size_t)length;
}

void thunk_log(enum thunk_log_level level, const char *format, ...)
{
    char line[1024];
    va_list arguments;
    int saved = errno;
    int length;
    size_t start, used;

    if (!thunk_log_enabled(level)) {
        return;
    }
    start = prefix_print(line, sizeof(line));
    va_start(arguments, format);
    length =
        vsnprintf(line + start, sizeof(line) - start - 1, format, arguments);
    va_end(arguments);
    used = length < 0 ? 0 : (size_t)length;
    if (used > sizeof(line) - start - 2) {
        used = sizeof(line) - start - 2;
    }
    line[start + used] = '\n';
    thunk_log_write(line, start + used + 1);
    errno = saved;
}
