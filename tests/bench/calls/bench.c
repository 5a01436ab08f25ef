/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include <stddef.h>

int bench_leaf(int a, int b, int c)
{
    return a + b + c;
}

int bench_fast(int a, int b, int c)
{
    return a + b + c;
}

int bench_syscall(int a, int b, int c)
{
    return a + b + c;
}

static int repeat(bench_callback callback, int count)
{
    int sum = 0;

    for (int i = 0; i < count; i++) {
        sum += callback(i);
    }
    return sum;
}

int bench_call_struct(const struct bench_operations *operations, int count)
{
    return repeat(operations->callback, count);
}

const struct bench_table *bench_table(void)
{
    static const struct bench_table table = {bench_syscall};

    return &table;
}

int bench_call_hidden(const void *callback, int count)
{
    return repeat((bench_callback)(size_t)callback, count);
}

int bench_call_fast(bench_callback callback, int count)
{
    return repeat(callback, count);
}

int bench_call_syscall(bench_callback callback, int count)
{
    return repeat(callback, count);
}

int bench_nest_fast(bench_callback callback, int depth)
{
    return callback(depth);
}

int bench_nest_syscall(bench_callback callback, int depth)
{
    return callback(depth);
}
