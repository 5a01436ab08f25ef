/* SPDX-License-Identifier: MIT
 * Calls and callbacks, their arguments, results and errno. */
#include <errno.h>
#include <stdint.h>

#include "aligned.h"
#include "check.h"
#include "door.h"
#include "loop.h"

static void arguments(void)
{
    double expected = 1 * 1.5 - 2 * 2.5 + 3 * 3.5 + 4 * 4.5 + 5 * 5.5 +
                      6 * 6.5 + 7 * 7.5 + 8 * 8.5 + 9 * 9.5 + 10 * 10.5;
    double result = loop_mix(1, 1.5, -2, 2.5F, 3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5,
                             7, 7.5, 8, 8.5, 9, 9.5, 10, 10.5);

    CHECK(result == expected);
}

static void structs(void)
{
    struct loop_large large = loop_fill(40);
    struct loop_pair pair = {.number = 3, .real = 4};

    for (int i = 0; i < 9; i++) {
        CHECK_SAME(large.numbers[i], 40 + i);
    }
    pair = loop_swap(pair, large);
    CHECK_SAME(pair.number, 4 + 48);
    CHECK(pair.real == 3);
}

static long triple(void *context, long value)
{
    CHECK(context == (void *)&errno || context == NULL);
    return 3 * value;
}

static void callback(void)
{
    uint64_t before;

    CHECK_SAME(loop_call(triple, NULL, 5), 16);
    before = door_count();
    CHECK_SAME(loop_call(triple, NULL, -5), -14);
    CHECK_SAME(door_count() - before, 2); /* there, and there again */
    CHECK_SAME(loop_repeat(triple, NULL, 1000), 3 * 999 * 500);
    CHECK(loop_same(triple, triple));
    CHECK(!loop_same(triple, NULL));
    CHECK(loop_same(NULL, NULL));
}

static double mixed(int i1, double d1, short i2, float f1, long i3, double d2,
                    unsigned char i4, double d3, long i5, double d4, long i6,
                    double d5, long i7, double d6, long i8, double d7, long i9,
                    double d8, long i10, double d9)
{
    CHECK(i1 == 1 && i2 == -2 && i3 == 3 && i4 == 4 && i5 == 5 && i6 == 6);
    CHECK(i7 == 7 && i8 == 8 && i9 == 9 && i10 == 10);
    CHECK(d1 == 1.5 && f1 == 2.5F && d2 == 3.5 && d3 == 4.5 && d4 == 5.5);
    CHECK(d5 == 6.5 && d6 == 7.5 && d7 == 8.5 && d8 == 9.5 && d9 == 10.5);
    return 0.25;
}

static struct loop_pair turn(struct loop_pair pair, struct loop_large large)
{
    CHECK(pair.number == 60 && pair.real == 0.5);
    return (struct loop_pair){.number = large.numbers[8], .real = 1.25};
}

static void callback_arguments(void)
{
    struct loop_pair pair;

    CHECK(loop_call_mixed(mixed) == 0.25);
    pair = loop_call_turn(turn, 60);
    CHECK_SAME(pair.number, 68);
    CHECK(pair.real == 1.25);
}

/* The guest calls the host, that the guest, that the host ... */
static long descend(void *context, long depth)
{
    long *deepest = context;

    CHECK(stack_is_aligned());
    if (depth > *deepest) {
        *deepest = depth;
    }
    return depth == 100 ? 0 : loop_call(descend, context, depth + 1);
}

static void nested(void)
{
    long deepest = 0;

    for (int i = 0; i < 3; i++) {
        CHECK_SAME(loop_call(descend, &deepest, 1), 100);
        CHECK_SAME(deepest, 100);
    }
}

static long errno_visit(void *context, long value)
{
    int *found = context;

    found[0] = errno;
    if (found[1] != 0) {
        errno = found[1];
    }
    return value;
}

static void errno_rules(void)
{
    int found[2] = {-1, 0};

    errno = ENOTTY;
    CHECK_SAME(loop_errno(0), 0); /* the host starts with none */
    CHECK_SAME(errno, ENOTTY);    /* and one that sets none changes none */
    CHECK_SAME(loop_errno(ERANGE), 0);
    CHECK_SAME(errno, ERANGE);
    CHECK_SAME(loop_add(1, 2), 3);
    CHECK_SAME(errno, ERANGE);

    /* What the host has is seen in the callback ... */
    errno = ENOTTY;
    CHECK_SAME(loop_call_errno(errno_visit, found, EDOM), EDOM);
    CHECK_SAME(found[0], EDOM);
    CHECK_SAME(errno, EDOM);

    /* ... and what that leaves is seen by the host. */
    found[1] = EPIPE;
    CHECK_SAME(loop_call_errno(errno_visit, found, EDOM), EPIPE);
    CHECK_SAME(errno, EPIPE);

    /* Nobody sets it: it stays, also over a callback. */
    errno = ENOTTY;
    found[1] = 0;
    CHECK_SAME(loop_call(errno_visit, found, 1), 2);
    CHECK_SAME(found[0], 0);
    CHECK_SAME(errno, ENOTTY);

    /* Only the callback does: to the program it is one variable. */
    found[1] = EPIPE;
    CHECK_SAME(loop_call(errno_visit, found, 1), 2);
    CHECK_SAME(errno, EPIPE);
}

static long align_visit(void *context, long value)
{
    (void)context;
    CHECK(loop_is_aligned());
    return value + stack_is_aligned();
}

static void alignment(void)
{
    CHECK(loop_is_aligned()); /* on a fresh stack, and on a used one */
    CHECK(loop_is_aligned());
    CHECK_SAME(loop_call(align_visit, NULL, 1), 3);
}

static long backtrace_visit(void *context, long value)
{
    (void)context;
    return value + loop_backtrace();
}

/* The walk ends, at the lower end of each stack. */
static void unwinding(void)
{
    int count = loop_backtrace();

    CHECK(count >= 2 && count < 16);
    CHECK(loop_call(backtrace_visit, NULL, 0) < 17);
}

const struct check_test call_tests[] = {
    {"arguments", arguments},
    {"structs", structs},
    {"callback", callback},
    {"callback_arguments", callback_arguments},
    {"nested", nested},
    {"errno_rules", errno_rules},
    {"alignment", alignment},
    {"unwinding", unwinding},
    {NULL, NULL},
};
