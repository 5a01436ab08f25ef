/* SPDX-License-Identifier: MIT
 *
 * Function pointers that cross, both ways, with the library of the loopback
 * tests: what is printed is the same natively and thunked, except that the
 * library's own side is told on stderr.
 */
#include <loop.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 8, ROUNDS = 2000, SIGNALS = 300 };

static long ten(void *context, long value)
{
    (void)context;
    return 10 * value;
}

static void returned(void)
{
    loop_visit preset = loop_set(ten);

    printf("the library's: %ld\n", preset(NULL, 5));
    printf("kept: %ld\n", loop_use(NULL, 5));
    printf("ours comes back: %d\n", loop_set(preset) == ten);
    printf("so does its own: %d\n", loop_is_preset());
    printf("and again: %d\n", loop_set(NULL) == preset);
    printf("and NULL: %d\n", loop_set((loop_visit)1) == NULL);
    printf("and SIG_IGN: %d\n", loop_set(preset) == (loop_visit)1);
}

static void arguments(void)
{
    struct loop_large large = {{0, 0, 0, 0, 0, 0, 0, 0, 7}};
    struct loop_pair pair = {.number = 60, .real = 2};

    printf("many arguments: %g\n",
           loop_get_mixed()(1, 1.5, -2, 2.5F, 3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7,
                            7.5, 8, 8.5, 9, 9.5, 10, 10.5));
    pair = loop_get_turn()(pair, large);
    printf("structs: %ld %g\n", pair.number, pair.real);
}

static loop_visit choose(loop_visit preset, long value)
{
    printf("asked to choose: %ld\n", preset(NULL, value));
    return value == 1 ? preset : value == 2 ? ten : loop_get_many(5);
}

static void fill(loop_visit *visit)
{
    *visit = ten;
}

static long descend(void *context, long depth)
{
    loop_caller caller = *(loop_caller *)context;

    return depth == 50 ? 0 : caller(descend, context, depth + 1);
}

static void nested(void)
{
    loop_caller caller = loop_get_caller();

    printf("to and fro: %ld\n", caller(descend, &caller, 1));
    for (long i = 1; i <= 3; i++) {
        printf("chosen: %ld\n", loop_choose_by(choose, NULL, i));
    }
    printf("filled in: %ld\n", loop_fill_by(fill, NULL, 4));
}

static void places(void)
{
    loop_visit preset = loop_set(ten);
    loop_visit found = ten;
    int status = loop_find(LOOP_NEITHER, &found);

    printf("nothing found: %d %d\n", status, found == ten);
    status = loop_find(LOOP_PRESET, &found);
    printf("its own found: %d %d\n", status, found == preset);
    status = loop_find(LOOP_KEPT, &found);
    printf("ours found: %d %d\n", status, found == ten);
    loop_exchange(&found);
    found = preset;
    loop_exchange(&found);
    printf("exchanged: %d\n", found == ten);
    printf("and kept: %ld\n", loop_use(NULL, 3));
    printf("each: %ld\n",
           loop_each((const loop_visit[]){ten, ten}, 2, NULL, 2));
    printf("round trip: %d\n", loop_set(preset) == preset);
}

static struct loop_set_of change(struct loop_set_of set)
{
    printf("asked to change: %ld %d\n", set.preset(NULL, 1),
           set.inner.kept[0] == ten);
    set.inner.kept[1] = set.preset;
    return set;
}

static void structs(void)
{
    loop_visit preset = loop_set(ten);
    struct loop_set_of set = loop_get_set();

    printf("struct: %d %d\n", set.preset == preset, set.inner.kept[1] == ten);
    printf("changed: %ld\n", loop_change_by(change, NULL, 1));
    set.inner.kept[0] = preset;
    set = loop_get_change()(set);
    printf("by the library: %d %ld\n", set.preset == preset,
           set.inner.kept[1](NULL, 2));
    printf("round trip: %d\n", loop_set(preset) == ten);
}

/* A function of the library's in a struct of ours, which goes back and forth.
 */
static void prepared(void)
{
    struct loop_operations operations = {.visit = NULL};
    loop_visit visit;

    loop_prepare(&operations);
    printf("in a struct: %ld\n", loop_operate(&operations, 5));
    visit = loop_visit_of(&operations);
    printf("out of it: %ld\n", visit(NULL, 5));
    loop_set(operations.visit);
    printf("kept: %d\n", loop_is_preset());
    printf("round trip: %d\n", loop_set(visit) == visit);
    operations.visit = visit;
    printf("put into it: %ld\n", loop_operate(&operations, 5));
}

static volatile sig_atomic_t interrupted;
static loop_visit from_handler;
static bool is_wrong;

/* QEMU 7.2 enters handlers of x86_64 guests with a stack that is 8 bytes off
 * its alignment. */
#ifdef __x86_64__
__attribute__((force_align_arg_pointer))
#endif
static void
handle(int number)
{
    (void)number;
    if (from_handler(NULL, 7) != 73) {
        is_wrong = true;
    }
    interrupted++;
}

static void signals(void)
{
    const struct itimerval often = {{0, 200}, {0, 200}};
    const struct itimerval never = {{0, 0}, {0, 0}};
    loop_visit visit = loop_get_many(4);

    from_handler = loop_get_many(3);
    signal(SIGALRM, handle);
    setitimer(ITIMER_REAL, &often, NULL);
    for (long i = 0; interrupted < SIGNALS; i++) {
        is_wrong |= visit(NULL, i) != 10 * i + 4;
    }
    setitimer(ITIMER_REAL, &never, NULL);
    printf("signals: %s\n", is_wrong ? "wrong" : "right");
}

static void *thread(void *argument)
{
    loop_visit *found = argument;

    for (int i = 0; i < LOOP_MANY; i++) {
        found[i] = loop_get_many(i);
    }
    for (long i = 0; i < ROUNDS; i++) {
        int which = (int)i % LOOP_MANY;

        if (loop_get_many(which) != found[which] ||
            found[which](NULL, i) != 10 * i + which) {
            return NULL;
        }
    }
    return argument;
}

static void threads(void)
{
    static loop_visit found[THREADS][LOOP_MANY];
    pthread_t all[THREADS];
    int right = 0;

    for (int i = 0; i < THREADS; i++) {
        pthread_create(&all[i], NULL, thread, found[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        void *result = NULL;

        pthread_join(all[i], &result);
        right +=
            result != NULL && memcmp(found[i], found[0], sizeof(found[i])) == 0;
    }
    printf("threads that were right: %d\n", right);
}

static void forked(void)
{
    loop_visit visit = loop_get_many(1);
    int status = -1;
    pid_t child;

    fflush(stdout);
    child = fork();
    if (child == 0) {
        printf("child: %ld %d %ld\n", visit(NULL, 1), loop_get_many(1) == visit,
               (long)loop_get_errno()(0));
        fflush(stdout);
        _exit(0);
    }
    waitpid(child, &status, 0);
    printf("parent: %d %ld\n", status, loop_get_many(2)(NULL, 1));
}

static double clock_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* Nanoseconds of each, for those who want to know. */
static void measure(void)
{
    enum { COUNT = 1000000 };
    loop_visit preset = loop_set(ten);
    double start = clock_now();

    for (long i = 0; i < COUNT; i++) {
        preset(NULL, i);
    }
    printf("call of a stub: %.1f ns\n", (clock_now() - start) / COUNT);
    start = clock_now();
    for (long i = 0; i < COUNT; i++) {
        loop_add(i, i);
    }
    printf("call of a function: %.1f ns\n", (clock_now() - start) / COUNT);
    start = clock_now();
    for (long i = 0; i < COUNT; i++) {
        loop_set(preset);
    }
    printf("pointer there and back: %.1f ns\n", (clock_now() - start) / COUNT);
}

int main(int argc, char **argv)
{
    fprintf(stderr, "side: %s\n", loop_side());
    if (argc > 1 && strcmp(argv[1], "measure") == 0) {
        measure();
        return 0;
    }
    returned();
    arguments();
    nested();
    places();
    structs();
    prepared();
    signals();
    threads();
    forked();
    return 0;
}
