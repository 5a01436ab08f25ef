/* SPDX-License-Identifier: MIT
 * Functions that do nothing, to measure the way to them. */
#ifndef BENCH_H
#define BENCH_H

typedef int (*bench_callback)(int value);

/* The same function, with another way in each in bench.yml. */
int bench_leaf(int a, int b, int c);
int bench_fast(int a, int b, int c);
int bench_syscall(int a, int b, int c);

/* The host finds the callback in here by itself: its call faults. */
struct bench_operations {
    bench_callback callback;
};

int bench_call_struct(const struct bench_operations *operations, int count);

/* Functions that cross where no type tells of them: calls either way fault. */
struct bench_table {
    int (*add)(int a, int b, int c);
};

const struct bench_table *bench_table(void);
int bench_call_hidden(const void *callback, int count);

/* Calls back `count` times. */
int bench_call_fast(bench_callback callback, int count);
int bench_call_syscall(bench_callback callback, int count);

/* Calls callback(depth) once. A callback that calls this again, with one less,
 * makes a call inside a callback inside a call ... */
int bench_nest_fast(bench_callback callback, int depth);
int bench_nest_syscall(bench_callback callback, int depth);

#endif
