/* SPDX-License-Identifier: MIT
 * What library and program both know of fixed.h. */
#ifndef FIXED_BOTH_H
#define FIXED_BOTH_H

#include "fixed.h"
#include "values.h"

/* What this side has found wrong in values that it was given. */
static int random_wrong;

static inline bool random_number_is(const long double *at, struct raw raw,
                                    int from)
{
    values_x x;
    values_o o;

    if (from == X) {
        values_x_make(&x, raw);
        values_o_from_x(&o, &x);
    } else {
        values_o_make(&o, raw);
        values_x_from_o(&x, &o);
    }
#ifdef __x86_64__
    return values_x_same(at, &x);
#else
    return values_o_same(at, from == X ? &x : &o);
#endif
}

static inline long double random_number(uint64_t seed, unsigned place)
{
    long double number;

    values_mine_make(&number, values_raw(seed, place));
    return number;
}

static inline double random_double(uint64_t seed, unsigned place)
{
    double number;

    double_make(&number, values_raw(seed, place));
    return number;
}

static inline bool random_double_is(double given, uint64_t seed, unsigned place)
{
    double number = random_double(seed, place);

    return values_same(&given, &number, sizeof(number));
}

static inline uint64_t random_low(uint64_t seed, unsigned place)
{
    return values_raw(seed, place).low;
}

/* As much of `size` as an object may need, so aligned, for free(). */
static inline void *random_room(size_t size, size_t alignment)
{
    void *room = NULL;

    alignment = alignment < sizeof(room) ? sizeof(room) : alignment;
    if (posix_memalign(&room, alignment, size + 1) != 0) {
        abort();
    }
    return room;
}

static inline void variables_make(uint64_t seed)
{
    variable_long = (long)random_low(seed, 0);
    variable_real = random_double(seed, 1);
    for (unsigned i = 0; i < 3; i++) {
        struct random_values *values = &variable_values[i];

        values->small = (signed char)random_low(seed, 10 * i + 2);
        float_make(&values->real, values_raw(seed, 10 * i + 3));
        values->wide = (__int128)WIDE(values_raw(seed, 10 * i + 4));
        values->bits = (unsigned)random_low(seed, 10 * i + 5) & 0x1fff;
        values->other = random_double(seed, 10 * i + 6);
        values->pointer = (void *)random_low(seed, 10 * i + 7);
    }
    variable_own = (unsigned short)random_low(seed, 40);
    variable_own_real = random_double(seed, 41);
}

static inline int variables_wrong(uint64_t seed)
{
    int wrong = (variable_long != (long)random_low(seed, 0)) +
                !random_double_is(variable_real, seed, 1);

    for (unsigned i = 0; i < 3; i++) {
        const struct random_values *values = &variable_values[i];
        float real;

        float_make(&real, values_raw(seed, 10 * i + 3));
        wrong +=
            (values->small != (signed char)random_low(seed, 10 * i + 2)) +
            !values_same(&values->real, &real, sizeof(real)) +
            (values->wide != (__int128)WIDE(values_raw(seed, 10 * i + 4))) +
            (values->bits != (random_low(seed, 10 * i + 5) & 0x1fff)) +
            !random_double_is(values->other, seed, 10 * i + 6) +
            (values->pointer != (void *)random_low(seed, 10 * i + 7));
    }
    return wrong + (variable_own != (unsigned short)random_low(seed, 40)) +
           !random_double_is(variable_own_real, seed, 41);
}

#endif
