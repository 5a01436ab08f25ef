/* SPDX-License-Identifier: MIT
 * New processes, between calls and inside of callbacks. */
#include "cases.h"
#include "conform.h"

#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static long plus(void *context, long value)
{
    (void)context;
    return value + 1;
}

static void fork_between(void)
{
    pid_t child;

    printf("%ld\n", conform_argument(plus, NULL, 1));
    fflush(stdout);
    child = fork();
    if (child == 0) {
        printf("child: %ld %ld\n", conform_argument(plus, NULL, 2),
               conform_return(1)(NULL, 1));
        exit(3);
    }
    child_await("fork", child);
    printf("%ld\n", conform_argument(plus, NULL, 3));
}

/* Both go back into the library, and out of it. */
static long forking(void *context, long value)
{
    pid_t child = fork();

    (void)context;
    if (child != 0) {
        child_await("fork", child);
    }
    return child == 0 ? 100 : value;
}

static void fork_in_callback(void)
{
    long result;

    fflush(stdout);
    result = conform_argument(forking, NULL, 1);
    printf("%ld\n", result);
    if (result == 101) {
        printf("child: %ld\n", conform_argument(plus, NULL, 1));
        exit(4);
    }
    printf("%ld\n", conform_argument(plus, NULL, 5));
}

static long exec_in(bool is_vfork)
{
    pid_t child;

    fflush(stdout);
    child = is_vfork ? vfork() : fork();
    if (child == 0) {
        execl("/bin/echo", "echo", "executed", (char *)NULL);
        _exit(127);
    }
    child_await(is_vfork ? "vfork" : "fork", child);
    return child > 0;
}

static long executing(void *context, long value)
{
    (void)context;
    return exec_in(value == 1);
}

static void fork_and_exec(void)
{
    (void)conform_argument(plus, NULL, 1);
    exec_in(false);
    exec_in(true);
    printf("%ld\n", conform_argument(executing, NULL, 0));
    printf("%ld\n", conform_argument(executing, NULL, 1));
}

extern char **environ;

static long spawning(void *context, long value)
{
    char *const arguments[] = {"echo", "spawned", NULL};
    pid_t child = -1;

    (void)context;
    (void)value;
    fflush(stdout);
    if (posix_spawn(&child, "/bin/echo", NULL, NULL, arguments, environ) != 0) {
        return -1;
    }
    child_await("spawn", child);
    return 1;
}

static void spawn(void)
{
    printf("%ld\n", spawning(NULL, 0));
    printf("%ld\n", conform_argument(spawning, NULL, 0));
    printf("%d\n", WEXITSTATUS(system("exit 5")));
}

const struct test_case process_cases[] = {
    {"fork_between", fork_between},
    {"fork_in_callback", fork_in_callback},
    {"fork_and_exec", fork_and_exec},
    {"spawn", spawn},
    {NULL, NULL},
};
