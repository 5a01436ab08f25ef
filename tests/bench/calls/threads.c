/* SPDX-License-Identifier: MIT
 * What calls cost on several threads. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kinds.h"

enum { THREADS = 64, ROUNDS_MAX = 99 };

static void fail(const char *what)
{
    fprintf(stderr, "bench-calls: %s\n", what);
    exit(1);
}

static void thread_start(pthread_t *thread, void *(*run)(void *), void *data)
{
    if (pthread_create(thread, NULL, run, data) != 0) {
        fail("no more threads");
    }
}

/* ---- two threads over one ---- */

struct worker {
    const struct kind *kind;
    int repeats;
    pthread_barrier_t *barrier;
    double start, end;
    pthread_t thread;
};

static void *worker_run(void *data)
{
    struct worker *worker = data;

    worker->kind->run(worker->kind->count); /* to warm up */
    pthread_barrier_wait(worker->barrier);
    worker->start = now();
    for (int i = 0; i < worker->repeats; i++) {
        worker->kind->run(worker->kind->count);
    }
    worker->end = now();
    return NULL;
}

/* Calls per nanosecond of all threads together. */
static double speed(const struct kind *kind, int repeats, unsigned count)
{
    struct worker workers[2];
    pthread_barrier_t barrier;
    double start = 0, end = 0;

    pthread_barrier_init(&barrier, NULL, count);
    for (unsigned i = 0; i < count; i++) {
        workers[i] = (struct worker){kind, repeats, &barrier, 0, 0, 0};
        thread_start(&workers[i].thread, worker_run, &workers[i]);
    }
    for (unsigned i = 0; i < count; i++) {
        pthread_join(workers[i].thread, NULL);
        start = i == 0 || workers[i].start < start ? workers[i].start : start;
        end = workers[i].end > end ? workers[i].end : end;
    }
    pthread_barrier_destroy(&barrier);
    return (double)count * repeats * kind->count / (end - start);
}

void threads_scale(int rounds)
{
    static const char *const names[] = {
        "local",        "magic-syscall", "instruction-leaf", "instruction-full",
        "syscall-full", "plain-call",
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const struct kind *kind = kind_find(names[i]);
        double ratios[ROUNDS_MAX];
        double once = (kind_measure(kind), kind_measure(kind)) * kind->count;
        int repeats = 1 + (int)(10e6 / once); /* 10 ms */

        for (int round = 0; round < rounds; round++) {
            double one = speed(kind, repeats, 1);

            ratios[round] = speed(kind, repeats, 2) / one;
        }
        printf("%s %.3f\n", kind->name, median(ratios, (size_t)rounds));
    }
}

/* ---- the first call of a thread ---- */

/* Threads that wait for their turn, make a call, and stay. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    const struct kind *kind;
    int started; /* threads that are there */
    int turn;    /* threads that may have made their call */
    int done;    /* threads that have */
    int leave;
    double times[THREADS];
} crowd = {.lock = PTHREAD_MUTEX_INITIALIZER,
           .changed = PTHREAD_COND_INITIALIZER};

/* Waits until *counter is at least that; the lock is held. */
static void crowd_await(const int *counter, int value)
{
    pthread_cond_broadcast(&crowd.changed);
    while (*counter < value) {
        pthread_cond_wait(&crowd.changed, &crowd.lock);
    }
}

static void *crowd_run(void *data)
{
    double start = now(), end;
    int number;

    (void)data;
    kind_find("local")->run(1);
    kind_find("magic-syscall")->run(1);
    pthread_mutex_lock(&crowd.lock);
    number = crowd.started++;
    crowd_await(&crowd.turn, number + 1);
    pthread_mutex_unlock(&crowd.lock);

    start = now();
    crowd.kind->run(1);
    end = now();

    pthread_mutex_lock(&crowd.lock);
    crowd.times[number] = end - start;
    crowd.done++;
    crowd_await(&crowd.leave, 1);
    pthread_mutex_unlock(&crowd.lock);
    return NULL;
}

/* Memory of the process that exists, in KiB: exactly, where VmRSS in
 * /proc/self/status is a few pages a thread behind. */
static double resident(void)
{
    FILE *file = fopen("/proc/self/smaps_rollup", "r");
    char line[256];
    double kib = 0;

    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        if (sscanf(line, "Rss: %lf", &kib) == 1) {
            break;
        }
    }
    if (file == NULL || kib == 0) {
        fail("no Rss in /proc/self/smaps_rollup");
    }
    fclose(file);
    return kib;
}

/* One after another, all alive at the end: times, and KiB for each thread,
 * without and for its call. */
static void crowd_measure(double *thread_kib, double *call_kib)
{
    static pthread_t threads[THREADS];
    double before = resident(), idle;

    crowd.started = crowd.turn = crowd.done = crowd.leave = 0;
    pthread_mutex_lock(&crowd.lock);
    for (int i = 0; i < THREADS; i++) {
        thread_start(&threads[i], crowd_run, NULL);
        crowd_await(&crowd.started, i + 1);
    }
    idle = resident();
    for (int i = 0; i < THREADS; i++) {
        crowd.turn++;
        crowd_await(&crowd.done, i + 1);
    }
    *thread_kib = (idle - before) / THREADS;
    *call_kib = (resident() - idle) / THREADS;
    crowd.leave = 1;
    pthread_cond_broadcast(&crowd.changed);
    pthread_mutex_unlock(&crowd.lock);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
}

void threads_begin(const struct kind *kind)
{
    double thread_kib, call_kib, again_kib;

    kind->run(1); /* what a process does once */
    crowd.kind = kind;
    resident();
    crowd_measure(&thread_kib, &call_kib);
    printf("first-call %.0f\n", median(crowd.times, THREADS));
    printf("thread-kib %.2f\ncall-kib %.2f\n", thread_kib, call_kib);
    crowd_measure(&thread_kib, &again_kib);
    printf("next-first-call %.0f\n", median(crowd.times, THREADS));
}
