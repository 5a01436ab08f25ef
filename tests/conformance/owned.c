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

int conform_poster_get(struct conform_poster *poster, size_t length)
{
    if (poster == NULL || length > 1000000) {
        return 0;
    }
    *poster = (struct conform_poster){length, conform_letters(length)};
    return 1;
}

struct conform_poster *conform_poster_new(size_t length)
{
    struct conform_poster *poster = malloc(sizeof(*poster));

    return poster != NULL && conform_poster_get(poster, length) ? poster : NULL;
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
