/* SPDX-License-Identifier: MIT
 *
 * The arguments of a variadic function as words of 8 bytes, so that it can be
 * called on the other side: integers and pointers as they are, a double by its
 * bits. In a register each kind has its own file, so which is which goes along.
 */
#ifndef THUNK_WORDS_H
#define THUNK_WORDS_H

#include <stdint.h>
#include <string.h>
#include <thunk/frame.h>

enum { THUNK_WORDS_MAX = 64 };

struct thunk_words {
    uint64_t count;    /* may be more than there is room for */
    uint64_t is_float; /* a bit for each */
    uint64_t words[THUNK_WORDS_MAX];
};

_Static_assert(sizeof(struct thunk_words) == 528, "shared layout");

static inline void thunk_words_add(struct thunk_words *words, uint64_t word)
{
    if (words->count < THUNK_WORDS_MAX) {
        words->words[words->count] = word;
    }
    words->count++;
}

static inline void thunk_words_add_double(struct thunk_words *words,
                                          double number)
{
    uint64_t word;

    memcpy(&word, &number, sizeof(word));
    if (words->count < THUNK_WORDS_MAX) {
        words->is_float |= UINT64_C(1) << words->count;
    }
    thunk_words_add(words, word);
}

/* Calls a variadic function with `first`, unless that is NULL, and the words.
 * Its result is an integer, a pointer or nothing; what the function does not
 * return may hold anything. In both runtimes, for functions of their side. */
THUNK_EXPORT uint64_t thunk_words_call(thunk_function function,
                                       thunk_function first,
                                       const struct thunk_words *words);

#endif
