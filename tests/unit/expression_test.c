/* SPDX-License-Identifier: MIT
 * Numbers of elements as the spec writes them. */
#include "expression.h"

#include "unit.h"

static const char *name(void *context, const char *text, bool is_place)
{
    struct unit *unit = context;

    return strcmp(text, "bad") == 0
               ? NULL
               : arena_printf(unit->arena, is_place ? "@%s" : "$%s", text);
}

static const char *read(struct unit *unit, const char *text)
{
    struct spec_text spec = {.text = text, .where = {"s.yml", 2, 5}};

    return expression_read(unit->arena, unit->diag, &spec, name, unit);
}

static void good(void **state)
{
    static const char *const cases[][2] = {
        {"1", "1"},
        {" 0 ", "0"},
        {"n", "$n"},
        {"*n", "@n"},
        {"* n_1", "@n_1"},
        {"((n))", "$n"},
        {"w*h", "thunk_count_multiply($w, $h)"},
        {"w**h", "thunk_count_multiply($w, @h)"},
        {"a - b - c", "thunk_count_subtract(thunk_count_subtract($a, $b), $c)"},
        {"a - (b - c)",
         "thunk_count_subtract($a, thunk_count_subtract($b, $c))"},
        {"a + b * 2", "thunk_count_add($a, thunk_count_multiply($b, 2))"},
        {"(a + 7) / 8", "thunk_count_divide(thunk_count_add($a, 7), 8)"},
        {"999999999999999999", "999999999999999999"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_string_equal(read(*state, cases[i][0]), cases[i][1]);
    }
    assert_string_equal(unit_told(*state), "");
}

/* One error each, however much is wrong. */
static void bad(void **state)
{
    static const char *const cases[] = {
        "",    " ",    "+",     "n +", "(n",   "n)",
        "()",  "n m",  "*",     "**n", "*3",   "* *n",
        "010", "0x10", "3n",    "n;",  "n, m", "-n",
        "n%2", "(((",  "n + *", "n.m", "n->m", "1000000000000000000"};
    struct unit *unit = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t n_messages;

        unit->diag = diag_new(unit->arena);
        assert_null(read(unit, cases[i]));
        (void)diag_messages(unit->diag, &n_messages);
        assert_int_equal(n_messages, 1);
    }
}

/* The name's own error is enough. */
static void unknown_name(void **state)
{
    assert_null(read(*state, "n + bad * 2"));
    assert_string_equal(unit_told(*state), "");
}

static void deep(void **state)
{
    char text[4001];

    memset(text, '(', 4000);
    text[4000] = '\0';
    assert_null(read(*state, text));
    memset(text, '(', 50);
    text[50] = 'n';
    memset(text + 51, ')', 50);
    text[101] = '\0';
    assert_string_equal(read(*state, text), "$n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT_TEST(good), UNIT_TEST(bad),
                                       UNIT_TEST(unknown_name),
                                       UNIT_TEST(deep)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
