/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <thunk/list.h>

#include "guest.h"
#include "walk.h"

_Static_assert((int)THUNK_LIST_INT == (int)WALK_INT &&
                   (int)THUNK_LIST_LONG == (int)WALK_LONG &&
                   (int)THUNK_LIST_DOUBLE == (int)WALK_DOUBLE &&
                   (int)THUNK_LIST_WIDE == (int)WALK_LONG_DOUBLE,
               "one is the other");

/* Takes one argument. False: there is no room. */
static bool item_take(struct thunk_words *words,
                      const struct thunk_list_item *item, va_list *list)
{
    if (words->count + (item->take == THUNK_LIST_WIDE) >= THUNK_LIST_MAX) {
        return false;
    }
    thunk_walk_take(words, (enum walk_take)item->take, item->kind, list);
    return true;
}

static bool items_take(struct thunk_words *words,
                       const struct thunk_list_item *items, va_list *list)
{
    for (; items->take != THUNK_LIST_END; items++) {
        if (!item_take(words, items, list)) {
            return false;
        }
    }
    return true;
}

/* Whether a key is that number. One of 4 bytes has its sign extended, whatever
 * its type is. */
static bool key_is(const struct thunk_list *list, int64_t key, int64_t number)
{
    return key == number ||
           (list->each != NULL && list->each->take == THUNK_LIST_INT &&
            key == (int32_t)number && (uint64_t)number <= UINT32_MAX);
}

/* The case of that key; the last where none has it. */
static const struct thunk_list_case *case_find(const struct thunk_list *list,
                                               int64_t key)
{
    for (uint32_t i = 0; i + 1 < list->case_count; i++) {
        const struct thunk_list_case *one = &list->cases[i];

        if (one->text != NULL
                ? key != 0 &&
                      strcmp(one->text, (const char *)(uintptr_t)key) == 0
                : key_is(list, key, one->first) ||
                      (key >= one->first && key <= one->last)) {
            return one;
        }
    }
    return &list->cases[list->case_count - 1];
}

/* One group whose first argument, the key, is taken already. */
static bool group_take(struct thunk_words *words, const struct thunk_list *list,
                       int64_t key, va_list *from)
{
    return items_take(words, list->each + 1, from) &&
           (list->cases == NULL ||
            items_take(words, case_find(list, key)->items, from));
}

static bool until_take(struct thunk_words *words, const struct thunk_list *list,
                       int64_t first, va_list *from)
{
    if (list->has_first && (key_is(list, first, list->until) ||
                            !group_take(words, list, first, from))) {
        return key_is(list, first, list->until);
    }
    for (;;) {
        int64_t key;

        if (!item_take(words, list->each, from)) {
            return false;
        }
        key = (int64_t)words->words[words->count - 1];
        if (key_is(list, key, list->until)) {
            return true;
        }
        if (!group_take(words, list, key, from)) {
            return false;
        }
    }
}

static bool count_take(struct thunk_words *words, const struct thunk_list *list,
                       int64_t count, va_list *from)
{
    for (; count > 0; count--) {
        if (!item_take(words, list->each, from) ||
            !group_take(words, list, (int64_t)words->words[words->count - 1],
                        from)) {
            return false;
        }
    }
    return true;
}

bool thunk_guest_list(struct thunk_words *words, const struct thunk_list *list,
                      int64_t decides, va_list arguments)
{
    bool is_good = false;
    va_list from;

    thunk_words_start(words);
    words->error = errno;
    va_copy(from, arguments);
    switch (list->form) {
    case THUNK_LIST_UNTIL:
        is_good = until_take(words, list, decides, &from);
        break;
    case THUNK_LIST_COUNT:
        is_good = count_take(words, list, decides, &from);
        break;
    case THUNK_LIST_BY:
        is_good = items_take(words, case_find(list, decides)->items, &from);
        break;
    }
    va_end(from);
    return is_good || thunk_walk_refuse(list->function);
}
