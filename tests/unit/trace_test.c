/* SPDX-License-Identifier: MIT
 * The text of a frame, as --trace shows it: each value where C has it. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "observe.h"
#include "trace.h"

bool thunk_observe_stderr_is_same(void)
{
    return true;
}

static const struct thunk_host_constant colours[] = {
    {"RED", -1}, {"GREEN", 0}, {NULL, 0}};
static const struct thunk_host_constant masks[] = {
    {"NONE", 0}, {"ALL", 4294967295}, {NULL, 0}};
static const struct thunk_host_enum enums[] = {
    {"colour", colours}, {"mask", masks}, {NULL, NULL}};
static const struct thunk_host_library library = {.enums = enums};
static const struct thunk_host_library library_without_enums;

struct pair {
    int one;
    double two;
};

struct odd {
    char bytes[5];
};

static void call_is(const char *trace, const void *frame, const char *expected)
{
    char text[THUNK_TRACE_TEXT];

    thunk_trace_call(text, sizeof(text), &library, trace, frame);
    assert_string_equal(text, expected);
}

static void result_is(const char *trace, const void *frame,
                      const char *expected)
{
    char text[THUNK_TRACE_TEXT];

    thunk_trace_result(text, sizeof(text), &library, trace, frame);
    assert_string_equal(text, expected);
}

static void values_lie_as_in_c(void **state)
{
    static const char trace[] =
        "f(a=%c, b=%Lg, c=%hhd, d=%hd, e=%[16,8], f=%b, g=%[5,1], h=%hu, "
        "i=%hg, j=%[16,16], k=%hhu, l=%g, m=%{colour}, n=%s, o=%hh{mask}, "
        "p=%l{mask}) = %Lg";
    const struct {
        struct thunk_frame head;
        char a;
        long double b;
        signed char c;
        short d;
        struct pair e;
        _Bool f;
        struct odd g;
        unsigned short h;
        float i;
        __extension__ __int128 j;
        unsigned char k;
        double l;
        int m;
        const char *n;
        unsigned char o;
        unsigned long p;
        long double result;
    } frame = {
        .a = 'a',
        .b = 0.125L,
        .c = -3,
        .d = -300,
        .f = true,
        .h = 65535,
        .i = 1.5F,
        .k = 255,
        .l = -2.5,
        .m = -1,
        .n = "text",
        .o = 255,
        .p = 4294967295,
        .result = -0.0L,
    };

    (void)state;
    call_is(trace, &frame,
            "f(a='a', b=0.125, c=-3, d=-300, e={16 bytes}, f=true, "
            "g={5 bytes}, h=65535, i=1.5, j={16 bytes}, k=255, l=-2.5, m=RED, "
            "n=\"text\", o=ALL, p=ALL)");
    result_is(trace, &frame, " = -0");
}

static void numbers_at_their_ends(void **state)
{
    const struct {
        struct thunk_frame head;
        long double largest, nan;
        double smallest, infinite;
        uint64_t u;
        int64_t d;
        int unknown, green;
    } frame = {
        .largest = LDBL_MAX,
        .nan = (long double)NAN,
        .smallest = DBL_TRUE_MIN,
        .infinite = -INFINITY,
        .u = UINT64_MAX,
        .d = INT64_MIN,
        .unknown = -7,
    };
    char expected[256];

    (void)state;
    snprintf(expected, sizeof(expected),
             "f(a=%Lg, b=nan, c=4.94066e-324, d=-inf, e=18446744073709551615, "
             "f=-9223372036854775808, g=-7, h=GREEN)",
             LDBL_MAX);
    call_is("f(a=%Lg, b=%Lg, c=%g, d=%g, e=%lu, f=%ld, g=%{colour}, "
            "h=%{colour})",
            &frame, expected);
    result_is("f(a=%Lg, b=%Lg)", &frame, "");
}

/* No enum of that name, or none at all: numbers. */
static void enums_may_be_missing(void **state)
{
    const struct {
        struct thunk_frame head;
        int value;
    } frame = {.value = 3};
    char text[64];

    (void)state;
    call_is("f(a=%{none})", &frame, "f(a=3)");
    thunk_trace_call(text, sizeof(text), &library_without_enums,
                     "f(a=%{colour})", &frame.head);
    assert_string_equal(text, "f(a=3)");
}

static void absent_frames(void **state)
{
    (void)state;
    call_is("f()", NULL, "f()");
    call_is("f(a=%d, b=%s, c=%[8,8]) = %g", NULL, "f(a=?, b=?, c={8 bytes})");
    result_is("f(a=%d, b=%s, c=%[8,8]) = %g", NULL, " = ?");
    call_is("f(a=%d)", (void *)8, "f(a=?)");
}

/* What does not fit is cut, wherever that is, and the NUL is there. */
static void long_text_is_cut(void **state)
{
    const struct {
        struct thunk_frame head;
        const char *one, *two;
    } frame = {.one = "\x01\x02\x03\x04\x05", .two = "abcdefghij"};
    static const char trace[] = "name(one=%s, two=%s)";
    char whole[128], text[128];

    (void)state;
    thunk_trace_call(whole, sizeof(whole), &library, trace, &frame.head);
    assert_string_equal(
        whole, "name(one=\"\\001\\002\\003\\004\\005\", two=\"abcdefghij\")");
    for (size_t size = 5; size < sizeof(text); size++) {
        memset(text, '!', sizeof(text));
        thunk_trace_call(text, size, &library, trace, &frame.head);
        assert_true(size == sizeof(text) || text[size] == '!');
        if (size > strlen(whole)) {
            assert_string_equal(text, whole);
        } else {
            assert_int_equal(strlen(text), size - 1);
            assert_string_equal(text + size - 4, "...");
            assert_memory_equal(text, whole, size - 4);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_lie_as_in_c),
        cmocka_unit_test(numbers_at_their_ends),
        cmocka_unit_test(enums_may_be_missing),
        cmocka_unit_test(absent_frames),
        cmocka_unit_test(long_text_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
