/* SPDX-License-Identifier: MIT
 * Messages have their cases in tests/errors; this is what is read, and where.
 */
#include "spec.h"

#include "unit.h"

static struct spec read(struct unit *unit, const char *text)
{
    struct spec spec = {0};

    spec_read(unit->arena, unit->diag, unit_file("s.yml", text), &spec);
    return spec;
}

static void check_text(struct spec_text text, const char *wanted, unsigned line,
                       unsigned column)
{
    assert_string_equal(text.text, wanted);
    assert_string_equal(text.where.file, "s.yml");
    assert_int_equal(text.where.line, line);
    assert_int_equal(text.where.column, column);
}

static void every_key(void **state)
{
    struct spec spec =
        read(*state, "# a comment\n"
                     "library: z-1_2\n"
                     "soname: \"libz.so.1\"\n"
                     "defines: [A, B=2]\n"
                     "omit:\n"
                     "  - one\n"
                     "  - two\n"
                     "functions:\n"
                     "  f: {printf: format}\n"
                     "  g: {guest: true}\n"
                     "  h: {door: fast, leaf: true, out: [p, q]}\n"
                     "  i: {door: syscall, leaf: false, procedure: n}\n"
                     "  j: {in: [p], inout: [q], length: {p: n, q: 2 * n}}\n"
                     "callbacks:\n"
                     "  visit: {out: [p], length: {p: terminated}}\n"
                     "door: fast\n"
                     "threads: true\n"
                     "procedures: [gl*, x?]\n"
                     "types:\n"
                     "  t: {chain: next, by: kind, structs: {K: struct l}}\n"
                     "  u: {single: true, length: {p: n}}\n"
                     "data: {v: both, w: start}\n"
                     "libc: {FILE: library, jmp_buf: program}\n");

    assert_string_equal(unit_told(*state), "");
    assert_int_equal(spec.n_libc, 2);
    check_text(spec.libc[0].name, "FILE", 23, 8);
    check_text(spec.libc[1].value, "program", 23, 32);
    assert_string_equal(spec.path, "s.yml");
    check_text(spec.library, "z-1_2", 2, 10);
    check_text(spec.soname, "libz.so.1", 3, 9);
    assert_int_equal(spec.n_defines, 2);
    check_text(spec.defines[0], "A", 4, 11);
    check_text(spec.defines[1], "B=2", 4, 14);
    assert_int_equal(spec.n_omit, 2);
    check_text(spec.omit[1], "two", 7, 5);
    assert_int_equal(spec.n_functions, 5);
    check_text(spec.functions[4].in[0], "p", 13, 12);
    check_text(spec.functions[4].inout[0], "q", 13, 24);
    check_text(spec.functions[4].lengths[1].value, "2 * n", 13, 46);
    assert_int_equal(spec.n_callbacks, 1);
    check_text(spec.callbacks[0].name, "visit", 15, 3);
    check_text(spec.callbacks[0].lengths[0].value, "terminated", 15, 33);
    check_text(spec.functions[0].name, "f", 9, 3);
    check_text(spec.functions[0].format, "format", 9, 15);
    assert_null(spec.functions[1].format.text);
    assert_false(spec_is_true(&spec.functions[1].leaf));
    assert_true(spec_is_true(&spec.functions[1].guest));
    assert_false(spec_is_true(&spec.functions[2].guest));
    assert_false(spec_door_is_fast(&spec.functions[1].door));
    check_text(spec.functions[2].door, "fast", 11, 13);
    assert_true(spec_door_is_fast(&spec.functions[2].door));
    assert_true(spec_is_true(&spec.functions[2].leaf));
    assert_int_equal(spec.functions[2].n_out, 2);
    check_text(spec.functions[2].out[1], "q", 11, 40);
    assert_false(spec_door_is_fast(&spec.functions[3].door));
    assert_false(spec_is_true(&spec.functions[3].leaf));
    assert_true(spec_door_is_fast(&spec.door));
    check_text(spec.functions[3].procedure, "n", 12, 46);
    assert_true(spec_is_true(&spec.threads));
    assert_true(spec_names_procedure(&spec, "glFlush"));
    assert_true(spec_names_procedure(&spec, "xy"));
    assert_false(spec_names_procedure(&spec, "xyz"));
    assert_int_equal(spec.n_types, 2);
    check_text(spec.types[1].single, "true", 21, 15);
    check_text(spec.types[1].lengths[0].value, "n", 21, 33);
    check_text(spec.types[0].chain, "next", 20, 14);
    check_text(spec.types[0].by, "kind", 20, 24);
    check_text(spec.types[0].links[0].constant, "K", 20, 40);
    check_text(spec.types[0].links[0].type, "struct l", 20, 43);
    check_text(*spec_datum_find(&spec, "w"), "start", 22, 20);
    assert_null(spec_datum_find(&spec, "f"));
}

static void found_by_name(void **state)
{
    struct spec spec = read(*state, "{library: z, omit: [a, b], functions: "
                                    "{f: {printf: x}, g: {printf: y}}}");

    assert_string_equal(unit_told(*state), "");
    assert_string_equal(spec_function_find(&spec, "g")->format.text, "y");
    assert_null(spec_function_find(&spec, "a"));
    assert_true(spec_omits(&spec, "b"));
    assert_false(spec_omits(&spec, "f"));
}

/* After an error the rest is read. */
static void errors_do_not_end_it(void **state)
{
    struct spec spec = read(*state, "nonsense: {deep: [er, {and: deeper}]}\n"
                                    "omit: 1\n"
                                    "defines: [&a A, *b, [B], C]\n"
                                    "library: z\n");

    assert_string_equal(
        unit_told(*state),
        "s.yml:1:1: error: 'nonsense' is no key of a spec: it takes "
        "'library', 'soname', 'defines', 'door', 'threads', 'start', 'omit', "
        "'handles', 'data', 'functions', 'printf', 'procedures', 'types', "
        "'callbacks', 'undeclared', 'libc', 'versions' "
        "[spec-key]\n"
        "s.yml:2:7: error: 'omit' takes a list of texts, as in [one, two], "
        "not a text [spec-type]\n"
        "s.yml:3:17: error: there is no value '&b' that ends before: write "
        "it there, or the value here [spec-alias]\n"
        "s.yml:3:21: error: 'defines' takes a text, not a list [spec-type]\n"
        "thunkgen: 4 errors, nothing written\n");
    check_text(spec.library, "z", 4, 10);
    assert_int_equal(spec.n_defines, 4);
    assert_null(spec.defines[1].text);
    assert_string_equal(spec.defines[3].text, "C");
}

/* Broken at every length: no crash, no silence but where it is whole. */
static void cut_short(void **state)
{
    struct unit *unit = *state;
    static const char whole[] = "{library: z, omit: [a, \"b\"], functions: {f: "
                                "{printf: x}}, soname: {}}";

    for (size_t length = 0; length < sizeof(whole) - 1; length++) {
        struct diag *diag = diag_new(unit->arena);
        struct spec spec = {0};
        char *text = arena_strdup(unit->arena, whole);

        text[length] = '\0';
        spec_read(unit->arena, diag, unit_file("s.yml", text), &spec);
        assert_true(diag_has_errors(diag));
    }
}

/* Each stands for the last value of its name, at the places of that. */
static void aliases(void **state)
{
    struct unit *unit = *state;
    struct diag *diag = diag_new(unit->arena);
    struct spec spec = {0};

    spec_read(unit->arena, diag,
              unit_file("s.yml", "library: &name one\n"
                                 "omit: [&name two, *name]\n"
                                 "functions:\n"
                                 "  f: &f {door: &door fast, out: &o [*name]}\n"
                                 "  g: *f\n"
                                 "  *door : {out: *o}\n"),
              &spec);
    assert_false(diag_has_errors(diag));
    check_text(spec.library, "one", 1, 10);
    assert_int_equal(spec.n_omit, 2);
    check_text(spec.omit[1], "two", 2, 8);
    assert_int_equal(spec.n_functions, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(spec.functions[i].n_out, 1);
        check_text(spec.functions[i].out[0], "two", 2, 8);
    }
    check_text(spec.functions[1].door, "fast", 4, 16);
    check_text(spec.functions[2].name, "fast", 4, 16);
}

/* Ten of ten of ten ... would fill any memory. */
static void aliases_without_end(void **state)
{
    struct unit *unit = *state;
    struct diag *diag = diag_new(unit->arena);
    struct spec spec = {0};
    struct arena_text text = {0};

    arena_text_add(unit->arena, &text, "library: z\nomit: [&a0 [a, b]\n");
    for (int i = 1; i < 30; i++) {
        arena_text_add(unit->arena, &text, ", &a%d [", i);
        for (int j = 0; j < 10; j++) {
            arena_text_add(unit->arena, &text, "*a%d,", i - 1);
        }
        arena_text_add(unit->arena, &text, "]\n");
    }
    arena_text_add(unit->arena, &text, "]\n");
    spec_read(unit->arena, diag, unit_file("s.yml", arena_text_get(&text)),
              &spec);
    assert_true(diag_has_errors(diag));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(every_key),
        UNIT_TEST(found_by_name),
        UNIT_TEST(errors_do_not_end_it),
        UNIT_TEST(cut_short),
        UNIT_TEST(aliases),
        UNIT_TEST(aliases_without_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
