/* SPDX-License-Identifier: MIT */
#include "planner.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* The place for what the library is to blame for: where the spec names it. */
static struct location spec_library(const struct planner *planner)
{
    return planner->input->spec->library.where;
}

/* Every record that the other side looks into as well. */
static void records_pin(struct planner *planner, const struct type *type)
{
    if (libc_object_find(type) != NULL) {
        return;
    }
    type = type_resolve(type);
    switch (type->kind) {
    case TYPE_POINTER:
    case TYPE_ARRAY:
        records_pin(planner, type->target);
        break;
    case TYPE_FUNCTION:
        for (size_t i = 0; i < type->n_parameters; i++) {
            records_pin(planner, type->parameters[i].type);
        }
        records_pin(planner, type->target);
        break;
    case TYPE_RECORD: {
        const struct record *record = type->record;

        if (planner->is_pinned[record->index]) {
            return;
        }
        planner->is_pinned[record->index] = true;
        if (record->is_complete && record->name != NULL) {
            *ARENA_APPEND(planner->arena, planner->plan->pinned,
                          planner->plan->n_pinned) = record;
        }
        for (size_t i = 0; i < record->n_fields; i++) {
            records_pin(planner, record->fields[i].type);
        }
        break;
    }
    default:
        break;
    }
}

void planner_layout_compare(struct planner *planner, size_t model,
                            const struct function *other)
{
    struct layout_difference difference;

    if (!layout_equal_but(planner->comparisons[model], planner->function, other,
                          planner->is_settled, &difference)) {
        planner_refuse(planner, "layout",
                       arena_printf(planner->arena,
                                    "differs between host and %s guest: %s",
                                    planner->input->models[model].isa,
                                    difference.text));
        diag_note(planner->diag, difference.where, "decided here");
        planner_layout_note(planner, LAYOUT_IMPOSSIBLE, difference.where,
                            difference.text);
    }
}

/* The same function under every guest's ABI. */
static void layouts_check(struct planner *planner)
{
    const struct plan_input *input = planner->input;

    for (size_t i = 1; i < input->n_models; i++) {
        const struct model *model = &input->models[i];
        const struct function *other =
            model_function(model, planner->function->name);

        if (model->is_broken || input->models[0].is_broken) {
            continue; /* the header's own errors come first */
        }
        if (other == NULL) {
            planner_refuse(
                planner, "undeclared-guest",
                arena_printf(planner->arena,
                             "is not declared for %s guests: give "
                             "their own headers with --sysroot %s=DIR",
                             model->isa, model->isa));
            planner_layout_note(
                planner, LAYOUT_IMPOSSIBLE, planner->function->where,
                arena_printf(planner->arena, "it is not declared for %s guests",
                             model->isa));
        } else {
            planner_layout_compare(planner, i, other);
        }
    }
}

static void function_check(struct planner *planner)
{
    layouts_check(planner);
    planner->is_settled = NULL; /* what comes next has parameters of its own */
    planner_compiler_check(planner);
    planner_libc_check(planner);
    records_pin(planner, planner->function->type);
}

static const struct function *type_accessor(struct planner *planner,
                                            const struct named_type *type)
{
    return planner_accessor(planner, type->name, type->type,
                            type_resolve(type->type)->record->where);
}

/* Structs that only a chain leads to have the same layout for all, too. */
static void chains_plan(struct planner *planner)
{
    const struct plan_input *input = planner->input;
    const struct model *host = &input->models[0];

    for (size_t i = 0; i < host->n_types; i++) {
        if (type_resolve(host->types[i].type)->kind != TYPE_RECORD) {
            continue; /* an error was told */
        }
        if (planner_type_is_converted(planner, host->types[i].name)) {
            continue; /* as what each function makes of it */
        }
        planner->function = type_accessor(planner, &host->types[i]);
        planner_libc_check_type(planner, "is a struct", host->types[i].type);
        records_pin(planner, host->types[i].type);
        for (size_t m = 1; m < input->n_models; m++) {
            const struct type *other =
                model_type(&input->models[m], host->types[i].name);
            struct named_type named = {host->types[i].name, other};

            if (other != NULL) {
                planner_layout_compare(planner, m,
                                       type_accessor(planner, &named));
            }
        }
    }
}

/* Tells that a symbol cannot be carried over, where there is no declaration to
 * blame. */
static void symbol_refuse(struct planner *planner, const struct symbol *symbol,
                          const char *check, const char *what)
{
    diag_error(planner->diag, spec_library(planner), check,
               "%s; to leave it out of the thunk, write 'omit: [%s]' in the "
               "spec",
               what, symbol->name);
    diag_yaml(planner->diag, "omit: [%s]", symbol->name);
}

/* The symbol's default version, which is before it. */
static const char *newest_version(const struct elf_library *library,
                                  const struct symbol *symbol)
{
    while (symbol > library->symbols && !symbol->is_default) {
        symbol--;
    }
    return symbol->version;
}

static void alias_plan(struct planner *planner, const struct symbol *symbol,
                       const struct spec_function *spec)
{
    struct plan_alias *alias = ARENA_APPEND(
        planner->arena, planner->plan->aliases, planner->plan->n_aliases);
    const struct function *function =
        model_function(&planner->input->models[0], symbol->name);

    alias->symbol = symbol->name;
    alias->c_name =
        function == NULL
            ? symbol->name
            : planner_c_name(planner, function->name, function->c_name,
                             function->definition != DEFINITION_INLINE);
    alias->version = symbol->version;
    alias->newest = newest_version(planner->input->library, symbol);
    if (spec_is_wrapped(spec)) {
        const char *title = symbol_title(planner->arena, symbol);

        diag_error(planner->diag, spec->guest.where, "spec-guest",
                   "'%s' cannot be wrapped, since %s is the same function: to "
                   "leave the older version out of the thunk, write 'omit: "
                   "[%s]' in the spec",
                   symbol->name, title, title);
        diag_yaml(planner->diag, "omit: [%s]", title);
    }
}

static void symbol_plan(struct planner *planner, const struct symbol *symbol)
{
    const struct plan_input *input = planner->input;
    const struct spec_function *spec;
    const char *soname = planner->plan->soname;
    const struct variable *variable;

    if (plan_omission_find(planner->arena, input->spec, symbol) != NULL) {
        planner_forward(planner, symbol, false);
        return;
    }
    planner->function = model_function(&input->models[0], symbol->name);
    variable = model_variable(&input->models[0], symbol->name);
    if (planner->function == NULL && variable == NULL &&
        !input->models[0].is_broken &&
        spec_undeclared(input->spec) != UNDECLARED_REFUSE) {
        planner_forward(planner, symbol,
                        spec_undeclared(input->spec) == UNDECLARED_UNTYPED);
        return;
    }
    diag_about(planner->diag, symbol_title(planner->arena, symbol));
    if (symbol->kind == SYMBOL_FUNCTION &&
        spec_datum_find(input->spec, symbol->name) != NULL) {
        diag_error(planner->diag,
                   spec_datum_find(input->spec, symbol->name)->where,
                   "spec-data", "'%s' is a function: remove it from 'data:'",
                   symbol->name);
    }
    spec = spec_function_find(input->spec, symbol->name);
    if (symbol->is_alias) {
        alias_plan(planner, symbol, spec);
        return;
    }
    if (!planner_version_check(planner, symbol)) {
        return;
    }
    if (planner->function == NULL && variable == NULL &&
        input->models[0].is_broken) {
        return; /* the header's own errors come first */
    }
    if (variable != NULL && symbol->kind != SYMBOL_FUNCTION) {
        planner_data(planner, symbol, variable);
        records_pin(planner, variable->type);
        return;
    }
    if (planner->function == NULL || symbol->kind != SYMBOL_FUNCTION) {
        symbol_refuse(
            planner, symbol, "undeclared",
            arena_printf(planner->arena,
                         "%s exports '%s', but no header declares it: give "
                         "its header with --header or what it hides behind "
                         "under 'defines:'",
                         soname, symbol->name));
        if (!planner_label_note(planner, symbol->name)) {
            planner_mention_note(planner, symbol->name);
        }
        return;
    }
    if (spec != NULL && spec_is_true(&spec->guest) && symbol->is_default) {
        *ARENA_APPEND(planner->arena, planner->plan->own,
                      planner->plan->n_own) =
            (struct plan_own){symbol->name, symbol->version};
        return;
    }
    if (spec != NULL && spec->variadic.form == VARIADIC_BY &&
        planner->function->type->is_variadic) {
        planner_cases(planner, spec, symbol);
    } else if (spec == NULL || spec->variadic.key.text == NULL ||
               spec->variadic.form != VARIADIC_NONE) { /* else it was told */
        planner_function(planner, symbol,
                         planner_version_name(planner, symbol));
    }
    function_check(planner);
}

static int symbol_compare(const void *key, const void *element)
{
    const struct symbol *symbol = element;

    return strcmp(key, symbol->name);
}

static bool library_exports(const struct elf_library *library, const char *name)
{
    return bsearch(name, library->symbols, library->n_symbols,
                   sizeof(*library->symbols), symbol_compare) != NULL;
}

/* What the library does not export and the headers declare for those who have
 * its name. A printf-like one is refused as it is: nothing tells its format. */
static void procedures_plan(struct planner *planner)
{
    const struct plan_input *input = planner->input;
    const struct model *host = &input->models[0];

    for (size_t i = 0; i < host->n_functions; i++) {
        const char *name = host->functions[i].name;

        if (spec_names_procedure(input->spec, name) &&
            !spec_omits(input->spec, name) &&
            !library_exports(input->library, name)) {
            planner->function = &host->functions[i];
            planner_function(planner, NULL, planner->function->name);
            function_check(planner);
        }
    }
}

static bool name_is_known(const struct planner *planner, const char *name)
{
    const struct plan_input *input = planner->input;

    return library_exports(input->library, name) ||
           (spec_names_procedure(input->spec, name) &&
            model_function(&input->models[0], name) != NULL);
}

static void name_check(struct planner *planner, const struct spec_text *name)
{
    if (name->text != NULL && !name_is_known(planner, name->text)) {
        diag_error(planner->diag, name->where, "spec-symbol",
                   "%s exports no '%s': correct the name or remove it",
                   planner->plan->soname, name->text);
        (void)planner_label_note(planner, name->text);
    }
}

/* A pattern that means nothing is a mistake as well. */
static void omit_check(struct planner *planner, const struct spec_text *pattern)
{
    const struct elf_library *library = planner->input->library;

    for (size_t i = 0; i < library->n_symbols; i++) {
        if (spec_text_matches(pattern, library->symbols[i].name) ||
            spec_text_matches(
                pattern, symbol_title(planner->arena, &library->symbols[i]))) {
            return;
        }
    }
    name_check(planner, pattern);
}

/* A pattern that no function has is a mistake, too. */
static void pattern_check(struct planner *planner, const struct spec_text *name)
{
    const struct model *host = &planner->input->models[0];

    for (size_t i = 0; i < host->n_functions; i++) {
        if (fnmatch(name->text, host->functions[i].name, 0) == 0) {
            return;
        }
    }
    if (!host->is_broken) {
        diag_error(planner->diag, name->where, "spec-symbol",
                   "no function of %s is like '%s': correct the pattern or "
                   "remove it",
                   planner->plan->soname, name->text);
    }
}

static void spec_check(struct planner *planner)
{
    const struct spec *spec = planner->input->spec;

    for (size_t i = 0; i < spec->n_functions; i++) {
        const struct spec_text *name = &spec->functions[i].name;

        if (spec_is_pattern(name->text)) {
            pattern_check(planner, name);
        } else {
            name_check(planner, name);
        }
    }
    for (size_t i = 0; i < spec->n_data; i++) {
        omit_check(planner, &spec->data[i].name);
    }
    for (size_t i = 0; i < spec->n_omit; i++) {
        omit_check(planner, &spec->omit[i]);
    }
    planner_versions_check(planner);
}

#define SONAME_CHARACTERS                                                      \
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-"

static const char *soname_choose(struct planner *planner)
{
    const struct spec_text *wanted = &planner->input->spec->soname;
    const struct elf_library *library = planner->input->library;
    const char *soname;

    if (library->soname == NULL && wanted->text == NULL) {
        diag_error(planner->diag, spec_library(planner), "soname",
                   "'%s' has no soname: write the name that programs are "
                   "linked with, as in 'soname: libz.so.1'",
                   library->path);
        return "?";
    }
    if (wanted->text != NULL && library->soname != NULL &&
        strcmp(wanted->text, library->soname) != 0) {
        diag_error(planner->diag, wanted->where, "soname",
                   "'%s' has soname '%s', not '%s': correct the spec or name "
                   "another library with --library",
                   library->path, library->soname, wanted->text);
    }
    soname = wanted->text != NULL ? wanted->text : library->soname;
    /* It goes into C strings and comments. */
    if (soname[strspn(soname, SONAME_CHARACTERS)] != '\0') {
        diag_error(planner->diag,
                   wanted->text != NULL ? wanted->where : spec_library(planner),
                   "soname",
                   "'%s' is no soname: letters, digits and '.', '_', '+', '-' "
                   "can be in one",
                   soname);
    }
    return soname;
}

static int callback_compare(const void *left, const void *right)
{
    const struct plan_callback *const *a = left, *const *b = right;

    return strcmp((*a)->name, (*b)->name);
}

static int record_compare(const void *left, const void *right)
{
    const struct plan_record *const *a = left, *const *b = right;

    return strcmp((*a)->name, (*b)->name);
}

static int copy_compare(const void *left, const void *right)
{
    const struct plan_copy *const *a = left, *const *b = right;

    return strcmp((*a)->name, (*b)->name);
}

static int enum_compare(const void *left, const void *right)
{
    const struct plan_enum *a = left, *b = right;

    return strcmp(a->name, b->name);
}

static int pinned_compare(const void *left, const void *right)
{
    const struct record *const *a = left, *const *b = right;

    return strcmp((*a)->name, (*b)->name);
}

static void plan_sort(struct plan *plan)
{
    if (plan->n_callbacks > 0) {
        qsort(plan->callbacks, plan->n_callbacks, sizeof(*plan->callbacks),
              callback_compare);
    }
    if (plan->n_records > 0) {
        qsort(plan->records, plan->n_records, sizeof(*plan->records),
              record_compare);
    }
    if (plan->n_copies > 0) {
        qsort(plan->copies, plan->n_copies, sizeof(*plan->copies),
              copy_compare);
    }
    if (plan->n_enums > 0) {
        qsort(plan->enums, plan->n_enums, sizeof(*plan->enums), enum_compare);
    }
    if (plan->n_pinned > 0) {
        qsort(plan->pinned, plan->n_pinned, sizeof(*plan->pinned),
              pinned_compare);
    }
}

static void numbers_hash(struct planner *planner,
                         const struct plan_numbers *numbers)
{
    if (numbers->n_items > 0) {
        layout_hash_text(planner->hash, "converted");
    }
}

/* Of all that both halves must agree on: the frames and what they reach, and
 * both tables with their order. */
static uint64_t plan_hash(struct planner *planner)
{
    const struct plan *plan = planner->plan;

    for (size_t i = 0; i < plan->n_functions; i++) {
        const struct plan_function *function = &plan->functions[i];

        layout_hash_function(planner->hash, function->function);
        if (function->is_procedure || function->procedure != NULL) {
            layout_hash_text(planner->hash, function->is_exported
                                                ? "procedure"
                                                : "procedure by name");
        }
        for (size_t p = 0; p < function->n_parameters; p++) {
            layout_hash_text(planner->hash,
                             arena_printf(planner->arena, "%d",
                                          function->parameters[p].pass));
            numbers_hash(planner, &function->parameters[p].numbers);
        }
        numbers_hash(planner, &function->numbers);
        for (size_t item = 0; item < function->n_items; item++) {
            layout_hash_type(planner->hash, function->items[item].type);
            layout_hash_text(
                planner->hash,
                arena_printf(planner->arena, "%d", function->items[item].pass));
        }
    }
    for (size_t i = 0; i < planner->input->models[0].n_types; i++) {
        layout_hash_type(planner->hash,
                         planner->input->models[0].types[i].type);
    }
    planner_shapes_hash(planner);
    for (size_t i = 0; i < plan->n_callbacks; i++) {
        const struct plan_callback *callback = plan->callbacks[i];

        layout_hash_type(planner->hash, callback->function);
        if (callback->has_copies) {
            layout_hash_text(planner->hash, "converted");
        }
        if (callback->is_stub) {
            layout_hash_text(planner->hash, callback->is_callback
                                                ? "callback and stub"
                                                : "stub");
        }
    }
    return layout_hash_value(planner->hash);
}

static void planner_start(struct planner *planner)
{
    const struct plan_input *input = planner->input;
    const struct model *host = &input->models[0];
    struct arena *arena = planner->arena;

    planner->hash = layout_hash_new(arena, host);
    planner->comparisons =
        arena_alloc(arena, input->n_models * sizeof(*planner->comparisons));
    for (size_t i = 1; i < input->n_models; i++) {
        planner->comparisons[i] = layout_comparison_new(arena, host);
        layout_comparison_libc(planner->comparisons[i], planner->owners);
    }
    planner->records =
        arena_alloc(arena, host->n_records * sizeof(*planner->records));
    planner->is_format_met = arena_alloc(
        arena, input->spec->n_formats * sizeof(*planner->is_format_met));
    planner->is_objectless =
        arena_alloc(arena, host->n_records * sizeof(*planner->is_objectless));
    planner->is_agreed =
        arena_alloc(arena, host->n_records * sizeof(*planner->is_agreed));
    planner->shapes =
        arena_alloc(arena, host->n_records * sizeof(*planner->shapes));
    planner->is_pinned =
        arena_alloc(arena, host->n_records * sizeof(*planner->is_pinned));
    planner->is_handled = arena_alloc(arena, input->spec->n_handles *
                                                 sizeof(*planner->is_handled));
}

void plan_make(struct arena *arena, struct diag *diag,
               const struct plan_input *input, struct plan *plan)
{
    struct planner planner = {
        .arena = arena, .diag = diag, .input = input, .plan = plan};
    const struct spec *spec = input->spec;
    const char *slash = strrchr(spec->path, '/');

    planner_start(&planner);
    planner_libc_start(&planner);
    plan->library = spec->library.text;
    plan->soname = soname_choose(&planner);
    plan->has_threads = spec_is_true(&spec->threads);
    plan->start = spec->start.text;
    plan->has_procedures = plan->has_exports = spec->n_procedures > 0;
    plan->spec = slash == NULL ? spec->path : slash + 1;
    plan->headers = input->headers;
    plan->n_headers = input->n_headers;
    plan->versions = input->library->versions;
    plan->n_versions = input->library->n_versions;
    plan->isas = input->models[0].isa;
    for (size_t i = 0; i < spec->n_defines; i++) {
        *ARENA_APPEND(arena, plan->defines, plan->n_defines) =
            spec->defines[i].text;
    }
    plan->features = input->models[0].features;
    plan->n_features = input->models[0].n_features;
    plan->type_names = input->models[0].type_names;
    plan->n_type_names = input->models[0].n_type_names;
    for (size_t i = 1; i < input->n_models; i++) {
        plan->isas =
            arena_printf(arena, "%s, %s", plan->isas, input->models[i].isa);
    }
    spec_check(&planner);
    planner_mentions(&planner);
    for (size_t i = 0; i < input->library->n_symbols; i++) {
        symbol_plan(&planner, &input->library->symbols[i]);
    }
    plan->n_exported = plan->n_functions;
    procedures_plan(&planner);
    planner_types_check(&planner);
    for (size_t i = 0; i < spec->n_c_types; i++) {
        if (input->models[0].c_types[i] != NULL) {
            records_pin(&planner, input->models[0].c_types[i]);
        }
    }
    for (size_t i = 0; i < plan->n_functions; i++) {
        plan->functions[i].may_read =
            plan->has_files && !plan->functions[i].is_leaf;
    }
    planner_forwards_check(&planner);
    planner_data_leafs(&planner);
    planner_stubs(&planner);
    planner_formats_check(&planner);
    planner_convert_callbacks_check(&planner);
    planner_filled_check(&planner);
    planner_chains_check(&planner);
    chains_plan(&planner);
    planner_libc_spec_check(&planner);
    planner_handles_check(&planner);
    diag_about(diag, NULL);
    plan_sort(plan);
    planner_pins(&planner);
    plan->hash = plan_hash(&planner);
}
