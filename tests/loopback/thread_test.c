/* SPDX-License-Identifier: MIT
 * Many threads at once. */
#include <pthread.h>
#include <stdint.h>

#include "check.h"
#include "loop.h"

enum { THREADS = 64 };

static pthread_barrier_t barrier;

static long nest(void *context, long depth)
{
    *(long *)context += 1;
    return depth == 0 ? 0 : loop_call(nest, context, depth - 1);
}

static void *thread_hammers(void *argument)
{
    long rounds = check_is_emulated() ? 20 : 200;
    long visits = 0;
    long number = (long)(intptr_t)argument;

    pthread_barrier_wait(&barrier); /* so that all attach at once */
    for (long i = 0; i < rounds; i++) {
        CHECK_SAME(loop_add(number, i), number + i);
        CHECK_SAME(loop_call(nest, &visits, i % 5), i % 5 + 1);
    }
    CHECK_SAME(visits, rounds / 5 * 15);
    return NULL;
}

static void hammer(void)
{
    pthread_t threads[THREADS];

    CHECK(pthread_barrier_init(&barrier, NULL, THREADS) == 0);
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, thread_hammers,
                             (void *)(intptr_t)i) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
}

const struct check_test thread_tests[] = {
    {"hammer", hammer},
    {NULL, NULL},
};
