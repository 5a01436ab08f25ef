/* SPDX-License-Identifier: MIT
 *
 * usage: program [CASE...]
 *        program --list
 *        program --stress SECONDS [SEED]
 *
 * Without a name, every case in a child of its own, which begins with nothing
 * called yet. With one, in this process.
 */
#include "cases.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct test_case *const groups[] = {
    pointer_cases, spec_cases,   kept_cases,    thread_cases,    tool_cases,
    unwind_cases,  signal_cases, process_cases, recursion_cases, heap_cases,
};

enum { GROUPS = sizeof(groups) / sizeof(groups[0]) };

void child_await(const char *name, pid_t child)
{
    int status = -1;

    waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) {
        printf("%s: signal %d\n", name, WTERMSIG(status));
    } else {
        printf("%s: status %d\n", name, WEXITSTATUS(status));
    }
}

void in_child(const char *name, void (*run)(void))
{
    pid_t child;

    fflush(stdout);
    child = fork();
    if (child == 0) {
        run();
        fflush(stdout);
        _exit(0);
    }
    child_await(name, child);
}

/* A figure of /proc/self/statm, in KiB. */
static long statm(int place)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long figures[2] = {0, 0};

    if (file == NULL ||
        fscanf(file, "%ld %ld", &figures[0], &figures[1]) != 2) {
        abort();
    }
    fclose(file);
    return figures[place] * (sysconf(_SC_PAGESIZE) / 1024);
}

long memory_resident(void)
{
    return statm(1);
}

long memory_mapped(void)
{
    return statm(0);
}

static void case_run(const struct test_case *test)
{
    pid_t child;

    printf("== %s\n", test->name);
    fflush(stdout);
    child = fork();
    if (child == 0) {
        test->run();
        fflush(stdout);
        exit(0);
    }
    child_await(test->name, child);
}

static bool group_run_named(const struct test_case *test, const char *name)
{
    for (; test->name != NULL; test++) {
        if (strcmp(test->name, name) == 0) {
            test->run();
            return true;
        }
    }
    return false;
}

static bool case_run_named(const char *name)
{
    bool is_found = group_run_named(named_cases, name);

    for (size_t g = 0; g < GROUPS && !is_found; g++) {
        is_found = group_run_named(groups[g], name);
    }
    return is_found;
}

int main(int argc, char **argv)
{
    bool is_list = argc == 2 && strcmp(argv[1], "--list") == 0;

    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc > 2 && strcmp(argv[1], "--stress") == 0) {
        return stress_run(atof(argv[2]),
                          argc > 3 ? (unsigned)atoi(argv[3]) : 1);
    }
    for (int i = 1; i < argc && !is_list; i++) {
        if (!case_run_named(argv[i])) {
            fprintf(stderr, "program: no case '%s'; see --list\n", argv[i]);
            return 2;
        }
    }
    for (size_t g = 0; g < GROUPS && (argc == 1 || is_list); g++) {
        for (const struct test_case *test = groups[g]; test->name != NULL;
             test++) {
            if (is_list) {
                puts(test->name);
            } else {
                case_run(test);
            }
        }
    }
    return 0;
}
