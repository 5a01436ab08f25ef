/* SPDX-License-Identifier: MIT
 * What is refused has its cases in tests/errors, what comes of a plan in
 * tests/golden; this is what is decided. */
#include "plan.h"

#include "parse.h"

/* The plan for a header, of a library that exports just those names; for a
 * guest as well, unless that is NULL. */
static struct plan make_for(struct unit *unit, const char *guest,
                            const char *header, const char *spec_text,
                            const char *const *names)
{
    static const char *const headers[] = {"h.h"};
    struct spec *spec = arena_alloc(unit->arena, sizeof(*spec));
    struct model *model = arena_alloc(unit->arena, 2 * sizeof(*model));
    struct elf_library *library = arena_alloc(unit->arena, sizeof(*library));
    struct plan_input input = {.spec = spec,
                               .library = library,
                               .models = model,
                               .n_models = guest == NULL ? 1 : 2,
                               .headers = headers,
                               .n_headers = 1};
    struct plan plan = {0};

    model[0] = parse(unit, "x86_64", header, names);
    if (guest != NULL) {
        model[1] = parse(unit, guest, header, names);
    }
    library->path = "l.so";
    library->soname = "libl.so.1";
    for (size_t i = 0; names[i] != NULL; i++) {
        struct symbol *symbol =
            ARENA_APPEND(unit->arena, library->symbols, library->n_symbols);

        symbol->name = names[i];
        symbol->is_default = true;
    }
    spec_read(unit->arena, unit->diag, unit_file("s.yml", spec_text), spec);
    plan_make(unit->arena, unit->diag, &input, &plan);
    return plan;
}

#define MAKE(header, spec, ...)                                                \
    make_for(*state, NULL, header, spec, (const char *[]){__VA_ARGS__, NULL})
#define MAKE_FOR(guest, header, spec, ...)                                     \
    make_for(*state, guest, header, spec, (const char *[]){__VA_ARGS__, NULL})

static void ways_to_pass(void **state)
{
    struct plan plan =
        MAKE("typedef void (*hook)(int);\n"
             "struct s { hook h; int i; }; struct t { int i; };\n"
             "int f(int a, hook b, struct s *c, struct s d,\n"
             "      struct t *e, struct s **g);\n",
             "library: l", "f");
    const struct plan_parameter *p = plan.functions[0].parameters;

    assert_string_equal(unit_told(*state), "");
    assert_string_equal(plan.soname, "libl.so.1");
    assert_string_equal(plan.spec, "s.yml");
    assert_int_equal(plan.n_functions, 1);
    assert_true(plan.functions[0].has_result);
    assert_int_equal(p[0].pass, PASS_VALUE);
    assert_int_equal(p[1].pass, PASS_CALLBACK);
    assert_string_equal(p[1].callback->name, "hook");
    assert_int_equal(p[2].pass, PASS_ADOPT);
    assert_true(p[2].is_pointer);
    assert_int_equal(p[3].pass, PASS_ADOPT);
    assert_false(p[3].is_pointer);
    assert_ptr_equal(p[2].record, p[3].record);
    assert_int_equal(p[4].pass, PASS_VALUE);
    assert_int_equal(p[5].pass, PASS_VALUE);
    assert_int_equal(plan.n_callbacks, 1);
    assert_int_equal(plan.n_records, 1);
    assert_int_equal(plan.n_pinned, 2);
    /* head 16, a 4, b 8, c 8, d 16, e 8, g 8, result 4 */
    assert_int_equal(plan.functions[0].frame_size, 80);
}

/* Which types the host calls, and which the guest. */
static void directions(void **state)
{
    struct plan plan = MAKE("typedef void (*hook)(int);\n"
                            "typedef hook (*pick)(hook preset);\n"
                            "struct s { void (*go)(void); };\n"
                            "typedef void (*take)(hook taken, struct s *ops);\n"
                            "take get(void);\n"
                            "void ask(pick it);\n"
                            "int out(long (**place)(void));\n"
                            "void all(void (*const *hooks)(char));\n",
                            "library: l\nfunctions: {out: {out: [place]}}",
                            "all", "ask", "get", "out");
    struct plan_callback **c = plan.callbacks;

    assert_string_equal(unit_told(*state), "");
    assert_int_equal(plan.n_callbacks, 6);
    assert_int_equal(plan.n_stubs, 3);
    assert_string_equal(c[0]->name, "all_hooks");
    assert_true(c[0]->is_callback && !c[0]->is_stub);
    assert_string_equal(c[1]->name, "hook");
    assert_true(c[1]->is_callback && c[1]->is_stub);
    assert_int_equal(c[1]->frame_size, 24);
    assert_int_equal(c[1]->stub_size, 32);
    assert_string_equal(c[1]->stub_trace, "hook(function=%p, arg1=%d)");
    assert_string_equal(c[2]->name, "out_place");
    assert_true(!c[2]->is_callback && c[2]->is_stub);
    assert_string_equal(c[3]->name, "pick");
    assert_true(c[3]->is_callback && !c[3]->is_stub);
    assert_ptr_equal(c[3]->result, c[1]);
    assert_ptr_equal(c[3]->parameters[0].callback, c[1]);
    assert_string_equal(c[4]->name, "s_go");
    assert_true(c[4]->is_callback && !c[4]->is_stub);
    assert_string_equal(c[5]->name, "take");
    assert_true(!c[5]->is_callback && c[5]->is_stub);
    assert_int_equal(c[5]->parameters[1].pass, PASS_ADOPT);
    assert_int_equal(plan.functions[0].parameters[0].pass, PASS_PLACE);
    assert_null(plan.functions[0].parameters[0].before);
    assert_ptr_equal(plan.functions[2].result, c[5]);
    assert_int_equal(plan.functions[3].parameters[0].pass, PASS_OUT);
    assert_string_equal(plan.functions[3].parameters[0].before, "before_place");
}

/* Each side has a stream of its own for the other's. */
static void streams(void **state)
{
    struct plan plan =
        MAKE("#include <stdio.h>\n"
             "struct options { int level; FILE *log; };\n"
             "typedef FILE *(*opener)(FILE *before);\n"
             "FILE *open_it(opener by);\n"
             "void read_it(const struct options *options);\n"
             "void take(FILE *one, FILE **in, FILE **out, FILE *const *c);\n",
             "library: l\nfunctions:\n"
             "  take: {out: [out], inout: [in]}\n"
             "  read_it: {length: {options: 1}}\n",
             "open_it", "read_it", "take");
    const struct plan_parameter *p = plan.functions[2].parameters;

    assert_string_equal(unit_told(*state), "");
    assert_true(plan.has_files);
    assert_true(plan.functions[0].result_is_file);
    assert_true(plan.functions[0].may_read);
    assert_true(plan.callbacks[0]->result_is_file);
    assert_int_equal(plan.callbacks[0]->parameters[0].pass, PASS_FILE);
    assert_int_equal(plan.n_copies, 1);
    assert_ptr_equal(plan.functions[1].parameters[0].copy, plan.copies[0]);
    assert_int_equal(plan.copies[0]->n_members, 1);
    assert_string_equal(plan.copies[0]->members[0].name, "log");
    assert_null(plan.copies[0]->members[0].to_host);
    assert_int_equal(p[0].pass, PASS_FILE);
    assert_int_equal(p[1].pass, PASS_FILE_PLACE);
    assert_int_equal(p[1].flow, FLOW_INOUT);
    assert_int_equal(p[2].flow, FLOW_OUT);
    assert_int_equal(p[3].pass, PASS_FILE_PLACE);
    assert_int_equal(p[3].flow, FLOW_IN);
}

static void formats(void **state)
{
    struct plan plan =
        MAKE("#include <stdarg.h>\n"
             "int f(int a, const char *b, ...);\n"
             "char *g(const char *a, va_list b);\n"
             "unsigned h(const char *, ...)\n"
             "    __attribute__((format(printf, 1, 2)));\n",
             "library: l\nfunctions: {f: {printf: b}, g: {printf: a}}", "f",
             "g", "h");

    assert_string_equal(unit_told(*state), "");
    assert_int_equal(plan.functions[0].parameters[1].pass, PASS_FORMAT);
    assert_true(plan.functions[0].is_variadic);
    assert_string_equal(plan.functions[0].failure, "-1");
    assert_int_equal(plan.functions[1].parameters[0].pass, PASS_FORMAT);
    assert_int_equal(plan.functions[1].parameters[1].pass, PASS_ARGUMENTS);
    assert_true(plan.functions[1].is_va_list);
    assert_string_equal(plan.functions[1].failure, "NULL");
    assert_int_equal(plan.functions[1].frame_size, 32); /* no va_list in it */
    assert_int_equal(plan.functions[2].parameters[0].pass, PASS_FORMAT);
    assert_string_equal(plan.functions[2].failure, "(unsigned int)-1");
}

/* What results and places lead to, for a guest that has it otherwise. */
static void leads(void **state)
{
    struct plan plan = MAKE_FOR(
        "aarch64",
        "struct one { long double a; };\n"
        "struct one *first(int n);\n"
        "struct one **rows(int n);\n"
        "int find(struct one **to);\n"
        "int step(struct one **at);\n"
        "int each(int (*visit)(const struct one *const *all));\n",
        "library: l\n"
        "callbacks: {each_visit: {length: {all: terminated, '*all': 1}}}\n"
        "functions:\n"
        "  first: {library_keeps: [result], length: {result: n}}\n"
        "  rows: {caller_frees: [result], length: {result: n, '*result': 3}}\n"
        "  find: {out: [to], library_keeps: [to],\n"
        "         length: {to: 1, '*to': 1}}\n"
        "  step: {inout: [at], length: {at: 1, '*at': 1}}\n",
        "each", "find", "first", "rows", "step");
    const struct plan_function *f = plan.functions;
    const struct plan_shape *one = f[2].result_shape, *all;

    assert_string_equal(unit_told(*state), "");
    assert_string_equal(one->name, "one");
    assert_false(one->has_pointers);
    assert_string_equal(f[2].result_count, "frame->n");
    assert_int_equal(f[0].layout, LAYOUT_CONVERTED);
    all = f[0].parameters[0].callback->parameters[0].shape;
    assert_true(all->has_pointers);
    assert_ptr_equal(all->members[0].shape, one);
    assert_int_equal(f[1].parameters[0].flow, FLOW_OUT);
    assert_true(f[1].parameters[0].keeps);
    assert_ptr_equal(f[1].parameters[0].shape->members[0].shape, one);
    assert_true(f[3].is_freed);
    assert_ptr_equal(f[3].result_shape->members[0].shape, one);
    assert_string_equal(f[3].result_shape->members[0].counter->count, "3");
    assert_int_equal(f[4].parameters[0].flow, FLOW_INOUT);
    assert_false(f[4].parameters[0].keeps);
}

static void omitted(void **state)
{
    struct plan plan = MAKE("int f(int a, ...);\nint g(void);\n",
                            "library: l\nomit: [f]", "f", "g");

    assert_string_equal(unit_told(*state), "");
    assert_int_equal(plan.n_functions, 1);
    assert_string_equal(plan.functions[0].name, "g");
}

/* A record that is refused is for every function that takes it, so that all can
 * be left out at once. */
static void refused_for_all(void **state)
{
    (void)MAKE("struct s { void (*h)(int, ...); };\n"
               "void f(struct s *);\nvoid g(struct s *);\n",
               "library: l", "f", "g");
    assert_non_null(strstr(unit_told(*state), "2 errors"));
}

static void hash_covers_the_plan(void **state)
{
    static const char header[] = "void f(const char *a, const char *b, ...);\n";
    uint64_t one =
        MAKE(header, "library: l\nfunctions: {f: {printf: a}}", "f").hash;
    uint64_t other =
        MAKE(header, "library: l\nfunctions: {f: {printf: b}}", "f").hash;
    uint64_t again =
        MAKE(header, "library: m\nfunctions:\n  f: {printf: a}", "f").hash;

    assert_true(one != other);
    assert_true(one == again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(ways_to_pass),
        UNIT_TEST(directions),
        UNIT_TEST(formats),
        UNIT_TEST(leads),
        UNIT_TEST(omitted),
        UNIT_TEST(refused_for_all),
        UNIT_TEST(hash_covers_the_plan),
        UNIT_TEST(streams),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
