/* SPDX-License-Identifier: MIT
 * On small libraries, which the tests build. UNIT_CC is the compiler. */
#include "elf_library.h"

#include "isa.h"
#include "unit.h"

static const struct location where = {"s.yml", 1, 1};

/* Compiles a library with those options. */
static struct elf_library build(struct unit *unit, const char *source,
                                const char *options)
{
    struct elf_library library = {0};

    unit_file("l.c", source);
    unit_run(arena_printf(unit->arena,
                          UNIT_CC " -shared -fPIC -w %s l.c -o l.so", options));
    elf_library_read(unit->arena, unit->diag, where, "l.so", &library);
    return library;
}

static const struct symbol *find(const struct elf_library *library,
                                 const char *name)
{
    for (size_t i = 0; i < library->n_symbols; i++) {
        if (strcmp(library->symbols[i].name, name) == 0) {
            return &library->symbols[i];
        }
    }
    return NULL;
}

static void every_kind(void **state)
{
    struct elf_library library =
        build(*state,
              "int function(void) { return 1; }\n"
              "__attribute__((weak)) int weak(void) { return 2; }\n"
              "__attribute__((visibility(\"protected\")))\n"
              "int protected_(void) { return 3; }\n"
              "static int inner(void) { return inner == 0; }\n"
              "__attribute__((visibility(\"hidden\")))\n"
              "int hidden(void) { return inner(); }\n"
              "static int (*pick(void))(void) { return hidden; }\n"
              "__attribute__((ifunc(\"pick\"))) int ifunc(void);\n"
              "int data = 1;\n"
              "const char constant[4] = \"abc\";\n"
              "int common;\n"
              "__thread int local;\n"
              "extern int undefined(void);\n"
              "int user(void) { return undefined(); }\n",
              "-Wl,-soname,libl.so.3");

    assert_string_equal(unit_told(*state), "");
    assert_string_equal(library.soname, "libl.so.3");
    assert_string_equal(library.isa, isa_of_host()->name);
    assert_int_equal(library.n_versions, 0);
    assert_int_equal(find(&library, "function")->kind, SYMBOL_FUNCTION);
    assert_int_equal(find(&library, "weak")->kind, SYMBOL_FUNCTION);
    assert_int_equal(find(&library, "protected_")->kind, SYMBOL_FUNCTION);
    assert_int_equal(find(&library, "ifunc")->kind, SYMBOL_FUNCTION);
    assert_int_equal(find(&library, "data")->kind, SYMBOL_DATA);
    assert_int_equal(find(&library, "constant")->kind, SYMBOL_DATA);
    assert_int_equal(find(&library, "common")->kind, SYMBOL_DATA);
    assert_int_equal(find(&library, "local")->kind, SYMBOL_TLS);
    assert_null(find(&library, "hidden"));
    assert_null(find(&library, "inner"));
    assert_null(find(&library, "undefined"));
    assert_null(find(&library, "_init"));
    assert_int_equal(library.n_symbols, 9); /* and user */
    for (size_t i = 0; i < library.n_symbols; i++) {
        assert_null(library.symbols[i].version);
        assert_true(library.symbols[i].is_default);
    }
}

static void versions(void **state)
{
    struct elf_library library;

    unit_file("l.map", "L_1 { global: f; old; local: new_f; old_f; };\n"
                       "L_2 { global: f; } L_1;\n"
                       "L_3 { } L_2;\n");
    library = build(*state,
                    "__asm__(\".symver old_f, f@L_1\");\n"
                    "int old_f(void) { return 1; }\n"
                    "__asm__(\".symver new_f, f@@L_2\");\n"
                    "int new_f(void) { return 2; }\n"
                    "int old(void) { return 3; }\n"
                    "int none(void) { return 4; }\n",
                    "-Wl,--version-script=l.map");
    assert_string_equal(unit_told(*state), "");
    assert_null(library.soname);
    assert_int_equal(library.n_versions, 3);
    assert_string_equal(library.versions[0].name, "L_1");
    assert_int_equal(library.versions[0].n_parents, 0);
    assert_string_equal(library.versions[1].name, "L_2");
    assert_int_equal(library.versions[1].n_parents, 1);
    assert_string_equal(library.versions[1].parents[0], "L_1");
    assert_string_equal(library.versions[2].parents[0], "L_2");

    /* Sorted, the default one first; nodes themselves are no symbols. */
    assert_int_equal(library.n_symbols, 4);
    assert_string_equal(library.symbols[0].name, "f");
    assert_string_equal(library.symbols[0].version, "L_2");
    assert_true(library.symbols[0].is_default);
    assert_string_equal(library.symbols[1].name, "f");
    assert_string_equal(library.symbols[1].version, "L_1");
    assert_false(library.symbols[1].is_default);
    assert_false(library.symbols[1].is_alias);
    assert_string_equal(library.symbols[2].name, "none");
    assert_null(library.symbols[2].version);
    assert_string_equal(library.symbols[3].version, "L_1");
}

/* Older versions of what has not changed, whatever the order in the file. */
static void aliases(void **state)
{
    struct elf_library library;

    unit_file("l.map", "L_1 { global: f; g; local: f_*; g_*; };\n"
                       "L_2 { global: f; g; } L_1;\n");
    library = build(*state,
                    "__asm__(\".symver f_old, f@L_1\");\n"
                    "__asm__(\".symver f_new, f@@L_2\");\n"
                    "int f_new(void) { return 1; }\n"
                    "extern __typeof__(f_new) f_old"
                    " __attribute__((alias(\"f_new\")));\n"
                    "__asm__(\".symver g_old, g@L_1\");\n"
                    "__asm__(\".symver g_new, g@@L_2\");\n"
                    "int g_new = 1;\n"
                    "extern __typeof__(g_new) g_old"
                    " __attribute__((alias(\"g_new\")));\n",
                    "-Wl,--version-script=l.map");
    assert_string_equal(unit_told(*state), "");
    assert_int_equal(library.n_symbols, 4);
    assert_string_equal(library.symbols[0].version, "L_2");
    assert_false(library.symbols[0].is_alias);
    assert_string_equal(library.symbols[1].version, "L_1");
    assert_true(library.symbols[1].is_alias);
    assert_string_equal(library.symbols[3].name, "g"); /* a variable */
    assert_false(library.symbols[3].is_alias);
}

/* Bytes of a library changed one by one: an error or not, but no crash. */
static void damaged(void **state)
{
    struct unit *unit = *state;
    static unsigned char bytes[64 * 1024];
    size_t length;
    FILE *file;

    unit_file("l.map", "L_1 { global: f; };\nL_2 { global: g; } L_1;\n");
    (void)build(unit, "int f(void) { return 1; }\nint g(void) { return 2; }\n",
                "-Wl,--version-script=l.map -nostdlib -s");
    file = fopen("l.so", "rb");
    length = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    for (size_t i = 0; i < length; i += bytes[i] == 0 ? 13 : 1) {
        struct arena *arena = arena_new();
        struct elf_library library = {0};
        unsigned char before = bytes[i];

        bytes[i] = (unsigned char)(before ^ (1u << i % 8) ^ 0x80);
        file = fopen("damaged.so", "wb");
        assert_int_equal(fwrite(bytes, 1, length, file), length);
        fclose(file);
        elf_library_read(arena, diag_new(arena), where, "damaged.so", &library);
        bytes[i] = before;
        arena_free(arena);
    }
    for (size_t cut = 0; cut < length; cut += 64) {
        struct arena *arena = arena_new();
        struct elf_library library = {0};

        file = fopen("damaged.so", "wb");
        assert_int_equal(fwrite(bytes, 1, cut, file), cut);
        fclose(file);
        elf_library_read(arena, diag_new(arena), where, "damaged.so", &library);
        arena_free(arena);
    }
}

static void found_by_soname(void **state)
{
    struct unit *unit = *state;
    const char *path = elf_library_find(unit->arena, "libc.so.6");

    assert_non_null(path);
    assert_string_equal(strrchr(path, '/'), "/libc.so.6");
    assert_null(elf_library_find(unit->arena, "libnone-such.so.1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(every_kind), UNIT_TEST(versions),        UNIT_TEST(aliases),
        UNIT_TEST(damaged),    UNIT_TEST(found_by_soname),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
