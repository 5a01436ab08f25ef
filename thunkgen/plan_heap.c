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
        } else {
            diag_error(planner->diag, name->where, "spec-free",
                       "'%s' of '%s' is no result that is a pointer: remove it "
                       "from 'caller_frees'; the program may free whatever it "
                       "gets",
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
