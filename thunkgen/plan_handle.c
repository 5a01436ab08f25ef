/* SPDX-License-Identifier: MIT
 *
 * Handles: types of which guest and host each have objects of their own. A
 * header declares the host's functions that find one side's for the other's;
 * what a function declares beyond its first parameter it gets from those of the
 * call by name.
 */
#include <string.h>

#include "cdecl.h"
#include "planner.h"

static const char *const suffixes[] = {"_to_host", "_to_guest"};

/* The spec's handle of a type, under the first of its names that has one. */
static const struct spec_handle *handle_find(struct planner *planner,
                                             const struct type *type)
{
    const struct spec *spec = planner->input->spec;

    if (spec->n_handles == 0) {
        return NULL;
    }
    for (;; type = type->target) {
        const char *text = cdecl_declare_variable(planner->arena, type, "");

        for (size_t i = 0; i < spec->n_handles; i++) {
            if (strcmp(spec->handles[i].of.text, text) == 0) {
                planner->is_handled[i] = true;
                return &spec->handles[i];
            }
        }
        if (type->kind != TYPE_TYPEDEF) {
            return NULL;
        }
    }
}

bool planner_is_handle(struct planner *planner, const struct type *type)
{
    return planner->input->spec->n_handles > 0 &&
           handle_find(planner, type) != NULL;
}

/* What a handle that has this name becomes in that direction; NULL: it crosses
 * as it is, or neither direction is declared, which the end tells. */
static const struct function *conversion_find(struct planner *planner,
                                              const char *name,
                                              enum direction direction)
{
    return model_function(
        &planner->input->models[0],
        arena_printf(planner->arena, "%s%s", name, suffixes[direction]));
}

/* A call of `function` with the parameters that it names, from its own
 * parameter `first` on. */
static const struct plan_aside *aside_plan(struct planner *planner,
                                           const struct function *function,
                                           size_t first,
                                           const struct type *type,
                                           const struct plan_parameter *planned)
{
    struct plan_aside *aside = arena_alloc(planner->arena, sizeof(*aside));

    aside->name =
        planner_c_name(planner, function->name, function->c_name, true);
    for (size_t i = first; i < function->type->n_parameters; i++) {
        const char *wanted = function->type->parameters[i].name;
        size_t p = 0;

        while (p < type->n_parameters &&
               strcmp(type->parameters[p].name, wanted) != 0) {
            p++;
        }
        if (p == type->n_parameters) {
            diag_error(planner->diag, planner->function->where, "handle",
                       "'%s' has no parameter '%s', which '%s' takes: name "
                       "another handle for its parameter in the spec, as in "
                       "'%s: {handles: {PARAMETER: NAME}}'",
                       planner->function->name, wanted, function->name,
                       planner->function->name);
            diag_note(planner->diag, function->where, "'%s' is declared here",
                      function->name);
            return NULL;
        }
        *ARENA_APPEND(planner->arena, aside->others, aside->n_others) =
            planned[p].name;
    }
    return aside;
}

static const struct plan_aside *
handle_plan(struct planner *planner, const char *name,
            const struct type *function, const struct plan_parameter *planned,
            enum direction direction)
{
    const struct function *conversion =
        conversion_find(planner, name, direction);

    return conversion == NULL
               ? NULL
               : aside_plan(planner, conversion, 1, function, planned);
}

const struct record *planner_record_read(const struct type *type)
{
    type = type_resolve(type);
    if (type->kind != TYPE_POINTER) {
        return NULL;
    }
    type = type->target;
    if (!type->is_const) {
        return NULL;
    }
    type = type_resolve(type);
    return type->kind == TYPE_RECORD && type->record->name != NULL &&
                   type->record->is_complete && !type->record->is_union
               ? type->record
               : NULL;
}

/* The plan's copy of a record, if there are handles or streams in it. */
static const struct plan_copy *copy_plan(struct planner *planner,
                                         const struct record *record)
{
    struct plan *plan = planner->plan;
    struct plan_copy copy = {.record = record};

    for (size_t i = 0; i < plan->n_copies; i++) {
        if (plan->copies[i]->record == record) {
            return plan->copies[i];
        }
    }
    for (size_t i = 0; i < record->n_fields; i++) {
        const struct field *field = &record->fields[i];
        const struct spec_handle *handle =
            field->width < 0 ? handle_find(planner, field->type) : NULL;
        const struct function *conversion =
            handle == NULL
                ? NULL
                : conversion_find(planner, handle->name.text, TO_HOST);

        if (conversion != NULL || planner_is_file_member(planner, field)) {
            struct plan_copy_member *member =
                ARENA_APPEND(planner->arena, copy.members, copy.n_members);

            member->name = field->name;
            member->to_host = conversion == NULL ? NULL : conversion->name;
            copy.has_files |= conversion == NULL;
        }
    }
    if (copy.n_members == 0) {
        return NULL;
    }
    copy.name = planner_identifier(planner, record->name);
    *ARENA_APPEND(planner->arena, plan->copies, plan->n_copies) =
        arena_alloc(planner->arena, sizeof(copy));
    *plan->copies[plan->n_copies - 1] = copy;
    return plan->copies[plan->n_copies - 1];
}

/* The name of the handle that the spec gives a parameter itself; or NULL. */
static const char *handle_of_parameter(const struct spec_function *spec,
                                       const struct parameter *parameter)
{
    for (size_t i = 0; spec != NULL && i < spec->n_handles; i++) {
        if (strcmp(spec->handles[i].of.text, parameter->name) == 0) {
            return spec->handles[i].name.text;
        }
    }
    return NULL;
}

const char *planner_copied(struct planner *planner, const char *name)
{
    const char *copied = arena_printf(planner->arena, "copy_%s", name);

    while (model_function(&planner->input->models[0], copied) != NULL) {
        copied = arena_printf(planner->arena, "%s_", copied);
    }
    return copied;
}

void planner_handles(struct planner *planner, const struct type *type,
                     struct plan_parameter *planned, enum direction direction,
                     const struct spec_function *spec)
{
    for (size_t i = 0; i < type->n_parameters; i++) {
        const struct parameter *parameter = &type->parameters[i];
        const char *name = handle_of_parameter(spec, parameter);
        const struct record *record = planner_record_read(parameter->type);

        if (name == NULL) {
            const struct spec_handle *handle =
                handle_find(planner, parameter->type);

            name = handle == NULL ? NULL : handle->name.text;
        }
        if (name != NULL && direction == TO_HOST) {
            planned[i].to_host =
                handle_plan(planner, name, type, planned, TO_HOST);
        } else if (name != NULL) {
            planned[i].to_guest =
                handle_plan(planner, name, type, planned, TO_GUEST);
        } else if (direction == TO_HOST && record != NULL) {
            planned[i].copy = copy_plan(planner, record);
            if (planned[i].copy != NULL) {
                planned[i].copied = planner_copied(planner, planned[i].name);
            }
            if (planned[i].copy != NULL && planned[i].copy->has_files) {
                planner_file_record(planner, parameter, record);
            }
        }
    }
}

const struct plan_aside *
planner_result_handle(struct planner *planner, const struct type *type,
                      const struct plan_parameter *planned,
                      enum direction direction)
{
    const struct spec_handle *handle = handle_find(planner, type->target);

    return handle == NULL ? NULL
                          : handle_plan(planner, handle->name.text, type,
                                        planned, direction);
}

const struct plan_aside *planner_aside(struct planner *planner,
                                       const struct spec_text *name,
                                       const struct plan_parameter *planned)
{
    const struct function *function;

    if (name->text == NULL) {
        return NULL;
    }
    function = model_function(&planner->input->models[0], name->text);
    if (function == NULL) {
        diag_error(planner->diag, name->where, "spec-aside",
                   "no header declares '%s': give its header with --header",
                   name->text);
        return NULL;
    }
    return aside_plan(planner, function, 0, planner->function->type, planned);
}

static void handle_check(struct planner *planner,
                         const struct spec_handle *handle)
{
    const char *name = handle->name.text;

    if (conversion_find(planner, name, TO_HOST) == NULL &&
        conversion_find(planner, name, TO_GUEST) == NULL) {
        diag_error(planner->diag, handle->name.where, "spec-handle",
                   "no header declares '%s_to_host' or '%s_to_guest': give "
                   "their header with --header",
                   name, name);
    }
}

static void start_check(struct planner *planner, const struct spec_text *name)
{
    const struct function *start =
        model_function(&planner->input->models[0], name->text);

    if (start == NULL) {
        diag_error(planner->diag, name->where, "spec-aside",
                   "no header declares '%s': give its header with --header",
                   name->text);
    } else if (start->type->n_parameters > 0 || start->type->is_variadic ||
               !type_is_void(start->type->target)) {
        diag_error(planner->diag, name->where, "spec-aside",
                   "'%s' is called without parameters, and nobody takes its "
                   "result: declare it as 'void %s(void)'",
                   name->text, name->text);
        diag_note(planner->diag, start->where, "'%s' is declared here",
                  name->text);
    }
}

void planner_handles_check(struct planner *planner)
{
    const struct spec *spec = planner->input->spec;

    if (planner->input->models[0].is_broken) {
        return; /* the header's own errors come first */
    }
    for (size_t i = 0; i < spec->n_handles; i++) {
        handle_check(planner, &spec->handles[i]);
        if (!planner->is_handled[i]) {
            diag_error(planner->diag, spec->handles[i].of.where, "spec-handle",
                       "no function takes or returns '%s': write the type as "
                       "the header does, or remove it",
                       spec->handles[i].of.text);
        }
    }
    for (size_t f = 0; f < spec->n_functions; f++) {
        for (size_t i = 0; i < spec->functions[f].n_handles; i++) {
            handle_check(planner, &spec->functions[f].handles[i]);
        }
    }
    if (spec->start.text != NULL) {
        start_check(planner, &spec->start);
    }
}
