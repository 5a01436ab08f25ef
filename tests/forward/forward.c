/* SPDX-License-Identifier: MIT */
#include "forward.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "inside.h"

struct forward_object {
    int value;
};

int forward_rate_1(int value);
int forward_rate_2(int value);
int inside_old_1(int value);
int inside_old_2(int value);

__asm__(".symver forward_rate_1, forward_own_rate@FORWARD_1, remove");
__asm__(".symver forward_rate_2, forward_own_rate@@FORWARD_2, remove");
__asm__(".symver inside_old_1, inside_old@FORWARD_1, remove");
__asm__(".symver inside_old_2, inside_old@@FORWARD_2, remove");

const int inside_table[4] = {2, 3, 5, 7};
int inside_level = 11;
long inside_many[9] = {1}; /* lacking */
/* The library's own code does not look for another. */
int inside_depth __attribute__((visibility("protected"))) = 12;
const char *inside_text = "a text of the library's";
int forward_mode = 13;
const char *forward_words[3] = {"one", "two", "three"};
static int count;

static int hook_own(int value)
{
    return value + 1;
}

int (*inside_hook)(int value) = hook_own;

const char *forward_side(void)
{
    return FORWARD_SIDE;
}

int forward_counted(void)
{
    return count;
}

int inside_count(int by)
{
    return count += by;
}

int forward_level_get(void)
{
    return inside_level;
}

int forward_depth_get(void)
{
    return inside_depth;
}

struct forward_object *forward_object_new(int value)
{
    struct forward_object *object = malloc(sizeof(*object));

    if (object != NULL) {
        object->value = value;
    }
    return object;
}

int forward_object_value(const struct forward_object *object)
{
    return object->value;
}

int forward_object_add(struct forward_object *object, int value)
{
    return object->value += value;
}

int forward_own(char *to, unsigned long size, int a, long b, short c, int d,
                float e, double f, double g, double h, double i, double j,
                double k, double l, double m, double n, struct forward_big big,
                long p, signed char q)
{
    return snprintf(to, size,
                    "%s: %d %ld %d %d %g %g %g %g %g %g %g %g %g %g "
                    "{%g %g %g %g %g %ld} %ld %d",
                    FORWARD_SIDE, a, b, c, d, (double)e, f, g, h, i, j, k, l, m,
                    n, big.numbers[0], big.numbers[1], big.numbers[2],
                    big.numbers[3], big.numbers[4], big.last, p, q);
}

struct forward_big forward_own_big(double number, long last)
{
    return (struct forward_big){{number, number * 2, 0, 0, number * 5}, last};
}

int forward_own_text(char *to, unsigned long size, const char *format, ...)
{
    int length = snprintf(to, size, "%s: ", FORWARD_SIDE);
    va_list arguments;

    va_start(arguments, format);
    length +=
        vsnprintf(to + length, size - (unsigned long)length, format, arguments);
    va_end(arguments);
    return length;
}

int forward_rate_1(int value)
{
    return 1000 + value;
}

int forward_rate_2(int value)
{
    return 2000 + value;
}

int inside_old_1(int value)
{
    return 3000 + value;
}

int inside_old_2(int value)
{
    return 4000 + value;
}

#ifdef __x86_64__
__attribute__((target("avx"))) double forward_own_wide(forward_wide a,
                                                       forward_wide b)
{
    return a[0] + 10 * a[3] + 100 * b[0] + 1000 * b[3];
}
#endif

int forward_own_mode(void)
{
    return forward_mode;
}

long inside_sum(long a, int b, long c, int d, long e, int f, long g, int h,
                double x, float y, double z)
{
    return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h +
           (long)(x * 100) + (long)(y * 10) + (long)z;
}

int inside_each(int (*step)(int value, void *context), int times, void *context)
{
    int sum = 0;

    for (int i = 0; i < times; i++) {
        sum += step(i, context);
    }
    return sum;
}

const char *inside_name(void)
{
    return inside_text;
}

int inside_hook_call(int value)
{
    return inside_hook(value);
}
