/* SPDX-License-Identifier: MIT */
#include "script.h"

#include <stddef.h>
#include <string.h>

static bool is_blank(char character)
{
    return character == ' ' || character == '\t';
}

/* The first character from `at` to `last`, including both, that is no blank. */
static char *text_find(char *at, const char *last)
{
    while (at <= last && is_blank(*at)) {
        at++;
    }
    return at <= last ? at : NULL;
}

/* Likewise one that ends a word. */
static char *word_end(char *at, const char *last)
{
    while (at <= last && !is_blank(*at) && *at != '\0') {
        at++;
    }
    return at <= last ? at : NULL;
}

bool script_is(const char head[SCRIPT_HEAD])
{
    return head[0] == '#' && head[1] == '!';
}

bool script_parse(char head[SCRIPT_HEAD], struct script *script)
{
    char *const start = head + 2, *const last = head + SCRIPT_HEAD - 1;
    const size_t length = strnlen(head, SCRIPT_HEAD);
    char *end = memchr(head, '\n', length), *name, *behind;
    char *argument = NULL;

    if (end == NULL) {
        /* A line that goes on: its interpreter must not be cut off. */
        end = text_find(start, last);
        if (end == NULL || word_end(end, last) == NULL) {
            return false;
        }
        end = last;
    }
    while (is_blank(end[-1])) {
        end--;
    }
    name = text_find(start, end);
    if (name == NULL || name == end) {
        return false;
    }
    behind = word_end(name, end);
    if (behind != NULL && *behind != '\0') {
        argument = text_find(behind, end);
    }
    *end = '\0';
    if (argument != NULL) {
        *behind = '\0';
    }
    *script = (struct script){name, argument};
    return true;
}
