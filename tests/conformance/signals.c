/* SPDX-License-Identifier: MIT
 * Signals while the library works, waits, and calls back. */
#include "cases.h"
#include "conform.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIGNALS = 300, INTERVAL = 100 }; /* microseconds: 10 kHz */

static volatile sig_atomic_t alarms;
static volatile sig_atomic_t wrong;

static long ten(void *context, long value)
{
    (void)context;
    return 10 * value;
}

/* Calls of all kinds, and a callback each. */
HANDLER static void handle_with_calls(int number)
{
    long value = ++alarms;

    (void)number;
    wrong |= conform_argument(ten, NULL, value) != 10 * value + 1;
    wrong |= conform_argument_fast(ten, NULL, value) != 10 * value + 1;
    wrong |= conform_return(1)(NULL, value) != value + 101;
}

static void alarms_set(void (*handler)(int), int flags, long interval)
{
    const struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    const struct itimerval timer = {{0, interval}, {0, interval}};

    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &timer, NULL);
}

static void alarms_end(void)
{
    const struct itimerval never = {{0, 0}, {0, 0}};

    setitimer(ITIMER_REAL, &never, NULL);
}

/* Through calls that are short and long, and through callbacks. */
static void signals_through_calls(void)
{
    conform_visit stub = conform_return(2);
    bool is_wrong = false;

    alarms_set(handle_with_calls, SA_RESTART, INTERVAL);
    for (long i = 0; alarms < SIGNALS; i++) {
        is_wrong |= conform_argument(ten, NULL, i) != 10 * i + 1;
        is_wrong |= conform_argument_fast(ten, NULL, i) != 10 * i + 1;
        is_wrong |= conform_repeat(ten, NULL, 20) != 1900;
        is_wrong |= stub(NULL, i) != i + 102;
        is_wrong |= conform_work(100) != conform_work(100);
    }
    alarms_end();
    printf("%d %d\n", is_wrong, wrong);
}

HANDLER static void handle_count(int number)
{
    (void)number;
    alarms++;
}

/* errno is the program's, and the handler leaves it alone. */
HANDLER static void handle_errno(int number)
{
    int saved = errno;

    (void)number;
    alarms++;
    (void)conform_read(-1);
    wrong |= errno != EBADF;
    errno = saved;
}

static void signals_and_errno(void)
{
    bool is_wrong = false;

    alarms_set(handle_errno, SA_RESTART, INTERVAL);
    while (alarms < SIGNALS) {
        errno = 0;
        (void)conform_argument(ten, NULL, 1);
        is_wrong |= errno != 0;
    }
    alarms_end();
    printf("%d %d\n", is_wrong, wrong);
}

/* The host's system call is interrupted, the library says so, and the handler
 * has run when it returns. */
static void interrupted_calls(void)
{
    int files[2];
    int result;

    if (pipe(files) != 0) {
        abort();
    }
    alarms_set(handle_count, 0, 50 * 1000);
    result = conform_read(files[0]);
    printf("%d %d\n", result == -EINTR, alarms > 0);
    alarms = 0;
    result = conform_sleep(10 * 1000);
    printf("%d %d\n", result == -EINTR, alarms > 0);
    alarms_end();
}

/* With SA_RESTART it is not. */
static void restarted_calls(void)
{
    int files[2];
    pid_t child;

    if (pipe(files) != 0) {
        abort();
    }
    child = fork();
    if (child == 0) {
        usleep(300 * 1000);
        _exit(write(files[1], "x", 1) != 1);
    }
    alarms_set(handle_count, SA_RESTART, 20 * 1000);
    printf("%d", conform_read(files[0]));
    alarms_end();
    printf(" %d\n", alarms > 0);
    child_await("writer", child);
}

/* ---- a signal that ends what waits in the library ---- */

static int pipe_files[2];
static int ready_files[2];

/* The child is about to wait, and its handlers are there. */
static void ready_tell(void)
{
    if (write(ready_files[1], "r", 1) != 1) {
        abort();
    }
}

static void read_blocked(void)
{
    ready_tell();
    printf("%d\n", conform_read(pipe_files[0]));
}

static void read_on_blocked(void)
{
    ready_tell();
    printf("%d\n", conform_read_on(pipe_files[0]));
}

/* The signal comes before it waits. */
static void read_late(void)
{
    ready_tell();
    printf("%d\n", conform_read_late(pipe_files[0], 500));
}

static long read_in_callback(void *context, long value)
{
    (void)context;
    (void)value;
    ready_tell();
    return conform_read_on(pipe_files[0]);
}

static void wait_blocked(void)
{
    ready_tell();
    conform_wait();
}

static void read_nested(void)
{
    printf("%ld\n", conform_argument(read_in_callback, NULL, 1));
}

HANDLER static void handle_exit(int number)
{
    printf("handled %d\n", number);
    fflush(stdout);
    _exit(3);
}

static void handler_ends(void)
{
    signal(SIGINT, handle_exit);
    read_on_blocked();
}

static sigjmp_buf place;

HANDLER static void handle_jump(int number)
{
    siglongjmp(place, number);
}

static void handler_ends_late(void)
{
    signal(SIGINT, handle_exit);
    read_late();
}

/* As programs with a prompt do it. */
static void handler_jumps(void)
{
    signal(SIGINT, handle_jump);
    if (sigsetjmp(place, 1) == 0) {
        read_on_blocked();
    } else {
        printf("jumped out of it: %ld\n", conform_argument(ten, NULL, 1));
    }
}

static bool has_ended(pid_t child)
{
    siginfo_t info = {.si_pid = 0};

    return waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) ==
               0 &&
           info.si_pid == child;
}

/* Runs it, and sends the signal a moment after it is ready, when it waits. The
 * signal that ends a child which does not notice is another. */
static void kill_blocked(const char *name, void (*run)(void), int number)
{
    pid_t child;
    char ready;

    if (pipe(pipe_files) != 0 || pipe(ready_files) != 0) {
        abort();
    }
    fflush(stdout);
    child = fork();
    if (child == 0) {
        close(pipe_files[1]); /* the parent's stays open */
        run();
        fflush(stdout);
        _exit(0);
    }
    close(ready_files[1]);
    if (read(ready_files[0], &ready, 1) == 1) {
        usleep(200 * 1000);
    }
    kill(child, number);
    for (int i = 0; i < 2000 && !has_ended(child); i++) {
        usleep(10 * 1000);
    }
    kill(child, SIGKILL);
    child_await(name, child);
    for (int i = 0; i < 2; i++) {
        close(pipe_files[i]);
    }
    close(ready_files[0]);
}

static void interrupt_ends(void)
{
    kill_blocked("read", read_blocked, SIGINT);
    kill_blocked("read_on", read_on_blocked, SIGINT);
    kill_blocked("read_late", read_late, SIGINT);
    kill_blocked("wait", wait_blocked, SIGTERM);
    kill_blocked("nested", read_nested, SIGINT);
}

static void interrupt_handled(void)
{
    kill_blocked("handler ends", handler_ends, SIGINT);
    kill_blocked("handler ends late", handler_ends_late, SIGINT);
    kill_blocked("handler jumps", handler_jumps, SIGINT);
}

/* ---- signals that nobody handles ---- */

static void child_leaves(int number)
{
    const pid_t child = fork();

    if (child == 0) {
        _exit(number);
    }
    child_await("child", child);
}

/* An action without a handler, set by either function, before the library is
 * used and in between. */
static void action_set(int number, void (*handler)(int), bool is_signal)
{
    const struct sigaction action = {.sa_handler = handler,
                                     .sa_flags = SA_RESTART};

    if (is_signal) {
        signal(number, handler);
    } else {
        sigaction(number, &action, NULL);
    }
    printf("%ld\n", conform_argument(ten, NULL, 1));
}

static void unhandled_arrive(bool is_signal)
{
    static const int ignored[] = {SIGPIPE, SIGUSR1, SIGTERM, SIGHUP, SIGALRM};
    int files[2];

    for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++) {
        action_set(ignored[i], SIG_IGN, is_signal);
        raise(ignored[i]);
        kill(getpid(), ignored[i]);
    }
    if (pipe(files) != 0) {
        abort();
    }
    close(files[0]);
    printf("write %d\n", write(files[1], "x", 1) < 0 && errno == EPIPE);
    close(files[1]);

    action_set(SIGCHLD, SIG_DFL, is_signal);
    child_leaves(3);
    action_set(SIGWINCH, SIG_DFL, is_signal);
    raise(SIGWINCH);

    /* A handler that goes again. */
    alarms = 0;
    action_set(SIGUSR1, handle_count, is_signal);
    raise(SIGUSR1);
    action_set(SIGUSR1, SIG_IGN, is_signal);
    raise(SIGUSR1);
    printf("%d alarms\n", alarms);
}

static void ignored_in_library(void)
{
    action_set(SIGINT, SIG_IGN, false);
    ready_tell();
    printf("%d\n", conform_read(pipe_files[0]));
}

static void defaults_end(void)
{
    action_set(SIGTERM, SIG_IGN, false);
    action_set(SIGTERM, SIG_DFL, false);
    read_on_blocked();
}

static void unhandled(void)
{
    unhandled_arrive(false);
    unhandled_arrive(true);
    kill_blocked("ignored", ignored_in_library, SIGINT);
    kill_blocked("default again", defaults_end, SIGTERM);
}

const struct test_case signal_cases[] = {
    {"signals_through_calls", signals_through_calls},
    {"signals_and_errno", signals_and_errno},
    {"interrupted_calls", interrupted_calls},
    {"restarted_calls", restarted_calls},
    {"interrupt_ends", interrupt_ends},
    {"interrupt_handled", interrupt_handled},
    {"unhandled", unhandled},
    {NULL, NULL},
};
