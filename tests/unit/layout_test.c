/* SPDX-License-Identifier: MIT */
#include "layout.h"

#include "parse.h"

/* Compares f of one header with f of another, as text ("" when equal). */
static const char *compare(struct unit *unit, const char *host,
                           const char *guest_isa, const char *guest)
{
    struct model a = PARSE(unit, host, "f");
    struct model b = parse(unit, guest_isa, guest, (const char *[]){"f", NULL});
    struct layout_difference difference = {0};

    assert_string_equal(unit_told(unit), "");
    return layout_equal(layout_comparison_new(unit->arena, &a),
                        function_of(&a, "f"), function_of(&b, "f"), &difference)
               ? ""
               : difference.text;
}

#define SAME(host, guest)                                                      \
    assert_string_equal(compare(*state, host, "x86_64", guest), "")
#define DIFFERENT(host, guest, text)                                           \
    assert_string_equal(compare(*state, host, "x86_64", guest), text)

static void equal(void **state)
{
    SAME("void f(int a, long *b);", "void f(int x, long long *y);");
    SAME("typedef int t; t f(t);", "int f(int);");
    SAME("struct s { struct s *next; int a[3]; }; void f(struct s *);",
         "struct s { struct s *next; int a[3]; }; void f(const struct s *);");
    SAME("struct s { char c; int i; }; void f(struct s);",
         "struct s { char c; int i __attribute__((aligned(4))); };"
         "void f(struct s);");
    SAME("struct o; void f(struct o *);", "struct o; void f(struct o *);");
    SAME("void f(char *);", "void f(unsigned char *);");
    SAME("void f(void (*)(int));", "typedef void t(int); void f(t *);");
    assert_string_equal(
        compare(*state,
                "#include <stddef.h>\n#include <stdarg.h>\nunion u { long l; "
                "char c[9]; }; void f(size_t, char *, union u, va_list);",
                "aarch64",
                "#include <stddef.h>\n#include <stdarg.h>\nunion u { long l; "
                "char c[9]; }; void f(size_t, char *, union u, va_list);"),
        "");
}

/* By value, long doubles are converted; in memory, in unions and where nobody
 * sees the call they are not. */
static void long_doubles(void **state)
{
    static const char *const good[] = {
        "long double f(long double a, _Complex long double b);",
        "struct s { int a; struct { long double b[2]; } c; };"
        "struct s f(struct s a);",
        "void f(long double (*a)(long double b));",
        "struct s { long double a; void (*again)(struct s); };"
        "struct s f(struct s (*a)(struct s));",
    };
    static const char *const bad[] = {
        "void f(long double *a);",
        "long double *f(void);",
        "struct s { long double a; }; void f(struct s *a);",
        "union u { long double a; long b; }; void f(union u a);",
        "struct s { long double (*a)(long double); }; void f(struct s *a);",
        "struct s { long double a; }; void f(struct s a, struct s *b);",
        "struct s { long double a; }; void f(struct s *a, struct s b);",
        "void f(long double (*a)(long double *b));",
    };

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_string_equal(compare(*state, good[i], "riscv64", good[i]), "");
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_non_null(
            strstr(compare(*state, bad[i], "riscv64", bad[i]),
                   " has format x87 on the host, binary128 in the guest"));
    }
}

static void different(void **state)
{
    DIFFERENT("void f(int);", "void f(int, int);",
              "'f' has parameters: 1 on the host, 2 in the guest");
    DIFFERENT("void f(int);", "void f(int, ...);",
              "'f' is not variadic on the host, variadic in the guest");
    DIFFERENT("void f(int a);", "void f(short a);",
              "'f(a)' has size 4 on the host, 2 in the guest");
    DIFFERENT("int f(void);", "unsigned f(void);",
              "'f()' is signed on the host, unsigned in the guest");
    DIFFERENT("void f(int a);", "void f(float a);",
              "'f(a)' is an integer on the host, a float in the guest");
    DIFFERENT("void f(void (*a)(int b));", "void f(void (*a)(long b));",
              "'f(a)(b)' has size 4 on the host, 8 in the guest");
    DIFFERENT("struct s { int a, b; }; void f(struct s *);",
              "struct s { int b, a; }; void f(struct s *);",
              "'struct s.a' is called a on the host, b in the guest");
    DIFFERENT("struct s { char a; char b; }; void f(struct s *);",
              "struct s { char a; char b __attribute__((aligned(2))); };"
              "void f(struct s *);",
              "'struct s.b' is at bit 8 on the host, 16 in the guest");
    DIFFERENT("struct s { int a; }; void f(struct s *);",
              "struct s { int a; char b; }; void f(struct s *);",
              "'struct s' has members: 1 on the host, 2 in the guest");
    DIFFERENT("struct s { int a; }; void f(struct s *);",
              "struct s; void f(struct s *);",
              "'struct s' is a struct on the host, incomplete in the guest");
    DIFFERENT("struct s { int a : 3; }; void f(struct s *);",
              "struct s { int a : 4; }; void f(struct s *);",
              "'struct s.a' has bits: 3 on the host, 4 in the guest");
    DIFFERENT("struct s { int a; }; void f(struct s *);",
              "struct s { int a; } __attribute__((aligned(8)));"
              "void f(struct s *);",
              "'struct s' has alignment 4 on the host, 8 in the guest");
    DIFFERENT("struct s { int a[2]; }; void f(struct s **);",
              "struct s { int a[3]; }; void f(struct s **);",
              "'struct s.a' has elements: 2 on the host, 3 in the guest");
    assert_string_equal(compare(*state, "void f(long double *a);", "riscv64",
                                "void f(long double *a);"),
                        "'f(a)' has format x87 on the host, binary128 in the "
                        "guest");
    /* Behind a pointer, a va_list would cross. */
    assert_string_equal(
        compare(*state, "#include <stdarg.h>\nvoid f(va_list *a);", "aarch64",
                "#include <stdarg.h>\nvoid f(va_list *a);"),
        "'f(a)' has size 24 on the host, 32 in the guest");
}

/* The same with all of libc's objects `owner`'s. */
static const char *compare_owned(struct unit *unit, enum libc_owner owner,
                                 const char *host, const char *guest)
{
    struct model a = PARSE(unit, host, "f");
    struct model b = PARSE(unit, guest, "f");
    struct layout_comparison *comparison =
        layout_comparison_new(unit->arena, &a);
    enum libc_owner owners[LIBC_OBJECT_COUNT];
    struct layout_difference difference = {0};

    for (size_t i = 0; i < LIBC_OBJECT_COUNT; i++) {
        owners[i] = owner;
    }
    layout_comparison_libc(comparison, owners);
    return layout_equal(comparison, function_of(&a, "f"), function_of(&b, "f"),
                        &difference)
               ? ""
               : difference.text;
}

#define OWNED(owner, host, guest, text)                                        \
    assert_string_equal(compare_owned(*state, owner, host, guest), text)

static void objects(void **state)
{
    static const char *const lock[] = {
        "typedef struct { int a, b; } pthread_mutex_t;",
        "typedef struct { float b; char c; } pthread_mutex_t;",
        "typedef struct { int a, b, c; } pthread_mutex_t;",
    };
    static const char *const pointer = "void f(pthread_mutex_t *);";
    static const char *const inside =
        "struct s { pthread_mutex_t m; }; void f(struct s *);";
    struct unit *unit = *state;
    const char *texts[3][2];

    for (size_t i = 0; i < 3; i++) {
        texts[i][0] = arena_printf(unit->arena, "%s%s", lock[i], pointer);
        texts[i][1] = arena_printf(unit->arena, "%s%s", lock[i], inside);
    }
    for (size_t place = 0; place < 2; place++) {
        OWNED(LIBC_LIBRARY, texts[0][place], texts[1][place], "");
        OWNED(LIBC_PROGRAM, texts[0][place], texts[1][place], "");
        OWNED(LIBC_UNSETTLED, texts[0][place], texts[1][place], "");
    }
    OWNED(LIBC_UNSETTLED, texts[0][0], texts[2][0], "");
    OWNED(LIBC_LIBRARY, texts[0][0], texts[2][0],
          "'f(arg1)' has size 8 on the host, 12 in the guest");
    OWNED(LIBC_PROGRAM, texts[0][0], texts[2][0], "");
    OWNED(LIBC_LIBRARY, texts[0][1], texts[2][1],
          "'struct s.m' has size 8 on the host, 12 in the guest");
    OWNED(LIBC_PROGRAM, texts[0][1], texts[2][1],
          "'struct s.m' has size 8 on the host, 12 in the guest");
    /* One side has another type of that name. */
    OWNED(LIBC_PROGRAM, "typedef void *iconv_t; void f(iconv_t);",
          "typedef int iconv_t; void f(iconv_t);",
          "'f(arg1)' has size 8 on the host, 4 in the guest");
    OWNED(LIBC_PROGRAM, "typedef void *iconv_t; void f(iconv_t);",
          "void f(int);",
          "'f(arg1)' is a pointer on the host, an integer in "
          "the guest");
}

/* What one function found different, the next one does, too, through a cycle
 * as well; what it found equal is not in its way. */
static void memory_of_records(void **state)
{
    struct unit *unit = *state;
    struct model a = PARSE(unit,
                           "struct t; struct s { struct t *t; };"
                           "struct t { struct s *s; int a; };"
                           "void f(struct s *); void g(struct t *);"
                           "void h(struct t *);",
                           "f", "g", "h");
    struct model b = PARSE(unit,
                           "struct t; struct s { struct t *t; };"
                           "struct t { struct s *s; long a; };"
                           "void f(struct s *); void g(struct t *);"
                           "void h(struct t *);",
                           "f", "g", "h");
    struct layout_comparison *comparison =
        layout_comparison_new(unit->arena, &a);
    struct layout_difference difference;

    for (size_t i = 0; i < 3; i++) {
        assert_false(layout_equal(comparison, &a.functions[i], &b.functions[i],
                                  &difference));
        assert_string_equal(difference.text, "'struct t.a' has size 4 on the "
                                             "host, 8 in the guest");
    }
    comparison = layout_comparison_new(unit->arena, &a);
    for (size_t i = 0; i < 3; i++) {
        assert_true(layout_equal(comparison, &a.functions[i], &a.functions[i],
                                 &difference));
    }
}

static uint64_t hash(struct unit *unit, const char *text)
{
    struct model model = PARSE(unit, text, "f", "g");
    struct layout_hash *value = layout_hash_new(unit->arena, &model);

    for (size_t i = 0; i < model.n_functions; i++) {
        layout_hash_function(value, &model.functions[i]);
    }
    return layout_hash_value(value);
}

/* The hash changes when something does that both sides must agree on, and only
 * then. */
static void hashes(void **state)
{
    uint64_t before = hash(*state, "struct s { int a; int b[2]; };\n"
                                   "void f(struct s *x);");

#define CHANGED(text)   assert_true(hash(*state, text) != before)
#define UNCHANGED(text) assert_true(hash(*state, text) == before)

    UNCHANGED("struct other { long c; };\n#define A 1\ntypedef int b_t;\n"
              "struct s { int renamed; b_t b[2]; };\n"
              "long h(struct other *x);\nvoid f(const struct s *y);");
    UNCHANGED("typedef struct { int a; int b[2]; } t;\nvoid f(t *x);");
    CHANGED("struct s { long a; int b[2]; };\nvoid f(struct s *x);");
    CHANGED("struct s { unsigned a; int b[2]; };\nvoid f(struct s *x);");
    CHANGED("struct s { int a; int b[3]; };\nvoid f(struct s *x);");
    CHANGED("struct s { int a; int b[2]; int c; };\nvoid f(struct s *x);");
    CHANGED("struct s { int a; int b[2]; } __attribute__((aligned(8)));\n"
            "void f(struct s *x);");
    CHANGED("union s { int a; int b[2]; };\nvoid f(union s *x);");
    CHANGED("struct s { int a; int b[2]; };\nvoid f(struct s x);");
    CHANGED("struct s { int a; int b[2]; };\nvoid f(struct s *x, int y);");
    CHANGED("struct s { int a; int b[2]; };\nint f(struct s *x);");
    CHANGED("struct s { int a; int b[2]; };\nvoid g(struct s *x);");
    CHANGED("struct s { int a; int b[2]; };\nvoid f(struct s *x);\n"
            "void g(struct s *x);");
    CHANGED("struct s { float a; int b[2]; };\nvoid f(struct s *x);");

    /* Libc's objects, whatever its version has in them. */
    before = hash(*state, "typedef struct _IO_FILE { int a; } FILE;\n"
                          "struct s { FILE *a; };\nvoid f(struct s *x);");
    UNCHANGED("struct _IO_FILE { long a; };\n"
              "struct s { struct _IO_FILE *a; };\nvoid f(struct s *x);");
    CHANGED("typedef struct __dirstream { int a; } DIR;\n"
            "struct s { DIR *a; };\nvoid f(struct s *x);");
    CHANGED("struct s { struct other { int a; } *a; };\nvoid f(struct s *x);");
}

static void structs(void **state)
{
    struct layout_struct layout = {0};
    const struct type byte = {.size = 1, .align = 1};
    const struct type word = {.size = 8, .align = 8};

    (void)state;
    assert_int_equal(layout_struct_size(&layout), 0);
    layout_struct_add(&layout, &byte);
    assert_int_equal(layout_struct_size(&layout), 1);
    layout_struct_add(&layout, &word);
    layout_struct_add(&layout, &byte);
    assert_int_equal(layout_struct_size(&layout), 24);
    assert_int_equal(layout.align, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(equal),     UNIT_TEST(long_doubles),
        UNIT_TEST(different), UNIT_TEST(objects),
        UNIT_TEST(hashes),    UNIT_TEST(memory_of_records),
        UNIT_TEST(structs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
