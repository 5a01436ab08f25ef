/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz_case.h"

/* xorshift64* */
uint64_t fuzz_next(struct fuzz *fuzz)
{
    fuzz->state ^= fuzz->state >> 12;
    fuzz->state ^= fuzz->state << 25;
    fuzz->state ^= fuzz->state >> 27;
    return fuzz->state * UINT64_C(2685821657736338717);
}

unsigned fuzz_below(struct fuzz *fuzz, unsigned limit)
{
    return (unsigned)((fuzz_next(fuzz) >> 33) % limit);
}

bool fuzz_chance(struct fuzz *fuzz, unsigned percent)
{
    return fuzz_below(fuzz, 100) < percent;
}

void fuzz_start(struct fuzz *fuzz, uint64_t seed)
{
    fuzz->state = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15);
    fuzz->length = 0;
    fuzz->format[0] = '\0';
    thunk_words_start(&fuzz->words);
    (void)fuzz_next(fuzz);
}

void fuzz_add(struct fuzz *fuzz, const char *format, ...)
{
    size_t room = sizeof(fuzz->format) - fuzz->length;
    va_list list;
    int length;

    va_start(list, format);
    length = vsnprintf(fuzz->format + fuzz->length, room, format, list);
    va_end(list);
    if (length < 0 || (size_t)length >= room) {
        abort();
    }
    fuzz->length += (size_t)length;
}

uint64_t fuzz_word(const void *pointer)
{
    return (uint64_t)(uintptr_t)pointer;
}

int fuzz_call(thunk_function function, const struct fuzz *fuzz,
              const uint64_t *named, size_t n_named)
{
    struct thunk_words all;

    thunk_words_start(&all);
    for (size_t i = 0; i < n_named; i++) {
        thunk_words_add(&all, THUNK_WORD_INTEGER, named[i]);
    }
    thunk_words_append(&all, &fuzz->words);
    return (int)thunk_words_call(function, NULL, &all);
}

void fuzz_tell(const char *name, uint64_t seed, const struct fuzz *fuzz)
{
    fprintf(stderr, "%s: seed %llu: \"", name, (unsigned long long)seed);
    for (size_t i = 0; i < fuzz->length; i++) {
        unsigned char byte = (unsigned char)fuzz->format[i];

        fprintf(stderr, byte < ' ' || byte > '~' ? "\\x%02x" : "%c", byte);
    }
    fprintf(stderr, "\"\n");
}
