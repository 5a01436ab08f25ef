/* SPDX-License-Identifier: MIT
 *
 * usage: program CASE
 *
 * Work for a library's own threads; tells what it has seen, which must be the
 * same natively and through a thunk.
 */
#include "crew.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS = 8, CALLS = 10 * 1000 };

static long calls;     /* of work() by all */
static long disorders; /* what was not as it should be */

/* What a worker knows of itself. */
static __thread struct {
    long worker;
    long next;
    int is_known;
} self;

static void check(int holds)
{
    if (!holds) {
        __atomic_fetch_add(&disorders, 1, __ATOMIC_RELAXED);
    }
}

/* Each thread sees its own calls, all of them, in their order. */
static void order_check(long worker, long number)
{
    check(errno == number % 100 + 1);
    check(crew_mark == 2 * number);
    check(!self.is_known || self.worker == worker);
    check(self.next == number);
    self.worker = worker;
    self.is_known = 1;
    self.next++;
}

static long work(void *context, long worker, long number)
{
    order_check(worker, number);
    check(context == &calls);
    __atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED);
    errno = (int)(number % 50 + 1);
    crew_mark++;
    return worker + number;
}

static void tell(struct crew *crew)
{
    long mistakes;
    long sum = crew_join(crew, &mistakes);

    printf("%ld calls, sum %ld, %ld mistakes, %ld disorders\n", calls, sum,
           mistakes, disorders);
}

static void join_run(void)
{
    check(crew_mark == 1);
    crew_mark = -7;
    tell(crew_start(WORKERS, CALLS, work, &calls));
    check(crew_mark == -7); /* told by the next */
    printf("%ld disorders, mark %ld\n", disorders, crew_mark);
}

static void busy_run(void)
{
    struct crew *crew = crew_start(WORKERS, CALLS, work, &calls);

    while (__atomic_load_n(&calls, __ATOMIC_RELAXED) < WORKERS * CALLS) {
    }
    tell(crew);
}

static void struct_run(void)
{
    const struct crew_orders orders = {.work = work, .context = &calls};

    tell(crew_order(WORKERS, CALLS / 10, &orders));
}

static volatile sig_atomic_t alarms;

static void alarm_count(int number)
{
    (void)number;
    alarms++;
}

/* Calls of this thread meanwhile, interrupted by signals; and what wants every
 * thread of the process to take part. */
static void calls_run(void)
{
    const struct sigaction action = {.sa_handler = alarm_count,
                                     .sa_flags = SA_RESTART};
    const struct itimerval often = {{0, 1000}, {0, 1000}};
    const struct itimerval never = {{0, 0}, {0, 0}};
    struct crew *crew = crew_start(WORKERS, CALLS, work, &calls);
    long wrong = 0;
    long rounds = 0;

    while (__atomic_load_n(&calls, __ATOMIC_RELAXED) < 10 * WORKERS) {
        wrong += crew_add(1, 1) != 2;
    }
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    while (__atomic_load_n(&calls, __ATOMIC_RELAXED) < WORKERS * CALLS) {
        wrong += crew_add(rounds, 1) != rounds + 1;
        wrong += crew_self() != -1;
        if (rounds++ % 1000 == 0) {
            wrong += setuid(getuid()) != 0;
        }
    }
    setitimer(ITIMER_REAL, &never, NULL);
    check(crew_mark == 1);
    printf("%ld wrong\n", wrong);
    tell(crew);
}

/* Calls from inside a callback run on the worker, under its lock. */
static long nested(void *context, long worker, long depth)
{
    check(crew_self() == worker);
    check(self.worker == worker && self.is_known);
    check(crew_add(worker, depth) == worker + depth);
    check(crew_mark % 2 == 0);
    return depth == 0 ? 0 : crew_nest(nested, context, depth - 1) + 1;
}

static long nesting_work(void *context, long worker, long number)
{
    order_check(worker, number);
    check(crew_nest(nested, context, number % 5) == number % 5);
    __atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED);
    errno = (int)(number % 50 + 1);
    crew_mark++;
    return 1;
}

static void nest_run(void)
{
    tell(crew_start(WORKERS, CALLS / 10, nesting_work, &calls));
}

/* Leaves host calls behind, on the worker's side. */
static __thread jmp_buf place;

static long jump(void *context, long worker, long number)
{
    (void)context;
    (void)worker;
    longjmp(place, (int)number + 1);
}

static long jumping_work(void *context, long worker, long number)
{
    order_check(worker, number);
    for (volatile int i = 0; i < 20; i++) {
        int value = setjmp(place);

        if (value == 0) {
            crew_nest(jump, context, i);
            check(0);
        }
        check(value == i + 1);
    }
    __atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED);
    errno = (int)(number % 50 + 1);
    crew_mark++;
    return 1;
}

static void jump_run(void)
{
    tell(crew_start(WORKERS, CALLS / 100, jumping_work, &calls));
}

/* Children while workers live. */
static void fork_run(void)
{
    struct crew *crew = crew_start(WORKERS, 1L << 40, work, &calls);
    long mistakes;

    for (int i = 0; i < 20; i++) {
        int status = -1;
        pid_t child = fork();

        if (child == 0) {
            _exit(crew_add(i, 1) == i + 1 ? i : 100);
        }
        waitpid(child, &status, 0);
        printf("child %d: %d\n", i,
               WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    }
    crew_stop(crew);
    crew_join(crew, &mistakes);
    printf("%ld mistakes, %ld disorders\n", mistakes, disorders);
}

/* A child has no workers, but may make its own. */
static void fork_work_run(void)
{
    struct crew *crew = crew_start(WORKERS, 1L << 40, work, &calls);
    int status = -1;
    long mistakes;
    pid_t child;

    while (__atomic_load_n(&calls, __ATOMIC_RELAXED) < 1000) {
    }
    child = fork();
    if (child == 0) {
        calls = 0;
        disorders = 0;
        crew = crew_start(2, 100, work, &calls);
        while (__atomic_load_n(&calls, __ATOMIC_RELAXED) < 200) {
            (void)crew_add(1, 1); /* a child has no service before its time */
        }
        tell(crew);
        _exit(4);
    }
    waitpid(child, &status, 0);
    crew_stop(crew);
    crew_join(crew, &mistakes);
    printf("child: %d, %ld mistakes\n",
           WIFEXITED(status) ? WEXITSTATUS(status) : -1, mistakes);
}

/* A worker forks; the child does not go back into the library. */
static long forking_work(void *context, long worker, long number)
{
    int status = -1;
    pid_t child = fork();

    (void)context;
    if (child == 0) {
        _exit(crew_add(worker, number) == worker + number ? 5 : 6);
    }
    check(waitpid(child, &status, 0) == child && WIFEXITED(status) &&
          WEXITSTATUS(status) == 5);
    __atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED);
    errno = (int)(number % 50 + 1);
    crew_mark++;
    return 1;
}

static void fork_inside_run(void)
{
    tell(crew_start(4, 5, forking_work, &calls));
}

static void exit_run(void)
{
    (void)crew_start(WORKERS, 1L << 40, work, &calls);
    while (__atomic_load_n(&calls, __ATOMIC_RELAXED) < 1000) {
    }
    printf("ends\n");
    exit(7);
}

static long exiting_work(void *context, long worker, long number)
{
    if (worker == 3 && number == 500) {
        printf("ends\n");
        exit(9);
    }
    return work(context, worker, number);
}

static void exit_inside_run(void)
{
    tell(crew_start(WORKERS, 1L << 40, exiting_work, &calls));
}

/* Ends the worker in the middle, with the library's lock held and all. */
static long leaving_work(void *context, long worker, long number)
{
    if (number == worker) {
        pthread_exit(NULL);
    }
    return work(context, worker, number);
}

static void leave_run(void)
{
    tell(crew_start(WORKERS, CALLS, leaving_work, &calls));
}

/* Destructors of a worker are through when it is joined. */
static pthread_key_t key;
static long ended;

static void key_end(void *value)
{
    (void)value;
    __atomic_fetch_add(&ended, crew_add(1, 0), __ATOMIC_RELAXED);
}

static long keyed_work(void *context, long worker, long number)
{
    check(pthread_getspecific(key) == NULL);
    pthread_setspecific(key, &key);
    return work(context, worker, number);
}

static long resident(void)
{
    char line[256];
    long value = 0;
    FILE *file = fopen("/proc/self/status", "re");

    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        if (strncmp(line, "VmRSS:", 6) == 0) {
            value = strtol(line + 6, NULL, 10);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return value;
}

static void many_run(void)
{
    long before;
    long sum;

    pthread_key_create(&key, key_end);
    sum = crew_queue(200, keyed_work, &calls);
    before = resident();
    for (int i = 0; i < 10; i++) {
        sum += crew_queue(100, keyed_work, &calls);
        check(ended == 200 + (i + 1) * 100);
    }
    fprintf(stderr, "resident %ld to %ld KiB\n", before, resident());
    printf("%ld, %ld calls, %ld disorders\n", sum, calls, disorders);
}

static int *volatile nowhere;

static long crashing_work(void *context, long worker, long number)
{
    if (worker == 1 && number == 10) {
        *nowhere = 0;
    }
    return work(context, worker, number);
}

static volatile sig_atomic_t n_taken, sum_taken, code_taken;

static void signal_take(int number, siginfo_t *info, void *context)
{
    (void)number, (void)context;
    n_taken++;
    sum_taken += info->si_value.sival_int;
    code_taken = info->si_code;
}

/* Workers that have not called back and block nothing: the kernel gives them
 * the signals of the process. */
static void signals_run(void)
{
    const struct sigaction action = {.sa_sigaction = signal_take,
                                     .sa_flags = SA_SIGINFO};
    struct crew *crew = crew_start(4, 0, NULL, NULL);
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaction(SIGUSR1, &action, NULL);
    for (int i = 1; i <= 20; i++) {
        const union sigval value = {.sival_int = i};

        sigprocmask(SIG_BLOCK, &set, NULL);
        check(sigqueue(getpid(), SIGUSR1, value) == 0);
        usleep(1000);
        sigprocmask(SIG_UNBLOCK, &set, NULL);
        while (n_taken < i) {
            usleep(1000);
        }
    }
    printf("%d signals, %d, %s\n", (int)n_taken, (int)sum_taken,
           code_taken == SI_QUEUE ? "queued" : "?");
    crew_stop(crew);
    tell(crew);
}

static void crash_end(int number)
{
    (void)number;
    _exit(11);
}

/* A fault in a callback finds the program's handler. */
static void crash_run(void)
{
    signal(SIGSEGV, crash_end);
    tell(crew_start(2, CALLS, crashing_work, &calls));
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } cases[] = {
        {"join", join_run},
        {"busy", busy_run},
        {"struct", struct_run},
        {"calls", calls_run},
        {"nest", nest_run},
        {"jump", jump_run},
        {"fork", fork_run},
        {"fork_inside", fork_inside_run},
        {"fork_work", fork_work_run},
        {"exit", exit_run},
        {"exit_inside", exit_inside_run},
        {"leave", leave_run},
        {"many", many_run},
        {"signals", signals_run},
        {"crash", crash_run},
    };

    setvbuf(stdout, NULL, _IOLBF, 0);
    for (size_t i = 0; argc > 1 && i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (strcmp(argv[1], cases[i].name) == 0) {
            cases[i].run();
            return 0;
        }
    }
    fprintf(stderr, "usage: program CASE\n");
    return 2;
}
