/* SPDX-License-Identifier: MIT
 *
 * Structs into which the library puts functions that the program calls, as the
 * spec tells: these get stubs, in place.
 */
#include "planner.h"

/* What the host puts there goes to the guest, whatever else is done with it.
 * False after an error, which the next function with it has as well. */
static bool members_plan(struct planner *planner, struct plan_record *entry)
{
    bool is_good = true;

    for (size_t i = 0; i < entry->n_members; i++) {
        struct plan_member *member = &entry->members[i];

        if (member->follow == NULL) {
            member->callback =
                planner_callback(planner, member->pointer,
                                 arena_printf(planner->arena, "%s_%s",
                                              entry->name, member->path),
                                 TO_GUEST);
            is_good &= member->callback != NULL;
        }
    }
    return is_good;
}

const struct plan_record *planner_stubbed(struct planner *planner,
                                          const struct type *type)
{
    const struct spec_type *spec;
    struct plan_record *entry;

    type = type_resolve(type);
    if (type->kind != TYPE_POINTER || type_is_const(type->target) ||
        type_resolve(type->target)->kind != TYPE_RECORD) {
        return NULL;
    }
    type = type_resolve(type->target);
    spec = planner_spec_record(planner, type->record);
    if (spec == NULL || !spec_is_true(&spec->stubs)) {
        return NULL;
    }
    entry = planner_record_find(planner, type->record);
    if (entry == NULL || entry->n_members == 0) {
        return NULL; /* planner_stubbed_check() tells */
    }
    if (!entry->is_stubbed) {
        entry->is_stubbed = true; /* its functions may return such a struct */
        entry->is_stubbed = members_plan(planner, entry);
    }
    return entry->is_stubbed ? entry : NULL;
}

void planner_stubbed_parameter(struct planner *planner,
                               const struct spec_function *spec,
                               const struct parameter *parameter,
                               struct plan_parameter *planned)
{
    enum plan_flow flow;

    if (planner_flow(spec, parameter->name, &flow) == NULL || flow == FLOW_IN) {
        return;
    }
    planned->stubs = planner_stubbed(planner, parameter->type);
    if (planned->stubs != NULL) {
        planned->flow = flow;
        planner->records[planned->stubs->record->index]->is_lent |=
            flow == FLOW_INOUT;
    }
}

void planner_stubbed_check(struct planner *planner, const struct record *record,
                           const struct spec_type *spec)
{
    const struct plan_record *entry;
    size_t n_functions = 0;

    if (!spec_is_true(&spec->stubs)) {
        return;
    }
    entry = planner_record_find(planner, record);
    for (size_t i = 0; entry != NULL && i < entry->n_members; i++) {
        n_functions += entry->members[i].follow == NULL;
    }
    if (n_functions == 0) {
        diag_error(planner->diag, spec->stubs.where, "spec-stubs",
                   "no member of '%s' is known to be a function: remove "
                   "'stubs', or tell of those that are with 'callbacks'",
                   spec->name.text);
    } else if (!entry->is_stubbed) {
        diag_error(planner->diag, spec->stubs.where, "spec-stubs",
                   "no function returns a pointer to '%s', nor has 'out' or "
                   "'inout' for one: remove 'stubs' or name a parameter",
                   spec->name.text);
    }
}
