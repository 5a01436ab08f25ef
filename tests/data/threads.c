/* SPDX-License-Identifier: MIT
 * Thread-local variables, in the first thread and in others. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

#include "program.h"
#include "store.h"

static pthread_barrier_t turn;

static void show(const char *who, const char *when)
{
    printf("%s, %s: %d %.9s %ld\n", who, when, store_errno, store_locale,
           store_seed);
}

static void visit(int value)
{
    printf("visit: %d %d\n", value, store_errno);
    store_errno *= 3; /* seen by the library when it goes on */
}

static void visit_nested(int value)
{
    printf("nested: %d %d\n", value, store_errno);
    printf("nested: %d\n", store_fail(7));
    printf("nested: %d\n", store_errno);
    store_errno++;
}

/* What a thread does with its own. */
static void *work(void *argument)
{
    const char *who = argument;
    static char mine[] = "what this thread says";

    show(who, "first");
    store_errno = 10;
    printf("%s: %d\n", who, store_fail(1));
    show(who, "both wrote");
    store_locale = mine;
    store_seed = -1; /* the library's stays */
    printf("%s: %d\n", who, store_fail(-3));
    show(who, "it wrote");
    printf("%s: %d\n", who, store_fail_visit(visit));
    printf("%s: %d\n", who, store_fail_visit(visit_nested));
    show(who, "it was visited");
    printf("%s: %d\n", who,
           dlsym(RTLD_DEFAULT, "store_errno") == (void *)&store_errno);
    return NULL;
}

/* Lives as long as others do, so that each has its own. */
static void *wait(void *argument)
{
    store_errno = 4;
    printf("%d\n", store_fail(1));
    pthread_barrier_wait(&turn);
    pthread_barrier_wait(&turn);
    show(argument, "others have come and gone");
    return NULL;
}

static void run(pthread_t *thread, void *(*function)(void *), const char *who)
{
    if (pthread_create(thread, NULL, function, (void *)(size_t)who) != 0) {
        printf("no thread\n");
    }
}

void thread(void)
{
    work((void *)(size_t) "main");
}

void threads(void)
{
    pthread_t waiting, working;

    pthread_barrier_init(&turn, NULL, 2);
    run(&working, work, "second");
    pthread_join(working, NULL);
    run(&waiting, wait, "waiting");
    pthread_barrier_wait(&turn);
    run(&working, work, "third");
    pthread_join(working, NULL);
    pthread_barrier_wait(&turn);
    pthread_join(waiting, NULL);
    show("main", "again");
}
