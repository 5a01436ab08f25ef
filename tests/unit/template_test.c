/* SPDX-License-Identifier: MIT */
#include "template.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

static const char text[] = "%% one\n"
                           "a @key@ b@other@\n"
                           "%% one-more\n"
                           "%% empty\n"
                           "%% last\n"
                           "100% of @key@@key@";

static void check(const char *section, const char *wanted)
{
    char *written = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&written, &length);

    template_write(stream, text, section, "unused", "u", "other", "@key@",
                   "key", "K", NULL);
    fclose(stream);
    assert_string_equal(written, wanted);
    free(written);
}

static void sections(void **state)
{
    (void)state;
    check("one", "a K b@key@\n"); /* values are not looked into */
    check("one-more", "");
    check("empty", "");
    check("last", "100% of KK");
}

/* Whether writing that section aborts, with a message that names it. */
static void check_abort(const char *broken, const char *section)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        fclose(stderr);
        template_write(stdout, broken, section, "k", "v", NULL);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static void mistakes_abort(void **state)
{
    (void)state;
    check_abort(text, "on");
    check_abort(text, "none");
    check_abort(text, "one"); /* a key without a value */
    check_abort("%% one\n@k\n", "one");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(sections),
        UNIT_TEST(mistakes_abort),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
