/* SPDX-License-Identifier: MIT */
#include "kinds.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <thunk/protocol.h>
#include <thunk_arch_guest.h>
#include <time.h>

#include "bench.h"
#include "plain.h"

/* About a millisecond each; an emulated call may take 1 ns or 10. */
enum { CALLS = 100000, SYSCALLS = 20000, FAULTS = 2000, NESTED = 4000 };

/* Of its own for each thread: else two would wait for each other's writes. */
static _Thread_local volatile int sink;
int nested_depth = 1;

__attribute__((noinline)) static int local(int a, int b, int c)
{
    __asm__ volatile("" : "+r"(a));
    return a + b + c;
}

static int called(int value)
{
    return value;
}

static void run_loop(int count)
{
    for (int i = 0; i < count; i++) {
        sink = i;
    }
}

/* No request of anybody's: the way there and back alone. */
static void run_magic(int count)
{
    for (int i = 0; i < count; i++) {
        (void)thunk_syscall(THUNK_SYSCALL, UINT64_MAX, 0, 0, 0);
    }
}

/* run_NAME(): calls FUNCTION of three ints. */
#define RUN_CALL(name, function)                                               \
    static void run_##name(int count)                                          \
    {                                                                          \
        for (int i = 0; i < count; i++) {                                      \
            sink = function(i, 1, 2);                                          \
        }                                                                      \
    }

RUN_CALL(local, local)
RUN_CALL(library, plain_emulated)
RUN_CALL(leaf, bench_leaf)
RUN_CALL(fast, bench_fast)
RUN_CALL(syscall, bench_syscall)
RUN_CALL(plain, plain_add)

/* run_callback_NAME(): one call of FUNCTION, which makes all the callbacks. */
#define RUN_CALLBACK(name, function)                                           \
    static void run_callback_##name(int count)                                 \
    {                                                                          \
        sink = function(called, count);                                        \
    }

RUN_CALLBACK(fast, bench_call_fast)
RUN_CALLBACK(syscall, bench_call_syscall)
RUN_CALLBACK(plain, plain_call_back)

static void run_callback_fault(int count)
{
    const struct bench_operations operations = {called};

    sink = bench_call_struct(&operations, count);
}

static void run_callback_hidden(int count)
{
    sink = bench_call_hidden((const void *)(size_t)called, count);
}

static void run_hidden(int count)
{
    const struct bench_table *table = bench_table();

    for (int i = 0; i < count; i++) {
        sink = table->add(i, 1, 2);
    }
}

/* run_nested_NAME(): a call whose callback makes a call whose callback ... */
#define RUN_NESTED(name, function)                                             \
    static int nested_##name(int depth)                                        \
    {                                                                          \
        return depth > 1 ? function(nested_##name, depth - 1) : depth;         \
    }                                                                          \
    static void run_nested_##name(int count)                                   \
    {                                                                          \
        for (int i = 0; i < count; i += nested_depth) {                        \
            sink = function(nested_##name, nested_depth);                      \
        }                                                                      \
    }

RUN_NESTED(fast, bench_nest_fast)
RUN_NESTED(syscall, bench_nest_syscall)
RUN_NESTED(plain, plain_nest)

const struct kind kinds[] = {
    {"loop", run_loop, CALLS},
    {"local", run_local, CALLS},
    {"library", run_library, CALLS},
    {"magic-syscall", run_magic, SYSCALLS},
    {"instruction-leaf", run_leaf, CALLS},
    {"instruction-full", run_fast, CALLS},
    {"syscall-full", run_syscall, SYSCALLS},
    {"instruction-callback", run_callback_fast, CALLS},
    {"syscall-callback", run_callback_syscall, SYSCALLS},
    {"fault-callback", run_callback_fault, FAULTS},
    {"untyped-callback", run_callback_hidden, FAULTS},
    {"untyped-call", run_hidden, FAULTS},
    {"plain-call", run_plain, SYSCALLS},
    {"plain-callback", run_callback_plain, SYSCALLS},
};
const size_t kind_count = sizeof(kinds) / sizeof(kinds[0]);

const struct kind nested_kinds[] = {
    {"instruction-nested", run_nested_fast, NESTED},
    {"syscall-nested", run_nested_syscall, NESTED},
    {"plain-nested", run_nested_plain, NESTED},
};
const size_t nested_kind_count = sizeof(nested_kinds) / sizeof(nested_kinds[0]);

const struct kind *kind_find(const char *name)
{
    for (size_t i = 0; i < kind_count; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int number_compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

double median(double *numbers, size_t count)
{
    qsort(numbers, count, sizeof(*numbers), number_compare);
    return numbers[count / 2];
}

double kind_measure(const struct kind *kind)
{
    double start = now();

    kind->run(kind->count);
    return (now() - start) / kind->count;
}
