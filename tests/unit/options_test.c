/* SPDX-License-Identifier: MIT
 * What is told of wrong usage is in tests/golden/behaviour.sh. */
#include "options.h"

#include <getopt.h>

#include "unit.h"

#define READ(unit, options, status, ...)                                       \
    read_arguments((unit), (options), (status),                                \
                   (char *[]){"thunkgen", __VA_ARGS__, NULL})

static bool read_arguments(struct unit *unit, struct options *options,
                           int *status, char **arguments)
{
    int count = 0;

    while (arguments[count] != NULL) {
        count++;
    }
    optind = 0; /* glibc: start anew */
    opterr = 0;
    return options_read(unit->arena, count, arguments, options, status);
}

static void defaults(void **state)
{
    struct options options;
    int status = -1;

    assert_true(READ(*state, &options, &status, "--header", "h", "--spec=s"));
    assert_int_equal(options.n_headers, 1);
    assert_string_equal(options.headers[0], "h");
    assert_string_equal(options.specs[0], "s");
    assert_string_equal(options.output, ".");
    assert_null(options.library);
    assert_int_equal(options.n_guests, 1);
    assert_string_equal(options.guests[0]->name, "x86_64");
    assert_int_equal(options.dump, DUMP_NONE);
    assert_ptr_equal(options.host, isa_of_host());
    assert_false(options.is_host_said);
}

static void another_host(void **state)
{
    struct options options;
    int status = -1;

    assert_true(READ(*state, &options, &status, "--header", "h", "--spec=s",
                     "--host", "riscv64", "--sysroot", "host=/r", "--sysroot",
                     "/g", "--target", "host=triple"));
    assert_string_equal(options.host->name, "riscv64");
    assert_true(options.is_host_said);
    assert_int_equal(options.n_sysroots, 2);
    assert_true(options.sysroots[0].is_host);
    assert_null(options.sysroots[0].isa);
    assert_string_equal(options.sysroots[0].value, "/r");
    assert_false(options.sysroots[1].is_host);
    assert_true(options.targets[0].is_host);
    assert_string_equal(options.targets[0].value, "triple");
    assert_false(READ(*state, &options, &status, "--header", "h", "--spec=s",
                      "--host", "m68k"));
    assert_int_equal(status, 2);
}

static void all(void **state)
{
    struct options options;
    int status = -1;

    assert_true(READ(*state, &options, &status, "--header", "a", "--header",
                     "b", "--spec", "s", "-o", "out", "--library", "l",
                     "--guest", "riscv64,aarch64", "--guest", "riscv64", "-Ii",
                     "-D", "A=1", "--sysroot", "/all=1", "--sysroot",
                     "aarch64=/one", "--target", "riscv64=triple", "--depfile",
                     "d", "--deptarget", "t", "--dump=plan"));
    assert_int_equal(options.n_headers, 2);
    assert_string_equal(options.headers[1], "b");
    assert_string_equal(options.output, "out");
    assert_string_equal(options.library, "l");
    assert_int_equal(options.n_guests, 2);
    assert_string_equal(options.guests[0]->name, "riscv64");
    assert_int_equal(options.n_arguments, 2);
    assert_string_equal(options.arguments[0], "-Ii");
    assert_string_equal(options.arguments[1], "-DA=1");
    assert_int_equal(options.n_sysroots, 2);
    assert_null(options.sysroots[0].isa);
    assert_string_equal(options.sysroots[0].value, "/all=1");
    assert_string_equal(options.sysroots[1].isa->name, "aarch64");
    assert_string_equal(options.sysroots[1].value, "/one");
    assert_string_equal(options.targets[0].value, "triple");
    assert_string_equal(options.depfile, "d");
    assert_string_equal(options.deptarget, "t");
    assert_int_equal(options.dump, DUMP_PLAN);
}

static void check(void **state)
{
    struct options options;
    int status = -1;

    assert_true(READ(*state, &options, &status, "check", "--header", "h",
                     "--spec", "s", "--format=html", "-W", "data", "-Elayout"));
    assert_true(options.is_check);
    assert_int_equal(options.format, FORMAT_HTML);
    assert_int_equal(options.n_severities, 2);
    assert_string_equal(options.severities[0].check, "data");
    assert_false(options.severities[0].is_error);
    assert_string_equal(options.severities[1].check, "layout");
    assert_true(options.severities[1].is_error);
}

static void wrong(void **state)
{
    struct options options;
    int status;

#define REFUSED(...)                                                           \
    status = -1;                                                               \
    assert_false(READ(*state, &options, &status, "--header", "h", "--spec",    \
                      "s", __VA_ARGS__));                                      \
    assert_int_equal(status, 2)

    REFUSED("word");
    REFUSED("check"); /* only as the first */
    REFUSED("-W", "data");
    REFUSED("--guest", "mips");
    REFUSED("--guest", "");
    REFUSED("--guest", "x86_64,");
    REFUSED("--target", "mips=x");
    REFUSED("--dump", "all");
    REFUSED("-o", "");
    REFUSED("--what");
    status = -1;
    assert_false(READ(*state, &options, &status, "--version"));
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(defaults), UNIT_TEST(another_host), UNIT_TEST(all),
        UNIT_TEST(check),    UNIT_TEST(wrong),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
