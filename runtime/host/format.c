/* SPDX-License-Identifier: MIT
 * Texts for printf-like functions of the guest's. */
#include "../common/format.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "host.h"

const char *thunk_host_format(struct thunk_host_text *text, const char *format,
                              va_list arguments)
{
    int saved = errno; /* the guest function's, if nothing fails */
    char *raw = NULL;
    int length = format == NULL ? -1 : vasprintf(&raw, format, arguments);
    size_t size;

    text->text = NULL;
    if (length < 0) { /* no format is none for the guest as well */
        return NULL;
    }
    size = format_size(raw, (size_t)length);
    text->text = size <= sizeof(text->small) ? text->small : malloc(size);
    if (text->text != NULL) {
        format_write(text->text, raw, (size_t)length);
        errno = saved;
    }
    free(raw);
    return text->text;
}

void thunk_host_format_end(struct thunk_host_text *text)
{
    if (text->text != text->small) {
        free(text->text);
    }
}
