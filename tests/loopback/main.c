/* SPDX-License-Identifier: MIT
 * usage: loopback GROUP [TEST]; see check.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

/* ThreadSanitizer asks for it. glibc frees the thread-local storage of a thread
 * that has ended when it uses its stack again, in an order that only glibc and
 * the kernel know of. */
const char *__tsan_default_suppressions(void);

const char *__tsan_default_suppressions(void)
{
    return "race:_dl_deallocate_tls\n";
}

static const struct {
    const char *name;
    const struct check_test *tests;
} groups[] = {
    {"asm", asm_tests},
    {"attach", attach_tests},
    {"call", call_tests},
    {"fault", fault_tests},
    {"format", format_tests},
    {"fuzz", fuzz_tests},
    {"garbage", garbage_tests},
    {"net", net_tests},
    {"observe", observe_tests},
    {"order", order_tests},
    {"service", service_tests},
    {"stack", stack_tests},
    {"stream", stream_tests},
    {"stub", stub_tests},
    {"thread", thread_tests},
    {"trampoline", trampoline_tests},
#ifdef LOOPBACK_ZLIB
    {"zlib", zlib_tests},
#endif
};

void check_fail(const char *file, int line, const char *text)
{
    fprintf(stderr, "%s:%d: failed: %s\n", file, line, text);
    _exit(1);
}

void check_fail_same(const char *file, int line, const char *text,
                     long long one, long long two)
{
    fprintf(stderr, "%s:%d: failed: %s: %lld is not %lld\n", file, line, text,
            one, two);
    _exit(1);
}

void check_skip(const char *reason)
{
    printf("skipped: %s\n", reason);
    fflush(stdout);
    _exit(CHECK_SKIPPED);
}

struct check_child check_child_run(void (*function)(void))
{
    struct check_child child = {0};
    size_t used = 0;
    int ends[2];
    pid_t process;

    fflush(NULL);
    CHECK(pipe(ends) == 0);
    process = fork();
    CHECK(process >= 0);
    if (process == 0) {
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        function();
        _exit(0);
    }
    close(ends[1]);
    while (used < sizeof(child.errors) - 1) {
        ssize_t count =
            read(ends[0], child.errors + used, sizeof(child.errors) - 1 - used);

        if (count <= 0) {
            break;
        }
        used += (size_t)count;
    }
    close(ends[0]);
    CHECK(waitpid(process, &child.status, 0) == process);
    return child;
}

bool check_child_died(const struct check_child *child, int number)
{
    return WIFSIGNALED(child->status) && WTERMSIG(child->status) == number;
}

bool check_is_emulated(void)
{
    return getenv("LOOPBACK_EMULATED") != NULL;
}

/* Runs one test in a process of its own. */
static int test_run(const char *group, const struct check_test *test)
{
    int status = 0;
    pid_t process;

    printf("%s.%s: ", group, test->name);
    fflush(stdout);
    process = fork();
    if (process == 0) {
        test->run();
        _exit(0);
    }
    if (process < 0 || waitpid(process, &status, 0) != process) {
        perror("fork");
        return 1;
    }
    if (WIFSIGNALED(status)) {
        printf("FAILED by signal %d\n", WTERMSIG(status));
        return 1;
    }
    if (WEXITSTATUS(status) == 0) {
        printf("ok\n");
    } else if (WEXITSTATUS(status) != CHECK_SKIPPED) {
        printf("FAILED with status %d\n", WEXITSTATUS(status));
    }
    return WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
    const char *group = argc > 1 ? argv[1] : "";
    const char *only = argc > 2 ? argv[2] : NULL;
    unsigned passed = 0;
    unsigned failed = 0;
    unsigned skipped = 0;

    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
        const struct check_test *test = groups[i].tests;

        if (strcmp(group, groups[i].name) != 0 && strcmp(group, "all") != 0) {
            continue;
        }
        for (; test->name != NULL; test++) {
            int status;

            if (only != NULL && strcmp(only, test->name) != 0) {
                continue;
            }
            status = test_run(groups[i].name, test);
            passed += status == 0;
            skipped += status == CHECK_SKIPPED;
            failed += status != 0 && status != CHECK_SKIPPED;
        }
    }
    printf("%u passed, %u skipped, %u failed\n", passed, skipped, failed);
    if (passed + failed + skipped == 0) {
        fprintf(stderr, "usage: loopback GROUP|all [TEST]\n");
        return 2;
    }
    if (failed != 0) {
        return 1;
    }
    return passed == 0 ? CHECK_SKIPPED : 0;
}
