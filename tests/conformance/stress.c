/* SPDX-License-Identifier: MIT
 *
 * Many threads that do all of it at once, with jumps out of callbacks and
 * signals in between. Every result is checked; a thread that stands still, a
 * wrong answer, or memory that grows ends it with a word.
 */
#include "cases.h"
#include "conform.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum {
    THREADS = 64,
    PATIENCE = 30,       /* seconds that a thread may stand still */
    REBIRTH = 20 * 1000, /* rounds, about, until a thread ends itself */
    INTERVAL = 1000,     /* microseconds between two signals */
    GROWTH = 64 * 1024,  /* KiB, resident */
};

static struct thread {
    pthread_t thread;
    unsigned state;
    unsigned long rounds;
    unsigned long jumps;
    unsigned long wrong;
    bool is_gone; /* by pthread_exit */
} threads[THREADS];

static bool is_over;
static unsigned long signals;
static unsigned long rebirths;

static __thread struct thread *self;
static __thread jmp_buf place;
static __thread sigjmp_buf signal_place;
static __thread volatile sig_atomic_t may_jump;

static unsigned chance(unsigned below)
{
    self->state = self->state * 1103515245U + 12345U;
    return (self->state >> 16) % below;
}

static void check(bool holds)
{
    if (!holds) {
        __atomic_fetch_add(&self->wrong, 1, __ATOMIC_RELAXED);
    }
}

static long plus(void *context, long value)
{
    (void)context;
    return value + 1;
}

/* Down to depth 0, where it may leap all the way back. */
static long descend(void *context, long depth)
{
    if (depth > 0) {
        return conform_argument(descend, context, depth - 1);
    }
    if (chance(2) == 0) {
        longjmp(place, 1);
    }
    return 0;
}

static void calls_nest(void)
{
    long depth = (long)chance(12);

    if (setjmp(place) == 0) {
        check(conform_argument(descend, NULL, depth) == depth + 1);
    } else {
        self->jumps++;
    }
}

static long keep_errno(void *context, long value)
{
    (void)context;
    errno = (int)value + 1;
    return 0;
}

static void errno_round(void)
{
    int before = (int)chance(100) + 1;

    check(conform_errno(keep_errno, NULL, before) == before + 1);
    check(errno == before + 1);
}

struct bytes {
    long left;
};

static long bytes_read(void *context, char *to, long size)
{
    struct bytes *bytes = context;
    long got = bytes->left < size ? bytes->left : size;

    memset(to, 1, (size_t)got);
    bytes->left -= got;
    return got;
}

static int bytes_seek(void *context, long to)
{
    struct bytes *bytes = context;

    bytes->left = to;
    return 0;
}

static const struct conform_operations operations = {bytes_read, bytes_seek,
                                                     NULL};

static void streams(void)
{
    struct bytes bytes = {0};
    struct conform_stream *stream = conform_open(&operations, &bytes);
    long length = (long)chance(100);

    check(conform_sum(stream, length) == length);
    conform_close(stream);
}

static void pointers(void)
{
    int which = (int)chance(4);
    conform_visit visit = conform_return(which);
    conform_visit found = NULL;

    check(visit(NULL, 1) == 101 + which);
    check(conform_out(which, &found) == 0 && found == visit);
    check(conform_same(plus, plus) == 1 && conform_same(plus, visit) == 0);
    check(conform_caller_get()(plus, NULL, 5) == 7);
}

static double mixed(int i1, double d1, short i2, float f1, long i3, double d2,
                    unsigned char i4, double d3, int64_t i5, double d4,
                    signed char i6, double d5, uint32_t i7, double d6,
                    uint16_t i8, double d7, size_t i9, double d8, intptr_t i10,
                    double d9, bool i11, char i12)
{
    return i1 + i2 + i4 + i6 + i8 + i11 + i12 + (double)(i3 + i5) + (double)i7 +
           (double)i9 + (double)i10 + d1 + d2 + d3 + d4 + d5 + d6 + d7 + d8 +
           d9 + (double)f1;
}

static void arguments(void)
{
    static double expected;
    double sum = conform_call_mixed(mixed);

    if (expected == 0) {
        expected = sum;
    }
    check(sum == expected);
}

/* Left by a signal handler, wherever the call stands then. */
static void jumps_of_signals(void)
{
    if (sigsetjmp(signal_place, 1) == 0) {
        may_jump = 1;
        for (int i = 0; i < 200; i++) {
            check(conform_argument_fast(plus, NULL, i) == i + 2);
            check(conform_argument(plus, NULL, i) == i + 2);
        }
    } else {
        self->jumps++;
    }
    may_jump = 0;
}

static long leave(void *context, long value)
{
    (void)context;
    (void)value;
    __atomic_store_n(&self->is_gone, true, __ATOMIC_RELEASE);
    pthread_exit(NULL);
}

static void *thread_main(void *argument)
{
    static void (*const kinds[])(void) = {
        calls_nest, errno_round, streams, pointers, arguments, jumps_of_signals,
    };

    self = argument;
    while (!__atomic_load_n(&is_over, __ATOMIC_RELAXED)) {
        kinds[chance(sizeof(kinds) / sizeof(kinds[0]))]();
        __atomic_fetch_add(&self->rounds, 1, __ATOMIC_RELAXED);
        if (chance(REBIRTH) == 0) {
            conform_argument(leave, NULL, 0);
        }
    }
    return NULL;
}

HANDLER static void handle(int number)
{
    int saved = errno;

    (void)number;
    __atomic_fetch_add(&signals, 1, __ATOMIC_RELAXED);
    if (self == NULL) {
        errno = saved;
        return;
    }
    if (may_jump && chance(20) == 0) {
        may_jump = 0;
        siglongjmp(signal_place, 1);
    }
    check(conform_argument(plus, NULL, 3) == 5);
    check(conform_argument_fast(plus, NULL, 4) == 6);
    errno = saved;
}

static void thread_start(struct thread *thread)
{
    thread->is_gone = false;
    if (pthread_create(&thread->thread, NULL, thread_main, thread) != 0) {
        fprintf(stderr, "stress: no thread\n");
        exit(1);
    }
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Ends what has come to rest, with a word. */
static void progress_check(double time)
{
    static unsigned long rounds[THREADS];
    static double moved[THREADS];

    for (int i = 0; i < THREADS; i++) {
        unsigned long present =
            __atomic_load_n(&threads[i].rounds, __ATOMIC_RELAXED);

        if (present != rounds[i] || moved[i] == 0) {
            rounds[i] = present;
            moved[i] = time;
        } else if (time - moved[i] > PATIENCE) {
            fprintf(stderr, "stress: thread %d stands still\n", i);
            abort();
        }
    }
}

static int outcome(double seconds, long resident)
{
    unsigned long rounds = 0, jumps = 0, wrong = 0;
    long growth = memory_resident() - resident;

    for (int i = 0; i < THREADS; i++) {
        rounds += threads[i].rounds;
        jumps += threads[i].jumps;
        wrong += threads[i].wrong;
    }
    fprintf(stderr,
            "stress: %.0f s, %d threads, %lu rounds, %lu jumps, %lu signals, "
            "%lu threads more, %ld KiB more\n",
            seconds, THREADS, rounds, jumps, signals, rebirths, growth);
    printf("%lu wrong, %s\n", wrong,
           growth > GROWTH ? "memory is lost" : "no memory lost");
    return wrong != 0 || growth > GROWTH;
}

int stress_run(double seconds, unsigned seed)
{
    const struct sigaction action = {.sa_handler = handle,
                                     .sa_flags = SA_RESTART};
    const struct itimerval often = {{0, INTERVAL}, {0, INTERVAL}};
    const struct itimerval never = {{0, 0}, {0, 0}};
    double start = now();
    long resident = 0;

    sigaction(SIGALRM, &action, NULL);
    sigaction(SIGUSR1, &action, NULL);
    for (unsigned i = 0; i < THREADS; i++) {
        threads[i].state = seed * THREADS + i;
        thread_start(&threads[i]);
    }
    setitimer(ITIMER_REAL, &often, NULL);
    while (now() - start < seconds) {
        for (int i = 0; i < THREADS; i++) {
            struct thread *thread = &threads[i];

            if (__atomic_load_n(&thread->is_gone, __ATOMIC_ACQUIRE)) {
                pthread_join(thread->thread, NULL);
                rebirths++;
                thread_start(thread);
            } else if (rand() % 4 == 0) {
                pthread_kill(thread->thread, SIGUSR1);
            }
        }
        if (resident == 0 && now() - start > seconds / 4) {
            resident = memory_resident();
        }
        progress_check(now());
        usleep(2000);
    }
    __atomic_store_n(&is_over, true, __ATOMIC_RELAXED);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i].thread, NULL);
    }
    setitimer(ITIMER_REAL, &never, NULL);
    return outcome(seconds, resident);
}
