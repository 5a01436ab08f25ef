/* SPDX-License-Identifier: MIT */
#include "ground.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *ground_side(void)
{
    return GROUND_SIDE;
}

/* ---- functions ---- */

int trivial_function(int value)
{
    return value * 3 + 1;
}

double several_parameters(signed char a, unsigned short b, int c, long d,
                          float e, double f, const char *g,
                          unsigned long long h, long double i)
{
    return a + 2.0 * b + 3.0 * c + 4.0 * (double)d + 5.0 * (double)e + 6 * f +
           7.0 * (double)strlen(g) + 8.0 * (double)h + 9 * (double)i;
}

int function_pointer_typedef(ground_step *step, int value)
{
    return step(value) + 1;
}

int function_pointer_parameter(int (*step)(int value), int value)
{
    return step(step(value)) + 2;
}

static int step_one(int value)
{
    return value + 1;
}

static int step_ten(int value)
{
    return value + 10;
}

ground_step *function_pointer_returned(int by)
{
    return by == 1 ? step_one : by == 10 ? step_ten : NULL;
}

static int sum_list(int count, va_list list)
{
    int sum = 0;

    for (int i = 0; i < count; i++) {
        sum = sum * 10 + va_arg(list, int);
    }
    return sum;
}

int variadic_unannotated(int count, ...)
{
    va_list list;
    int sum;

    va_start(list, count);
    sum = sum_list(count, list);
    va_end(list);
    return sum;
}

/* ---- integers ---- */

size_t integers_by_value(size_t size, long number, intptr_t place,
                         ptrdiff_t difference, ssize_t signed_size)
{
    return size ^ (size_t)number ^ (size_t)place << 1 ^
           (size_t)difference << 2 ^ (size_t)signed_size << 3;
}

void integers_by_pointer(size_t *size, long *number, intptr_t *place,
                         ptrdiff_t *difference, ssize_t *signed_size)
{
    *size = ~*size;
    *number = -*number;
    *place += 1;
    *difference *= 2;
    *signed_size -= 3;
}

/* ---- pointers ---- */

long layout_compatible(struct layout_compatible_type *at, int n)
{
    long sum = 0;

    for (int i = 0; i < n; i++) {
        sum +=
            at[i].a + (long)at[i].b + (long)strlen(at[i].c) + at[i].d + at[i].e;
        at[i].e++;
    }
    return sum;
}

long pointer_member_unannotated(struct pointer_member *at)
{
    ++*at->to;
    return at->a + *at->to + layout_compatible(at->record, 1);
}

struct opaque_type {
    long value;
};

struct opaque_type *opaque_types(int value)
{
    struct opaque_type *made = malloc(sizeof(*made));

    if (made != NULL) {
        made->value = value;
    }
    return made;
}

void opaque_member_set(struct opaque_holder *holder, struct opaque_type *inside)
{
    holder->inside = inside;
    memcpy(holder->room, &inside->value, sizeof(inside->value));
}

long opaque_member(const struct opaque_holder *holder)
{
    long kept;

    memcpy(&kept, holder->room, sizeof(kept));
    return holder->inside->value * 100 + kept + holder->n;
}

void opaque_end(struct opaque_type *inside)
{
    free(inside);
}

long void_pointer_unannotated(const void *at, size_t size)
{
    const unsigned char *bytes = at;
    long sum = 0;

    for (size_t i = 0; i < size; i++) {
        sum = sum * 7 + bytes[i];
    }
    return sum;
}

void *void_pointer_passed_through(void *at)
{
    static void *before;
    void *given = before == NULL ? at : before;

    before = at;
    return given;
}

/* ---- records ---- */

struct by_value struct_by_value(struct by_value in, int by)
{
    in.a = (short)(in.a + by);
    in.b *= (float)by;
    in.c[2] -= by;
    return in;
}

void struct_by_pointer(const struct by_value *in, struct by_value *out)
{
    *out = struct_by_value(*in, 5);
}

unsigned long multi_dimensional(int rows[][3][4], int n,
                                const struct ground_rows *more)
{
    unsigned long sum = (unsigned char)more->last[2][4];

    for (int i = 0; i < n; i++) {
        for (int j = 0; j < 3; j++) {
            for (int k = 0; k < 4; k++) {
                sum = sum * 3 + (unsigned)rows[i][j][k] +
                      (unsigned)more->row[i % 2][j][k];
                rows[i][j][k] = i * 100 + j * 10 + k;
            }
        }
    }
    return sum;
}

ground_wide float128(ground_wide a, int b, double c)
{
    return a * (ground_wide)b + (ground_wide)c;
}

long double float128_beside(struct float128_type *at, long double by)
{
    at->wide += (ground_wide)by;
    return by * at->small;
}

const char *static_buffer(int value)
{
    static char text[32];

    snprintf(text, sizeof(text), "of %d", value);
    return text;
}

int rtld_next(int value)
{
    return value + 1000;
}

/* ---- by spec ---- */

long layout_repackable(const struct repackable *at, int n)
{
    long sum = 0;

    for (int i = 0; i < n; i++) {
        sum = sum * 5 + at[i].a + at[i].b + at[i].c;
    }
    return sum;
}

long layout_incompatible(struct incompatible *at, int n)
{
    long sum = 0;

    for (int i = 0; i < n; i++) {
        if (at[i].kind == INCOMPATIBLE_NUMBER) {
            sum += at[i].of.number;
            at[i].kind = INCOMPATIBLE_REAL;
            at[i].of.real = 0.5L + i;
        } else {
            sum += (long)(at[i].of.real * 4);
            at[i].kind = INCOMPATIBLE_NUMBER;
            at[i].of.number = -9;
        }
    }
    return sum;
}

long pointer_member_annotated(const struct pointer_repackable *at)
{
    return layout_repackable(at->to, at->n);
}

int variadic_annotated(int count, ...)
{
    va_list list;
    int sum = 0;

    va_start(list, count);
    for (int i = 0; i < count; i++) {
        sum = sum * 10 + va_arg(list, int);
        sum += (int)va_arg(list, long double);
    }
    va_end(list);
    return sum;
}

int void_pointer_assumed(void *step, int value)
{
    ground_step *function;

    memcpy(&function, &step, sizeof(function));
    return function(value) * 2;
}
