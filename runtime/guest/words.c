/* SPDX-License-Identifier: MIT
 * printf-like formats that the host works out. */
#include <errno.h>
#include <string.h>

#include "guest.h"
#include "walk.h"

enum length { SHORT, LONG, LONG_DOUBLE };

static bool is_own(const char *at, const char *conversions)
{
    return thunk_walk_own(at, conversions).length > 0;
}

static enum walk_take own_take(char kind, enum length length)
{
    switch (kind) {
    case 'i':
        return length == SHORT ? WALK_INT : WALK_LONG;
    case 'd':
        return WALK_DOUBLE;
    default:
        return WALK_LONG;
    }
}

/* What a conversion of C's takes: C11 7.21.6.1 and POSIX. WALK_NOTHING:
 * nothing, or no such conversion. */
static enum walk_take conversion_take(char letter, enum length length)
{
    if (letter == '\0') {
        return WALK_NOTHING;
    }
    if (strchr("dioubBxXcC", letter) != NULL) {
        return length == SHORT ? WALK_INT : WALK_LONG;
    }
    if (strchr("eEfFgGaA", letter) != NULL) {
        return length == LONG_DOUBLE ? WALK_LONG_DOUBLE : WALK_DOUBLE;
    }
    return strchr("sSpn", letter) != NULL ? WALK_LONG : WALK_NOTHING;
}

/* Passes by one of hh, h, l, ll, L, q, j, z, Z, t, unless it is a conversion of
 * the library's own. */
static enum length length_pass(const char **at, const char *conversions)
{
    char letter = **at;

    if (letter == '\0' || strchr("hlLqjzZt", letter) == NULL ||
        is_own(*at, conversions)) {
        return SHORT;
    }
    (*at)++;
    if ((letter == 'h' || letter == 'l') && **at == letter) {
        (*at)++;
        return letter == 'h' ? SHORT : LONG_DOUBLE;
    }
    return letter == 'h'                    ? SHORT
           : letter == 'L' || letter == 'q' ? LONG_DOUBLE
                                            : LONG;
}

/* A width or a precision: digits, or a '*' that takes an int. */
static void number_pass(struct walk *walk, const char **at)
{
    if (**at == '*') {
        (*at)++;
        walk_note(walk, walk_position(at), WALK_INT);
    } else {
        (void)walk_number(at);
    }
}

/* One conversion, behind its '%'; gives what follows it. */
static const char *conversion_walk(struct walk *walk, const char *at,
                                   const char *conversions)
{
    unsigned position = walk_position(&at);
    struct walk_own own;
    enum length length;
    enum walk_take take;

    while (*at != '\0' && strchr("-+ #0'I!,", *at) != NULL &&
           !is_own(at, conversions)) {
        at++;
    }
    number_pass(walk, &at);
    if (*at == '.') {
        at++;
        number_pass(walk, &at);
    }
    length = length_pass(&at, conversions);
    own = thunk_walk_own(at, conversions);
    for (size_t i = 0; i < own.count; i++) {
        walk_note(walk, position == 0 ? 0 : position + (unsigned)i,
                  own_take(own.takes[i], length));
    }
    if (own.length > 0) {
        return at + own.length;
    }
    take = conversion_take(*at, length);
    if (take != WALK_NOTHING) {
        walk_note(walk, position, take);
    }
    return *at == '\0' ? at : at + 1;
}

bool thunk_guest_words(struct thunk_words *words, const char *function,
                       const char *format, const char *conversions,
                       va_list arguments)
{
    struct walk walk;

    thunk_words_start(words);
    words->error = errno;
    walk_start(&walk);
    for (const char *at = format == NULL ? NULL : strchr(format, '%');
         at != NULL; at = strchr(at, '%')) {
        at = conversion_walk(&walk, at + 1, conversions);
    }
    return thunk_walk_end(&walk, function, words, arguments);
}
