/* SPDX-License-Identifier: MIT
 *
 * A guest that has several stacks of its own, as programs with coroutines do:
 * calls end in another order than they began, or on another thread.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "check.h"
#include "loop.h"

enum { STACK_SIZE = 256 * 1024 };

struct coroutine {
    ucontext_t own, caller;
    long result;
    bool is_done;
    char *stack;
};

static __thread struct coroutine *current;

static void coroutine_resume(struct coroutine *coroutine)
{
    struct coroutine *before = current;

    current = coroutine;
    CHECK(swapcontext(&coroutine->caller, &coroutine->own) == 0);
    current = before;
}

static void coroutine_yield(struct coroutine *coroutine)
{
    CHECK(swapcontext(&coroutine->own, &coroutine->caller) == 0);
}

/* Called by the host: leaves the coroutine in the midst of the call. */
static long yield_visit(void *context, long value)
{
    struct coroutine *coroutine = context;

    coroutine_yield(coroutine);
    return value * 10;
}

static void coroutine_main(void)
{
    struct coroutine *coroutine = current;

    coroutine->result = loop_repeat(yield_visit, coroutine, 4);
    coroutine->is_done = true;
    coroutine_yield(coroutine);
}

static void coroutine_start(struct coroutine *coroutine)
{
    memset(coroutine, 0, sizeof(*coroutine));
    coroutine->stack = malloc(STACK_SIZE);
    CHECK(coroutine->stack != NULL && getcontext(&coroutine->own) == 0);
    coroutine->own.uc_stack.ss_sp = coroutine->stack;
    coroutine->own.uc_stack.ss_size = STACK_SIZE;
    coroutine->own.uc_link = NULL;
    makecontext(&coroutine->own, coroutine_main, 0);
    coroutine_resume(coroutine);
}

static void sanitizers_know_not(void)
{
    if (CHECK_THREAD_SANITIZER || CHECK_ADDRESS_SANITIZER) {
        check_skip("the sanitizers do not follow swapcontext()");
    }
}

/* Begun first, ended first, last, and in between. */
static void any_order(void)
{
    static const int orders[][3] = {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {1, 0, 2}};

    sanitizers_know_not();
    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        struct coroutine routines[3];

        for (int j = 0; j < 3; j++) {
            coroutine_start(&routines[j]);
        }
        for (int j = 0; j < 3; j++) {
            struct coroutine *coroutine = &routines[orders[i][j]];

            while (!coroutine->is_done) {
                CHECK_SAME(loop_add(1, 1), 2); /* others go on meanwhile */
                coroutine_resume(coroutine);
            }
            CHECK_SAME(coroutine->result, 60);
        }
        for (int j = 0; j < 3; j++) {
            free(routines[j].stack);
        }
    }
}

static void interleaved(void)
{
    enum { COUNT = 50 };
    struct coroutine routines[COUNT];
    int left = COUNT;

    sanitizers_know_not();
    srand(1);
    for (int i = 0; i < COUNT; i++) {
        coroutine_start(&routines[i]);
    }
    while (left > 0) {
        struct coroutine *coroutine = &routines[rand() % COUNT];

        if (!coroutine->is_done) {
            coroutine_resume(coroutine);
            left -= coroutine->is_done;
        }
    }
    for (int i = 0; i < COUNT; i++) {
        CHECK_SAME(routines[i].result, 60);
        free(routines[i].stack);
    }
}

static void *resume_elsewhere(void *argument)
{
    struct coroutine *coroutine = argument;

    while (!coroutine->is_done) {
        CHECK_SAME(loop_add(1, 1), 2);
        coroutine_resume(coroutine);
    }
    CHECK_SAME(loop_add(2, 2), 4);
    return NULL;
}

/* A call that begins on one thread and ends on another. */
static void another_thread(void)
{
    sanitizers_know_not();
    for (int i = 0; i < 20; i++) {
        struct coroutine coroutine;
        pthread_t thread;

        coroutine_start(&coroutine);
        CHECK(pthread_create(&thread, NULL, resume_elsewhere, &coroutine) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
        CHECK_SAME(coroutine.result, 60);
        CHECK_SAME(loop_add(1, 1), 2);
        free(coroutine.stack);
    }
}

const struct check_test order_tests[] = {
    {"any_order", any_order},
    {"interleaved", interleaved},
    {"another_thread", another_thread},
    {NULL, NULL},
};
