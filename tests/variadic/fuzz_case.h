/* SPDX-License-Identifier: MIT
 * What the files of the random formats share. */
#ifndef FUZZ_CASE_H
#define FUZZ_CASE_H

#include <stdbool.h>
#include <thunk/words.h>

#include "fuzz.h"

/* What is going on in one case. */
struct fuzz {
    uint64_t state;
    char format[1024];
    size_t length; /* of the format */
    struct thunk_words words;
};

/* Starts a case: the same seed makes the same. */
void fuzz_start(struct fuzz *fuzz, uint64_t seed);

/* The same for all seeds alike. */
uint64_t fuzz_next(struct fuzz *fuzz);
unsigned fuzz_below(struct fuzz *fuzz, unsigned limit);
bool fuzz_chance(struct fuzz *fuzz, unsigned percent);

#define FUZZ_PICK(fuzz, array)                                                 \
    ((array)[fuzz_below((fuzz), sizeof(array) / sizeof((array)[0]))])

/* Adds to the format. */
void fuzz_add(struct fuzz *fuzz, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

uint64_t fuzz_word(const void *pointer);

/* Calls with `named` words in front of the random ones. */
int fuzz_call(thunk_function function, const struct fuzz *fuzz,
              const uint64_t *named, size_t n_named);

/* Tells on stderr which case it is. */
void fuzz_tell(const char *name, uint64_t seed, const struct fuzz *fuzz);

#endif
