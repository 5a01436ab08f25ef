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
    parameter->is_freed = true;
    parameter->before = planner_before(planner, parameter);
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
        if (strcmp(name->text, "result") == 0 && planned->has_result) {
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
