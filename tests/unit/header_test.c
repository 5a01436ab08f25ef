/* SPDX-License-Identifier: MIT */
#include "header.h"

#include "parse.h"

static void typedefs_keep_their_names(void **state)
{
    struct model model = PARSE(*state,
                               "typedef unsigned long word;\n"
                               "typedef word *place;\n"
                               "word f(place at, const word by, struct s *s);\n"
                               "struct s { word w; };\n",
                               "f");
    const struct type *type = function_of(&model, "f")->type;
    const struct type *place = type->parameters[0].type;

    assert_string_equal(unit_told(*state), "");
    assert_int_equal(type->kind, TYPE_FUNCTION);
    assert_int_equal(type->target->kind, TYPE_TYPEDEF);
    assert_string_equal(type->target->name, "word");
    assert_string_equal(place->name, "place");
    assert_int_equal(type_resolve(place)->kind, TYPE_POINTER);
    assert_string_equal(type_resolve(place)->target->name, "word");
    assert_true(type->parameters[1].type->is_const);
    assert_int_equal(type_resolve(type->parameters[1].type)->size, 8);
    assert_string_equal(function_of(&model, "f")->where.file, "./h.h");
    assert_int_equal(function_of(&model, "f")->where.line, 3);
    assert_int_equal(function_of(&model, "f")->where.column, 6);
}

static void binary128_is_no_long_double(void **state)
{
    struct model model =
        PARSE(*state, "_Float128 f(_Float128 a, long double b);\n", "f");
    const struct type *a = parameter_of(&model, "f", 0);

    assert_string_equal(unit_told(*state), "");
    assert_int_equal(a->kind, TYPE_FLOAT);
    assert_string_equal(a->name, "_Float128");
    assert_string_equal(a->format, "binary128");
    assert_int_equal(a->size, 16);
    assert_false(type_is_long_double(a));
    assert_true(type_is_long_double(parameter_of(&model, "f", 1)));
    for (size_t i = 0; i < model.n_files; i++) {
        assert_null(strstr(model.files[i], "floats"));
    }
}

static void function_pointers(void **state)
{
    struct model model = PARSE(
        *state,
        "typedef int (*hook)(void *data, int);\n"
        "typedef int act(const char *what);\n"
        "void f(hook a, act *b, act c, int (*d)(long size), int (*)());\n",
        "f");
    const struct type *hook = type_callback(parameter_of(&model, "f", 0));
    const struct type *act = type_callback(parameter_of(&model, "f", 1));

    assert_string_equal(hook->parameters[0].name, "data");
    assert_string_equal(hook->parameters[1].name, "arg2");
    assert_int_equal(hook->n_parameters, 2);
    assert_string_equal(act->parameters[0].name, "what");
    assert_ptr_equal(type_callback(parameter_of(&model, "f", 2))->kind,
                     TYPE_FUNCTION);
    assert_string_equal(
        type_callback(parameter_of(&model, "f", 3))->parameters[0].name,
        "size");
    assert_true(type_callback(parameter_of(&model, "f", 4))->has_no_prototype);
}

static void arrays_decay(void **state)
{
    struct model model = PARSE(*state,
                               "typedef int vector[3];\n"
                               "struct s { int a[2][4]; char rest[]; };\n"
                               "void f(vector a, const vector b, int c[2][4],\n"
                               "       struct s *d, int n, int e[n]);\n",
                               "f");
    const struct field *fields;

    assert_int_equal(parameter_of(&model, "f", 0)->kind, TYPE_POINTER);
    assert_false(parameter_of(&model, "f", 0)->target->is_const);
    assert_true(parameter_of(&model, "f", 1)->target->is_const);
    assert_int_equal(parameter_of(&model, "f", 2)->target->kind, TYPE_ARRAY);
    assert_int_equal(parameter_of(&model, "f", 2)->target->count, 4);
    assert_int_equal(parameter_of(&model, "f", 5)->kind, TYPE_POINTER);
    fields = parameter_of(&model, "f", 3)->target->record->fields;
    assert_int_equal(fields[0].type->count, 2);
    assert_int_equal(fields[0].type->target->count, 4);
    assert_int_equal(fields[1].type->kind, TYPE_ARRAY);
    assert_int_equal(fields[1].type->count, 0);
}

/* The canonical type of va_list differs on each. */
static void va_list_by_its_name(void **state)
{
    static const char *const isas[] = {"x86_64", "aarch64", "riscv64"};

    for (size_t i = 0; i < 3; i++) {
        struct model model =
            parse(*state, isas[i],
                  "#include <stdarg.h>\n"
                  "typedef va_list mine;\n"
                  "void f(va_list a, mine b, __builtin_va_list c, va_list *d);",
                  (const char *[]){"f", NULL});

        assert_string_equal(unit_told(*state), "");
        for (size_t p = 0; p < 3; p++) {
            assert_int_equal(type_resolve(parameter_of(&model, "f", p))->kind,
                             TYPE_VA_LIST);
        }
        assert_int_equal(parameter_of(&model, "f", 3)->kind, TYPE_POINTER);
    }
}

static void records(void **state)
{
    struct model model =
        PARSE(*state,
              "typedef struct { int x; } named_by_typedef;\n"
              "struct s {\n"
              "    struct s *self;\n"
              "    struct { union { int i; float f; }; char c; } inner;\n"
              "    unsigned a : 3, : 2, b : 4;\n"
              "    named_by_typedef n;\n"
              "};\n"
              "union u { int i; double d; };\n"
              "struct opaque;\n"
              "void f(struct s *a, union u b, struct opaque *c);\n"
              "void g(struct s a);\n",
              "f", "g");
    const struct record *record = parameter_of(&model, "f", 0)->target->record;

    assert_string_equal(record->name, "struct s");
    assert_true(record->is_complete);
    assert_ptr_equal(record->fields[0].type->target->record, record);
    assert_ptr_equal(parameter_of(&model, "g", 0)->record, record);
    assert_null(record->fields[1].type->record->name);
    assert_string_equal(record->fields[1].type->record->fields[0].name, "");
    assert_string_equal(record->fields[2].name, "a");
    assert_int_equal(record->fields[2].width, 3);
    assert_int_equal(record->fields[record->n_fields - 2].offset, 128 + 5);
    assert_string_equal(
        type_resolve(record->fields[record->n_fields - 1].type)->name,
        "named_by_typedef");
    assert_true(parameter_of(&model, "f", 1)->record->is_union);
    assert_false(parameter_of(&model, "f", 2)->target->record->is_complete);
    for (size_t i = 0; i < 2; i++) {
        assert_true(parameter_of(&model, "f", i == 0 ? 1 : 0)->align == 8);
    }
}

static void scalars(void **state)
{
    struct model model = PARSE(
        *state,
        "enum e { MINUS = -1 };\n"
        "typedef enum { A, B } t;\n"
        "void f(enum e a, t b, _Bool c, signed char d, unsigned long long e,\n"
        "       long double g, __int128 h, _Complex float i, float j);\n",
        "f");

    assert_int_equal(parameter_of(&model, "f", 0)->kind, TYPE_ENUM);
    assert_string_equal(parameter_of(&model, "f", 0)->name, "enum e");
    assert_true(parameter_of(&model, "f", 0)->is_signed);
    assert_false(type_resolve(parameter_of(&model, "f", 1))->is_signed);
    assert_string_equal(parameter_of(&model, "f", 2)->name, "_Bool");
    assert_true(parameter_of(&model, "f", 3)->is_signed);
    assert_int_equal(parameter_of(&model, "f", 4)->size, 8);
    assert_string_equal(parameter_of(&model, "f", 5)->format, "x87");
    assert_int_equal(parameter_of(&model, "f", 6)->align, 16);
    assert_int_equal(parameter_of(&model, "f", 7)->kind, TYPE_COMPLEX);
    assert_string_equal(parameter_of(&model, "f", 7)->target->format,
                        "binary32");
    assert_int_equal(parameter_of(&model, "f", 7)->size, 8);
    assert_string_equal(parameter_of(&model, "f", 8)->format, "binary32");
    model = parse(*state, "aarch64", "void f(long double);\n",
                  (const char *[]){"f", NULL});
    assert_string_equal(parameter_of(&model, "f", 0)->format, "binary128");
}

static void only_what_is_wanted(void **state)
{
    struct model model = PARSE(*state,
                               "int d(int);\n"
                               "static inline int c(int a) { return a; }\n"
                               "#define b(x) (x)\n"
                               "int (b)(int);\n"
                               "int b_(int);\n"
                               "int a(int);\n"
                               "int a(int named);\n"
                               "#define d 1\n",
                               "a", "b", "c", "d");

    assert_int_equal(model.n_functions, 3);
    assert_string_equal(model.functions[0].name, "a");
    assert_string_equal(model.functions[0].type->parameters[0].name, "named");
    assert_false(model_has_macro(&model, "a"));
    assert_true(model_has_macro(&model, "b"));
    assert_string_equal(model.functions[2].name, "d");
    assert_true(model_has_macro(&model, "d"));
    assert_int_equal(model.n_files, 1);
    assert_string_equal(model.files[0], "./h.h");
}

static void attributes(void **state)
{
    struct model model = PARSE(
        *state,
        "#define LIKE(m, n) __attribute__((__format__(__printf__, m, n)))\n"
        "void a(const char *, ...) __attribute__((format(printf, 1, 2)));\n"
        "void b(int, const char *, ...) LIKE(2, 3);\n"
        "void b(int, const char *, ...);\n"
        "int c(const char *, ...) __attribute__((format(scanf, 1, 2)));\n"
        "_Noreturn void d(void);\n"
        "void e(void) __attribute__((__noreturn__, deprecated));\n",
        "a", "b", "c", "d", "e");

    assert_int_equal(function_of(&model, "a")->format, 1);
    assert_int_equal(function_of(&model, "b")->format, 2);
    assert_int_equal(function_of(&model, "c")->format, 0);
    assert_false(function_of(&model, "a")->is_noreturn);
    assert_true(function_of(&model, "d")->is_noreturn);
    assert_true(function_of(&model, "e")->is_noreturn);
    assert_true(function_of(&model, "e")->is_deprecated);
    assert_false(function_of(&model, "d")->is_deprecated);
}

static void parameter_names_are_unique(void **state)
{
    struct model model =
        PARSE(*state, "void f(int, int arg1, int, int arg1_);", "f");
    const struct parameter *p = function_of(&model, "f")->type->parameters;

    assert_string_equal(p[0].name, "arg1__");
    assert_string_equal(p[1].name, "arg1");
    assert_string_equal(p[2].name, "arg3");
    assert_string_equal(p[3].name, "arg1_");
}

static void errors_are_told(void **state)
{
    struct model model = PARSE(*state, "int f(int);\nint g(nothing a);\n", "f");

    assert_true(model.is_broken);
    assert_int_equal(model.n_functions, 1);
    assert_string_equal(
        unit_told(*state),
        "./h.h:2:7: error: unknown type name 'nothing' (target "
        "x86_64-linux-gnu): a macro that the header needs can be set with -D "
        "or under 'defines:' in the spec [header-syntax]\n"
        "thunkgen: 1 error, nothing written\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(typedefs_keep_their_names),
        UNIT_TEST(binary128_is_no_long_double),
        UNIT_TEST(function_pointers),
        UNIT_TEST(arrays_decay),
        UNIT_TEST(va_list_by_its_name),
        UNIT_TEST(records),
        UNIT_TEST(scalars),
        UNIT_TEST(only_what_is_wanted),
        UNIT_TEST(attributes),
        UNIT_TEST(parameter_names_are_unique),
        UNIT_TEST(errors_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
