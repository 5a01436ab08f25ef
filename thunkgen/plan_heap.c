/* SPDX-License-Identifier: MIT
 *
 * Results that the program frees, where it gets a copy of them as their layout
 * is another in a guest. What has one layout is freed by whoever likes.
 */
#include <string.h>

#include "planner.h"

static bool result_is_pointer(const struct planner *planner,
                              const struct plan_function *planned)
{
    return planned->has_result &&
           type_resolve(planner->function->type->target)->kind == TYPE_POINTER;
}

/* A place that holds what has another layout in a guest, "at" or "at->to": the
 * program gets what stays the library's. */
static bool is_converted(const struct plan_function *planned, const char *name)
{
    const size_t length = strcspn(name, "-");

    for (size_t i = 0; i < planned->n_parameters; i++) {
        const struct plan_parameter *parameter = &planned->parameters[i];

        if (strlen(parameter->name) == length &&
            strncmp(parameter->name, name, length) == 0) {
            return parameter->pass == PASS_CONVERT;
        }
    }
    return false;
}

void planner_freed(struct planner *planner, struct plan_function *planned)
{
    const struct spec_function *spec =
        spec_function_find(planner->input->spec, planned->symbol);

    for (size_t i = 0; spec != NULL && i < spec->n_frees; i++) {
        const struct spec_text *name = &spec->frees[i];

        if (name->text == NULL) {
            continue;
        }
        if (strcmp(name->text, "result") == 0 &&
            result_is_pointer(planner, planned)) {
            planned->is_freed = true;
        } else if (is_converted(planned, name->text)) {
            diag_error(planner->diag, name->where, "spec-free",
                       "'%s' of '%s' is no result, and a guest has it in "
                       "another layout, so the program cannot free it: 'omit' "
                       "the function",
                       name->text, planner->function->name);
        } else {
            diag_warning(planner->diag, name->where, "spec-needless",
                         "the program may free '%s' of '%s' without a word: "
                         "remove it from 'caller_frees'",
                         name->text, planner->function->name);
        }
    }
    if (planned->is_freed && planned->is_leaf) {
        diag_error(planner->diag, spec->name.where, "spec-leaf",
                   "'%s' gives what the program frees, for which the guest has "
                   "to allocate, so it is no leaf: remove 'leaf'",
                   planned->name);
    }
}
