/* SPDX-License-Identifier: MIT */
#include "cdecl.h"

#include "parse.h"

/* Declarations of every shape go through the model and back, and a compiler
 * finds that they declare the same. */
static void round_trip(void **state)
{
    static const char types[] = "#include <stdarg.h>\n"
                                "typedef int *p; typedef const int c;\n"
                                "typedef void (*hook)(int); typedef int v[3];\n"
                                "typedef struct { int a; } t; struct s;\n"
                                "enum e { E }; union u { int i; };\n";
    static const char *const shapes[] = {
        "void f(void)",
        "int f(int, char, unsigned long long, _Bool, float, double)",
        "const char *f(const char *, char *const, const volatile void *)",
        "struct s **f(struct s *const *, t, union u, enum e)",
        "p f(p, const p, p *, c)",
        "void f(hook, void (*)(int, ...), int (*(*)(void))(char))",
        "int (*f(int (*)[4], v, const v, int *(*)[2][3]))[5]",
        "void f(va_list, va_list *, char *restrict, int *restrict *)",
        "void f(int (*const *)(void), int *(*)(int *(*)(int)))",
        "long double f(signed char, unsigned char, __int128, long double)",
        "void f(int, ...)",
        "void (*f(void (*)(int), int))(int)",
        "void f(const t *const *volatile *)",
    };
    struct unit *unit = *state;

    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        const char *text =
            arena_printf(unit->arena, "%s%s;\n", types, shapes[i]);
        struct model model = PARSE(unit, text, "f");
        const char *again =
            cdecl_declare(unit->arena, function_of(&model, "f")->type, "f");

        assert_string_equal(unit_told(unit), "");
        unit_file("r.c", arena_printf(unit->arena, "%s%s;\n", text, again));
        unit_run(
            UNIT_CC
            " -std=gnu11 -Wall -Werror -Wno-array-parameter -fsyntax-only r.c");
    }
}

static void texts(void **state)
{
    struct unit *unit = *state;
    struct model model = PARSE(unit,
                               "typedef const int c;\n"
                               "c f(const char *const a, int (*b)(void *, int),"
                               " int d[2], c e, void *restrict g);",
                               "f");

#define DECLARED(i, name, text)                                                \
    assert_string_equal(                                                       \
        cdecl_declare(unit->arena, parameter_of(&model, "f", i), name), text)
#define VARIABLE(i, name, text)                                                \
    assert_string_equal(cdecl_declare_variable(                                \
                            unit->arena, parameter_of(&model, "f", i), name),  \
                        text)

    DECLARED(0, "name", "const char *const name");
    DECLARED(0, "", "const char *const ");
    VARIABLE(0, "name", "const char *name");
    DECLARED(1, "name", "int (*name)(void *, int)");
    DECLARED(1, "", "int (*)(void *, int)");
    DECLARED(2, "name", "int *name");
    DECLARED(3, "name", "c name");
    VARIABLE(3, "name", "int name"); /* to be assigned to */
    DECLARED(4, "name", "void *restrict name");
}

static void wrapping(void **state)
{
    struct unit *unit = *state;
    static const char *const items[] = {"a_rather_long_item_number_one",
                                        "a_rather_long_item_number_two",
                                        "a_rather_long_item_number_three"};

    assert_string_equal(cdecl_wrap(unit->arena, "f(", items, 0, ")", -1),
                        "f()");
    assert_string_equal(cdecl_wrap(unit->arena, "f(", items, 1, ")", -1),
                        "f(a_rather_long_item_number_one)");
    assert_string_equal(cdecl_wrap(unit->arena, "f(", items, 3, ");", -1),
                        "f(a_rather_long_item_number_one, "
                        "a_rather_long_item_number_two,\n"
                        "  a_rather_long_item_number_three);");
    assert_string_equal(cdecl_wrap(unit->arena, "x\n    f(", items, 3, ")", 4),
                        "x\n    f(a_rather_long_item_number_one, "
                        "a_rather_long_item_number_two,\n"
                        "    a_rather_long_item_number_three)");

    /* 80 columns, and not one more. */
    for (int length = 40; length < 60; length++) {
        const char *two[] = {items[0],
                             arena_printf(unit->arena, "%0*d", length, 0)};
        const char *text = cdecl_wrap(unit->arena, "f(", two, 2, ");", -1);

        if (2 + strlen(items[0]) + 2 + (size_t)length + 2 <= 80) {
            assert_null(strchr(text, '\n'));
        } else {
            assert_non_null(strchr(text, '\n'));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(round_trip),
        UNIT_TEST(texts),
        UNIT_TEST(wrapping),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
