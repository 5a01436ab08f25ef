/* SPDX-License-Identifier: MIT
 *
 * usage: program CASE
 *
 * Calls through function pointers of which no type tells, both ways; tells what
 * it has seen, which must be the same natively and through a thunk.
 */
#include "wild.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- the program calls the library's functions ---- */

/* Exported, as add() is: --stats tells their names. */
long answer(long n);

long answer(long n)
{
    return 40 + n;
}

static void table_call(const struct wild_table *table)
{
    char letters[] = "abcdef";
    struct wild_pair two;

    printf("integers %ld\n", table->integers(1, 2, 3, 4, 5, 6));
    printf("doubles %g\n", table->doubles(1, .5, -3, 4e9, 5, 6, 7, 8.25));
    printf("floats %g\n", (double)table->floats(1.5f, -4));
    printf("mixed %g\n", table->mixed(-1, 2.5, "three", 4.5f, -5, 6.5));
    printf("pointer %s\n", table->pointer(letters, 3));
    printf("negative %d\n", table->negative(5) < 0);
    printf("large %lu\n", (unsigned long)table->large(5));
    printf("eight %ld\n", table->eight(1, 2, 3, 4, 5, 6, 7, 8));
    printf("twelve %ld\n",
           table->twelve(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
    two = table->pair(1, 2);
    printf("pair %ld %ld\n", two.first, two.second);
    errno = 0;
    printf("fail %d", table->fail(ENOTTY));
    printf(" %s\n", strerror(errno));
    printf("back %ld\n", table->back((void *)(size_t)answer, 1));
    errno = EINTR;
    printf("typed %ld\n", wild_typed(table->add, 10));
    errno = EINTR;
    printf("add %ld", table->add(-1, -2));
    printf(" %s\n", strerror(errno));
}

static void to_host(void)
{
    struct wild_table copy;

    table_call(wild_table());
    wild_fill(&copy);
    table_call(&copy);
}

/* What only the same calling convention carries. */
static void to_host_more(void)
{
    const struct wild_large given = {{10, 20, 30, 40, 50}};
    const struct wild_more *more = wild_more();
    struct wild_large got = more->large(7, given);

    printf("%ld %ld %ld %ld %ld\n", got.values[0], got.values[1], got.values[2],
           got.values[3], got.values[4]);
    printf("%g\n", more->spilled(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 2, 3, 4, 5,
                                 6, 7, 8));
}

/* ---- the library calls the program's functions ---- */

static long integers(long a, long b, long c, long d, long e, long f)
{
    return wild_add(a, 0) + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f;
}

static double doubles(double a, double b, double c, double d, double e,
                      double f, double g, double h)
{
    return a + b * 2 + c * 3 + d * 4 + e * 5 + f * 6 + g * 7 + h * 8;
}

static float floats(float a, float b)
{
    return a - 2 * b;
}

static double mixed(int a, double b, const char *c, float d, long e, double f)
{
    return a - b * 2 - (double)strlen(c) * 4 - (double)d * 8 - (double)e * 16 -
           f * 32;
}

static char *pointer(char *text, size_t offset)
{
    text[offset] = '!';
    return text + offset - 1;
}

static int negative(int value)
{
    return wild_add(value, 0) < 0 ? 7 : -value;
}

static unsigned large(unsigned value)
{
    return 4000000000u + value;
}

static long eight(long a, long b, long c, long d, long e, long f, long g,
                  long h)
{
    return integers(a, b, c, d, e, f) - 7 * g - 8 * h;
}

static long twelve(long a, long b, long c, long d, long e, long f, long g,
                   long h, long i, long j, long k, long l)
{
    return eight(a, b, c, d, e, f, g, h) * 2 - 3 * i + 5 * j - 7 * k + 11 * l;
}

static struct wild_pair pair(long first, long second)
{
    return (struct wild_pair){second * 2, first * 3};
}

static int fail(int number)
{
    printf("%s, ", strerror(errno));
    errno = number + 1;
    return -2;
}

static long back(void *function, long n)
{
    return ((char *)function)[n];
}

long add(long a, long b);

long add(long a, long b)
{
    return a + b;
}

static double spilled(double a, double b, double c, double d, double e,
                      double f, double g, double h, double i, double j, long k,
                      long l, long m, long n, long o, long p, long q, long r)
{
    return doubles(a, b, c, d, e, f, g, h) + 9 * i - 10 * j +
           (double)eight(k, l, m, n, o, p, q, r);
}

static struct wild_large large_struct(long a, struct wild_large b)
{
    for (int i = 0; i < 5; i++) {
        b.values[i] -= a * i;
    }
    return b;
}

static void call(enum wild_kind kind, void *function)
{
    char text[64];

    wild_call(kind, function, text, sizeof(text));
    printf("%s\n", text);
}

#define CALL(kind, function) call(kind, (void *)(size_t)(function))

static void to_guest(void)
{
    long (*const hidden)(long) = answer;

    CALL(WILD_INTEGERS, integers);
    CALL(WILD_DOUBLES, doubles);
    CALL(WILD_FLOATS, floats);
    CALL(WILD_MIXED, mixed);
    CALL(WILD_POINTER, pointer);
    CALL(WILD_NEGATIVE, negative);
    CALL(WILD_LARGE, large);
    CALL(WILD_EIGHT, eight);
    CALL(WILD_TWELVE, twelve);
    CALL(WILD_PAIR, pair);
    CALL(WILD_FAIL, fail);
    CALL(WILD_BACK, back);
    CALL(WILD_ADD, add);
    printf("%ld\n", wild_visit(&hidden, 2));
    printf("%ld\n", wild_loop((void *)(size_t)add, 1000));
    printf("%ld\n", wild_thread((void *)(size_t)add, 1000));
}

static void to_guest_more(void)
{
    CALL(WILD_SPILLED, spilled);
    CALL(WILD_STRUCT, large_struct);
}

/* ---- both ways at once ---- */

static const struct wild_table *shared;

static long deeper(long n)
{
    return n == 0 ? 0 : shared->back((void *)(size_t)deeper, n - 1);
}

static sigjmp_buf escape;

static long leave(long n)
{
    siglongjmp(escape, (int)n);
}

static void *deep_work(void *unused)
{
    long sum = 0;

    for (long i = 0; i < 200; i++) {
        sum += deeper(10);
    }
    (void)unused;
    return (void *)sum;
}

/* Deep, out of the middle, from several threads, and in a child. */
static void nest(void)
{
    pthread_t threads[8];
    volatile long left = 0;
    int status;

    shared = wild_table();
    printf("%ld\n", deeper(100));
    for (volatile long i = 1; i <= 1000; i++) {
        if (sigsetjmp(escape, 0) == 0) {
            shared->back((void *)(size_t)leave, 1);
        } else {
            left++;
        }
    }
    printf("left %ld\n", left);
    for (int i = 0; i < 8; i++) {
        pthread_create(&threads[i], NULL, deep_work, NULL);
    }
    for (int i = 0; i < 8; i++) {
        void *sum;

        pthread_join(threads[i], &sum);
        printf("%ld\n", (long)sum);
    }
    fflush(stdout);
    if (fork() == 0) {
        _exit((int)shared->add(deeper(5), 1));
    }
    wait(&status);
    printf("child %d\n", WEXITSTATUS(status));
}

/* ---- what is no function ---- */

static void *page_get(int protection)
{
    return mmap(NULL, 65536, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* One of a library that is not there any more. */
static void *function_closed(void)
{
    void *handle = dlopen("libm.so.6", RTLD_NOW);
    void *function = dlsym(handle, "cos");

    dlclose(handle);
    return function;
}

void access_bad(void);

void access_bad(void)
{
    wild_crash(page_get(PROT_NONE));
    printf("went on\n");
}

static void call_null(void)
{
    wild_loop(NULL, 1);
}

static void call_nowhere(void)
{
    wild_loop(page_get(PROT_NONE), 1);
}

static void call_data(void)
{
    wild_loop(page_get(PROT_READ | PROT_WRITE), 1);
}

static void call_closed(void)
{
    wild_loop(function_closed(), 1);
}

static void call_thread_data(void)
{
    wild_thread(page_get(PROT_READ), 1);
}

static void call_typed_data(void)
{
    wild_typed((long (*)(long, long))(size_t)page_get(PROT_READ), 1);
}

static void call_typed_closed(void)
{
    wild_typed((long (*)(long, long))(size_t)function_closed(), 1);
}

static const struct test {
    const char *name;
    void (*run)(void);
} tests[] = {
    {"to_host", to_host},
    {"to_host_more", to_host_more},
    {"to_guest", to_guest},
    {"to_guest_more", to_guest_more},
    {"nest", nest},
    {"access_bad", access_bad},
    {"call_null", call_null},
    {"call_nowhere", call_nowhere},
    {"call_data", call_data},
    {"call_closed", call_closed},
    {"call_thread_data", call_thread_data},
    {"call_typed_data", call_typed_data},
    {"call_typed_closed", call_typed_closed},
    {NULL, NULL},
};

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (const struct test *test = tests; argc == 2 && test->name != NULL;
         test++) {
        if (strcmp(argv[1], test->name) == 0) {
            test->run();
            return 0;
        }
    }
    fprintf(stderr, "usage: program CASE\n");
    return 2;
}
