/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <string.h>
#include <thunk/words.h>
#include <thunk_arch_words.h>

/* Where the arguments of a call lie: the registers of thunk_arch_words.h, then
 * the stack. */
struct places {
    uint64_t integers[THUNK_ARCH_WORD_INTEGERS];
    double floats[THUNK_ARCH_WORD_FLOATS + 1]; /* there may be none */
    uint64_t stack[THUNK_WORDS_MAX];
    int n_integers, n_floats, n_stack;
};

static void word_place(struct places *places, uint64_t word, bool is_float)
{
    if (is_float && THUNK_ARCH_WORD_FLOATS > 0 &&
        places->n_floats < THUNK_ARCH_WORD_FLOATS) {
        memcpy(&places->floats[places->n_floats++], &word, sizeof(word));
    } else if ((!is_float || THUNK_ARCH_WORD_FLOATS == 0) &&
               places->n_integers < THUNK_ARCH_WORD_INTEGERS) {
        places->integers[places->n_integers++] = word;
    } else if (places->n_stack < THUNK_WORDS_MAX) {
        places->stack[places->n_stack++] = word;
    }
}

#define STACK(p, i)                                                            \
    (p).stack[(i)], (p).stack[(i) + 1], (p).stack[(i) + 2],                    \
        (p).stack[(i) + 3], (p).stack[(i) + 4], (p).stack[(i) + 5],            \
        (p).stack[(i) + 6], (p).stack[(i) + 7]

/* What more registers and stack the function gets does not disturb it. */
uint64_t thunk_words_call(thunk_function function, thunk_function first,
                          const struct thunk_words *words)
{
    struct places p;

    memset(&p, 0, sizeof(p));
    if (first != NULL) {
        word_place(&p, (uint64_t)(uintptr_t)first, false);
    }
    for (unsigned i = 0; i < words->count && i < THUNK_WORDS_MAX; i++) {
        word_place(&p, words->words[i], words->is_float >> i & 1);
    }
    return ((uint64_t(*)(uint64_t, ...))function)(
        THUNK_ARCH_WORDS(p), STACK(p, 0), STACK(p, 8), STACK(p, 16),
        STACK(p, 24), STACK(p, 32), STACK(p, 40), STACK(p, 48), STACK(p, 56));
}
