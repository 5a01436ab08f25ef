/* SPDX-License-Identifier: MIT
 *
 * FILE * that cross: each side gets one of its own for the other's.
 */
#include <string.h>

#include "planner.h"

bool planner_is_file(const struct planner *planner, const struct type *type)
{
    const struct libc_object *file = libc_object_named("FILE");

    type = type_resolve(type);
    return type->kind == TYPE_POINTER &&
           libc_object_find(type->target) == file &&
           planner->owners[libc_object_index(file)] == LIBC_UNSETTLED;
}

bool planner_is_file_place(const struct planner *planner,
                           const struct parameter *parameter)
{
    /* An array of them says so by how it is declared. */
    const struct type *type = type_resolve(parameter->declared);

    return type->kind == TYPE_POINTER && planner_is_file(planner, type->target);
}

void planner_file_place(struct planner *planner,
                        const struct parameter *parameter,
                        struct plan_parameter *planned)
{
    const struct function *function = planner->function;
    const char *name = parameter->name;

    planner->plan->has_files = true;
    planned->pass = PASS_FILE_PLACE;
    planned->before = planner_name_free(
        planner, arena_printf(planner->arena, "file_%s", planned->name));
    if (planner_flow(spec_function_find(planner->input->spec, function->name),
                     name, &planned->flow) != NULL) {
        return;
    }
    planned->flow = FLOW_IN;
    if (!type_is_const(type_resolve(parameter->type)->target)) {
        planner_refuse(
            planner, "libc-object",
            arena_printf(planner->arena,
                         "has a parameter '%s' that points to a FILE *, and "
                         "nothing tells whether the function reads it there or "
                         "writes it: write '%s: {out: [%s]}' under "
                         "'functions:', or 'in', or 'inout'",
                         name, function->name, name));
    }
}

bool planner_is_file_member(const struct planner *planner,
                            const struct field *field)
{
    return field->name[0] != '\0' && !type_is_const(field->type) &&
           planner_is_file(planner, field->type);
}

bool planner_has_file_member(const struct planner *planner,
                             const struct record *record)
{
    for (size_t i = 0; i < record->n_fields; i++) {
        if (planner_is_file_member(planner, &record->fields[i])) {
            return true;
        }
    }
    return false;
}

static bool is_single(struct planner *planner, const char *parameter,
                      const struct record *record)
{
    const struct spec_function *spec =
        spec_function_find(planner->input->spec, planner->function->name);
    const struct spec_type *type = planner_spec_record(planner, record);

    for (size_t i = 0; spec != NULL && i < spec->n_lengths; i++) {
        if (strcmp(spec->lengths[i].name.text, parameter) == 0) {
            return strcmp(spec->lengths[i].value.text, "1") == 0;
        }
    }
    return type != NULL && spec_is_true(&type->single);
}

void planner_file_record(struct planner *planner,
                         const struct parameter *parameter,
                         const struct record *record)
{
    planner->plan->has_files = true;
    if (!is_single(planner, parameter->name, record)) {
        planner_refuse(
            planner, "libc-object",
            arena_printf(planner->arena,
                         "has a parameter '%s' that points to '%s', of which "
                         "the host can have a copy with its own FILE * in it, "
                         "but nothing tells that it points to one alone: write "
                         "'%s: {length: {%s: 1}}' under 'functions:', or '%s: "
                         "{single: true}' under 'types:'",
                         parameter->name, record->name, planner->function->name,
                         parameter->name, record->name));
    }
}
