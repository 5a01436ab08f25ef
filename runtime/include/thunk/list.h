/* SPDX-License-Identifier: MIT
 *
 * Lists of arguments that follow rules other than a format's: what the spec
 * says under 'variadic', as tables in a GTL.
 */
#ifndef THUNK_LIST_H
#define THUNK_LIST_H

#include <stdarg.h>
#include <stdbool.h>
#include <thunk/words.h>

/* How an argument is taken from the list. */
enum thunk_list_take {
    THUNK_LIST_END = 0, /* there are no more */
    THUNK_LIST_INT,     /* 4 bytes, or what is promoted to that */
    THUNK_LIST_LONG,    /* 8 bytes: long, a pointer */
    THUNK_LIST_DOUBLE,
    THUNK_LIST_WIDE, /* long double */
};

struct thunk_list_item {
    uint8_t take; /* enum thunk_list_take */
    uint8_t kind; /* enum thunk_word, of an INT or a LONG */
};

/* What follows a key, or is there for one value of a parameter. */
struct thunk_list_case {
    const char *text;    /* a key that is a text; or NULL, and then */
    int64_t first, last; /* the numbers from first to last */
    const struct thunk_list_item *items;
};

enum thunk_list_form {
    THUNK_LIST_UNTIL, /* groups, ended by `until` in place of a group's first */
    THUNK_LIST_COUNT, /* as many groups as a parameter says */
    THUNK_LIST_BY,    /* one group, told by a parameter: cases alone */
};

struct thunk_list {
    const char *function; /* for messages */
    enum thunk_list_form form;
    bool has_first; /* UNTIL: a named parameter is the first group's first */
    int64_t until;
    const struct thunk_list_item *each; /* a group */

    /* What follows the first argument of each group, which is then the key;
     * case_count, the last of them for all other keys. NULL: nothing does. */
    const struct thunk_list_case *cases;
    uint32_t case_count;
};

/* Takes such a list. `decides` is the value of the parameter that counts the
 * groups, tells the case or is the first group's first. False when there is
 * more than there is room for, which is told: the call is not to be made, and
 * errno is E2BIG. */
THUNK_EXPORT bool thunk_guest_list(struct thunk_words *words,
                                   const struct thunk_list *list,
                                   int64_t decides, va_list arguments);

#endif
