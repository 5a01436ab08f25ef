/* SPDX-License-Identifier: MIT
 *
 * One function: what its parameters and its result become, and by which way it
 * is called.
 */
#include "planner.h"

#include <string.h>

void planner_refuse(struct planner *planner, const char *check,
                    const char *what)
{
    const char *name = planner->function->name;

    diag_about(planner->diag, name);
    diag_error(planner->diag, planner->function->where, check,
               "'%s' %s; to leave it out of the thunk, write 'omit: [%s]' in "
               "the spec",
               name, what, name);
    diag_yaml(planner->diag, "omit: [%s]", name);
}

/* The plan's own, to be added to. */
static void callback_convert(struct planner *planner, size_t index,
                             const struct plan_callback *callback)
{
    struct plan *plan = planner->plan;

    for (size_t i = 0; i < plan->n_callbacks; i++) {
        if (plan->callbacks[i] == callback) {
            planner_convert_callback(planner, index, plan->callbacks[i]);
        }
    }
}

void planner_parameter(struct planner *planner, struct plan_function *of,
                       size_t index, bool is_item)
{
    const struct parameter *parameter =
        &planner->function->type->parameters[index];
    struct plan_parameter *planned = &of->parameters[index];
    const struct type *type;
    const char *place =
        arena_printf(planner->arena, "%s_%s", of->name, parameter->name);

    if (planner_is_file(planner, parameter->type)) {
        planned->pass = PASS_FILE;
        planner->plan->has_files = true;
        return;
    }
    if (!is_item && planner_is_file_place(planner, parameter)) {
        planner_file_place(planner, parameter, planned);
        return;
    }
    if (!planner_value_check(
            planner,
            arena_printf(planner->arena, "parameter '%s'", parameter->name),
            parameter->type)) {
        return;
    }
    type = planner_meant(planner, of, parameter->name, parameter->type);
    if (type_callback(type) != NULL) {
        planned->callback = planner_callback(planner, type, place, TO_HOST);
        planned->pass = planned->callback == NULL ? PASS_VALUE : PASS_CALLBACK;
        if (!is_item) {
            callback_convert(planner, index, planned->callback);
        }
        return;
    }
    if (!is_item && planner_convert(planner, of, index)) {
        return;
    }
    planner_place(planner, planned, place, TO_HOST);
    if (planned->pass == PASS_VALUE) {
        planner_adopt(planner, planned);
    }
    if (!is_item) {
        planner_stubbed_parameter(
            planner, spec_function_find(planner->input->spec, of->symbol),
            parameter, planned);
    }
}

/* Marks what the function only writes: what lies there before the call says
 * nothing about guest functions. */
static void out_plan(struct planner *planner, struct plan_function *planned)
{
    const struct spec_function *spec =
        spec_function_find(planner->input->spec, planned->symbol);
    const struct type *type = planner->function->type;

    for (size_t i = 0; i < planned->n_parameters; i++) {
        enum plan_flow flow;

        if (planner_flow(spec, type->parameters[i].name, &flow) != NULL &&
            flow == FLOW_OUT) {
            planned->parameters[i].pass = PASS_OUT;
        }
    }
}

/* A leaf runs on a small stack that cannot be left behind for the guest, and
 * only behind the instruction door can QEMU itself take a crash of it. */
static void leaf_check(struct planner *planner,
                       const struct spec_function *spec,
                       const struct plan_function *planned)
{
    if (!planned->is_fast) {
        diag_error(planner->diag, spec->leaf.where, "spec-leaf",
                   "'%s' takes the system call, where 'leaf' is of no use: add "
                   "'door: fast' or remove 'leaf'",
                   planned->name);
    }
    for (size_t i = 0; i < planned->n_parameters; i++) {
        const struct plan_parameter *parameter = &planned->parameters[i];

        if (parameter->callback != NULL || parameter->record != NULL ||
            parameter->stubs != NULL || parameter->pass == PASS_FILE ||
            parameter->pass == PASS_FILE_PLACE) {
            diag_error(planner->diag, spec->leaf.where, "spec-leaf",
                       "'%s' can call the guest back through '%s', so it is no "
                       "leaf: remove 'leaf'",
                       planned->name, parameter->name);
            return;
        }
    }
    for (size_t i = 0; i < planned->n_parameters; i++) {
        if (planned->parameters[i].to_host != NULL ||
            planned->parameters[i].copy != NULL) {
            diag_error(planner->diag, spec->leaf.where, "spec-leaf",
                       "'%s' takes a handle, '%s', for which the guest may "
                       "have to be asked, so it is no leaf: remove 'leaf'",
                       planned->name, planned->parameters[i].name);
            return;
        }
    }
    if (planner_list_calls(planned)) {
        diag_error(planner->diag, spec->leaf.where, "spec-leaf",
                   "'%s' can call the guest back by what its list of arguments "
                   "holds, so it is no leaf: remove 'leaf'",
                   planned->name);
    }
    if (planned->result_is_file) {
        diag_error(planner->diag, spec->leaf.where, "spec-leaf",
                   "'%s' returns a FILE *, for which the guest may have to "
                   "make one, so it is no leaf: remove 'leaf'",
                   planned->name);
    }
    if (planned->result != NULL || planned->record != NULL ||
        planned->stubs != NULL || planned->procedure != NULL) {
        diag_error(planner->diag, spec->leaf.where, "spec-leaf",
                   "'%s' returns a function pointer, for which the guest may "
                   "have to make a stub, so it is no leaf: remove 'leaf'",
                   planned->name);
    }
}

/* Which way the calls go, and on which stack they run. What is said of the
 * function itself counts before what is said of those like it, and that before
 * what is said of all. */
static void way_plan(struct planner *planner, struct plan_function *planned)
{
    const struct spec *all = planner->input->spec;
    const struct spec_function *of[] = {
        spec_function_find(all, planned->symbol),
        spec_function_match(all, planned->symbol),
    };
    const struct spec_text *door = NULL;
    const struct spec_function *leaf = NULL;

    for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++) {
        if (door == NULL && of[i] != NULL && of[i]->door.text != NULL) {
            door = &of[i]->door;
        }
        if (leaf == NULL && of[i] != NULL && of[i]->leaf.text != NULL) {
            leaf = of[i];
        }
    }
    planned->is_fast = spec_door_is_fast(door == NULL ? &all->door : door);
    planned->is_leaf = leaf != NULL && spec_is_true(&leaf->leaf);
    if (planned->is_leaf) {
        leaf_check(planner, leaf, planned);
    }
    planner->plan->is_fast |= planned->is_fast;
}

/* Whether a parameter can hold the name of a function: some kind of string. */
static bool type_is_string(const struct type *type)
{
    type = type_resolve(type);
    if (type->kind != TYPE_POINTER) {
        return false;
    }
    type = type_resolve(type->target);
    return type->kind == TYPE_INTEGER && type->size == 1;
}

static void procedure_check(struct planner *planner,
                            const struct spec_text *name,
                            const struct plan_parameter *parameter,
                            const struct type *result)
{
    result = type_resolve(result);
    if (parameter != NULL && !type_is_string(parameter->type)) {
        diag_error(planner->diag, name->where, "spec-procedure",
                   "parameter '%s' of '%s' is no string, so it names no "
                   "function: name another or remove 'procedure'",
                   name->text, planner->function->name);
    }
    if (type_callback(result) == NULL &&
        (result->kind != TYPE_POINTER || !type_is_void(result->target))) {
        diag_error(planner->diag, name->where, "spec-procedure",
                   "'%s' returns neither a function pointer nor 'void *': "
                   "remove 'procedure'",
                   planner->function->name);
    }
    if (!planner->plan->has_procedures) {
        diag_error(planner->diag, name->where, "spec-procedure",
                   "'%s' gives out functions by name, but the spec does not "
                   "say which: add a line such as 'procedures: [gl*]'",
                   planner->function->name);
    }
}

/* The result is the function that a parameter names. */
static bool procedure_plan(struct planner *planner,
                           struct plan_function *planned)
{
    const struct spec_function *spec = planner_told(planner, planned);
    const struct plan_parameter *parameter;

    if (spec == NULL || spec->procedure.text == NULL) {
        return false;
    }
    parameter = planner_parameter_named(planner, &spec->procedure, planned);
    procedure_check(planner, &spec->procedure, parameter,
                    planner->function->type->target);
    planned->procedure = parameter == NULL ? "" : parameter->name;
    return true;
}

static void result_plan(struct planner *planner, struct plan_function *planned)
{
    const struct type *type = planner->function->type->target;
    const struct type *meant = planner_meant(planner, planned, "result", type);

    if (procedure_plan(planner, planned)) {
        return;
    }
    if (planner_is_file(planner, type)) {
        planned->result_is_file = true;
        planner->plan->has_files = true;
        return;
    }
    if (planner_value_check(planner, "result", type) &&
        type_callback(meant) != NULL) {
        planned->result = planner_callback(
            planner, meant,
            arena_printf(planner->arena, "%s_result", planned->name), TO_GUEST);
    }
    planned->record = planner_record(planner, type, TO_GUEST);
    planned->stubs = planner_stubbed(planner, type);
    planned->result_to_guest = planner_result_handle(
        planner, planner->function->type, planned->parameters, TO_GUEST);
}

/* What crosses as the other side's, and what runs around it. */
static void handles_plan(struct planner *planner, struct plan_function *planned)
{
    const struct spec_function *spec = planner_told(planner, planned);

    for (size_t i = 0; spec != NULL && i < spec->n_handles; i++) {
        (void)planner_parameter_named(planner, &spec->handles[i].of, planned);
    }
    planner_handles(planner, planner->function->type, planned->parameters,
                    TO_HOST, spec);
    for (size_t i = 0; i < planned->n_parameters; i++) {
        const struct plan_parameter *parameter = &planned->parameters[i];

        if (parameter->pass == PASS_CONVERT &&
            (parameter->copy != NULL || parameter->to_host != NULL)) {
            planner_refuse(
                planner, "layout",
                arena_printf(
                    planner->arena,
                    "has a parameter '%s' with handles or streams, and "
                    "the layout of what it points to "
                    "differs between host and guest",
                    parameter->name));
            planner_layout_note(planner, LAYOUT_IMPOSSIBLE,
                                planner->function->where,
                                "it holds handles or streams, too");
        }
    }
    if (spec != NULL) {
        planned->before =
            planner_aside(planner, &spec->before, planned->parameters);
        planned->after =
            planner_aside(planner, &spec->after, planned->parameters);
    }
}

/* Long doubles that are converted by value. */
static void numbers_note(struct planner *planner,
                         const struct plan_function *planned)
{
    const char *of = planned->numbers.n_items > 0 ? "the result" : NULL;

    for (size_t i = 0; i < planned->n_parameters; i++) {
        if (planned->parameters[i].numbers.n_items > 0) {
            of = arena_printf(planner->arena, "parameter '%s'",
                              planned->parameters[i].name);
        }
    }
    if (of != NULL) {
        planner_layout_note(
            planner, LAYOUT_CONVERTED, planner->function->where,
            arena_printf(planner->arena,
                         "%s has long doubles in another format", of));
    }
}

/* `symbol` is NULL for a function that is had by name alone. */
void planner_function(struct planner *planner, const struct symbol *symbol,
                      const char *name)
{
    const struct function *function = planner->function;
    const struct type *type = function->type;
    struct plan_function *planned = ARENA_APPEND(
        planner->arena, planner->plan->functions, planner->plan->n_functions);

    planned->name = name;
    planned->symbol = function->name;
    planned->real = planner_c_name(planner, function->name, function->c_name,
                                   function->definition != DEFINITION_INLINE);
    planned->version = symbol == NULL ? NULL : symbol->version;
    planned->is_exported = symbol != NULL;
    planned->is_wrapped =
        symbol != NULL && symbol->is_default &&
        strcmp(name, symbol->name) == 0 &&
        spec_is_wrapped(spec_function_find(planner->input->spec, name));
    planned->is_old = symbol != NULL && !symbol->is_default;
    planned->is_labelled = symbol != NULL && symbol->is_default &&
                           strcmp(name, function->name) == 0 &&
                           type_has_erased(type);
    planned->c_name = planned->is_old ? name
                      : planned->is_labelled
                          ? arena_printf(planner->arena, "gtl_own_%s", name)
                      : strcmp(name, function->name) == 0
                          ? planned->real
                          : arena_printf(planner->arena, "gtl_%s", name);
    planned->function = function;
    planned->has_result = !type_is_void(type->target);
    planned->parameters = planner_parameters(planner, type, function->name);
    planned->n_parameters = type->n_parameters;
    if (type->has_no_prototype) {
        planner_refuse(planner, "prototype",
                       "is declared without its parameters, as in 'int f()': "
                       "declare it with them in a header of your own, and name "
                       "that behind the library's with --header");
    }
    if (function->definition == DEFINITION_FULL) {
        planner_refuse(planner, "definition",
                       "is defined by the header itself, for each source that "
                       "includes it, so there cannot be the thunk's");
    }
    planner_variadic(planner, planned);
    planner_callbacks_check(planner, planned);
    planned->is_procedure =
        !planned->is_variadic && !planned->is_va_list && !planned->has_words &&
        strcmp(planned->name, planned->symbol) == 0 &&
        spec_names_procedure(planner->input->spec, planned->name);
    if (symbol == NULL && !planned->is_procedure) {
        planner_refuse(planner, "procedure",
                       "formats as printf does and is had by its name alone, "
                       "which thunkgen cannot carry over yet");
    }
    planner->is_settled =
        arena_alloc(planner->arena,
                    (type->n_parameters + 1) * sizeof(*planner->is_settled));
    out_plan(planner, planned);
    planner_convert_check(planner, planned);
    for (size_t i = 0; i < type->n_parameters; i++) {
        enum pass pass = planned->parameters[i].pass;

        if (pass == PASS_VALUE || pass == PASS_OUT) {
            planner_parameter(planner, planned, i, false);
        }
    }
    if (planned->has_result) {
        result_plan(planner, planned);
    }
    planned->numbers = planner_numbers(planner, type->target);
    numbers_note(planner, planned);
    handles_plan(planner, planned);
    way_plan(planner, planned);
    planner_freed(planner, planned);
    planner_convert_result(planner, planned);
    planned->frame_size =
        planner_frame_size(NULL, type, planned->parameters, planned->has_words);
    planned->trace = planner_trace(planner, planned->symbol, "", type,
                                   planned->parameters, planned->has_words);
}
