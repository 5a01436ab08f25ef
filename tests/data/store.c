/* SPDX-License-Identifier: MIT */
#include "store.h"

#include <string.h>

static char long_text[] = "what the library says";

int store_level = 7;
struct store_state store_state = {1, -2};
long store_counters[3] = {10, 20, 30};
char *store_text = long_text;
const char store_version[] = "1.2-" STORE_SIDE;
const int store_table[2][3] = {{1, 2, 3}, {4, 5, 6}};
const char *const store_names[] = {"one", "two", NULL};
const struct store_state store_preset = {5, 6};
const char *store_title = "the title";
_Thread_local int store_errno;

static long scale_twice(long value)
{
    return value * 2;
}

long (*store_scale)(long value) = scale_twice;

void store_scale_set(long (*scale)(long value))
{
    store_scale = scale == NULL ? scale_twice : scale;
}

int store_sum(void)
{
    return store_level + store_state.first + (int)store_state.second +
           (int)(store_counters[0] + store_counters[1] + store_counters[2]) +
           (int)strlen(store_text);
}

void store_raise(int by)
{
    store_level += by;
    store_state.second += by;
    store_counters[2] += by;
    store_text++;
}

int store_visit(void (*visit)(int level))
{
    store_level++;
    visit(store_level);
    return store_level;
}

const char *store_side(void)
{
    return STORE_SIDE;
}
