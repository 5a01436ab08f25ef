/* SPDX-License-Identifier: MIT
 * The program leaves the library by another way than it came in. */
#include "cases.h"
#include "conform.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

enum {
    JUMPS = 20 * 1000,
    THREADS = 50,
    COROUTINES = 40,
    ROUNDS = 50,
    STACK = 64 * 1024,
    /* What may be lost over thousands of unwinds: a few stacks, but not one for
     * each. Each has 8 MiB of addresses, and a few KiB that are there. */
    MAPPED_LIMIT = 64 * 8 * 1024,
    RESIDENT_LIMIT = 8 * 1024,
};

static void flat(const char *what, long mapped, long resident)
{
    mapped = memory_mapped() - mapped;
    resident = memory_resident() - resident;
    if (mapped > MAPPED_LIMIT || resident > RESIDENT_LIMIT) {
        printf("%s: %ld KiB mapped and %ld KiB resident more\n", what, mapped,
               resident);
    } else {
        printf("%s: flat\n", what);
    }
}

static jmp_buf outer, inner;

static long jump(void *context, long value)
{
    (void)value;
    longjmp(*(jmp_buf *)context, 5);
}

static long jump_if_odd(void *context, long value)
{
    if (value % 2 != 0) {
        longjmp(*(jmp_buf *)context, 6);
    }
    return value;
}

static void longjmp_once(void)
{
    if (setjmp(outer) == 0) {
        conform_argument(jump, &outer, 1);
        printf("came back\n");
    } else {
        printf("jumped\n");
    }
    printf("%ld\n", conform_argument(jump_if_odd, &outer, 2));
}

/* Past one call of the library's or past two. */
static long jump_inside(void *context, long value)
{
    if (setjmp(inner) == 0) {
        conform_argument(jump, &inner, value);
    } else {
        printf("inner\n");
    }
    if (value == 1) {
        conform_argument(jump, context, value);
    }
    return conform_argument(jump_if_odd, &inner, 10) + 1;
}

static void longjmp_nested(void)
{
    printf("%ld\n", conform_argument(jump_inside, &outer, 0));
    if (setjmp(outer) == 0) {
        conform_argument(jump_inside, &outer, 1);
    } else {
        printf("outer\n");
    }
}

/* Leaves at once, after other calls, and in the middle of a loop. */
static void jumps(long count)
{
    volatile long caught = 0;

    for (volatile long i = 0; i < count; i++) {
        if (setjmp(outer) != 0) {
            caught++;
        } else if (i % 3 == 0) {
            conform_argument(jump, &outer, i);
        } else if (i % 3 == 1) {
            conform_repeat(jump_if_odd, &outer, 10);
        } else {
            conform_argument_fast(jump, &outer, i);
        }
    }
    printf("%ld caught\n", caught);
}

static void longjmp_many(void)
{
    long mapped, resident;

    jumps(100);
    mapped = memory_mapped();
    resident = memory_resident();
    jumps(JUMPS);
    flat("longjmp", mapped, resident);
}

/* For who has the time: a million. */
void longjmp_million(void)
{
    long mapped, resident;

    jumps(100);
    mapped = memory_mapped();
    resident = memory_resident();
    jumps(1000 * 1000);
    flat("longjmp", mapped, resident);
}

/* ---- the end of a thread ---- */

static long leave_thread(void *context, long value)
{
    (void)value;
    pthread_exit(context);
}

static void cleanup(void *argument)
{
    printf("%s\n", (const char *)argument);
}

static void *exiting_thread(void *argument)
{
    conform_argument(leave_thread, argument, 0);
    return NULL;
}

static void *cleaning_thread(void *argument)
{
    pthread_cleanup_push(cleanup, "cleaned up");
    conform_argument(leave_thread, argument, 0);
    pthread_cleanup_pop(0);
    return NULL;
}

static void *thread_run(void *(*function)(void *), void *argument)
{
    pthread_t thread;
    void *result = NULL;

    pthread_create(&thread, NULL, function, argument);
    pthread_join(thread, &result);
    return result;
}

static void pthread_exit_once(void)
{
    char *result = thread_run(cleaning_thread, "result");

    printf("%s\n", result);
}

static void pthread_exit_many(void)
{
    long mapped, resident;
    long right = 0;

    for (long i = 0; i < THREADS; i++) {
        thread_run(exiting_thread, NULL);
    }
    mapped = memory_mapped();
    resident = memory_resident();
    for (long i = 0; i < 4 * THREADS; i++) {
        right += thread_run(exiting_thread, (void *)i) == (void *)i;
    }
    printf("%ld\n", right);
    /* QEMU itself loses some 300 KiB with each thread of an aarch64 guest. */
    flat("pthread_exit", mapped + 4 * THREADS * 512,
         resident + 4 * THREADS * 512);
}

static volatile int is_inside;

static long await_cancel(void *context, long value)
{
    (void)context;
    is_inside = 1;
    for (;;) {
        pthread_testcancel();
        sched_yield(); /* no cancellation point, whose handler QEMU 7.2 enters
                        * with a stack that is not aligned */
    }
    return value;
}

static void *cancelled_thread(void *unused)
{
    (void)unused;
    pthread_cleanup_push(cleanup, "cancelled");
    conform_argument(await_cancel, NULL, 0);
    pthread_cleanup_pop(0);
    return NULL;
}

static void cancelled(void)
{
    for (int i = 0; i < 5; i++) {
        pthread_t thread;
        void *result = NULL;

        is_inside = 0;
        pthread_create(&thread, NULL, cancelled_thread, NULL);
        while (!is_inside) {
            usleep(100);
        }
        pthread_cancel(thread);
        pthread_join(thread, &result);
        printf("%d\n", result == PTHREAD_CANCELED);
    }
}

/* ---- the end of the program ---- */

static long one(void *context, long value)
{
    (void)context;
    return value + 1;
}

static void at_exit(void)
{
    printf("at exit: %ld\n", conform_argument(one, NULL, 1));
}

static long leave_program(void *context, long value)
{
    (void)context;
    exit((int)value);
}

static long leave_program_deep(void *context, long value)
{
    return value == 0
               ? leave_program(context, 5)
               : conform_argument(leave_program_deep, context, value - 1);
}

static void exit_inside(void)
{
    atexit(at_exit);
    conform_argument(leave_program_deep, NULL, 20);
}

static void exit_after(void)
{
    atexit(at_exit);
    printf("%ld\n", conform_argument(one, NULL, 5));
}

static long leave_at_once(void *context, long value)
{
    (void)context;
    _exit((int)value);
}

static void exit_at_once(void)
{
    conform_argument(leave_at_once, NULL, 6);
}

/* ---- coroutines ---- */

static struct coroutine {
    ucontext_t context;
    char *stack;
    long sum;
    bool is_done;
} coroutines[COROUTINES];

static ucontext_t scheduler;
static int current;

/* In the middle of the library's call: another goes on. */
static long yield(void *context, long value)
{
    struct coroutine *self = context;

    swapcontext(&self->context, &scheduler);
    return value;
}

static void coroutine_main(void)
{
    struct coroutine *self = &coroutines[current];
    long number = current;

    for (long i = 0; i < ROUNDS; i++) {
        self->sum += conform_argument(yield, self, i * number);
        if ((i + number) % 7 == 0) {
            self->sum += conform_repeat(yield, self, 3);
        }
    }
    self->is_done = true;
}

static char *stack_new(void)
{
    return mmap(NULL, STACK, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void coroutine_start(int number, char *stack)
{
    struct coroutine *self = &coroutines[number];

    getcontext(&self->context);
    self->stack = stack;
    self->context.uc_stack.ss_sp = self->stack;
    self->context.uc_stack.ss_size = STACK;
    self->context.uc_link = &scheduler;
    self->sum = 0;
    self->is_done = false;
    makecontext(&self->context, coroutine_main, 0);
}

static void coroutine_go_on(int number)
{
    current = number;
    swapcontext(&scheduler, &coroutines[number].context);
}

/* In an order that is none, until all are done; meanwhile other calls are left
 * for good. */
static void coroutines_run(void)
{
    volatile unsigned state = 1;
    volatile int left = COROUTINES;

    while (left > 0) {
        int number;

        state = state * 1103515245U + 12345U;
        number = (int)(state >> 16) % COROUTINES;
        if (!coroutines[number].is_done) {
            coroutine_go_on(number);
            left -= coroutines[number].is_done;
        }
        if (setjmp(outer) == 0 && state >> 30 == 0) {
            conform_argument(jump, &outer, 0);
        }
    }
}

static void coroutines_any_order(void)
{
    long sum = 0;

    for (int i = 0; i < COROUTINES; i++) {
        coroutine_start(i, stack_new());
    }
    coroutines_run();
    for (int i = 0; i < COROUTINES; i++) {
        sum = sum * 31 + coroutines[i].sum;
        munmap(coroutines[i].stack, STACK);
    }
    printf("%ld\n", sum);
}

/* Their stacks are taken away while the library waits for them. */
static void coroutines_dropped(void)
{
    long mapped = 0, resident = 0;

    for (int round = 0; round < 50; round++) {
        if (round == 5) {
            mapped = memory_mapped();
            resident = memory_resident();
        }
        for (int i = 0; i < COROUTINES; i++) {
            coroutine_start(i, stack_new());
            coroutine_go_on(i);
            coroutine_go_on(i);
        }
        for (int i = 0; i < COROUTINES; i++) {
            munmap(coroutines[i].stack, STACK);
        }
    }
    flat("coroutines", mapped, resident);
}

/* As greenlets do it: all run on one stack, and what is on it goes elsewhere
 * meanwhile. */
enum { COPIED = 12 };

static void coroutines_copied(void)
{
    static char saved[COPIED][STACK];
    long sum = 0;
    int left = COPIED;
    char *stack = stack_new();

    for (int i = 0; i < COPIED; i++) {
        coroutine_start(i, stack);
        memcpy(saved[i], stack, STACK);
    }
    for (int i = 0; left > 0; i = (i + 5) % COPIED) {
        if (!coroutines[i].is_done) {
            memcpy(stack, saved[i], STACK);
            coroutine_go_on(i);
            memcpy(saved[i], stack, STACK);
            left -= coroutines[i].is_done;
        }
    }
    for (int i = 0; i < COPIED; i++) {
        sum = sum * 31 + coroutines[i].sum;
    }
    munmap(stack, STACK);
    printf("%ld\n", sum);
}

const struct test_case unwind_cases[] = {
    {"longjmp", longjmp_once},
    {"longjmp_nested", longjmp_nested},
    {"longjmp_many", longjmp_many},
    {"pthread_exit", pthread_exit_once},
    {"pthread_exit_many", pthread_exit_many},
    {"cancelled", cancelled},
    {"exit_inside", exit_inside},
    {"exit_after", exit_after},
    {"exit_at_once", exit_at_once},
    {"coroutines_any_order", coroutines_any_order},
    {"coroutines_dropped", coroutines_dropped},
    {"coroutines_copied", coroutines_copied},
    {NULL, NULL},
};
