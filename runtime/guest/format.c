/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest.h"

/* What one byte of formatted text becomes in the new format. */
static const char *byte_escape(char byte)
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

char *thunk_guest_format(const char *format, va_list arguments)
{
    char *text = NULL;
    char *result;
    char *end;
    int length = vasprintf(&text, format, arguments);
    size_t size = 1;

    if (length < 0) {
        return NULL;
    }
    for (int i = 0; i < length; i++) {
        const char *escape = byte_escape(text[i]);

        size += escape == NULL ? 1 : strlen(escape);
    }
    result = malloc(size);
    if (result != NULL) {
        end = result;
        for (int i = 0; i < length; i++) {
            const char *escape = byte_escape(text[i]);

            if (escape == NULL) {
                *end++ = text[i];
            } else {
                end = stpcpy(end, escape);
            }
        }
        *end = '\0';
    }
    free(text);
    return result;
}
