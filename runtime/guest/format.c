/* SPDX-License-Identifier: MIT */
#include "../common/format.h"

#include <stdio.h>
#include <stdlib.h>

#include "guest.h"

char *thunk_guest_format(const char *format, va_list arguments)
{
    char *text = NULL;
    char *result;
    int length = format == NULL ? -1 : vasprintf(&text, format, arguments);

    if (length < 0) {
        return NULL;
    }
    result = malloc(format_size(text, (size_t)length));
    if (result != NULL) {
        format_write(result, text, (size_t)length);
    }
    free(text);
    return result;
}
