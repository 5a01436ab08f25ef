/* SPDX-License-Identifier: MIT */
#include "walk.h"

#include <errno.h>
#include <string.h>

#include "guest.h"

struct walk_own thunk_walk_own(const char *at, const char *conversions)
{
    struct walk_own own = {0, NULL, 0};

    while (*conversions != '\0') {
        size_t length = strcspn(conversions, "=");
        const char *takes = conversions + length + 1;
        size_t count = strcspn(takes, " ");

        if (length > own.length && strncmp(at, conversions, length) == 0) {
            own = (struct walk_own){length, takes, count};
        }
        conversions = takes + count + 1;
    }
    return own;
}

bool thunk_walk_refuse(const char *function)
{
    thunk_log(THUNK_LOG_ERROR,
              "%s: more than %d arguments behind the named ones: the call is "
              "not made",
              function, THUNK_LIST_MAX);
    errno = E2BIG;
    return false;
}

void thunk_walk_take(struct thunk_words *words, enum walk_take take,
                     uint8_t kind, va_list *list)
{
    switch (take) {
    case WALK_INT:
        thunk_words_add(words, kind, (uint64_t)va_arg(*list, int));
        break;
    case WALK_DOUBLE:
        thunk_words_add_double(words, va_arg(*list, double));
        break;
    case WALK_LONG_DOUBLE:
        thunk_words_add_wide(words, va_arg(*list, long double));
        break;
    default:
        thunk_words_add(words, kind, (uint64_t)va_arg(*list, long));
        break;
    }
}

/* Words of the host's call for what was found. */
static unsigned words_count(const struct walk *walk)
{
    unsigned count = walk->count;

    for (unsigned i = 0; i < walk->count; i++) {
        count += walk->takes[i] == WALK_LONG_DOUBLE;
    }
    return count;
}

bool thunk_walk_end(const struct walk *walk, const char *function,
                    struct thunk_words *words, va_list arguments)
{
    static const uint8_t kinds[] = {
        [WALK_NUMBER] = THUNK_WORD_NUMBER,
        [WALK_MEMORY] = THUNK_WORD_MEMORY,
    };
    va_list list;

    if (walk->is_over || words_count(walk) > THUNK_LIST_MAX) {
        return thunk_walk_refuse(function);
    }
    va_copy(list, arguments);
    for (unsigned i = 0; i < walk->count; i++) {
        enum walk_take take = walk->takes[i];

        thunk_walk_take(words, take, kinds[take], &list);
    }
    va_end(list);
    return true;
}
