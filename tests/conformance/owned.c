/* SPDX-License-Identifier: MIT
 * Memory that one side allocates and the other frees; and the end. */
#include "conform.h"

#include <stdlib.h>
#include <string.h>

char *conform_letters(size_t length)
{
    char *text = malloc(length + 1);

    if (text != NULL) {
        memset(text, 'x', length);
        text[length] = '\0';
    }
    return text;
}

int conform_texts(char **text, char **error, int is_good)
{
    if (is_good) {
        *text = conform_letters(20);
    } else if (error != NULL) {
        *error = strdup("it is not good");
    }
    return is_good;
}

void *conform_block(size_t size)
{
    return calloc(1, size);
}

void *conform_grow(void *block, size_t size)
{
    return realloc(block, size);
}

void conform_free(void *block)
{
    free(block);
}

void conform_exit(int status)
{
    exit(status);
}
