/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "guest.h"

/* What a conversion takes: C11 7.21.6.1 and POSIX, then the library's own. */
static char conversion_kind(char letter, const char *conversions)
{
    for (; *conversions != '\0'; conversions += 2) {
        if (*conversions == letter) {
            return conversions[1];
        }
    }
    if (letter != '\0' && strchr("diouxXc", letter) != NULL) {
        return 'i';
    }
    if (letter != '\0' && strchr("eEfFgGaA", letter) != NULL) {
        return 'd';
    }
    if (letter != '\0' && strchr("spn", letter) != NULL) {
        return 'p';
    }
    return letter == '%' || letter == 'm' ? '%' : '\0';
}

/* Passes by flags, width and precision, and length modifiers; every '*' takes
 * an int. Tells whether the conversion takes 8 bytes. A letter that is one of
 * the library's conversions is no modifier. */
static const char *options_pass(struct thunk_words *words, const char *at,
                                const char *conversions, bool *is_long,
                                va_list *arguments)
{
    *is_long = false;
    for (;; at++) {
        if (*at == '*') {
            thunk_words_add(words, (uint64_t)va_arg(*arguments, int));
        } else if (strchr("ljzt", *at) != NULL && *at != '\0' &&
                   conversion_kind(*at, conversions) == '\0') {
            *is_long = true;
        } else if (*at == '\0' || *at == '%' || *at == '$' ||
                   (strchr("h0123456789", *at) == NULL &&
                    ((*at >= 'a' && *at <= 'z') ||
                     (*at >= 'A' && *at <= 'Z')))) {
            return at;
        }
    }
}

void thunk_guest_words(struct thunk_words *words, const char *format,
                       const char *conversions, va_list arguments)
{
    va_list list;

    va_copy(list, arguments);
    for (const char *at = format == NULL ? NULL : strchr(format, '%');
         at != NULL; at = strchr(at + 1, '%')) {
        bool is_long;

        at = options_pass(words, at + 1, conversions, &is_long, &list);
        switch (conversion_kind(*at, conversions)) {
        case 'i':
            thunk_words_add(words, is_long ? (uint64_t)va_arg(list, long)
                                           : (uint64_t)va_arg(list, int));
            break;
        case 'd':
            thunk_words_add_double(words, va_arg(list, double));
            break;
        case 'p':
            thunk_words_add(words, (uint64_t)(uintptr_t)va_arg(list, void *));
            break;
        case '%':
            break;
        default:
            va_end(list);
            return;
        }
    }
    va_end(list);
    if (words->count > THUNK_WORDS_MAX) {
        thunk_log(THUNK_LOG_ERROR,
                  "a format with %lu arguments: only the first %d reach the "
                  "host",
                  (unsigned long)words->count, THUNK_WORDS_MAX);
    }
}
