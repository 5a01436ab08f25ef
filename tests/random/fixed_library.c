/* SPDX-License-Identifier: MIT
 * Its part of random.c. */
#include "fixed_both.h"

/* The program's layout. */
static int random_caller;

const char *random_side(void)
{
    return RANDOM_SIDE;
}

int random_layout(int of_program)
{
    random_caller = of_program;
    return MINE;
}

int random_found(void)
{
    int found = random_wrong;

    random_wrong = 0;
    return found;
}

/* ---- lists ---- */

int list_counted_list(uint64_t seed, int from, unsigned count, va_list list)
{
    int wrong = 0;

    for (unsigned i = 0; i < 4 * count; i += 4) {
        long double number;

        wrong += va_arg(list, int) != (int)random_low(seed, i);
        wrong += !random_double_is(va_arg(list, double), seed, i + 1);
        number = va_arg(list, long double);
        wrong += !random_number_is(&number, values_raw(seed, i + 2), from);
        wrong += va_arg(list, unsigned long) != random_low(seed, i + 3);
    }
    return wrong;
}

int list_counted(uint64_t seed, int from, unsigned count, ...)
{
    va_list list;
    int wrong;

    va_start(list, count);
    wrong = list_counted_list(seed, from, count, list);
    va_end(list);
    return wrong;
}

int list_ended(uint64_t seed, int from, long first, ...)
{
    va_list list;
    int wrong = 0;
    long value = first;

    (void)from;
    va_start(list, first);
    for (unsigned i = 0; value != 0; i++) {
        wrong += value != ((long)random_low(seed, i) | 1);
        value = va_arg(list, long);
    }
    va_end(list);
    return wrong;
}

static int value_wrong(uint64_t seed, int from, int key, va_list *list)
{
    long double number;
    struct random_record record;
    random_visit visit;
    int wrong = 0;

    switch (key) {
    case RANDOM_KEY_LONG:
        return va_arg(*list, long) != (long)random_low(seed, 0);
    case RANDOM_KEY_DOUBLE:
        return !random_double_is(va_arg(*list, double), seed, 0);
    case RANDOM_KEY_WIDE:
        number = va_arg(*list, long double);
        return !random_number_is(&number, values_raw(seed, 0), from);
    case RANDOM_KEY_MIXED:
        wrong += va_arg(*list, unsigned) != (unsigned)random_low(seed, 0);
        number = va_arg(*list, long double);
        wrong += !random_number_is(&number, values_raw(seed, 1), from);
        wrong += va_arg(*list, void *) != (void *)random_low(seed, 2);
        wrong += !random_double_is(va_arg(*list, double), seed, 3);
        return wrong;
    case RANDOM_KEY_CALL:
        visit = va_arg(*list, random_visit);
        return visit(va_arg(*list, long), seed);
    case RANDOM_KEY_RECORD:
        record = va_arg(*list, struct random_record);
        return (record.number != (int)random_low(seed, 0)) +
               !random_number_is(&record.real, values_raw(seed, 1), from);
    default:
        return 1;
    }
}

int list_by_list(uint64_t seed, int from, int key, va_list list)
{
    va_list mine;
    int wrong;

    va_copy(mine, list);
    wrong = value_wrong(seed, from, key, &mine);
    va_end(mine);
    return wrong;
}

int list_by(uint64_t seed, int from, int key, ...)
{
    va_list list;
    int wrong;

    va_start(list, key);
    wrong = value_wrong(seed, from, key, &list);
    va_end(list);
    return wrong;
}

static int keys_wrong(uint64_t seed, int from, va_list *list)
{
    int wrong = 0;
    int key;

    while ((key = va_arg(*list, int)) != RANDOM_KEY_END) {
        wrong += value_wrong(seed++, from, key, list);
    }
    return wrong;
}

int list_keys(uint64_t seed, int from, ...)
{
    va_list list;
    int wrong;

    va_start(list, from);
    wrong = keys_wrong(seed, from, &list);
    va_end(list);
    return wrong;
}

int list_keys_list(uint64_t seed, int from, va_list list)
{
    va_list mine;
    int wrong;

    va_copy(mine, list);
    wrong = keys_wrong(seed, from, &mine);
    va_end(mine);
    return wrong;
}

/* ---- handles ---- */

/* The library's for the program's: only a thunk's are others. */
static token token_here(token of_program)
{
    return RANDOM_SIDE[0] == 'h' ? of_program ^ RANDOM_TOKEN : of_program;
}

token token_turn(token one, int a, token other, uint64_t seed)
{
    random_wrong += (one != token_here(random_low(seed, 0))) +
                    (a != (int)random_low(seed, 1)) +
                    (other != token_here(random_low(seed, 2)));
    return token_here(random_low(seed, 3));
}

int token_behind(const struct tokens *tokens, uint64_t seed)
{
    return (tokens->before != (int)random_low(seed, 0)) +
           (tokens->of != token_here(random_low(seed, 1))) +
           (tokens->after != random_low(seed, 2));
}

int token_call(token_visit *visit, uint64_t seed)
{
    return visit(token_here(random_low(seed, 0)), seed) !=
           token_here(random_low(seed, 1));
}

/* ---- variables ---- */

long variable_long;
double variable_real;
struct random_values variable_values[3];
_Thread_local unsigned short variable_own;
_Thread_local double variable_own_real;

int variables_turn(uint64_t seed, uint64_t by)
{
    int wrong = variables_wrong(seed);

    variables_make(by);
    return wrong;
}

int variables_call(variables_visit *visit, uint64_t seed, uint64_t by)
{
    int wrong = variables_turn(seed, seed + 1);

    visit(seed + 1, seed + 2);
    return wrong + variables_turn(seed + 2, by);
}
