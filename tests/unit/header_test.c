/* SPDX-License-Identifier: MIT */
#include "header.h"

#include "parse.h"

static void typedefs_keep_their_names(void **state)
{
    struct model model = PARSE(*state,
                               "typedef unsigned long cell;\n"
                               "typedef cell *place;\n"
                               "cell f(place at, const cell by, struct s *s);\n"
                               "struct s { cell w; };\n",
                               "f");
    const struct type *type = function_of(&model, "f")->type;
    const struct type *place = type->parameters[0].type;

    assert_string_equal(unit_told(*state), "");
    assert_int_equal(type->kind, TYPE_FUNCTION);
    assert_int_equal(type->target->kind, TYPE_TYPEDEF);
    assert_string_equal(type->target->name, "cell");
    assert_string_equal(place->name, "place");
    assert_int_equal(type_resolve(place)->kind, TYPE_POINTER);
    assert_string_equal(type_resolve(place)->target->name, "cell");
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

static void labels_are_the_symbols(void **state)
{
    struct model model = PARSE(*state,
                               "long a(long) __asm__(\"a_new\");\n"
                               "int b(int);\n"
                               "int b_too(int) __asm__(\"b\");\n"
                               "extern int v __asm__(\"v_inner\");\n"
                               "#pragma redefine_extname c c_new\n"
                               "int c(int);\n",
                               "a", "a_new", "b", "c_new", "v_inner");

    assert_null(model_function(&model, "a"));
    assert_string_equal(function_of(&model, "a_new")->c_name, "a");
    assert_string_equal(function_of(&model, "b")->c_name, "b");
    assert_string_equal(function_of(&model, "c_new")->c_name, "c");
    assert_string_equal(model_variable(&model, "v_inner")->c_name, "v");
}

static void function_typedefs_are_functions(void **state)
{
    struct model model = PARSE(*state,
                               "typedef int operation(int x);\n"
                               "extern operation a;\n"
                               "int c();\n"
                               "__typeof__(a) b;\n",
                               "a", "b", "c");

    assert_int_equal(function_of(&model, "a")->type->kind, TYPE_FUNCTION);
    assert_int_equal(function_of(&model, "b")->type->kind, TYPE_FUNCTION);
    assert_string_equal(function_of(&model, "a")->type->parameters[0].name,
                        "x");
    assert_true(function_of(&model, "c")->type->has_no_prototype);
    assert_false(function_of(&model, "c")->type->is_variadic);
}

static void conventions(void **state)
{
    struct model model = PARSE(*state,
                               "#define MS __attribute__((ms_abi))\n"
                               "typedef int MS handler(int);\n"
                               "typedef handler *on;\n"
                               "struct s { int (MS *f)(int); };\n"
                               "int MS a(on p, struct s *s);\n"
                               "extern handler b;\n"
                               "int __attribute__((sysv_abi)) c(int);\n",
                               "a", "b", "c");
    const struct record *record = parameter_of(&model, "a", 1)->target->record;

    assert_string_equal(function_of(&model, "a")->type->convention, "ms_abi");
    assert_string_equal(function_of(&model, "b")->type->convention, "ms_abi");
    assert_null(function_of(&model, "c")->type->convention);
    assert_string_equal(
        type_convention(type_resolve(parameter_of(&model, "a", 0))->target),
        "ms_abi");
    assert_string_equal(type_convention(record->fields[0].type->target),
                        "ms_abi");
}

static void lengths_that_vary(void **state)
{
    struct model model = PARSE(*state,
                               "int a(int n, double m[n][n]);\n"
                               "int b(int w, int m[][3][w][2]);\n"
                               "int c(int w, int (*m)[w][2], int v[w]);\n",
                               "a", "b", "c");

    assert_true(parameter_of(&model, "a", 1)->target->is_variable);
    assert_false(type_is_erased(parameter_of(&model, "a", 1)));
    assert_true(type_is_erased(parameter_of(&model, "b", 1)));
    assert_true(type_has_erased(function_of(&model, "b")->type));
    assert_false(type_has_erased(function_of(&model, "c")->type));
    assert_int_equal(parameter_of(&model, "c", 2)->target->kind, TYPE_INTEGER);
}

static void definitions(void **state)
{
    struct model model =
        PARSE(*state,
              "inline int a(int x) { return x; }\n"
              "extern inline int b(int x) { return x; }\n"
              "extern inline __attribute__((gnu_inline)) int c(int x)\n"
              "{ return x; }\n"
              "int d(int x);\n"
              "inline int d(int x) { return x; }\n"
              "int e(int x);\n",
              "a", "b", "c", "d", "e");

    assert_int_equal(function_of(&model, "a")->definition, DEFINITION_INLINE);
    assert_int_equal(function_of(&model, "b")->definition, DEFINITION_FULL);
    assert_int_equal(function_of(&model, "c")->definition, DEFINITION_INLINE);
    assert_int_equal(function_of(&model, "d")->definition, DEFINITION_FULL);
    assert_int_equal(function_of(&model, "e")->definition, DEFINITION_NONE);
}

static void macros_for_libc(void **state)
{
    struct model model = PARSE(*state,
                               "#define _GNU_SOURCE 1\n"
                               "#define _XOPEN_SOURCE\n"
                               "#define _FEATURES_H 1\n"
                               "#define _POSIX_C_SOURCE 200809L\n"
                               "int a(int);\n",
                               "a");

    assert_int_equal(model.n_features, 2);
    assert_string_equal(model.features[0], "_GNU_SOURCE 1");
    assert_string_equal(model.features[1], "_XOPEN_SOURCE");
    assert_false(model_has_macro(&model, "__x86_64__"));
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
        UNIT_TEST(labels_are_the_symbols),
        UNIT_TEST(function_typedefs_are_functions),
        UNIT_TEST(conventions),
        UNIT_TEST(lengths_that_vary),
        UNIT_TEST(definitions),
        UNIT_TEST(macros_for_libc),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
