/* SPDX-License-Identifier: MIT */
#include "crew.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct worker {
    pthread_t thread;
    struct crew *crew;
    pthread_mutex_t lock; /* recursive: its owner is this thread */
    long number;
    long sum;
    long mistakes;
};

struct crew {
    long n_workers;
    long calls;
    crew_work work;
    void *context;
    int is_stopped;
    struct worker workers[];
};

static __thread struct worker *self;

_Thread_local long crew_mark = 1;

static void *worker_main(void *argument)
{
    struct worker *worker = argument;
    struct crew *crew = worker->crew;

    self = worker;
    while (crew->work == NULL &&
           !__atomic_load_n(&crew->is_stopped, __ATOMIC_RELAXED)) {
        usleep(1000);
    }
    for (long i = 0; i < crew->calls; i++) {
        if (__atomic_load_n(&crew->is_stopped, __ATOMIC_RELAXED)) {
            break;
        }
        pthread_mutex_lock(&worker->lock);
        errno = (int)(i % 100 + 1);
        crew_mark = 2 * i;
        worker->sum += crew->work(crew->context, worker->number, i);
        worker->mistakes += errno != i % 50 + 1;
        worker->mistakes += crew_mark != 2 * i + 1;
        pthread_mutex_unlock(&worker->lock);
    }
    return NULL;
}

struct crew *crew_start(long workers, long calls, crew_work work, void *context)
{
    struct crew *crew =
        calloc(1, sizeof(*crew) + (size_t)workers * sizeof(struct worker));
    pthread_mutexattr_t recursive;

    if (crew == NULL) {
        return NULL;
    }
    crew->n_workers = workers;
    crew->calls = calls;
    crew->work = work;
    crew->context = context;
    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    for (long i = 0; i < workers; i++) {
        struct worker *worker = &crew->workers[i];

        worker->crew = crew;
        worker->number = i;
        pthread_mutex_init(&worker->lock, &recursive);
        if (pthread_create(&worker->thread, NULL, worker_main, worker) != 0) {
            abort();
        }
    }
    pthread_mutexattr_destroy(&recursive);
    return crew;
}

void crew_stop(struct crew *crew)
{
    __atomic_store_n(&crew->is_stopped, 1, __ATOMIC_RELAXED);
}

long crew_join(struct crew *crew, long *mistakes)
{
    long sum = 0;

    *mistakes = 0;
    for (long i = 0; i < crew->n_workers; i++) {
        pthread_join(crew->workers[i].thread, NULL);
        sum += crew->workers[i].sum;
        *mistakes += crew->workers[i].mistakes;
    }
    free(crew);
    return sum;
}

long crew_queue(long workers, crew_work work, void *context)
{
    long sum = 0;

    for (long i = 0; i < workers; i++) {
        long mistakes;

        sum += crew_join(crew_start(1, 1, work, context), &mistakes);
    }
    return sum;
}

struct crew *crew_order(long workers, long calls,
                        const struct crew_orders *orders)
{
    return crew_start(workers, calls, orders->work, orders->context);
}

long crew_self(void)
{
    return self == NULL ? -1 : self->number;
}

long crew_nest(crew_work work, void *context, long number)
{
    long result;

    if (self == NULL || pthread_mutex_trylock(&self->lock) != 0) {
        return -1;
    }
    result = work(context, self->number, number);
    pthread_mutex_unlock(&self->lock);
    return result;
}

long crew_add(long a, long b)
{
    return a + b;
}
