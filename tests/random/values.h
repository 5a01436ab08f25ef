/* SPDX-License-Identifier: MIT
 *
 * Random values of every kind of number, alike on both sides: a value follows
 * from a seed and a place alone, so whoever gets one works out for itself what
 * it must be. "x" is what x86_64 has and "o" what the others have; each side
 * knows both kinds of long double, and what C makes of one in the other.
 */
#ifndef VALUES_H
#define VALUES_H

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Which of the two a side is. */
enum { X, O };
#ifdef __x86_64__
enum { MINE = X };
#else
enum { MINE = O };
#endif

struct raw {
    uint64_t low, high;
};

static inline uint64_t values_mix(uint64_t state)
{
    state = (state ^ state >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    state = (state ^ state >> 27) * UINT64_C(0x94d049bb133111eb);
    return state ^ state >> 31;
}

/* Of the ends of all widths, 1 up and down, in both signs. */
static inline struct raw values_extreme(uint64_t chance)
{
    static const unsigned char widths[] = {0,  1,  7,  8,  15,  16, 31,
                                           32, 33, 63, 64, 127, 128};
    unsigned width = widths[chance % sizeof(widths)];
    struct raw end = {
        .low = width < 64 ? UINT64_C(1) << width : 0,
        .high = width < 64 || width > 127 ? 0 : UINT64_C(1) << (width - 64)};
    uint64_t by = chance / 16 % 3; /* 1 less, none, 1 more */

    end.high += by == 2 ? end.low == UINT64_MAX : by == 0 ? -(end.low == 0) : 0;
    end.low += by - 1;
    if (chance / 64 % 2 != 0) {
        end.high = ~end.high + (end.low == 0);
        end.low = -end.low;
    }
    return end;
}

/* Half of them all bits at random, the others extremes and small numbers. */
static inline struct raw values_raw(uint64_t seed, unsigned place)
{
    uint64_t state = seed * UINT64_C(0x9e3779b97f4a7c15) +
                     (place + 1) * UINT64_C(0xd1342543de82ef95);
    uint64_t chance = values_mix(state);
    struct raw raw = {values_mix(state + 1), values_mix(state + 2)};

    switch (chance % 8) {
    case 0:
    case 1:
    case 2:
        return values_extreme(chance / 8);
    case 3:
        return (struct raw){raw.low >> (chance / 8 % 64), 0};
    default:
        return raw;
    }
}

/* Another one that follows from it. */
static inline struct raw values_more(struct raw raw)
{
    return (struct raw){raw.low * 3, values_mix(raw.high)};
}

static inline bool values_choose(uint64_t seed, unsigned place)
{
    return values_mix(seed * 31 + place) % 2 != 0;
}

#define WIDE(raw)                                                              \
    ((unsigned __int128)(raw).high << 64 | (unsigned __int128)(raw).low)

/* By bytes, since to be taken for a number makes a NaN quiet, and QEMU (10.0)
 * lets no x87 instruction of a guest's touch memory of the host's. */
static __attribute__((noinline, unused)) void
values_copy(void *to, const void *from, size_t size)
{
    const volatile unsigned char *source = from;
    volatile unsigned char *target = to;

    for (size_t i = 0; i < size; i++) {
        target[i] = source[i];
    }
}

/* ---- float and double: the same for all ---- */

static inline void float_make(float *to, struct raw raw)
{
    static const uint32_t specials[] = {
        0x00000000, 0x80000000, 0x7f800000, 0xff800000, 0x7fc00000, 0xffc12345,
        0x00000001, 0x807fffff, 0x00800000, 0x7f7fffff, 0x7f812345, 0x3f800000};
    uint32_t bits = (uint32_t)raw.low;

    if (raw.high % 2 == 0) {
        bits = specials[raw.low % (sizeof(specials) / sizeof(specials[0]))];
    }
    values_copy(to, &bits, sizeof(bits));
}

static inline void double_make(double *to, struct raw raw)
{
    static const uint64_t specials[] = {
        0,
        UINT64_C(1) << 63,
        UINT64_C(0x7ff0000000000000),
        UINT64_C(0xfff0000000000000),
        UINT64_C(0x7ff8000000000000),
        UINT64_C(0xfff8123456789abc),
        1,
        UINT64_C(0x800fffffffffffff),
        UINT64_C(0x0010000000000000),
        UINT64_C(0x7fefffffffffffff),
        UINT64_C(0x7ff0000000000123),
        UINT64_C(0x3ff0000000000000),
    };

    if (raw.high % 2 == 0) {
        raw.low = specials[raw.low % (sizeof(specials) / sizeof(specials[0]))];
    }
    values_copy(to, &raw.low, sizeof(raw.low));
}

/* ---- long double ---- */

#ifdef __x86_64__
#define number_mine_size 10 /* without padding */
typedef long double values_x;
typedef __float128 values_o;
typedef _Complex float values_complex_o __attribute__((mode(TC)));
#else
#define number_mine_size 16
typedef long double values_x; /* of those that x87 has */
typedef long double values_o;
typedef _Complex long double values_complex_o;
#endif
typedef _Complex long double values_complex_x;

/* Sign and exponent: half of them at the ends of the range. */
static inline unsigned values_head(uint64_t chance)
{
    static const unsigned ends[] = {0, 0, 1, 0x3fff, 0x7ffe, 0x7fff, 0x7fff};

    return (chance % 2 == 0 ? ends[chance / 2 % 7]
                            : (unsigned)(chance >> 32) & 0x7fff) |
           (unsigned)(chance >> 48 & 0x8000);
}

/* The value of x87's parts. */
static inline void values_x_make(values_x *to, struct raw raw)
{
    unsigned head = values_head(raw.high);
    unsigned exponent = head & 0x7fff;
    uint64_t significand = raw.low & ~(UINT64_C(1) << 63);

    if (exponent != 0) {
        significand |= UINT64_C(1) << 63;
    }
    if (exponent == 0x7fff && significand << 1 != 0) {
        significand |= UINT64_C(1) << 62; /* C has no other NaNs as values */
    }
#ifdef __x86_64__
    memset(to, 0, sizeof(*to));
    values_copy(to, &significand, sizeof(significand));
    values_copy((char *)to + sizeof(significand), &head, 2);
#else
    if (exponent == 0x7fff) {
        const uint64_t parts[] = {
            significand << 49,
            (uint64_t)head << 48 | (significand & ~(UINT64_C(1) << 63)) >> 15};

        values_copy(to, parts, sizeof(parts));
    } else {
        long double value =
            scalbnl((long double)significand,
                    (exponent == 0 ? 1 : (int)exponent) - 16383 - 63);

        value = head >> 15 != 0 ? -value : value;
        values_copy(to, &value, sizeof(value));
    }
#endif
}

/* The value of binary128's parts. */
static inline void values_o_make(values_o *to, struct raw raw)
{
    uint64_t head = values_head(raw.high);
    uint64_t high = values_mix(raw.high + raw.low) >> 16;
    uint64_t parts[2];

    switch (raw.high / 16 % 4) { /* halfway between two of x87, or none */
    case 0:
        raw.low = raw.low >> 49 << 49 | UINT64_C(1) << 48;
        break;
    case 1:
        raw.low = 0;
        high = raw.high / 64 % 2 == 0 ? 0 : UINT64_C(0xffffffffffff);
        break;
    default:
        break;
    }
    if ((head & 0x7fff) == 0x7fff && (high | raw.low) != 0) {
        high |= UINT64_C(1) << 47;
    }
    parts[0] = raw.low;
    parts[1] = head << 48 | high;
    values_copy(to, parts, sizeof(parts));
}

#ifdef __x86_64__
static inline void values_x_from_o(values_x *to, const values_o *from)
{
    values_o given;
    values_x value;

    values_copy(&given, from, sizeof(given));
    value = (values_x)given;
    values_copy(to, &value, sizeof(value));
}
#else
/* Rounded to what x87 has: 64 bits, and fewer near its least number. */
static inline void values_x_from_o(values_x *to, const values_o *from)
{
    enum { LEAST = -16445 };
    long double given, value;
    int exponent;

    values_copy(&given, from, sizeof(given));
    value = given;
    if (isnan(given)) {
        uint64_t parts[2];

        memcpy(parts, &given, sizeof(parts));
        parts[0] = parts[0] >> 49 << 49;
        memcpy(&value, parts, sizeof(parts));
    } else if (isfinite(given) && given != 0) {
        (void)frexpl(given, &exponent);
        exponent = exponent - 64 < LEAST ? LEAST : exponent - 64;
        value = scalbnl(rintl(scalbnl(given, -exponent)), exponent);
        value = copysignl(value, given);
    }
    values_copy(to, &value, sizeof(value));
}
#endif

/* The other way is exact. */
static inline void values_o_from_x(values_o *to, const values_x *from)
{
    values_x given;
    values_o value;

    values_copy(&given, from, sizeof(given));
    value = given;
    values_copy(to, &value, sizeof(value));
}

static inline void values_x_from_x(values_x *to, const values_x *from)
{
    values_copy(to, from, sizeof(*to));
}

static inline void values_o_from_o(values_o *to, const values_o *from)
{
    values_copy(to, from, sizeof(*to));
}

static inline bool values_same(const void *a, const void *b, size_t size)
{
    unsigned char one[16], other[16];

    values_copy(one, a, size);
    values_copy(other, b, size);
    return memcmp(one, other, size) == 0;
}

#ifdef __x86_64__
#define values_x_same(a, b) values_same(a, b, 10)
#define values_mine_make    values_x_make
#else
#define values_x_same(a, b) values_same(a, b, 16)
#define values_mine_make    values_o_make
#endif
#define values_o_same(a, b) values_same(a, b, 16)

#endif
