/* SPDX-License-Identifier: MIT
 * scanf-like formats: which of the arguments are taken, as C11 7.21.6.2, POSIX
 * and glibc have it, and what they point to. */
#include <errno.h>
#include <string.h>

#include "guest.h"
#include "walk.h"

enum { SCAN_LONG_DOUBLE = 1, SCAN_MEMORY = 2, SCAN_SUPPRESSED = 4 };

/* Passes by one of hh, h, l, ll, L, q, j, z, t, w8, wf8; or m and l. */
static unsigned length_pass(const char **at)
{
    switch (*(*at)++) {
    case 'h':
        *at += **at == 'h';
        return 0;
    case 'l':
        if (**at == 'l') {
            (*at)++;
            return SCAN_LONG_DOUBLE;
        }
        return 0;
    case 'L':
    case 'q':
        return SCAN_LONG_DOUBLE;
    case 'm':
        *at += **at == 'l';
        return SCAN_MEMORY;
    case 'w': /* glibc 2.38 */
        *at += **at == 'f';
        (void)walk_number(at);
        return 0;
    case 'j':
    case 'z':
    case 't':
        return 0;
    default:
        (*at)--;
        return 0;
    }
}

/* Behind the '[' of a set: behind its ']', or at the format's end. */
static const char *set_pass(const char *at)
{
    at += *at == '^';
    at += *at == ']'; /* the first is one of the set */
    at += strcspn(at, "]");
    return *at == '\0' ? at : at + 1;
}

static enum walk_take letter_take(char letter, unsigned flags)
{
    if (strchr("eEfFgGaA", letter) != NULL && (flags & SCAN_LONG_DOUBLE) != 0) {
        return WALK_NUMBER;
    }
    if (strchr("cCsS[", letter) != NULL && (flags & SCAN_MEMORY) != 0) {
        return WALK_MEMORY;
    }
    return WALK_LONG;
}

/* One conversion, behind its '%'. Gives what follows it; NULL where it is none,
 * since then the function reads no further. */
static const char *conversion_walk(struct walk *walk, const char *at,
                                   const char *conversions)
{
    unsigned flags = 0;
    bool has_number = walk_is_digit(*at);
    unsigned number = walk_number(&at);
    unsigned position = 0;
    struct walk_own own;

    if (!has_number || *at == '$') {
        at += has_number;
        position = number; /* 0: as if there were none */
        for (; *at != '\0' && strchr("*'I", *at) != NULL; at++) {
            flags |= *at == '*' ? SCAN_SUPPRESSED : 0;
        }
        (void)walk_number(&at); /* the width */
    }
    own = thunk_walk_own(at, conversions);
    if (own.length == 0) { /* else it is no length */
        flags |= length_pass(&at);
        own = thunk_walk_own(at, conversions);
    }
    for (size_t i = 0; i < own.count && (flags & SCAN_SUPPRESSED) == 0; i++) {
        walk_note(walk, position == 0 ? 0 : position + (unsigned)i, WALK_LONG);
    }
    if (own.length > 0) {
        return at + own.length;
    }
    if (*at == '%') {
        return at + 1;
    }
    if (*at == '\0' || strchr("dioubxXeEfFgGaAcCsS[pn", *at) == NULL) {
        return NULL;
    }
    if ((flags & SCAN_SUPPRESSED) == 0) {
        walk_note(walk, position, letter_take(*at, flags));
    }
    return *at == '[' ? set_pass(at + 1) : at + 1;
}

bool thunk_guest_scan(struct thunk_words *words, const char *function,
                      const char *format, const char *conversions,
                      va_list arguments)
{
    struct walk walk;
    const char *at = format;

    thunk_words_start(words);
    words->error = errno;
    walk_start(&walk);
    while (at != NULL && (at = strchr(at, '%')) != NULL) {
        at = conversion_walk(&walk, at + 1, conversions);
    }
    return thunk_walk_end(&walk, function, words, arguments);
}
