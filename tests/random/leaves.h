/* SPDX-License-Identifier: MIT
 *
 * What library and program do with random values of a type T, whose numbers
 * LEAVES_T(apply, way) lists: apply(kind, place, path, way) for each. x_T is
 * the type as x86_64 has it and o_T as the others do; T is the one of the two
 * that is this side's own. What becomes of a number that crosses, C tells: an
 * assignment of the one type's member to the other's.
 */
#ifndef LEAVES_H
#define LEAVES_H

#include "values.h"

/* integer: enums and bit-fields, too. */
#define MAKE_integer(to, raw, t) ((to) = WIDE(raw))
#define MAKE_pointer(to, raw, t) ((to) = (void *)(uintptr_t)(raw).low)
#define MAKE_float(to, raw, t)   float_make(&(to), raw)
#define MAKE_double(to, raw, t)  double_make(&(to), raw)
#define MAKE_number(to, raw, t)  values_##t##_make(&(to), raw)
#define MAKE_complex(to, raw, t)                                               \
    (values_##t##_make(&__real__(to), raw),                                    \
     values_##t##_make(&__imag__(to), values_more(raw)))

#define FROM_integer(to, from, way) ((to) = (from))
#define FROM_pointer(to, from, way) ((to) = (from))
#define FROM_float(to, from, way)   values_copy(&(to), &(from), sizeof(to))
#define FROM_double(to, from, way)  values_copy(&(to), &(from), sizeof(to))
#define FROM_number(to, from, way)  values_##way(&(to), &(from))
#define FROM_complex(to, from, way)                                            \
    (values_##way(&__real__(to), &__real__(from)),                             \
     values_##way(&__imag__(to), &__imag__(from)))

#define SAME_integer(a, b, t) ((a) == (b))
#define SAME_pointer(a, b, t) ((a) == (b))
#define SAME_float(a, b, t)   values_same(&(a), &(b), sizeof(a))
#define SAME_double(a, b, t)  values_same(&(a), &(b), sizeof(a))
#define SAME_number(a, b, t)  values_##t##_same(&(a), &(b))
#define SAME_complex(a, b, t)                                                  \
    (values_##t##_same(&__real__(a), &__real__(b)) &&                          \
     values_##t##_same(&__imag__(a), &__imag__(b)))

/* What is `made` of what is `in` there, if it is something else. */
#define GIVE_AS(kind, to, in, made, way, s)                                    \
    do {                                                                       \
        if (!SAME_##kind(in, made, s)) {                                       \
            FROM_##kind(to, made, way);                                        \
        }                                                                      \
    } while (0)
#define GIVE_integer(to, in, made, way, s)                                     \
    GIVE_AS(integer, to, in, made, way, s)
#define GIVE_pointer(to, in, made, way, s)                                     \
    GIVE_AS(pointer, to, in, made, way, s)
#define GIVE_float(to, in, made, way, s)  GIVE_AS(float, to, in, made, way, s)
#define GIVE_double(to, in, made, way, s) GIVE_AS(double, to, in, made, way, s)
#define GIVE_number(to, in, made, way, s) GIVE_AS(number, to, in, made, way, s)
#define GIVE_complex(to, in, made, way, s)                                     \
    do {                                                                       \
        GIVE_AS(number, __real__(to), __real__(in), __real__(made), way, s);   \
        GIVE_AS(number, __imag__(to), __imag__(in), __imag__(made), way, s);   \
    } while (0)

#define MAKE_ONE(kind, place, path, t)                                         \
    MAKE_##kind((*at)path, values_raw(seed, place), t);
#define FROM_ONE(kind, place, path, way)                                       \
    FROM_##kind((*to)path, (*from)path, way);
#define SEEN_ONE(kind, place, path, t)                                         \
    if (!SAME_##kind((*at)path, expected path, t)) {                           \
        values_tell(name, #path, seed);                                        \
        return false;                                                          \
    }
#define AND_SAME(kind, place, path, t) &&SAME_##kind((*at)path, (*other)path, t)
#define AFTER_ONE(kind, place, path, t, s)                                     \
    if (values_choose(seed, place)) {                                          \
        GIVE_##kind((*at)path, in path, made path, t##_from_##s, s);           \
    }
#define AFTER_x(kind, place, path, t) AFTER_ONE(kind, place, path, t, x)
#define AFTER_o(kind, place, path, t) AFTER_ONE(kind, place, path, t, o)
#define CHANGE_ONE(kind, place, path, t)                                       \
    if (values_choose(seed, place)) {                                          \
        FROM_##kind((*at)path, made path, t##_from_##t);                       \
    }

/* The first thing that is wrong with a value. */
static inline void values_tell(const char *name, const char *path,
                               uint64_t seed)
{
    fprintf(stderr, "%s%s is wrong, of seed %llu\n", name, path,
            (unsigned long long)seed);
}

#ifdef __x86_64__
#define LEAVES_MINE x
#else
#define LEAVES_MINE o
#endif

#define LEAVES_DEFINE_FOR(T, t)                                                \
    static inline void make_##t##_##T(t##_##T *at, uint64_t seed)              \
    {                                                                          \
        LEAVES_##T(MAKE_ONE, t)                                                \
    }                                                                          \
    static inline void x_from_##t##_##T(x_##T *to, const t##_##T *from)        \
    {                                                                          \
        LEAVES_##T(FROM_ONE, x_from_##t)                                       \
    }                                                                          \
    static inline void o_from_##t##_##T(o_##T *to, const t##_##T *from)        \
    {                                                                          \
        LEAVES_##T(FROM_ONE, o_from_##t)                                       \
    }

/* What only this side's own has: `t` is its letter.
 *
 * seen_T: whether it is what the side `from` made of that seed.
 * after_T: what becomes of it when the side `by` has changed it, by change_T:
 * what is there as it was before keeps what the other type has no room for. */
#define LEAVES_DEFINE_MINE(T, t)                                               \
    static inline void make_##T(T *at, uint64_t seed)                          \
    {                                                                          \
        make_##t##_##T(at, seed);                                              \
    }                                                                          \
    static inline bool seen_##T(const T *at, uint64_t seed, int from)          \
    {                                                                          \
        static const char *const name = #T;                                    \
        T expected;                                                            \
                                                                               \
        if (from == X) {                                                       \
            x_##T given;                                                       \
            make_x_##T(&given, seed);                                          \
            t##_from_x_##T(&expected, &given);                                 \
        } else {                                                               \
            o_##T given;                                                       \
            make_o_##T(&given, seed);                                          \
            t##_from_o_##T(&expected, &given);                                 \
        }                                                                      \
        LEAVES_##T(SEEN_ONE, t) return true;                                   \
    }                                                                          \
    static inline void after_##T(T *at, uint64_t seed, int by)                 \
    {                                                                          \
        if (by == X) {                                                         \
            x_##T in, made;                                                    \
            x_from_##t##_##T(&in, at);                                         \
            make_x_##T(&made, seed);                                           \
            LEAVES_##T(AFTER_x, t)                                             \
        } else {                                                               \
            o_##T in, made;                                                    \
            o_from_##t##_##T(&in, at);                                         \
            make_o_##T(&made, seed);                                           \
            LEAVES_##T(AFTER_o, t)                                             \
        }                                                                      \
    }                                                                          \
    static inline void change_##T(T *at, uint64_t seed)                        \
    {                                                                          \
        T made;                                                                \
        make_##T(&made, seed);                                                 \
        LEAVES_##T(CHANGE_ONE, t)                                              \
    }                                                                          \
    static inline bool same_##T(const T *at, const T *other)                   \
    {                                                                          \
        return true LEAVES_##T(AND_SAME, t);                                   \
    }                                                                          \
    static inline bool is_##T(const T *at, const T *other)                     \
    {                                                                          \
        static const char *const name = #T;                                    \
        const uint64_t seed = 0;                                               \
        T expected;                                                            \
                                                                               \
        memcpy(&expected, other, sizeof(expected));                            \
        LEAVES_##T(SEEN_ONE, t) return true;                                   \
    }                                                                          \
    static inline void fill_##T(T *at, unsigned n, uint64_t seed)              \
    {                                                                          \
        for (unsigned i = 0; i < n; i++) {                                     \
            make_##T(&at[i], seed + i);                                        \
        }                                                                      \
    }                                                                          \
    /* How many are wrong. */                                                  \
    static inline int count_##T(const T *at, unsigned n, uint64_t seed,        \
                                int from)                                      \
    {                                                                          \
        int wrong = 0;                                                         \
                                                                               \
        for (unsigned i = 0; i < n; i++) {                                     \
            wrong += !seen_##T(&at[i], seed + i, from);                        \
        }                                                                      \
        return wrong;                                                          \
    }                                                                          \
    /* And that they lie where such may lie. */                                \
    static inline int wrong_##T(const T *at, unsigned n, uint64_t seed,        \
                                int from)                                      \
    {                                                                          \
        int wrong = count_##T(at, n, seed, from);                              \
                                                                               \
        if (n != 0 && (uintptr_t)at % _Alignof(T) != 0) {                      \
            values_tell(#T, "'s alignment", seed);                             \
            wrong++;                                                           \
        }                                                                      \
        return wrong;                                                          \
    }

#define LEAVES_EXPAND(T, t) LEAVES_DEFINE_MINE(T, t)
#define LEAVES_DEFINE(T)                                                       \
    LEAVES_DEFINE_FOR(T, x)                                                    \
    LEAVES_DEFINE_FOR(T, o)                                                    \
    LEAVES_EXPAND(T, LEAVES_MINE)

#endif
