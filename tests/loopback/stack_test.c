/* SPDX-License-Identifier: MIT
 * Where the host's stacks come from and where they go. */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "loop.h"
#include "maps.h"

static void deep(void)
{
    CHECK_SAME(loop_deep(1), 1);
    CHECK_SAME(loop_deep(6 * 1024), 6 * 1024);
    CHECK_SAME(loop_add(1, 1), 2);
}

static void overflow(void)
{
    loop_deep(64 * 1024);
}

/* It meets the guard page and ends there. */
static void overflow_ends_the_process(void)
{
    struct check_child child = check_child_run(overflow);

    CHECK(check_child_died(&child, SIGSEGV));
}

/* No memory for the stack of a call inside a callback. */
static long refused_visit(void *context, long value)
{
    struct rlimit limit = {.rlim_cur = 1, .rlim_max = 1};

    (void)context;
    CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
    return loop_add(value, 1);
}

static void refused(void)
{
    struct rlimit core = {0};

    setrlimit(RLIMIT_CORE, &core);
    CHECK_SAME(loop_add(1, 1), 2); /* found, and its message is not needed */
    loop_call(refused_visit, NULL, 1);
}

static void refusal_is_told(void)
{
    struct check_child child;

    if (check_is_emulated()) {
        check_skip("QEMU does not limit the guest's address space");
    }
    if (CHECK_ADDRESS_SANITIZER || CHECK_THREAD_SANITIZER) {
        check_skip("a sanitizer needs address space");
    }
    child = check_child_run(refused);
    CHECK(check_child_died(&child, SIGSEGV));
    CHECK(strstr(child.errors, "loop_add: no memory for a host stack") != NULL);
}

static long nest(void *context, long depth)
{
    return depth == 0 ? 0 : loop_call(nest, context, depth - 1);
}

static void *thread_calls(void *argument)
{
    CHECK_SAME(loop_call(nest, NULL, 4), 5);
    return argument;
}

static void threads_run(void *(*function)(void *), int count)
{
    for (int i = 0; i < count; i++) {
        pthread_t thread;

        CHECK(pthread_create(&thread, NULL, function, NULL) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
    }
}

/* A thread that ends leaves its stacks to those that come. */
static void thread_exit(void)
{
    size_t before;

    threads_run(thread_calls, 10);
    before = maps_count_stacks();
    threads_run(thread_calls, 200);
    CHECK(before > 0);
    CHECK_SAME(maps_count_stacks(), before);
}

/* More than are kept warm at a time. */
static void *thread_waits(void *argument)
{
    CHECK_SAME(loop_call(nest, NULL, 10), 11);
    pthread_barrier_wait(argument);
    CHECK(loop_deep(100) != 0);
    return NULL;
}

static void many_thread_exits(void)
{
    enum { COUNT = 16 };
    size_t before = 0;

    for (int round = 0; round < 5; round++) {
        pthread_barrier_t barrier;
        pthread_t threads[COUNT];

        CHECK(pthread_barrier_init(&barrier, NULL, COUNT) == 0);
        for (int i = 0; i < COUNT; i++) {
            CHECK(pthread_create(&threads[i], NULL, thread_waits, &barrier) ==
                  0);
        }
        for (int i = 0; i < COUNT; i++) {
            CHECK(pthread_join(threads[i], NULL) == 0);
        }
        pthread_barrier_destroy(&barrier);
        if (round == 1) {
            before = maps_count_stacks();
        }
    }
    CHECK(before >= COUNT * 11);
    CHECK_SAME(maps_count_stacks(), before);
}

static void emulators_know_not(void)
{
    if (check_is_emulated()) {
        check_skip("QEMU has no process_vm_readv()");
    }
}

static jmp_buf escape;

static long jump_visit(void *context, long value)
{
    (void)context;
    if (value == 0) {
        longjmp(escape, 1);
    }
    return loop_call(jump_visit, NULL, value - 1);
}

/* A guest that leaves callbacks by longjmp, one or several at a time. */
static void abandoned_by_jump(void)
{
    volatile size_t before = 0;

    emulators_know_not();
    for (volatile int i = 0; i < 2000; i++) {
        if (i == 100) {
            before = maps_count_stacks();
        }
        if (setjmp(escape) == 0) {
            loop_call(jump_visit, NULL, i % 4);
        }
        CHECK_SAME(loop_add(i, 1), i + 1);
    }
    CHECK(maps_count_stacks() <= before + 20);
}

static long exit_visit(void *context, long value)
{
    if (value == 0) {
        pthread_exit(context);
    }
    return loop_call(exit_visit, context, value - 1);
}

static void *thread_ends_inside(void *argument)
{
    loop_call(exit_visit, NULL, 2);
    return argument;
}

static void abandoned_by_thread_exit(void)
{
    size_t before;

    emulators_know_not();
    if (CHECK_THREAD_SANITIZER || CHECK_ADDRESS_SANITIZER) {
        check_skip("the sanitizers see only the thread's own stack");
    }
    threads_run(thread_ends_inside, 50);
    before = maps_count_stacks();
    threads_run(thread_ends_inside, 400);
    CHECK(maps_count_stacks() <= before + 20);
}

/* A live call is never taken for an abandoned one: a deep nest, with others
 * abandoned on the way, so that there is a search at many depths. */
static long mixed_visit(void *context, long depth)
{
    volatile long sum = 0;

    if (setjmp(escape) == 0) {
        loop_call(jump_visit, NULL, 1);
    }
    if (depth > 0) {
        sum = loop_call(mixed_visit, context, depth - 1);
    }
    return sum + loop_add(depth, 0);
}

static void live_among_abandoned(void)
{
    for (int i = 0; i < 5; i++) {
        CHECK_SAME(loop_call(mixed_visit, NULL, 60), 60 * 61 / 2 + 61);
    }
}

static volatile bool is_over;

static void *thread_hammers(void *argument)
{
    while (!is_over) {
        CHECK_SAME(loop_call(nest, NULL, 3), 4);
        threads_run(thread_calls, 1);
    }
    return argument;
}

/* A child of fork() has one thread and all of its parent's memory. */
static void forks(void)
{
    pthread_t threads[3];

    if (CHECK_THREAD_SANITIZER || CHECK_ADDRESS_SANITIZER ||
        check_is_emulated()) {
        check_skip("neither the sanitizers nor QEMU fork well with threads");
    }
    for (int i = 0; i < 3; i++) {
        CHECK(pthread_create(&threads[i], NULL, thread_hammers, NULL) == 0);
    }
    for (int i = 0; i < 50; i++) {
        int status;
        pid_t child = fork();

        CHECK(child >= 0);
        if (child == 0) {
            alarm(20);
            CHECK_SAME(loop_call(nest, NULL, 20), 21);
            threads_run(thread_calls, 2);
            _exit(0);
        }
        CHECK(waitpid(child, &status, 0) == child);
        CHECK_SAME(status, 0);
    }
    is_over = true;
    for (int i = 0; i < 3; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
}

const struct check_test stack_tests[] = {
    {"deep", deep},
    {"overflow_ends_the_process", overflow_ends_the_process},
    {"refusal_is_told", refusal_is_told},
    {"thread_exit", thread_exit},
    {"many_thread_exits", many_thread_exits},
    {"abandoned_by_jump", abandoned_by_jump},
    {"abandoned_by_thread_exit", abandoned_by_thread_exit},
    {"live_among_abandoned", live_among_abandoned},
    {"forks", forks},
    {NULL, NULL},
};
