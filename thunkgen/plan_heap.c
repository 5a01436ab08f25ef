/* SPDX-License-Identifier: MIT
 *
 * Memory that the library allocates and the program frees with free(): guest
 * and host each have a heap, so such a block crosses as a copy.
 */
#include <string.h>

#include "planner.h"

static bool type_is_pointer(const struct type *type)
{
    return type_resolve(type)->kind == TYPE_POINTER;
}

/* What the spec says of the function itself counts before what it says of those
 * like it. */
static const struct spec_function *freed_find(const struct spec *spec,
                                              const char *name)
{
    const struct spec_function *own = spec_function_find(spec, name);

    if (own != NULL && own->has_frees) {
        return own;
    }
    for (size_t i = 0; i < spec->n_functions; i++) {
        const struct spec_function *like = &spec->functions[i];

        if (like->has_frees && spec_is_pattern(like->name.text) &&
            spec_text_matches(&like->name, name)) {
            return like;
        }
    }
    return NULL;
}

static void kind_refuse(struct planner *planner, const struct spec_text *name,
                        const char *wanted)
{
    diag_error(planner->diag, name->where, "spec-free",
               "'%s' of '%s' is no %s, so the program has nothing to free: "
               "remove it from 'caller_frees'",
               name->text, planner->function->name, wanted);
}

static void result_plan(struct planner *planner, const struct spec_text *name,
                        struct plan_function *planned)
{
    planned->is_freed = type_is_pointer(planner->function->type->target);
    if (!planned->is_freed) {
        kind_refuse(planner, name, "pointer");
    }
}

/* The place may keep what was there, so that is remembered. */
static void place_plan(struct planner *planner, const struct spec_text *name,
                       struct plan_function *planned)
{
    struct plan_parameter *parameter =
        planner_parameter_named(planner, name, planned);
    const struct type *type;

    if (parameter == NULL) {
        return;
    }
    type = type_resolve(parameter->type);
    if (type->kind != TYPE_POINTER || !type_is_pointer(type->target) ||
        type_callback(type->target) != NULL) {
        kind_refuse(planner, name, "pointer to a pointer");
        return;
    }
    if (parameter->pass == PASS_CONVERT) {
        kind_refuse(planner, name, "pointer to a block of one layout");
        return;
    }
    parameter->is_freed = true;
    parameter->before = planner_before(planner, parameter);
}

/* The pointer of that name in what the type points to; NULL: it is none. */
static const struct field *block_find(const struct type *type, const char *name)
{
    const struct record *record;

    type = type_resolve(type);
    if (type->kind != TYPE_POINTER || type_is_const(type->target) ||
        type_resolve(type->target)->kind != TYPE_RECORD) {
        return NULL;
    }
    record = type_resolve(type->target)->record;
    for (size_t i = 0; i < record->n_fields; i++) {
        const struct field *field = &record->fields[i];

        if (strcmp(field->name, name) == 0 && type_is_pointer(field->type) &&
            type_callback(field->type) == NULL) {
            return field;
        }
    }
    return NULL;
}

/* "result->data": a member of what the result, or a parameter, points to. */
static void block_plan(struct planner *planner, const struct spec_text *name,
                       struct plan_function *planned)
{
    const char *arrow = strstr(name->text, "->");
    const struct spec_text pointer = {
        .text = arena_printf(planner->arena, "%.*s", (int)(arrow - name->text),
                             name->text),
        .where = name->where,
    };
    struct plan_block block = {.pointer = "result", .member = arrow + 2};
    const struct type *type = planner->function->type->target;
    bool has_copy = false;

    if (strcmp(pointer.text, "result") != 0 || !planned->has_result) {
        const struct plan_parameter *parameter =
            planner_parameter_named(planner, &pointer, planned);

        if (parameter == NULL) {
            return;
        }
        type = parameter->type;
        has_copy = parameter->pass == PASS_CONVERT;
        block.pointer = parameter->name;
        block.before = planner_name_free(
            planner, arena_printf(planner->arena, "before_%s_%s",
                                  parameter->name, block.member));
    }
    if (has_copy || block_find(type, block.member) == NULL) {
        kind_refuse(planner, name, "pointer in a struct of one layout");
        return;
    }
    *ARENA_APPEND(planner->arena, planned->blocks, planned->n_blocks) = block;
}

void planner_freed(struct planner *planner, struct plan_function *planned)
{
    const struct spec_function *spec =
        freed_find(planner->input->spec, planned->symbol);

    for (size_t i = 0; spec != NULL && i < spec->n_frees; i++) {
        const struct spec_text *name = &spec->frees[i];

        if (name->text == NULL) {
            continue;
        }
        if (strstr(name->text, "->") != NULL) {
            block_plan(planner, name, planned);
        } else if (strcmp(name->text, "result") == 0 && planned->has_result) {
            result_plan(planner, name, planned);
        } else {
            place_plan(planner, name, planned);
        }
    }
    if (spec != NULL && spec->n_frees > 0 && planned->is_leaf) {
        diag_error(planner->diag, spec->name.where, "spec-leaf",
                   "'%s' gives what the program frees, for which the guest has "
                   "to allocate, so it is no leaf: remove 'leaf'",
                   planned->name);
    }
}
