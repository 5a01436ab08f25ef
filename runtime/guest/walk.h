/* SPDX-License-Identifier: MIT
 *
 * What a format takes from its list of arguments, found by walking over it once
 * before anything is taken: with positions ("%2$s") the first conversion need
 * not be the first argument's.
 */
#ifndef THUNK_GUEST_WALK_H
#define THUNK_GUEST_WALK_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <thunk/words.h>

/* How an argument is taken from a list. */
enum walk_take {
    WALK_NOTHING = 0, /* what a position leaves out: 8 bytes like a long */
    WALK_INT,
    WALK_LONG, /* or a pointer */
    WALK_DOUBLE,
    WALK_LONG_DOUBLE,
    WALK_NUMBER, /* a pointer: see enum thunk_word */
    WALK_MEMORY,
};

struct walk {
    uint8_t takes[THUNK_LIST_MAX]; /* enum walk_take */
    unsigned count;                /* that are taken */
    unsigned next;                 /* for the next without a position */
    bool is_over;                  /* there was no room */
};

static inline void walk_start(struct walk *walk)
{
    walk->count = walk->next = 0;
    walk->is_over = false;
}

/* The argument at `position`, counted from 1; 0: the next. */
static inline void walk_note(struct walk *walk, unsigned position,
                             enum walk_take take)
{
    unsigned at = position == 0 ? walk->next++ : position - 1;

    if (at >= THUNK_LIST_MAX) {
        walk->is_over = true;
        return;
    }
    while (walk->count <= at) {
        walk->takes[walk->count++] = WALK_NOTHING;
    }
    walk->takes[at] = (uint8_t)take;
}

/* A conversion of the library's own. */
struct walk_own {
    size_t length;     /* of what tells it; 0: there is none */
    const char *takes; /* a letter for each argument, as told of in guest.h */
    size_t count;
};

/* The one that begins at `at`; `conversions` is as with thunk_guest_words(). */
struct walk_own thunk_walk_own(const char *at, const char *conversions);

static inline bool walk_is_digit(char letter)
{
    return letter >= '0' && letter <= '9';
}

/* Passes by digits; what is too large for a position stays too large. */
static inline unsigned walk_number(const char **at)
{
    unsigned number = 0;

    for (; walk_is_digit(**at); (*at)++) {
        number = number > THUNK_LIST_MAX ? number
                                         : number * 10 + (unsigned)(**at - '0');
    }
    return number;
}

/* A position, "3$", if there is one; else stays where it is and gives 0. */
static inline unsigned walk_position(const char **at)
{
    const char *end = *at;
    unsigned position = walk_number(&end);

    if (position == 0 || *end != '$') {
        return 0;
    }
    *at = end + 1;
    return position;
}

/* Takes one argument of that kind from the list. */
void thunk_walk_take(struct thunk_words *words, enum walk_take take,
                     uint8_t kind, va_list *list);

/* Takes what was found. False where it was too much, which is told: the call is
 * not to be made, and errno is E2BIG. */
bool thunk_walk_end(const struct walk *walk, const char *function,
                    struct thunk_words *words, va_list arguments);

/* Tells that; false. */
bool thunk_walk_refuse(const char *function);

#endif
