/* SPDX-License-Identifier: MIT
 *
 * The arguments of a variadic function as words of 8 bytes, so that it can be
 * called on the other side: integers and pointers as they are, a double by its
 * bits, a long double as two words. What a word is goes along, since each kind
 * has registers of its own, and some mean something else on the host.
 */
#ifndef THUNK_WORDS_H
#define THUNK_WORDS_H

#include <stdint.h>
#include <string.h>
#include <thunk/frame.h>

enum {
    THUNK_WORDS_MAX = 256,
    THUNK_LIST_MAX = 240, /* of them behind the named parameters */
};

/* What a word is. */
enum thunk_word {
    THUNK_WORD_INTEGER = 0, /* or a pointer: crosses as it is */
    THUNK_WORD_DOUBLE = 1,
    THUNK_WORD_WIDE = 2,     /* the first half of a long double, */
    THUNK_WORD_WIDE_END = 3, /* the second */
    THUNK_WORD_NUMBER = 4,   /* points to a long double that is written */
    THUNK_WORD_MEMORY = 5,   /* points to a pointer that is written: to memory
                              * of malloc(), for the caller to free */
    THUNK_WORD_ITEM = 6,     /* from here on: an item of the host's half */
};

struct thunk_words {
    uint32_t count;
    int32_t error; /* the guest's errno, which "%m" prints */
    uint8_t kinds[THUNK_WORDS_MAX];
    uint64_t words[THUNK_WORDS_MAX];
};

_Static_assert(sizeof(struct thunk_words) == 2312, "shared layout");

static inline void thunk_words_start(struct thunk_words *words)
{
    words->count = 0;
    words->error = 0;
}

/* Those for which there is no room are left out. */
static inline void thunk_words_add(struct thunk_words *words, uint8_t kind,
                                   uint64_t word)
{
    if (words->count < THUNK_WORDS_MAX) {
        words->kinds[words->count] = kind;
        words->words[words->count++] = word;
    }
}

static inline void thunk_words_add_double(struct thunk_words *words,
                                          double number)
{
    uint64_t word;

    memcpy(&word, &number, sizeof(word));
    thunk_words_add(words, THUNK_WORD_DOUBLE, word);
}

/* As this side has it. */
static inline void thunk_words_add_wide(struct thunk_words *words,
                                        long double number)
{
    uint64_t halves[2] = {0, 0};

    _Static_assert(sizeof(number) == sizeof(halves), "16 bytes in all ABIs");
    memcpy(halves, &number, sizeof(halves));
    thunk_words_add(words, THUNK_WORD_WIDE, halves[0]);
    thunk_words_add(words, THUNK_WORD_WIDE_END, halves[1]);
}

static inline void thunk_words_append(struct thunk_words *words,
                                      const struct thunk_words *more)
{
    for (uint32_t i = 0; i < more->count && i < THUNK_WORDS_MAX; i++) {
        thunk_words_add(words, more->kinds[i], more->words[i]);
    }
}

/* Calls a variadic function with `first`, unless that is NULL, and the words.
 * Its result is an integer, a pointer or nothing; what the function does not
 * return may hold anything. In both runtimes, for functions of their side. */
THUNK_EXPORT uint64_t thunk_words_call(thunk_function function,
                                       thunk_function first,
                                       const struct thunk_words *words);

#endif
