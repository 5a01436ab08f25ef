/* SPDX-License-Identifier: MIT */
#include "bench.h"

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
