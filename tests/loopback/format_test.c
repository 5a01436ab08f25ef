/* SPDX-License-Identifier: MIT
 * thunk_guest_format(): what comes out of the new format is what the old one
 * would have given. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <thunk/guest.h>
#include <wchar.h>

#include "check.h"
#include "loop.h"

#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"

enum { SIZE = 4096 };

static void compare(const char *format, ...)
{
    char expected[SIZE];
    char got[SIZE];
    va_list arguments;
    char *bridge;
    int expected_length;
    int length;

    va_start(arguments, format);
    expected_length = vsnprintf(expected, SIZE, format, arguments);
    va_end(arguments);
    va_start(arguments, format);
    bridge = thunk_guest_format(format, arguments);
    va_end(arguments);
    if (expected_length < 0) {
        CHECK(bridge == NULL);
        return;
    }
    CHECK(bridge != NULL);
    length = snprintf(got, SIZE, bridge, 0);
    if (length != expected_length ||
        memcmp(expected, got, (size_t)length + 1) != 0) {
        check_fail(format, length, got);
    }
    free(bridge);
}

static void each_conversion(void)
{
    int count = 0;

    compare("");
    compare("plain");
    compare("100%%, %%d %%s %%");
    compare("%d %i %u %x %X %o", -1, INT_MIN, UINT_MAX, 255U, 255U, 8U);
    compare("%hhd %hd %ld %lld %jd %zd %td", 300, 70000, LONG_MIN, LLONG_MAX,
            INTMAX_MIN, (size_t)-1, (ptrdiff_t)-5);
    compare("%lu %llu %ju %zu", ULONG_MAX, ULLONG_MAX, UINTMAX_MAX, SIZE_MAX);
    compare("%f %e %g %a %F %E %G %A", 1.5, 1e300, 1e-5, 0.1, -0.0, 1.0 / 3,
            1e10, 2.0);
    compare("%Lf %Le %Lg %La", 1.5L, 1e300L, 1e-5L, 0.1L);
    compare("%f %f", __builtin_inf(), -__builtin_nan(""));
    compare("%s|%10s|%-10s|%.2s|%*.*s", "one", "two", "three", "four", 8, 3,
            "fives");
    compare("%c%c%c", 'a', '%', 'z');
    compare("%p %p", (void *)0x1234, NULL);
    compare("%s", "100%");
    compare("%s", "%n%n%s%d");
    compare("%2$s %1$d %2$s", 7, "x");
    compare("%3$*1$.*2$f", 12, 3, 3.14159);
    compare("%+d % d %05d %-5d| %#x %#o %'d", 1, 2, 3, 4, 5U, 6U, 1234567);
    compare("%ls %lc", L"wide", (wint_t)L'w');
    compare("%m");
    compare("abc%ndef", &count);
    CHECK_SAME(count, 3);
}

static void nul_bytes(void)
{
    compare("%c", 0);
    compare("a%cb%c", 0, 0);
    compare("%%%c%%", 0);
    compare("%5c|%-5c|", 0, 0);
    compare("%c%s%c", 0, "100% \n", 0);
}

static void failures(void)
{
    compare("%lc", (wint_t)0x7fffffff); /* EILSEQ */
    compare("%2147483648d", 1);
}

/* A conversion at random: flags, width and precision, then `kind`. */
static const char *conversion(char *text, size_t size, const char *kind)
{
    static const char *const flags[] = {"",  "-",  "+",  " ", "0",
                                        "#", "-+", "#0", "'", "+0"};
    char width[8] = "";
    char precision[8] = "";

    if (rand() % 2 == 0) {
        snprintf(width, sizeof(width), "%d", rand() % 40 + 1);
    }
    if (rand() % 2 == 0) {
        snprintf(precision, sizeof(precision), ".%d", rand() % 30);
    }
    snprintf(text, size, "%%%s%s%s%s",
             flags[(size_t)rand() % (sizeof(flags) / sizeof(flags[0]))], width,
             precision, kind);
    return text;
}

#define PICK(kinds) kinds[(size_t)rand() % (sizeof(kinds) / sizeof(kinds[0]))]

static uint64_t random_bits(void)
{
    uint64_t bits = 0;

    for (int i = 0; i < 5; i++) {
        bits = bits << 15 ^ (uint64_t)rand();
    }
    return bits >> rand() % 64;
}

static void random_formats(void)
{
    static const char *const ints[] = {"d", "i",  "u",   "x", "X",
                                       "o", "hd", "hhu", "c"};
    static const char *const longs[] = {"ld", "lu", "lx", "llo",
                                        "zd", "jd", "p"};
    static const char *const reals[] = {"f", "e", "g", "a", "F", "E", "G", "A"};
    static const char *const long_reals[] = {"Lf", "Le", "Lg", "La"};
    int rounds = check_is_emulated() ? 1000 : 20000;

    srand(20260101);
    for (int i = 0; i < rounds; i++) {
        char parts[5][64];
        char format[512];
        char text[64];
        uint64_t bits = random_bits();
        double real;

        for (size_t j = 0; j < sizeof(text) - 1; j++) {
            text[j] = (char)(rand() % 255 + 1);
        }
        text[rand() % (int)sizeof(text)] = '\0';
        text[sizeof(text) - 1] = '\0';
        memcpy(&real, &bits, sizeof(real));
        snprintf(format, sizeof(format), "%s%%%%%s|%s%%%%%%%%%s;%s",
                 conversion(parts[0], 64, PICK(ints)),
                 conversion(parts[1], 64, PICK(longs)),
                 conversion(parts[2], 64, PICK(reals)),
                 conversion(parts[3], 64, PICK(long_reals)),
                 conversion(parts[4], 64, "s"));
        compare(format, (int)random_bits(), (long)random_bits(), real,
                (long double)real, text);
    }
}

/* The same all the way to the host and back. */
static void through_the_door(void)
{
    const char *volatile too_wide = "%2147483648d";
    const char *volatile none = NULL;
    char text[64];

    CHECK_SAME(loop_format(text, sizeof(text), "%s %d%% %5.2f|%c|", "a%sb", 7,
                           1.005, 0),
               16);
    CHECK(memcmp(text, "a%sb 7%  1.00|\0|", 17) == 0);
    CHECK_SAME(loop_format(text, 4, "%d", 123456), 6);
    CHECK_SAME(loop_format(text, 4, none, 1), -7);
    CHECK(strcmp(text, "123") == 0);
    CHECK_SAME(loop_format(NULL, 0, "%50d", 1), 50);
    errno = 0;
    CHECK(loop_format(text, sizeof(text), too_wide, 1) < 0);
    CHECK_SAME(errno, EOVERFLOW);
}

const struct check_test format_tests[] = {
    {"each_conversion", each_conversion},
    {"nul_bytes", nul_bytes},
    {"failures", failures},
    {"random_formats", random_formats},
    {"through_the_door", through_the_door},
    {NULL, NULL},
};
