/* SPDX-License-Identifier: MIT
 * What waits: the library's own threads, and calls that block. */
#include "conform.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct worker {
    pthread_t thread;
    struct conform_crew *crew;
    long number;
    long sum;
};

struct conform_crew {
    long threads;
    long calls;
    long done;
    conform_visit visit;
    void *context;
    struct worker workers[];
};

static __thread struct worker *self;

static void *worker_main(void *argument)
{
    struct worker *worker = argument;
    struct conform_crew *crew = worker->crew;

    self = worker;
    for (long i = 0; i < crew->calls; i++) {
        worker->sum +=
            crew->visit(crew->context, worker->number * crew->calls + i);
    }
    __atomic_fetch_add(&crew->done, 1, __ATOMIC_RELEASE);
    return NULL;
}

struct conform_crew *conform_crew_start(long threads, long calls,
                                        conform_visit visit, void *context)
{
    struct conform_crew *crew =
        calloc(1, sizeof(*crew) + (size_t)threads * sizeof(struct worker));

    if (crew == NULL) {
        return NULL;
    }
    crew->threads = threads;
    crew->calls = calls;
    crew->visit = visit;
    crew->context = context;
    for (long i = 0; i < threads; i++) {
        struct worker *worker = &crew->workers[i];

        worker->crew = crew;
        worker->number = i;
        if (pthread_create(&worker->thread, NULL, worker_main, worker) != 0) {
            abort();
        }
    }
    return crew;
}

int conform_crew_is_done(struct conform_crew *crew)
{
    return __atomic_load_n(&crew->done, __ATOMIC_ACQUIRE) == crew->threads;
}

long conform_crew_join(struct conform_crew *crew)
{
    long sum = 0;

    for (long i = 0; i < crew->threads; i++) {
        pthread_join(crew->workers[i].thread, NULL);
        sum += crew->workers[i].sum;
    }
    free(crew);
    return sum;
}

long conform_crew_self(void)
{
    return self == NULL ? -1 : self->number;
}

int conform_read(int file)
{
    unsigned char byte;
    ssize_t got = read(file, &byte, 1);

    return got == 1 ? byte : got == 0 ? -1 : -errno;
}

int conform_read_on(int file)
{
    int got;

    do {
        got = conform_read(file);
    } while (got == -EINTR);
    return got;
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time); /* of the vDSO */
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

int conform_read_late(int file, long milliseconds)
{
    double start = now();

    while (now() - start < (double)milliseconds) {
    }
    return conform_read_on(file);
}

int conform_sleep(long milliseconds)
{
    const struct timespec time = {milliseconds / 1000,
                                  milliseconds % 1000 * 1000000};

    return nanosleep(&time, NULL) == 0 ? 0 : -errno;
}

static sem_t posted;
static pthread_once_t posted_once = PTHREAD_ONCE_INIT;

static void posted_make(void)
{
    sem_init(&posted, 0, 0);
}

void conform_wait(void)
{
    pthread_once(&posted_once, posted_make);
    while (sem_wait(&posted) != 0) {
    }
}

void conform_post(void)
{
    pthread_once(&posted_once, posted_make);
    sem_post(&posted);
}

long conform_work(long rounds)
{
    volatile unsigned long state = 1;

    for (long i = 0; i < rounds; i++) {
        state = state * 6364136223846793005UL + 1442695040888963407UL;
    }
    return (long)(state >> 33);
}
