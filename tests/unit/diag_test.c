/* SPDX-License-Identifier: MIT */
#include "unit.h"

static const struct location a_1_1 = {"a.h", 1, 1};
static const struct location a_2_9 = {"a.h", 2, 9};
static const struct location a_10_1 = {"a.h", 10, 1};
static const struct location b_1_1 = {"b.h", 1, 1};

static void nothing_is_silent(void **state)
{
    assert_string_equal(unit_told(*state), "");
}

static void sorted_by_place_then_text(void **state)
{
    struct unit *unit = *state;

    diag_error(unit->diag, b_1_1, "c", "five");
    diag_error(unit->diag, a_10_1, "c", "four");
    diag_error(unit->diag, a_2_9, "c", "three '%s'", "x");
    diag_error(unit->diag, a_1_1, "c", "two");
    diag_error(unit->diag, a_1_1, "c", "one");
    assert_true(diag_has_errors(unit->diag));
    assert_string_equal(unit_told(unit), "a.h:1:1: error: one [c]\n"
                                         "a.h:1:1: error: two [c]\n"
                                         "a.h:2:9: error: three 'x' [c]\n"
                                         "a.h:10:1: error: four [c]\n"
                                         "b.h:1:1: error: five [c]\n"
                                         "thunkgen: 5 errors, nothing "
                                         "written\n");
}

/* As when two ABIs have the same two faults at one place. */
static void duplicates_are_told_once(void **state)
{
    struct unit *unit = *state;

    for (int i = 0; i < 2; i++) {
        diag_error(unit->diag, a_1_1, "c", "one");
        diag_note(unit->diag, b_1_1, "here");
        diag_error(unit->diag, a_1_1, "c", "two");
    }
    assert_string_equal(unit_told(unit), "a.h:1:1: error: one [c]\n"
                                         "b.h:1:1: note: here\n"
                                         "a.h:1:1: error: two [c]\n"
                                         "thunkgen: 2 errors, nothing "
                                         "written\n");
}

static void notes_stay_with_their_message(void **state)
{
    struct unit *unit = *state;

    diag_error(unit->diag, b_1_1, "c", "later");
    diag_note(unit->diag, a_1_1, "first %s", "note");
    diag_note(unit->diag, a_2_9, "second note");
    diag_error(unit->diag, a_10_1, "c", "sooner");
    assert_string_equal(unit_told(unit), "a.h:10:1: error: sooner [c]\n"
                                         "b.h:1:1: error: later [c]\n"
                                         "a.h:1:1: note: first note\n"
                                         "a.h:2:9: note: second note\n"
                                         "thunkgen: 2 errors, nothing "
                                         "written\n");
}

static void warnings_are_no_errors(void **state)
{
    struct unit *unit = *state;

    diag_warning(unit->diag, a_1_1, "c", "careful");
    assert_false(diag_has_errors(unit->diag));
    assert_string_equal(unit_told(unit), "a.h:1:1: warning: careful [c]\n");
}

static void severities_change(void **state)
{
    struct unit *unit = *state;
    const struct diag_message *messages;
    size_t n_messages;

    diag_severity(unit->diag, "c", false);
    diag_severity(unit->diag, "d", false);
    diag_severity(unit->diag, "d", true); /* the last one counts */
    diag_error(unit->diag, a_1_1, "c", "refused");
    assert_false(diag_has_errors(unit->diag));
    diag_warning(unit->diag, a_2_9, "d", "careful");
    assert_true(diag_has_errors(unit->diag));
    messages = diag_messages(unit->diag, &n_messages);
    assert_int_equal(n_messages, 2);
    assert_true(messages[0].is_refusal);
    assert_false(messages[0].is_error);
    assert_false(messages[1].is_refusal);
    assert_true(messages[1].is_error);
    assert_string_equal(messages[1].line, "a.h:2:9: error: careful [d]");
}

static void messages_know_their_symbol(void **state)
{
    struct unit *unit = *state;
    const struct diag_message *messages;
    size_t n_messages;

    diag_error(unit->diag, a_1_1, "c", "one");
    diag_about(unit->diag, "f");
    diag_error(unit->diag, a_2_9, "c", "two");
    diag_yaml(unit->diag, "omit: [%s]", "f");
    diag_about(unit->diag, NULL);
    diag_error(unit->diag, a_10_1, "c", "three");
    messages = diag_messages(unit->diag, &n_messages);
    assert_int_equal(n_messages, 3);
    assert_null(messages[0].about);
    assert_null(messages[0].yaml);
    assert_string_equal(messages[1].about, "f");
    assert_string_equal(messages[1].yaml, "omit: [f]");
    assert_string_equal(messages[1].check, "c");
    assert_null(messages[2].about);
}

static void one_line_a_message(void **state)
{
    struct unit *unit = *state;

    diag_error(unit->diag, a_1_1, "c", "'%s'", "two\nlines\t\x1b[1m");
    assert_string_equal(unit_told(unit),
                        "a.h:1:1: error: 'two?lines??[1m' [c]\n"
                        "thunkgen: 1 error, nothing written\n");
}

/* Two guests may refuse one function in two ways. */
static void omissions_are_told_together(void **state)
{
    struct unit *unit = *state;

    for (int i = 0; i < 10; i++) {
        for (int guest = 0; guest < 2; guest++) {
            diag_error(unit->diag, a_1_1, "c", "%d for %d", i, guest);
            diag_yaml(unit->diag, "omit: [long_name_of_symbol_%d]", i);
        }
    }
    assert_non_null(
        strstr(unit_told(unit),
               "thunkgen: 20 errors, nothing written\n"
               "thunkgen: this in the spec leaves out the 10 symbols that "
               "errors are about:\n"
               "omit: [long_name_of_symbol_0, long_name_of_symbol_1, "
               "long_name_of_symbol_2,\n"
               "  long_name_of_symbol_3, long_name_of_symbol_4, "
               "long_name_of_symbol_5,\n"
               "  long_name_of_symbol_6, long_name_of_symbol_7, "
               "long_name_of_symbol_8,\n"
               "  long_name_of_symbol_9]\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(nothing_is_silent),
        UNIT_TEST(sorted_by_place_then_text),
        UNIT_TEST(duplicates_are_told_once),
        UNIT_TEST(notes_stay_with_their_message),
        UNIT_TEST(warnings_are_no_errors),
        UNIT_TEST(severities_change),
        UNIT_TEST(messages_know_their_symbol),
        UNIT_TEST(one_line_a_message),
        UNIT_TEST(omissions_are_told_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
