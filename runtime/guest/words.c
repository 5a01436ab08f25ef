/* SPDX-License-Identifier: MIT
 * printf-like formats that the host works out. */
#include <errno.h>
#include <string.h>

#include "guest.h"
#include "walk.h"

/* The library's own conversion of that letter takes: 'i', 'l', 'd', 'p'; NUL:
 * it has none. */
static char own_kind(char letter, const char *conversions)
{
    for (; *conversions != '\0'; conversions += 2) {
        if (*conversions == letter) {
            return conversions[1];
        }
    }
    return '\0';
}

enum length { SHORT, LONG, LONG_DOUBLE };

/* What a conversion takes: C11 7.21.6.1 and POSIX, after the library's own.
 * WALK_NOTHING: nothing, or no such conversion. */
static enum walk_take conversion_take(char letter, enum length length,
                                      const char *conversions)
{
    switch (own_kind(letter, conversions)) {
    case 'i':
        return length == SHORT ? WALK_INT : WALK_LONG;
    case 'd':
        return WALK_DOUBLE;
    case 'l':
    case 'p':
        return WALK_LONG;
    default:
        break;
    }
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
        own_kind(letter, conversions) != '\0') {
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
    enum length length;
    enum walk_take take;

    while (*at != '\0' && strchr("-+ #0'I!,", *at) != NULL &&
           own_kind(*at, conversions) == '\0') {
        at++;
    }
    number_pass(walk, &at);
    if (*at == '.') {
        at++;
        number_pass(walk, &at);
    }
    length = length_pass(&at, conversions);
    take = conversion_take(*at, length, conversions);
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
