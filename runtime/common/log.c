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

/* Not a part of thunk_log(): what is not told takes no room on the stack. */
static __attribute__((noinline)) void line_tell(const char *format,
                                                va_list arguments)
{
    char line[1024];
    int saved = errno;
    size_t start = prefix_print(line, sizeof(line));
    int length =
        vsnprintf(line + start, sizeof(line) - start - 1, format, arguments);
    size_t used = length < 0 ? 0 : (size_t)length;

    if (used > sizeof(line) - start - 2) {
        used = sizeof(line) - start - 2;
    }
    line[start + used] = '\n';
    thunk_log_write(line, start + used + 1);
    errno = saved;
}

void thunk_log(enum thunk_log_level level, const char *format, ...)
{
    va_list arguments;

    if (thunk_log_enabled(level)) {
        va_start(arguments, format);
        line_tell(format, arguments);
        va_end(arguments);
    }
}
