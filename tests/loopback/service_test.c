/* SPDX-License-Identifier: MIT
 * Threads of the host's own that call back. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "loop.h"

enum { THREADS = 8 };

static long visits;

/* What a thread of the host's knows of itself in the guest. */
static __thread long next;

static long visit(void *context, long number)
{
    CHECK(context == &visits);
    CHECK_SAME(errno, number % 100 + 1);
    CHECK_SAME(next, number);
    next++;
    __atomic_fetch_add(&visits, 1, __ATOMIC_RELAXED);
    errno = (int)(number % 50 + 1);
    return number;
}

static long rounds(void)
{
    return check_is_emulated() || CHECK_THREAD_SANITIZER ? 200 : 2000;
}

/* Nothing was said: the next call of the guest's brings the service. */
static void service_start(void)
{
    struct loop_crew *crew = loop_crew_start(1, 1, visit, &visits);

    while (__atomic_load_n(&visits, __ATOMIC_RELAXED) == 0) {
        CHECK_SAME(loop_add(1, 1), 2);
    }
    CHECK_SAME(loop_crew_join(crew), 0);
    visits = 0;
}

static void service_is_made_when_wanted(void)
{
    service_start();
}

static void guest_waits(void)
{
    service_start();
    CHECK_SAME(
        loop_crew_join(loop_crew_start(THREADS, rounds(), visit, &visits)), 0);
    CHECK_SAME(visits, THREADS * rounds());
}

static void guest_calls(void)
{
    struct loop_crew *crew;

    service_start();
    crew = loop_crew_start(THREADS, rounds(), visit, &visits);
    while (__atomic_load_n(&visits, __ATOMIC_RELAXED) < THREADS * rounds()) {
        CHECK_SAME(loop_add(1, 1), 2);
        CHECK_SAME(loop_crew_self(), -1);
    }
    CHECK_SAME(loop_crew_join(crew), 0);
}

/* Calls from inside the callback are the host thread's own. */
static long nest(void *context, long depth)
{
    CHECK_SAME(loop_crew_self(), *(long *)context);
    return depth == 0 ? 0 : loop_call(nest, context, depth - 1);
}

static long nesting_visit(void *context, long number)
{
    long self = loop_crew_self();

    CHECK(self >= 0);
    CHECK_SAME(errno, number % 100 + 1);
    CHECK_SAME(loop_call(nest, &self, number % 5), number % 5 + 1);
    CHECK_SAME(loop_errno(33), 0);
    CHECK_SAME(errno, 33);
    errno = (int)(number % 100 + 1);
    return visit(context, number);
}

static void callbacks_call(void)
{
    service_start();
    CHECK_SAME(loop_crew_join(loop_crew_start(THREADS, rounds() / 10,
                                              nesting_visit, &visits)),
               0);
    CHECK_SAME(visits, THREADS * (rounds() / 10));
}

static __thread jmp_buf place;

static long jump(void *context, long value)
{
    (void)context;
    longjmp(place, (int)value + 1);
}

static long jumping_visit(void *context, long number)
{
    for (volatile int i = 0; i < 10; i++) {
        int value = setjmp(place);

        if (value == 0) {
            loop_call(jump, NULL, i);
        }
        CHECK_SAME(value, i + 1);
    }
    errno = (int)(number % 100 + 1);
    return visit(context, number);
}

static void callbacks_jump(void)
{
    if (CHECK_THREAD_SANITIZER) {
        check_skip("it does not follow longjmp() between stacks");
    }
    service_start();
    CHECK_SAME(
        loop_crew_join(loop_crew_start(THREADS, 20, jumping_visit, &visits)),
        0);
}

static long leaving_visit(void *context, long number)
{
    if (number == 3) {
        pthread_exit(NULL);
    }
    return visit(context, number);
}

/* The guest function ends the thread of the host's. */
static void callbacks_end_their_thread(void)
{
    service_start();
    CHECK_SAME(
        loop_crew_join(loop_crew_start(THREADS, 10, leaving_visit, &visits)),
        0);
    CHECK_SAME(visits, THREADS * 3);
}

static pthread_key_t key;
static long ended;

static void key_end(void *value)
{
    (void)value;
    CHECK(loop_crew_self() == 0); /* as long as that the host thread lives */
    __atomic_fetch_add(&ended, 1, __ATOMIC_RELAXED);
}

static long keyed_visit(void *context, long number)
{
    CHECK(pthread_getspecific(key) == NULL);
    pthread_setspecific(key, &key);
    return visit(context, number);
}

/* A new thread is a new one for the guest; one that was joined is through. */
static void threads_end(void)
{
    service_start();
    CHECK(pthread_key_create(&key, key_end) == 0);
    for (long i = 0; i < 100; i++) {
        CHECK_SAME(loop_crew_join(loop_crew_start(1, 1, keyed_visit, &visits)),
                   0);
        CHECK_SAME(__atomic_load_n(&ended, __ATOMIC_RELAXED), i + 1);
    }
}

/* A process of several threads, whose child is to make one: the sanitizer ends
 * such a child, and so does QEMU (up to 10.0 at least) with a failed assertion.
 */
static void child_check(void)
{
    if (CHECK_THREAD_SANITIZER || check_is_emulated()) {
        check_skip("children cannot have threads here");
    }
    service_start();
}

static void child_works(void)
{
    visits = 0;
    service_start();
    CHECK_SAME(loop_crew_join(loop_crew_start(2, 100, visit, &visits)), 0);
    CHECK_SAME(visits, 200);
}

static void children_have_their_own(void)
{
    struct check_child child;

    child_check();
    child = check_child_run(child_works);
    CHECK(WIFEXITED(child.status));
    CHECK_SAME(WEXITSTATUS(child.status), 0);
    CHECK_SAME(loop_crew_join(loop_crew_start(2, 100, visit, &visits)), 0);
}

static long forking_visit(void *context, long number)
{
    int status;
    pid_t process = fork();

    if (process == 0) {
        _exit(loop_add(number, 1) == number + 1 ? 5 : 6);
    }
    CHECK(process > 0 && waitpid(process, &status, 0) == process);
    CHECK(WIFEXITED(status));
    CHECK_SAME(WEXITSTATUS(status), 5);
    errno = (int)(number % 100 + 1);
    return visit(context, number);
}

static void callbacks_fork(void)
{
    if (CHECK_THREAD_SANITIZER) {
        check_skip("its own locks do not always survive a fork among threads");
    }
    service_start();
    CHECK_SAME(loop_crew_join(loop_crew_start(4, 3, forking_visit, &visits)),
               0);
}

static long orphaned_visit(void *context, long number)
{
    int status;
    pid_t process = fork();

    if (process == 0) {
        return number;
    }
    CHECK(process > 0 && waitpid(process, &status, 0) == process);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    errno = (int)(number % 100 + 1);
    return visit(context, number);
}

static void orphan(void)
{
    service_start();
    CHECK_SAME(loop_crew_join(loop_crew_start(1, 1, orphaned_visit, &visits)),
               0);
}

/* A child that goes back to a library's code that only the parent has. */
static void orphans_are_told(void)
{
    struct check_child child = check_child_run(orphan);

    CHECK_SAME(child.status, 0);
    CHECK(strstr(child.errors, "which is only in the parent") != NULL);
}

const struct check_test service_tests[] = {
    {"service_is_made_when_wanted", service_is_made_when_wanted},
    {"guest_waits", guest_waits},
    {"guest_calls", guest_calls},
    {"callbacks_call", callbacks_call},
    {"callbacks_jump", callbacks_jump},
    {"callbacks_end_their_thread", callbacks_end_their_thread},
    {"threads_end", threads_end},
    {"children_have_their_own", children_have_their_own},
    {"callbacks_fork", callbacks_fork},
    {"orphans_are_told", orphans_are_told},
    {NULL, NULL},
};
