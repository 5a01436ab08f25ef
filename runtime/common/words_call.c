/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <string.h>
#include <thunk/words.h>
#include <thunk_arch_words.h>

/* A long double is aligned on the stack, so every other word may be empty. */
enum { STACK_MAX = THUNK_WORDS_MAX + THUNK_WORDS_MAX / 2 };

/* Where the arguments of a call lie: the registers of thunk_arch_words.h, then
 * the stack. */
struct places {
    uint64_t integers[THUNK_ARCH_WORD_INTEGERS];
    thunk_arch_word_float floats[THUNK_ARCH_WORD_FLOATS + 1]; /* or none */
    uint64_t stack[STACK_MAX];
    int n_integers, n_floats, n_stack;
};

static void stack_push(struct places *places, uint64_t word)
{
    if (places->n_stack < STACK_MAX) {
        places->stack[places->n_stack++] = word;
    }
}

static void word_place(struct places *places, uint64_t word, bool is_float)
{
    if (is_float && THUNK_ARCH_WORD_FLOATS > 0 &&
        places->n_floats < THUNK_ARCH_WORD_FLOATS) {
        memcpy(&places->floats[places->n_floats++], &word, sizeof(word));
    } else if ((!is_float || THUNK_ARCH_WORD_FLOATS == 0) &&
               places->n_integers < THUNK_ARCH_WORD_INTEGERS) {
        places->integers[places->n_integers++] = word;
    } else {
        stack_push(places, word);
    }
}

/* Both halves of a long double. */
static void wide_place(struct places *places, const uint64_t *halves)
{
    const int wide = THUNK_ARCH_WORD_WIDE; /* the same each time */

    if (wide == THUNK_WIDE_IN_FLOATS &&
        places->n_floats < THUNK_ARCH_WORD_FLOATS) {
        memcpy(&places->floats[places->n_floats++], halves,
               sizeof(places->floats[0]));
        return;
    }
    if (wide == THUNK_WIDE_IN_INTEGERS) {
        places->n_integers += places->n_integers % 2;
        if (places->n_integers < THUNK_ARCH_WORD_INTEGERS) {
            places->integers[places->n_integers++] = halves[0];
            places->integers[places->n_integers++] = halves[1];
            return;
        }
    }
    if (places->n_stack % 2 != 0) {
        stack_push(places, 0);
    }
    stack_push(places, halves[0]);
    stack_push(places, halves[1]);
}

static void places_fill(struct places *places, thunk_function first,
                        const struct thunk_words *words)
{
    memset(places->integers, 0, sizeof(places->integers));
    memset(places->floats, 0, sizeof(places->floats));
    places->n_integers = places->n_floats = places->n_stack = 0;
    if (first != NULL) {
        word_place(places, (uint64_t)(uintptr_t)first, false);
    }
    for (uint32_t i = 0; i < words->count && i < THUNK_WORDS_MAX; i++) {
        if (words->kinds[i] == THUNK_WORD_WIDE && i + 1 < words->count) {
            wide_place(places, &words->words[i++]);
        } else {
            word_place(places, words->words[i],
                       words->kinds[i] == THUNK_WORD_DOUBLE);
        }
    }
}

#define STACK8(p, i)                                                           \
    (p).stack[(i)], (p).stack[(i) + 1], (p).stack[(i) + 2],                    \
        (p).stack[(i) + 3], (p).stack[(i) + 4], (p).stack[(i) + 5],            \
        (p).stack[(i) + 6], (p).stack[(i) + 7]
#define STACK64(p, i)                                                          \
    STACK8(p, i), STACK8(p, (i) + 8), STACK8(p, (i) + 16),                     \
        STACK8(p, (i) + 24), STACK8(p, (i) + 32), STACK8(p, (i) + 40),         \
        STACK8(p, (i) + 48), STACK8(p, (i) + 56)
#define STACK384(p)                                                            \
    STACK64(p, 0), STACK64(p, 64), STACK64(p, 128), STACK64(p, 192),           \
        STACK64(p, 256), STACK64(p, 320)

_Static_assert(STACK_MAX == 384, "STACK384 passes all of it");

/* What more registers and stack the function gets does not disturb it. */
uint64_t thunk_words_call(thunk_function function, thunk_function first,
                          const struct thunk_words *words)
{
    uint64_t (*const call)(uint64_t, ...) =
        (uint64_t(*)(uint64_t, ...))function;
    struct places p;
    int filled;

    places_fill(&p, first, words);
    filled = p.n_stack <= 8 ? 8 : p.n_stack <= 64 ? 64 : STACK_MAX;
    memset(p.stack + p.n_stack, 0,
           (size_t)(filled - p.n_stack) * sizeof(p.stack[0]));
    switch (filled) {
    case 8:
        return call(THUNK_ARCH_WORDS(p), STACK8(p, 0));
    case 64:
        return call(THUNK_ARCH_WORDS(p), STACK64(p, 0));
    default:
        return call(THUNK_ARCH_WORDS(p), STACK384(p));
    }
}
