/* SPDX-License-Identifier: MIT
 * Variables of a library; prints the same whoever does the library. Built as
 * PIE, and with copies of the variables of its own. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "program.h"
#include "store.h"

static void show(const char *when)
{
    printf("%s: %d %d %ld %ld %ld %ld %s; sum %d\n", when, store_level,
           store_state.first, store_state.second, store_counters[0],
           store_counters[1], store_counters[2], store_text, store_sum());
}

static void visit(int level)
{
    printf("visit: %d %d\n", level, store_level);
    store_level *= 2; /* seen by the library when it goes on */
}

static void nest(int level)
{
    printf("nest: %d %d\n", level, store_level);
    store_raise(100);
    printf("nest: %d\n", store_level);
}

static long scale_thrice(long value)
{
    return value * 3;
}

static void scale(void)
{
    printf("scaled: %ld\n", store_scale(21));
    store_scale_set(scale_thrice);
    printf("scaled by the program's: %ld\n", store_scale(21));
    store_scale_set(NULL);
    printf("scaled: %ld\n", store_scale(-4));
}

/* A list like the C library's environ: each side makes a new one. */
static void environment(void)
{
    static char home[] = "HOME=mine", user[] = "USER=me";
    static char *mine[] = {home, user, NULL};
    static char more[] = "LANG=C", last[] = "TERM=dumb";

    printf("environ: %s %s\n", store_environ[0], store_getenv("HOME"));
    printf("environ: %d\n", store_putenv(more));
    printf("environ: %s %s %d\n", store_environ[0], store_environ[1],
           store_environ[2] == NULL);
    store_environ = mine;
    printf("environ: %s %s\n", store_getenv("HOME"), store_getenv("USER"));
    store_environ[0] = more; /* in place: it is one list */
    printf("environ: %s %d\n", store_getenv("LANG"),
           store_getenv("HOME") == NULL);
    printf("environ: %d\n", store_putenv(last));
    printf("environ: %d\n", store_environ == mine);
    printf("environ: %s %s %s\n", store_environ[0], store_environ[1],
           store_environ[2]);
}

static long hook_own(long value)
{
    printf("hook: %ld, level %d\n", value, store_level);
    store_level = 50;
    return value + 1;
}

static void hooks(void)
{
    long (*set)(long value);
    long result;

    printf("hook: %d %ld\n", store_hook == store_half, store_hook(8));
    store_hook = hook_own;
    result = store_hooked(5);
    printf("hooked: %ld, level %d, kept %d\n", result, store_level,
           store_hook == hook_own);
    store_hook_set(2);
    set = store_hook;
    result = set(9);
    printf("hook set: %ld, level %d, %d\n", result, store_level,
           set == hook_own);
    store_hook = NULL;
    printf("no hook: %ld\n", store_hooked(5));
    store_hook = store_half;
    printf("hooked: %ld\n", store_hooked(5));
    store_hook_set(1);
    printf("hook: %d\n", store_hook == store_half);
    store_hook = set;
    printf("hooked: %ld, kept %d\n", store_hooked(6), store_hook == set);
}

static void streams(void)
{
    FILE *file = tmpfile();
    char text[64] = "";

    printf("stream: %d ", store_out == NULL);
    store_print("one");
    printf(" then %d\n", store_out == stdout);
    store_out = file;
    store_print("two");
    fputs("three", store_out);
    store_print("four");
    rewind(file);
    printf("file: %s %d\n", fgets(text, sizeof(text), file), store_out == file);
    store_out = NULL;
    fclose(file);
    store_print("five");
    printf("\n");
}

/* Which of the functions has which address is no matter of the program's. */
static void entries(void)
{
    long result;

    printf("entries: %c %c %d\n", store_entries[0].kind, store_entries[1].kind,
           store_current == &store_entries[1]);
    printf("entered: %ld %ld\n", store_entries[0].function(10),
           store_enter(1, 10));
    store_entries[1].function = hook_own;
    store_entries[0].kind = 'z';
    store_level = 7;
    result = store_enter(1, 20);
    printf("entered: %ld, level %d\n", result, store_level);
    result = store_enter(0, 20);
    printf("entered: %ld, level %d\n", result, store_level);
    store_enter_set(1);
    printf("entered: %ld %d\n", store_entries[1].function(30),
           store_current == &store_entries[1]);
}

static void memory(void)
{
    char *copy = store_copy("a copy");

    printf("memory: %s", copy);
    free(copy);
    copy = malloc(100);
    store_forget(copy);
    printf("\n");
}

static void variable_show(const char *name)
{
    const char *own = getenv(name);

    printf("variable: %s: %s, %s, %s, %s\n", name, own == NULL ? "(none)" : own,
           store_variable(STORE_GET, name),
           store_variable(STORE_SECURE_GET, name),
           store_variable(STORE_ENVIRON, name));
}

static void variable_change(enum store_way way, const char *name)
{
    printf("variable: %s\n", store_variable(way, name));
    variable_show(name);
}

/* The environment is one, whoever reads and changes it. */
static void variables(void)
{
    static const char name[] = "STORE_SETTING";
    static char put[] = "STORE_SETTING=put by the program";
    char *other[] = {put, NULL}, **before = environ;

    variable_show(name);
    setenv(name, "the program's", 1);
    variable_show(name);
    variable_change(STORE_SET, name); /* it is there */
    putenv(put);
    variable_show(name);
    variable_change(STORE_UNSET, name);
    variable_change(STORE_SET, name);
    variable_change(STORE_PUT, name);
    setenv("STORE_MORE", "", 1);
    variable_show("STORE_MORE");
    variable_show("STORE");
    variable_show("");
    environ = other; /* a list of the program's own */
    variable_show(name);
    environ = NULL;
    variable_show(name);
    environ = before;
    variable_show(name);
    setenv("TZ", "HERE-3", 1);
    printf("hour: %d\n", store_hour());
    setenv("TZ", "THERE5", 1);
    printf("hour: %d\n", store_hour());
    variable_change(STORE_CLEAR, name);
    variable_change(STORE_SET, "STORE_LAST");
}

/* Before anything of the library is called: even before main(). */
__attribute__((constructor)) static void early(void)
{
    printf("early: %d %ld %.8s\n", store_errno, store_seed, store_locale);
    printf("early: %.4s %d %s %s %d %s %d %ld\n", store_version,
           store_table[1][2], store_names[1], store_title, store_level,
           store_text, (int)store_preset.second, store_scale(1));
}

int main(int argc, char **argv)
{
    static char mine[] = "what the program says";
    char copy[32];

    printf("%.4s %d %d %s %p\n", store_version, store_table[0][0],
           store_preset.first, store_names[0], (const void *)store_names[2]);
    /* By the libc's memcpy(), whatever instructions it uses. */
    memcpy(copy, store_names[1], strlen(store_names[1]) + 1);
    printf("copied: %s\n", copy);
    show("first");
    store_level = 100;
    store_counters[0] = -5;
    store_text = mine;
    show("the program wrote");
    store_raise(3);
    show("the library wrote");
    store_level += 1000;
    store_raise(1);
    show("both wrote");
    printf("visited: %d\n", store_visit(visit));
    show("visited");
    printf("nested: %d\n", store_visit(nest));
    show("nested");
    scale();
    hooks();
    streams();
    entries();
    memory();
    environment();
    variables();
    thread();
    if (argc == 1 || strcmp(argv[1], "alone") != 0) {
        threads();
    }
    printf("dlsym: %d\n", dlsym(RTLD_DEFAULT, "store_level") == &store_level);
    fprintf(stderr, "side: %s\n", store_side());
    fprintf(stderr, "version: %s\n", store_version);
    return 0;
}
