/* SPDX-License-Identifier: MIT
 *
 * A finished text as a printf format that gives just that: every '%' doubled,
 * every NUL byte as "%1$c" with one argument 0.
 */
#ifndef THUNK_COMMON_FORMAT_H
#define THUNK_COMMON_FORMAT_H

#include <stddef.h>
#include <string.h>

/* What one byte of the text becomes; NULL: stays. */
static inline const char *format_escape(char byte)
{
    switch (byte) {
    case '%':
        return "%%";
    case '\0':
        return "%1$c";
    default:
        return NULL;
    }
}

/* With the NUL at its end. */
static inline size_t format_size(const char *text, size_t length)
{
    size_t size = 1;

    for (size_t i = 0; i < length; i++) {
        const char *escape = format_escape(text[i]);

        size += escape == NULL ? 1 : strlen(escape);
    }
    return size;
}

static inline void format_write(char *to, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const char *escape = format_escape(text[i]);

        if (escape == NULL) {
            *to++ = text[i];
        } else {
            to = stpcpy(to, escape);
        }
    }
    *to = '\0';
}

#endif
