/* SPDX-License-Identifier: MIT
 *
 * Prints what a call of each kind costs, in nanoseconds: NAME VALUE. One round
 * of short runs after another, the median of each kind, so that a machine that
 * is busy for a while shows in no figure alone.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <thunk/protocol.h>
#include <thunk_arch_guest.h>
#include <time.h>

#include "bench.h"

enum {
    ROUNDS = 15,
    CALLS = 200000,
    SYSCALLS = 40000,
    FAULTS = 4000,
    THREADS = 20
};

__attribute__((noinline)) static int local(int a, int b, int c)
{
    __asm__ volatile("" : "+r"(a));
    return a + b + c;
}

static int called(int value)
{
    return value;
}

static volatile int sink;

static void run_local(int count)
{
    for (int i = 0; i < count; i++) {
        sink = local(i, 1, 2);
    }
}

static void run_loop(int count)
{
    for (int i = 0; i < count; i++) {
        sink = i;
    }
}

static void run_leaf(int count)
{
    for (int i = 0; i < count; i++) {
        sink = bench_leaf(i, 1, 2);
    }
}

static void run_fast(int count)
{
    for (int i = 0; i < count; i++) {
        sink = bench_fast(i, 1, 2);
    }
}

static void run_syscall(int count)
{
    for (int i = 0; i < count; i++) {
        sink = bench_syscall(i, 1, 2);
    }
}

/* No request of anybody's: the way there and back alone. */
static void run_magic(int count)
{
    for (int i = 0; i < count; i++) {
        (void)thunk_syscall(THUNK_SYSCALL, UINT64_MAX, 0, 0, 0);
    }
}

static void run_callback_fast(int count)
{
    sink = bench_call_fast(called, count);
}

static void run_callback_syscall(int count)
{
    sink = bench_call_syscall(called, count);
}

static void run_callback_fault(int count)
{
    const struct bench_operations operations = {called};

    sink = bench_call_struct(&operations, count);
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void *first_call(void *nanoseconds)
{
    double start = now();

    sink = bench_syscall(1, 2, 3);
    *(double *)nanoseconds = now() - start;
    return NULL;
}

static int number_compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

static double median(double *numbers, size_t count)
{
    qsort(numbers, count, sizeof(*numbers), number_compare);
    return numbers[count / 2];
}

static const struct {
    const char *name;
    void (*run)(int count);
    int count;
} kinds[] = {
    {"loop", run_loop, CALLS},
    {"local", run_local, CALLS},
    {"magic-syscall", run_magic, SYSCALLS},
    {"instruction-leaf", run_leaf, CALLS},
    {"instruction-full", run_fast, CALLS},
    {"syscall-full", run_syscall, SYSCALLS},
    {"instruction-callback", run_callback_fast, CALLS},
    {"syscall-callback", run_callback_syscall, SYSCALLS},
    {"fault-callback", run_callback_fault, FAULTS},
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

int main(void)
{
    static double times[KINDS][ROUNDS];
    double first[THREADS];

    for (int round = -1; round < ROUNDS; round++) { /* -1: to warm up */
        for (int kind = 0; kind < KINDS; kind++) {
            double start = now();

            kinds[kind].run(kinds[kind].count);
            times[kind][round < 0 ? 0 : round] =
                (now() - start) / kinds[kind].count;
        }
    }
    for (int kind = 0; kind < KINDS; kind++) {
        printf("%s %.2f\n", kinds[kind].name, median(times[kind], ROUNDS));
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_t thread;

        if (pthread_create(&thread, NULL, first_call, &first[i]) != 0) {
            return 1;
        }
        pthread_join(thread, NULL);
    }
    printf("first-call-on-a-thread %.0f\n", median(first, THREADS));
    return 0;
}
