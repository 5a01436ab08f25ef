/* SPDX-License-Identifier: MIT */
#include "wild.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static long integers(long a, long b, long c, long d, long e, long f)
{
    return a + 10 * b + 100 * c + 1000 * d + 10000 * e + 100000 * f;
}

static double doubles(double a, double b, double c, double d, double e,
                      double f, double g, double h)
{
    return a - 2 * b + 3 * c - 4 * d + 5 * e - 6 * f + 7 * g - 8 * h;
}

static float floats(float a, float b)
{
    return a / b;
}

static double mixed(int a, double b, const char *c, float d, long e, double f)
{
    return a + b * 2 + (double)strlen(c) * 4 + (double)d * 8 + (double)e * 16 +
           f * 32;
}

static char *pointer(char *text, size_t offset)
{
    return text + offset;
}

static int negative(int value)
{
    return -value;
}

static unsigned large(unsigned value)
{
    return 4000000000u + value;
}

static long eight(long a, long b, long c, long d, long e, long f, long g,
                  long h)
{
    return integers(a, b, c, d, e, f) + 1000000 * g + 10000000 * h;
}

static long twelve(long a, long b, long c, long d, long e, long f, long g,
                   long h, long i, long j, long k, long l)
{
    return eight(a, b, c, d, e, f, g, h) - 3 * i + 5 * j - 7 * k + 11 * l;
}

static struct wild_pair pair(long first, long second)
{
    return (struct wild_pair){second, first + 1};
}

static int fail(int number)
{
    errno = number;
    return -1;
}

static long back(void *function, long n)
{
    return ((long (*)(long))(size_t)function)(n) + 1;
}

static double spilled(double a, double b, double c, double d, double e,
                      double f, double g, double h, double i, double j, long k,
                      long l, long m, long n, long o, long p, long q, long r)
{
    return doubles(a, b, c, d, e, f, g, h) + 9 * i - 10 * j +
           (double)eight(k, l, m, n, o, p, q, r);
}

static struct wild_large large_struct(long a, struct wild_large b)
{
    for (int i = 0; i < 5; i++) {
        b.values[i] = b.values[i] * 2 + a;
    }
    return b;
}

static const struct wild_table table = {
    integers, doubles, floats, mixed, pointer, negative, large,
    eight,    twelve,  pair,   fail,  back,    wild_add,
};

static const struct wild_more more = {spilled, large_struct};

const struct wild_table *wild_table(void)
{
    return &table;
}

void wild_fill(struct wild_table *place)
{
    *place = table;
}

const struct wild_more *wild_more(void)
{
    return &more;
}

/* Each with numbers that no two registers share. */
#define AS(member, function)                                                   \
    ((__typeof__(((struct wild_table *)0)->member))(size_t)(function))
#define AS_MORE(member, function)                                              \
    ((__typeof__(((struct wild_more *)0)->member))(size_t)(function))

static void call_more(enum wild_kind kind, void *function, char *text,
                      size_t size)
{
    if (kind == WILD_SPILLED) {
        snprintf(text, size, "%g",
                 AS_MORE(spilled, function)(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 2,
                                            3, 4, 5, 6, 7, 8));
    } else {
        const struct wild_large given = {{10, 20, 30, 40, 50}};
        const struct wild_large got = AS_MORE(large, function)(7, given);

        snprintf(text, size, "%ld %ld %ld %ld %ld", got.values[0],
                 got.values[1], got.values[2], got.values[3], got.values[4]);
    }
}

void wild_call(enum wild_kind kind, void *function, char *text, size_t size)
{
    char letters[] = "abcdef";
    struct wild_pair two;
    int status;

    errno = 0;
    switch (kind) {
    case WILD_INTEGERS:
        snprintf(text, size, "%ld", AS(integers, function)(1, 2, 3, 4, 5, 6));
        break;
    case WILD_DOUBLES:
        snprintf(text, size, "%g",
                 AS(doubles, function)(1, .5, -3, 4e9, 5, 6, 7, 8.25));
        break;
    case WILD_FLOATS:
        snprintf(text, size, "%g", (double)AS(floats, function)(1.5f, -4));
        break;
    case WILD_MIXED:
        snprintf(text, size, "%g",
                 AS(mixed, function)(-1, 2.5, "three", 4.5f, -5, 6.5));
        break;
    case WILD_POINTER:
        snprintf(text, size, "%s", AS(pointer, function)(letters, 3));
        break;
    case WILD_NEGATIVE:
        snprintf(text, size, "%s",
                 AS(negative, function)(5) < 0 &&
                         AS(negative, function)(-7) == 7
                     ? "negative"
                     : "positive");
        break;
    case WILD_LARGE:
        snprintf(text, size, "%u", AS(large, function)(5));
        break;
    case WILD_EIGHT:
        snprintf(text, size, "%ld",
                 AS(eight, function)(1, 2, 3, 4, 5, 6, 7, 8));
        break;
    case WILD_TWELVE:
        snprintf(text, size, "%ld",
                 AS(twelve, function)(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
        break;
    case WILD_PAIR:
        two = AS(pair, function)(1, 2);
        snprintf(text, size, "%ld %ld", two.first, two.second);
        break;
    case WILD_FAIL:
        status = AS(fail, function)(ENOTTY);
        snprintf(text, size, "%d %s", status, strerror(errno));
        break;
    case WILD_BACK:
        snprintf(text, size, "%ld", AS(back, function)(letters, 1));
        break;
    case WILD_ADD:
        snprintf(text, size, "%ld", AS(add, function)(-1, -2));
        break;
    case WILD_SPILLED:
    case WILD_STRUCT:
        call_more(kind, function, text, size);
        break;
    }
}

long wild_visit(const void *hidden, long n)
{
    long (*function)(long);

    memcpy(&function, hidden, sizeof(function));
    return function(n);
}

long wild_loop(void *function, long count)
{
    long sum = 0;

    for (long i = 0; i < count; i++) {
        sum += AS(add, function)(0, i);
    }
    return sum;
}

long wild_typed(long (*function)(long, long), long count)
{
    return wild_loop((void *)(size_t)function, count);
}

struct work {
    void *function;
    long count, sum;
};

static void *work_do(void *argument)
{
    struct work *work = argument;

    work->sum = wild_loop(work->function, work->count);
    return NULL;
}

long wild_thread(void *function, long count)
{
    struct work work = {function, count, 0};
    pthread_t thread;

    if (pthread_create(&thread, NULL, work_do, &work) != 0) {
        return -1;
    }
    pthread_join(thread, NULL);
    return work.sum;
}

long wild_add(long a, long b)
{
    return a + b;
}

void wild_crash(int *address)
{
    *address = 1;
}
