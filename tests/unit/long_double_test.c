/* SPDX-License-Identifier: MIT
 * The host runtime's conversions against the compiler's own, which x86_64 has
 * as casts between long double and __float128. */
#include "long_double.h"

#include <float.h>
#include <stdint.h>
#include <stdlib.h>

#include "unit.h"

#if LDBL_MANT_DIG != 64
int main(void)
{
    puts("skipped: only x86_64 has both formats");
    return 77;
}
#else

enum { N_CASES = 400000, VALUE = 10 /* bytes of x87 without padding */ };

static uint64_t chance(void)
{
    static uint64_t state = 88172645463325252u; /* xorshift64 */

    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

/* Bits with long runs, so that ties and carries come up. */
static uint64_t rough(void)
{
    switch (chance() % 4) {
    case 0:
        return chance();
    case 1:
        return ~UINT64_C(0) << chance() % 64;
    case 2:
        return UINT64_C(1) << chance() % 64;
    default:
        return chance() % 2 == 0 ? 0 : ~UINT64_C(0);
    }
}

/* Mostly at the ends of the range. */
static uint16_t exponent(void)
{
    static const uint16_t ends[] = {0, 1, 2, 0x3fff, 0x7ffd, 0x7ffe, 0x7fff};

    return chance() % 2 == 0 ? ends[chance() % 7] : chance() & 0x7fff;
}

static void x87_to_binary128(void **state)
{
    (void)state;
    for (int i = 0; i < N_CASES; i++) {
        long double from = 0;
        __float128 expected;
        unsigned char actual[16];
        uint64_t significand = rough();
        uint16_t head = exponent() | (uint16_t)(chance() & 0x8000);

        significand &= ~(UINT64_C(1) << 63);
        if ((head & 0x7fff) != 0) {
            significand |= UINT64_C(1) << 63;
        }
        if ((head & 0x7fff) == 0x7fff && significand << 1 != 0) {
            significand |= UINT64_C(1) << 62; /* a cast makes a NaN quiet */
        }
        memcpy(&from, &significand, 8);
        memcpy((char *)&from + 8, &head, 2);
        expected = from;
        thunk_binary128_from_x87(actual, &from);
        assert_memory_equal(actual, &expected, 16);
        thunk_x87_from_binary128(actual, actual);
        assert_memory_equal(actual, &from, VALUE); /* and back */
    }
}

static void binary128_to_x87(void **state)
{
    (void)state;
    for (int i = 0; i < N_CASES; i++) {
        uint64_t words[2] = {rough(), rough() & 0xffffffffffff};
        __float128 from;
        long double expected;
        unsigned char actual[16];

        words[1] |= (uint64_t)exponent() << 48 | (chance() & 1) << 63;
        if ((words[1] >> 48 & 0x7fff) == 0x7fff &&
            (words[0] != 0 || words[1] << 16 != 0)) {
            words[1] |= UINT64_C(1) << 47;
        }
        memcpy(&from, words, 16);
        expected = (long double)from;
        thunk_x87_from_binary128(actual, &from);
        assert_memory_equal(actual, &expected, VALUE);
        assert_memory_equal(actual + VALUE, "\0\0\0\0\0\0", 6);
    }
}

static void odd_values(void **state)
{
    static const uint64_t unnormal[2] = {1, 0x3fff};
    static const uint64_t payload[2] = {1, UINT64_C(0x7fff) << 48};
    static const uint64_t pseudo_denormal[2] = {UINT64_C(1) << 63, 0};
    unsigned char actual[16];
    uint64_t words[2];

    (void)state;
    thunk_binary128_from_x87(actual, unnormal);
    memcpy(words, actual, 16);
    assert_true(words[1] == UINT64_C(0x7fff8) << 44 && words[0] == 0);
    /* The compiler's own conversion loses the exponent of this one. */
    thunk_binary128_from_x87(actual, pseudo_denormal);
    memcpy(words, actual, 16);
    assert_true(words[1] == UINT64_C(1) << 48 && words[0] == 0);
    /* All that is left of a NaN is that it is one. */
    thunk_x87_from_binary128(actual, payload);
    memcpy(words, actual, 16);
    assert_true(words[0] == UINT64_C(3) << 62 && words[1] == 0x7fff);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(x87_to_binary128),
        UNIT_TEST(binary128_to_x87),
        UNIT_TEST(odd_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
#endif
