/* SPDX-License-Identifier: MIT */
#include "outfile.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

/* Writes two files; whether that went well. */
static bool write_both(struct unit *unit, const char *one, const char *two)
{
    struct outfiles files = {0};

    outfiles_add(unit->arena, &files, "-o", "out/one", one, strlen(one));
    outfiles_add(unit->arena, &files, "-o", "out/deep/two", two, strlen(two));
    return outfiles_write(unit->arena, unit->diag, &files);
}

static const char *content(struct unit *unit, const char *path)
{
    char *text = arena_alloc(unit->arena, 1000);
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    assert_true(fread(text, 1, 999, file) < 999);
    fclose(file);
    return text;
}

static size_t count(const char *folder)
{
    DIR *entries = opendir(folder);
    size_t n_entries = 0;

    assert_non_null(entries);
    while (readdir(entries) != NULL) {
        n_entries++;
    }
    closedir(entries);
    return n_entries - 2;
}

static void written_with_their_folders(void **state)
{
    struct unit *unit = *state;

    assert_true(write_both(unit, "1", ""));
    assert_string_equal(content(unit, "out/one"), "1");
    assert_string_equal(content(unit, "out/deep/two"), "");
    assert_true(write_both(unit, "1 changed", "2"));
    assert_string_equal(content(unit, "out/one"), "1 changed");
    assert_string_equal(content(unit, "out/deep/two"), "2");
    assert_int_equal(count("out"), 2);
    assert_int_equal(count("out/deep"), 1);
    assert_string_equal(unit_told(unit), "");
}

static void unchanged_is_left_alone(void **state)
{
    struct unit *unit = *state;
    struct stat before, after;

    assert_true(write_both(unit, "1", "2"));
    assert_int_equal(stat("out/one", &before), 0);
    assert_true(write_both(unit, "1", "another"));
    assert_int_equal(stat("out/one", &after), 0);
    assert_int_equal(after.st_ino, before.st_ino);
    assert_int_equal(after.st_mtim.tv_sec, before.st_mtim.tv_sec);
    assert_int_equal(after.st_mtim.tv_nsec, before.st_mtim.tv_nsec);

    /* A text that is the start of another is another. */
    assert_true(write_both(unit, "1+", "another"));
    assert_true(write_both(unit, "1", "another"));
    assert_string_equal(content(unit, "out/one"), "1");
}

static void permissions_are_the_umask(void **state)
{
    struct unit *unit = *state;
    struct stat status;
    mode_t mask = umask(0026);

    assert_true(write_both(unit, "1", "2"));
    umask(mask);
    assert_int_equal(stat("out/one", &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
}

/* The second place is taken by a folder. */
static void none_or_all(void **state)
{
    struct unit *unit = *state;

    unit_run("mkdir -p out/deep/two; echo old >out/one");
    assert_false(write_both(unit, "1", "2"));
    assert_string_equal(content(unit, "out/one"), "old\n");
    assert_int_equal(count("out"), 2);
    assert_int_equal(count("out/deep"), 1);
    assert_string_equal(unit_told(unit),
                        "out/deep/two:1:1: error: cannot be written: Is a "
                        "directory: name another with -o [output]\n"
                        "thunkgen: 1 error, nothing written\n");
}

static void folders_of_a_failure_go(void **state)
{
    struct unit *unit = *state;

    unit_run("mkdir out; echo file >out/deep");
    assert_false(write_both(unit, "1", "2"));
    assert_int_equal(count("out"), 1);
    unit_run("rm -r out; mkfifo pipe");
    {
        struct outfiles files = {0};

        outfiles_add(unit->arena, &files, "-o", "out/a/b/c", "", 0);
        outfiles_add(unit->arena, &files, "--depfile", "pipe", "", 0);
        assert_false(outfiles_write(unit->arena, unit->diag, &files));
    }
    assert_int_not_equal(access("out", F_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(written_with_their_folders),
        UNIT_TEST(unchanged_is_left_alone),
        UNIT_TEST(permissions_are_the_umask),
        UNIT_TEST(none_or_all),
        UNIT_TEST(folders_of_a_failure_go),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
