/* SPDX-License-Identifier: MIT
 * On small libraries, which the tests build. UNIT_CC is the compiler. */
#include "elf_imports.h"

#include "isa.h"
#include "unit.h"

struct found {
    struct elf_imports *libraries;
    size_t n_libraries;
};

/* As if the search path were "path" in the test's folder. */
static const char *find(void *context, const char *soname)
{
    struct unit *unit = context;
    const char *path = arena_printf(unit->arena, "path/%s", soname);
    FILE *file = fopen(path, "r");

    if (file == NULL) {
        return NULL;
    }
    fclose(file);
    return path;
}

static struct found read_needed(struct unit *unit, const char *path,
                                const char *soname, const char *isa)
{
    const struct elf_places places = {
        .root = unit->folder,
        .isa = isa,
        .find = find,
        .context = unit,
    };
    struct found found;

    elf_imports_read(unit->arena, path, soname, &places, &found.libraries,
                     &found.n_libraries);
    return found;
}

static const struct elf_imports *library(const struct found *found,
                                         const char *soname)
{
    for (size_t i = 0; i < found->n_libraries; i++) {
        if (strcmp(found->libraries[i].soname, soname) == 0) {
            return &found->libraries[i];
        }
    }
    return NULL;
}

static const struct elf_import *import(const struct elf_imports *of,
                                       const char *name)
{
    for (size_t i = 0; i < of->n_symbols; i++) {
        if (strcmp(of->symbols[i].name, name) == 0) {
            return &of->symbols[i];
        }
    }
    return NULL;
}

static void build(struct unit *unit, const char *name, const char *source,
                  const char *options)
{
    unit_file("l.c", source);
    unit_run("mkdir -p path inner named");
    unit_run(arena_printf(unit->arena,
                          UNIT_CC " -shared -fPIC -w -nostdlib l.c -o %s %s",
                          name, options));
}

/* One is found by each way, the last by none. */
static void every_way(void **state)
{
    struct unit *unit = *state;
    struct found found;
    const struct elf_imports *first;

    unit_file("m.map", "A_1 { global: *; };\n");
    build(unit, "inner/liba.so.1",
          "int a(void) { return 1; } int a_call(void) { return 1; }\n",
          "-Wl,-soname,liba.so.1,--version-script=m.map");
    build(
        unit, "path/libb.so.1", "int b(void) { return a(); }\n",
        "-Wl,-soname,libb.so.1 inner/liba.so.1 -Wl,-rpath,'$ORIGIN/../inner'");
    build(unit, "named/libd.so.1", "int d(void) { return 1; }\n",
          "-Wl,-soname,libd.so.1");
    build(unit, "libgone.so.1", "int gone(void) { return 1; }\n",
          "-Wl,-soname,libgone.so.1");
    build(unit, "l.so",
          "extern int hook(void) __attribute__((weak));\n"
          "int f(void) { return a_call() + b() + d() + gone() + lacking()\n"
          "                 + (hook != 0); }\n",
          "-Wl,--no-as-needed path/libb.so.1 inner/liba.so.1 named/libd.so.1 "
          "libgone.so.1 -Wl,-rpath,'${ORIGIN}/inner:/named:$LIB/x'");
    unit_run("rm libgone.so.1");
    found = read_needed(unit, "l.so", NULL, isa_of_host()->name);
    assert_int_equal(found.n_libraries, 5);
    first = &found.libraries[0];
    assert_string_equal(first->soname, "l.so");
    assert_int_equal(first->n_needed, 4);
    assert_int_equal(first->n_folders, 2);
    assert_string_equal(found.libraries[1].soname, "liba.so.1");
    assert_string_equal(found.libraries[4].soname, "libgone.so.1");
    assert_true(library(&found, "liba.so.1")->is_found);
    assert_true(library(&found, "libb.so.1")->is_found);
    assert_true(library(&found, "libd.so.1")->is_found);
    assert_false(library(&found, "libgone.so.1")->is_found);

    assert_string_equal(import(first, "a_call")->from, "liba.so.1");
    assert_null(import(first, "b")->from);
    assert_false(import(first, "b")->is_weak);
    assert_true(import(first, "hook")->is_weak);
    assert_null(import(first, "f"));
    assert_true(elf_imports_exports(first, "f"));
    assert_false(elf_imports_exports(first, "b"));
    assert_true(elf_imports_exports(library(&found, "libb.so.1"), "b"));
}

/* Libraries that need each other are read once; one of another ISA, or what is
 * none, is not found. */
static void none(void **state)
{
    struct unit *unit = *state;
    const char *other =
        strcmp(isa_of_host()->name, "x86_64") == 0 ? "aarch64" : "x86_64";
    struct found found;

    build(unit, "path/liba.so.1", "int a(void) { return 1; }\n",
          "-Wl,-soname,liba.so.1");
    build(unit, "path/libb.so.1", "int b(void) { return a(); }\n",
          "-Wl,-soname,libb.so.1 path/liba.so.1");
    build(unit, "path/liba.so.1", "int a(void) { return b(); }\n",
          "-Wl,-soname,liba.so.1 path/libb.so.1");
    found =
        read_needed(unit, "path/liba.so.1", "liba.so.1", isa_of_host()->name);
    assert_int_equal(found.n_libraries, 2);
    assert_true(found.libraries[1].is_found);
    found = read_needed(unit, "path/liba.so.1", "liba.so.1", other);
    assert_int_equal(found.n_libraries, 1);
    assert_false(found.libraries[0].is_found);
    unit_file("path/libb.so.1", "INPUT(libb.so.2)\n");
    found =
        read_needed(unit, "path/liba.so.1", "liba.so.1", isa_of_host()->name);
    assert_int_equal(found.n_libraries, 2);
    assert_false(found.libraries[1].is_found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(every_way),
        UNIT_TEST(none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
