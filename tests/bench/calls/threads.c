/* SPDX-License-Identifier: MIT
 * What calls cost on several threads. */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

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

enum { TRIES = 10 };

struct worker {
    const struct kind *kind;
    int repeats;
    int *missing;     /* workers that are not there yet */
    bool interrupted; /* the kernel gave its processor to somebody else */
    double start, end;
    pthread_t thread;
};

static long thread_interruptions(void)
{
    struct rusage usage = {0};

    getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_nivcsw;
}

static void *worker_run(void *data)
{
    struct worker *worker = data;
    long before;

    worker->kind->run(worker->kind->count); /* to warm up */
    before = thread_interruptions();
    __atomic_sub_fetch(worker->missing, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(worker->missing, __ATOMIC_SEQ_CST) > 0) {
        /* Asleep it would not start at once. */
    }
    worker->start = now();
    for (int i = 0; i < worker->repeats; i++) {
        worker->kind->run(worker->kind->count);
    }
    worker->end = now();
    worker->interrupted = thread_interruptions() != before;
    return NULL;
}

/* Calls per nanosecond of all threads together. */
static double speed(const struct kind *kind, int repeats, int count,
                    bool *is_quiet)
{
    struct worker workers[2];
    int missing = count;
    double start = 0, end = 0;

    for (int i = 0; i < count; i++) {
        workers[i] = (struct worker){kind, repeats, &missing, false, 0, 0, 0};
        thread_start(&workers[i].thread, worker_run, &workers[i]);
    }
    for (int i = 0; i < count; i++) {
        pthread_join(workers[i].thread, NULL);
        start = i == 0 || workers[i].start < start ? workers[i].start : start;
        end = workers[i].end > end ? workers[i].end : end;
        *is_quiet = *is_quiet && !workers[i].interrupted;
    }
    return (double)count * repeats * kind->count / (end - start);
}

/* Two threads over one, by short runs in turn: NAME RATIO if any run was quiet,
 * and always NAME-quiet with how many were. A run in which somebody else took a
 * processor says nothing; one in which threads wait for each other is what is
 * looked for, and is no interruption. */
static void scale_print(const struct kind *kind, int rounds)
{
    double ratios[ROUNDS_MAX];
    double once = (kind_measure(kind), kind_measure(kind)) * kind->count;
    int repeats = 1 + (int)(2e6 / once); /* 2 ms */
    int quiet = 0;

    for (int try = 0; quiet < rounds && try < rounds * TRIES; try++) {
        bool is_quiet = true;
        double one = speed(kind, repeats, 1, &is_quiet);
        double two = speed(kind, repeats, 2, &is_quiet);

        if (is_quiet) {
            ratios[quiet++] = two / one;
        }
    }
    if (quiet > 0) {
        printf("%s %.3f\n", kind->name, median(ratios, (size_t)quiet));
    }
    printf("%s-quiet %d\n", kind->name, quiet);
}

void threads_scale(int rounds)
{
    static const char *const names[] = {
        "local",
        "magic-syscall",
        "instruction-leaf",
        "instruction-full",
        "instruction-callback",
        "syscall-full",
        "syscall-callback",
        "plain-call",
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        scale_print(kind_find(names[i]), rounds);
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
