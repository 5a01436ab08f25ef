/* SPDX-License-Identifier: MIT
 *
 * Exported variables. Guest and host have one each; what the spec says decides
 * how their values are kept alike.
 */
#include <string.h>

#include "planner.h"

static bool type_is_constant(const struct type *type)
{
    for (;;) {
        if (type->is_const) {
            return true;
        }
        if (type->kind != TYPE_TYPEDEF && type->kind != TYPE_ARRAY) {
            return false;
        }
        type = type->target;
    }
}

/* Whether function pointers lie in an object itself: those of one side are of
 * no use to the other. */
static bool holds_functions(const struct type *type)
{
    type = type_resolve(type);
    if (type->kind == TYPE_ARRAY) {
        return holds_functions(type->target);
    }
    for (size_t i = 0; type->kind == TYPE_RECORD && i < type->record->n_fields;
         i++) {
        if (holds_functions(type->record->fields[i].type)) {
            return true;
        }
    }
    return type_callback(type) != NULL;
}

static bool is_said(const struct spec_text *said, const char *what)
{
    return said != NULL && strcmp(said->text, what) == 0;
}

const struct function *planner_accessor(struct planner *planner,
                                        const char *name,
                                        const struct type *type,
                                        struct location where)
{
    struct function *function = arena_alloc(planner->arena, sizeof(*function));
    struct type *returning = arena_alloc(planner->arena, sizeof(*returning));
    struct type *pointer = arena_alloc(planner->arena, sizeof(*pointer));

    pointer->kind = TYPE_POINTER;
    pointer->size = pointer->align = 8;
    pointer->target = type;
    returning->kind = TYPE_FUNCTION;
    returning->target = pointer;
    function->name = function->c_name = name;
    function->where = where;
    function->type = returning;
    return function;
}

static const struct function *accessor(struct planner *planner,
                                       const struct variable *variable)
{
    return planner_accessor(planner, variable->name, variable->type,
                            variable->where);
}

static void layouts_check(struct planner *planner)
{
    const struct plan_input *input = planner->input;

    for (size_t i = 1; i < input->n_models; i++) {
        const struct variable *other =
            model_variable(&input->models[i], planner->function->name);

        if (other == NULL) {
            planner_refuse(
                planner, "undeclared-guest",
                arena_printf(planner->arena,
                             "is not declared for %s guests: give their own "
                             "headers with --sysroot %s=DIR",
                             input->models[i].isa, input->models[i].isa));
        } else {
            planner_layout_compare(planner, i, accessor(planner, other));
        }
    }
}

static bool size_check(struct planner *planner, const struct symbol *symbol,
                       const struct type *type)
{
    if (type->size == 0 || type->size == symbol->size) {
        return true;
    }
    planner_refuse(planner, "data",
                   arena_printf(planner->arena,
                                "has %llu bytes in the header and %llu in the "
                                "library: give the library's own header",
                                (unsigned long long)type->size,
                                (unsigned long long)symbol->size));
    return false;
}

static void kind_check(struct planner *planner, const struct symbol *symbol,
                       const struct type *type, const struct spec_text *said)
{
    if (type_callback(type) != NULL && said == NULL) {
        planner_refuse(
            planner, "data",
            arena_printf(planner->arena,
                         "holds a function pointer: if programs only call what "
                         "it points to, add '%s: start' under 'data:'; if "
                         "they set it, '%s: both'",
                         symbol->name, symbol->name));
        diag_yaml(planner->diag, "data: {%s: start}", symbol->name);
    } else if (type_callback(type) == NULL && holds_functions(type) &&
               !is_said(said, "one")) {
        planner_refuse(
            planner, "data",
            arena_printf(planner->arena,
                         "holds function pointers: if the library can use the "
                         "program's in place of its own, add '%s: one' under "
                         "'data:'",
                         symbol->name));
        diag_yaml(planner->diag, "data: {%s: one}", symbol->name);
    } else if (size_check(planner, symbol, type) && said == NULL &&
               !type_is_constant(type)) {
        planner_refuse(planner, "data",
                       arena_printf(planner->arena,
                                    "is a variable: if both sides may write "
                                    "it, add '%s: both' under 'data:'; if it "
                                    "keeps the value that it has at the "
                                    "start, '%s: start'",
                                    symbol->name, symbol->name));
        diag_yaml(planner->diag, "data: {%s: both}", symbol->name);
    }
}

/* What is converted, or one for both, would have to be so in each thread. */
static bool thread_is_possible(const struct planner *planner,
                               const struct symbol *symbol,
                               const struct type *type,
                               const struct spec_text *said)
{
    return symbol->kind != SYMBOL_TLS ||
           (!holds_functions(type) && !planner_is_file(planner, type) &&
            !is_said(said, "one"));
}

static void file_refuse(struct planner *planner, const struct symbol *symbol)
{
    planner_refuse(planner, "data",
                   arena_printf(planner->arena,
                                "holds a FILE *, which is another one on each "
                                "side: add '%s: both' under 'data:'",
                                symbol->name));
    diag_yaml(planner->diag, "data: {%s: both}", symbol->name);
}

/* A function that calls what the variable points to: as if the library exported
 * that. */
static void pointer_plan(struct planner *planner, const struct symbol *symbol,
                         const struct variable *variable)
{
    struct plan *plan = planner->plan;
    struct function *function = arena_alloc(planner->arena, sizeof(*function));

    function->name = variable->name;
    function->c_name = variable->c_name;
    function->where = variable->where;
    function->type = type_callback(variable->type);
    planner->function = function;
    planner_function(
        planner, symbol,
        arena_printf(planner->arena, "%s_pointed", variable->name));
    plan->functions[plan->n_functions - 1].is_variable = true;
    if (plan->functions[plan->n_functions - 1].is_va_list) {
        planner_refuse(planner, "data",
                       "points to a function with a va_list, which thunkgen "
                       "cannot carry over");
    }
    planner->function = accessor(planner, variable);
    if (planner_value_check(planner, "value", variable->type)) {
        layouts_check(planner);
        planner_compiler_check(planner);
        planner_libc_check_type(planner, "is a variable", variable->type);
    }
    planner->function = function;
}

/* A pointer that both sides write and that is something else on each. False: it
 * is none. */
static bool pointer_share(struct planner *planner, struct plan_datum *datum,
                          const struct type *type)
{
    if (planner_is_file(planner, type)) {
        datum->kind = DATUM_FILE;
        planner->plan->has_files = true;
        return true;
    }
    if (type_callback(type) == NULL) {
        return false;
    }
    datum->kind = DATUM_FUNCTION;
    planner->plan->has_exports = true;
    datum->callback = planner_callback(planner, type, datum->name, TO_HOST);
    if (datum->callback != NULL) {
        (void)planner_callback(planner, type, datum->name, TO_GUEST);
    }
    return true;
}

void planner_datum_hash(struct planner *planner, const struct plan_datum *datum)
{
    layout_hash_text(planner->hash, datum->name);
    layout_hash_text(planner->hash,
                     arena_printf(planner->arena, "%llu %d%s",
                                  (unsigned long long)datum->size, datum->kind,
                                  datum->is_thread ? " thread" : ""));
}

void planner_data(struct planner *planner, const struct symbol *symbol,
                  const struct variable *variable)
{
    const struct type *type = variable->type;
    const struct spec_text *said =
        spec_datum_find(planner->input->spec, symbol->name);
    bool is_both;
    const struct type *aligned = type;
    struct plan_datum *datum;

    (void)planner_c_name(planner, symbol->name, variable->c_name, true);
    if (said == NULL && !type_is_constant(type)) {
        said = spec_datum_match(planner->input->spec, symbol->name);
    }
    is_both = is_said(said, "both");
    if (symbol->kind == SYMBOL_DATA && type_callback(type) != NULL &&
        (said == NULL ? type_is_constant(type) : is_said(said, "start"))) {
        pointer_plan(planner, symbol, variable);
        return;
    }
    datum = ARENA_APPEND(planner->arena, planner->plan->data,
                         planner->plan->n_data);
    while (aligned->align == 0 && type_resolve(aligned)->kind == TYPE_ARRAY) {
        aligned = type_resolve(aligned)->target; /* of unknown length */
    }
    datum->symbol = symbol;
    datum->name = symbol->name;
    datum->version = symbol->version;
    datum->size = symbol->size;
    datum->align = aligned->align == 0 ? 1 : aligned->align;
    datum->kind = is_both                ? DATUM_BOTH
                  : is_said(said, "one") ? DATUM_ONE
                                         : DATUM_START;
    datum->is_thread = symbol->kind == SYMBOL_TLS;
    planner->plan->has_shared_data |= is_both && !datum->is_thread;
    planner->plan->n_thread_data += is_both && datum->is_thread;
    datum->accessor = planner->function = accessor(planner, variable);
    if (symbol->kind == SYMBOL_DATA && is_both &&
        pointer_share(planner, datum, type)) {
        (void)size_check(planner, symbol, type);
    } else if (!thread_is_possible(planner, symbol, type, said)) {
        planner_refuse(planner, "data",
                       "is thread-local, and thunkgen carries over neither "
                       "function pointers nor a FILE * in such, nor can it be "
                       "'one'");
    } else if (planner_is_file(planner, type)) {
        file_refuse(planner, symbol);
    } else if (planner_value_check(planner, "value", type)) {
        kind_check(planner, symbol, type, said);
    }
    layouts_check(planner);
    planner_compiler_check(planner);
    planner_libc_check_type(planner, "is a variable", type);
    planner_datum_hash(planner, datum);
    layout_hash_type(planner->hash, type);
}

/* A pointer of these is converted around each call, for which the guest may be
 * asked. */
void planner_data_leafs(struct planner *planner)
{
    const struct plan *plan = planner->plan;
    const struct spec *spec = planner->input->spec;
    const struct plan_datum *datum = NULL;

    for (size_t i = 0; i < plan->n_data; i++) {
        if (plan->data[i].kind == DATUM_FUNCTION ||
            plan->data[i].kind == DATUM_FILE) {
            datum = &plan->data[i];
        }
    }
    for (size_t i = 0; datum != NULL && i < plan->n_functions; i++) {
        const char *name = plan->functions[i].symbol;
        const struct spec_function *told = spec_function_find(spec, name);

        if (told == NULL || told->leaf.text == NULL) {
            told = spec_function_match(spec, name);
        }
        if (plan->functions[i].is_leaf && told != NULL) {
            diag_error(planner->diag, told->leaf.where, "spec-leaf",
                       "'%s' is no leaf, since '%s' is converted around each "
                       "call: remove 'leaf'",
                       plan->functions[i].name, datum->name);
        }
    }
}
