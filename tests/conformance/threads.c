/* SPDX-License-Identifier: MIT
 * Threads of the library's own; tests/threads has more of them. */
#include "cases.h"
#include "conform.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum { WORKERS = 4, CALLS = 500 };

static long disorders;

static __thread struct {
    long next;
    long worker;
    bool is_known;
} self;

static void check(bool holds)
{
    if (!holds) {
        __atomic_fetch_add(&disorders, 1, __ATOMIC_RELAXED);
    }
}

static long work(void *context, long value)
{
    long worker = value / CALLS;

    check(context == &disorders);
    check(!self.is_known || self.worker == worker);
    check(self.next == value % CALLS);
    check(conform_crew_self() == worker);
    self.worker = worker;
    self.is_known = true;
    self.next++;
    return value;
}

static long crew_await(struct conform_crew *crew)
{
    while (!conform_crew_is_done(crew)) {
        usleep(100);
    }
    return conform_crew_join(crew);
}

static long plain(void *context, long value)
{
    (void)context;
    check(conform_crew_self() == -1);
    return value;
}

static void host_threads(void)
{
    struct conform_crew *crew =
        conform_crew_start(WORKERS, CALLS, work, &disorders);
    long own = 0;

    /* Meanwhile this one goes on. */
    for (long i = 0; i < 1000; i++) {
        own += conform_argument(plain, NULL, i) == i + 1;
    }
    printf("%ld %ld\n", own, crew_await(crew));
    printf("%ld\n", disorders);
}

static void host_threads_in_order(void)
{
    long sum = 0;

    for (int i = 0; i < 5; i++) {
        sum += crew_await(conform_crew_start(WORKERS, CALLS, work, &disorders));
    }
    printf("%ld %ld\n", sum, disorders);
}

static long endless(void *context, long value)
{
    __atomic_fetch_add((long *)context, 1, __ATOMIC_RELAXED);
    return conform_argument(work, &disorders, value);
}

static void host_threads_at_exit(void)
{
    long calls = 0;
    struct conform_crew *crew =
        conform_crew_start(WORKERS, 1L << 40, endless, &calls);

    while (__atomic_load_n(&calls, __ATOMIC_RELAXED) < 100) {
        (void)conform_crew_is_done(crew);
    }
    printf("ends\n");
    exit(7);
}

const struct test_case thread_cases[] = {
    {"host_threads", host_threads},
    {"host_threads_in_order", host_threads_in_order},
    {"host_threads_at_exit", host_threads_at_exit},
    {NULL, NULL},
};
