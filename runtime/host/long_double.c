/* SPDX-License-Identifier: MIT */
#include "long_double.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    EXPONENT_MAX = 0x7fff, /* infinities and NaNs; the same in both */
    FRACTION_HIGH = 48,    /* bits of binary128's fraction in its upper word */
};

static const uint64_t integer_bit = UINT64_C(1) << 63;
static const uint64_t high_mask = (UINT64_C(1) << FRACTION_HIGH) - 1;

/* Sign and exponent are alike: 1 and 15 bits with the same bias. x87 has the
 * integer bit of the significand, which binary128 leaves out, and then 63 bits
 * of fraction of binary128's 112. */
struct binary128 {
    uint64_t low, high;
};

struct x87 {
    uint64_t significand;
    uint16_t sign_exponent;
    uint8_t padding[6];
};

_Static_assert(sizeof(struct x87) == THUNK_LONG_DOUBLE_SIZE, "its bytes");
_Static_assert(sizeof(struct binary128) == THUNK_LONG_DOUBLE_SIZE, "its bytes");

static struct binary128 binary128_make(uint16_t sign_exponent,
                                       uint64_t fraction63)
{
    return (struct binary128){
        .low = fraction63 << (FRACTION_HIGH + 1),
        .high = (uint64_t)sign_exponent << FRACTION_HIGH |
                fraction63 >> (63 - FRACTION_HIGH),
    };
}

void thunk_binary128_from_x87(void *to, const void *from)
{
    struct x87 x87;
    struct binary128 result;
    uint16_t exponent;
    uint64_t fraction;

    memcpy(&x87, from, sizeof(x87));
    exponent = x87.sign_exponent & EXPONENT_MAX;
    fraction = x87.significand & ~integer_bit;
    if (exponent != 0 && (x87.significand & integer_bit) == 0) {
        /* A pseudo-number, which the processor refuses. */
        result =
            binary128_make(x87.sign_exponent | EXPONENT_MAX, UINT64_C(1) << 62);
    } else if (exponent == 0 && (x87.significand & integer_bit) != 0) {
        /* A pseudo-denormal: its exponent counts as 1. */
        result = binary128_make(x87.sign_exponent | 1, fraction);
    } else {
        result = binary128_make(x87.sign_exponent, fraction);
    }
    memcpy(to, &result, sizeof(result));
}

/* The upper 63 bits of the fraction, rounded; may be 1 << 63. */
static uint64_t fraction_round(const struct binary128 *from)
{
    const unsigned dropped = FRACTION_HIGH + 1;
    const uint64_t half = UINT64_C(1) << (dropped - 1);
    uint64_t rest = from->low & ((UINT64_C(1) << dropped) - 1);
    uint64_t kept =
        (from->high & high_mask) << (63 - FRACTION_HIGH) | from->low >> dropped;

    return kept + (rest > half || (rest == half && (kept & 1) != 0));
}

void thunk_x87_from_binary128(void *to, const void *from)
{
    struct x87 result = {0};
    struct binary128 value;
    uint16_t exponent;

    memcpy(&value, from, sizeof(value));
    result.sign_exponent = (uint16_t)(value.high >> FRACTION_HIGH);
    exponent = result.sign_exponent & EXPONENT_MAX;
    if (exponent == EXPONENT_MAX) {
        bool is_nan = (value.high & high_mask) != 0 || value.low != 0;

        result.significand = integer_bit |
                             (value.high & high_mask) << (63 - FRACTION_HIGH) |
                             value.low >> (FRACTION_HIGH + 1);
        if (is_nan && result.significand == integer_bit) {
            result.significand |= UINT64_C(1) << 62;
        }
    } else {
        result.significand = fraction_round(&value);
        if (exponent != 0) {
            if ((result.significand & integer_bit) != 0) {
                result.sign_exponent++; /* to infinity at the end */
                result.significand = 0;
            }
            result.significand |= integer_bit;
        } else if ((result.significand & integer_bit) != 0) {
            result.sign_exponent++; /* the least normal number */
        }
    }
    memcpy(to, &result, sizeof(result));
}
