/* SPDX-License-Identifier: MIT
 * Calls all of it, by pointers where the compiler would do it itself. */
#include <stdio.h>
#include <stdlib.h>

#include "odd.h"

static int minus(int x)
{
    return -x;
}

static int sum(int n, int row[n])
{
    int all = 0;

    for (int i = 0; i < n; i++) {
        all += row[i];
    }
    return all;
}

static int corner(int w, int table[][w])
{
    return table[1][w - 1];
}

static void case_names(void)
{
    printf("total %ld\n", odd_total(1L << 40, 5));
    printf("scale %g\n", odd_scale(4));
    odd_level = 8;
    printf("level %d\n", odd_level_get());
    printf("written %d\n", odd_written(1));
}

static void case_lengths(void)
{
    double m[3][3] = {{1, 9, 9}, {9, 2, 9}, {9, 9, 4.5}};
    int deep[2][3][5][2], grid[3][7], v[4] = {1, 2, 3, 4};
    int rows[3][4] = {{0}, {10, 11, 12, 13}, {20, 21, 22, 23}};

    for (unsigned i = 0; i < sizeof(deep) / sizeof(int); i++) {
        (&deep[0][0][0][0])[i] = (int)i;
    }
    printf("trace %g\n", odd_trace(3, m));
    printf("deep %d\n", odd_deep(5, deep, 1));
    odd_fill(3, 7, grid, 100);
    printf("fill %d %d %d\n", grid[0][0], grid[1][3], grid[2][6]);
    printf("fixed %d", odd_fixed(v, rows[0]));
    printf(" %d\n", rows[0][0]);
    printf("walk %d\n", odd_walk(4, v, sum));
    printf("table %d\n", odd_table(4, rows, corner));
    printf("rows %d\n", (*odd_rows(rows))[3]);
}

static void case_typedefs(void)
{
    printf("typedefs %d %d %d\n", odd_twice(5), odd_thrice(5), odd_fourfold(5));
    printf("apply %d %d\n", odd_apply(minus, 5), odd_apply(odd_twice, 5));
    printf("picker %d %d\n", odd_picker()(0)(5), odd_picker()(1)(5));
}

static void case_inline(void)
{
    int (*volatile clamp)(int) = odd_clamp;
    int (*volatile half)(int) = odd_half;

    printf("inline %d %d %d\n", clamp(-4), clamp(500), half(9));
}

static void case_own_names(void)
{
    const list seven = {7};

    printf("own names %d %d %d %d %d %d %d\n", frame(0), real(minus, 4),
           symbols(0), library(1, 2), runners(0), result(1, &seven),
           copies(minus, 3));
    head = 9;
    printf("head %d\n", head_get());
}

static void case_others(void)
{
    const int number = 42;
    struct entry last = {NULL, odd_thrice}, first = {&last, minus};

    printf("union %d\n", odd_union(&number));
    printf("place %ld\n", (long)odd_place(1L << 40));
    printf("complex %d\n", odd_parts(__builtin_complex(3.0, 4.0)));
    printf("registers %d\n", odd_registers(1, 2));
    printf("bracketed %d\n", odd_bracketed(0));
    printf("flags %u %u\n", odd_flags[0], odd_flags[1]);
    printf("chain %d\n", odd_chain(&first, 5));
}

int main(void)
{
    fprintf(stderr, "side: %s\n", odd_side());
    case_names();
    case_lengths();
    case_typedefs();
    case_inline();
    case_own_names();
    case_others();
    return 0;
}
