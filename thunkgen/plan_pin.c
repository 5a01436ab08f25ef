/* SPDX-License-Identifier: MIT
 *
 * Records that the compilers of both sides are to confirm: those that are one
 * for all, and those that differ and are converted, for each ISA.
 */
#include <string.h>

#include "planner.h"

static const struct record *record_of_model(const struct model *model,
                                            const char *name)
{
    for (size_t i = 0; i < model->n_records; i++) {
        const struct record *record = model->records[i];

        if (record->is_complete && record->name != NULL &&
            strcmp(record->name, name) == 0) {
            return record;
        }
    }
    return NULL;
}

static bool places_equal(const struct record *one, const struct record *other)
{
    if (one->size != other->size || one->n_fields != other->n_fields) {
        return false;
    }
    for (size_t i = 0; i < one->n_fields; i++) {
        if (strcmp(one->fields[i].name, other->fields[i].name) != 0 ||
            one->fields[i].offset != other->fields[i].offset ||
            one->fields[i].width != other->fields[i].width) {
            return false;
        }
    }
    return true;
}

void planner_pins(struct planner *planner)
{
    const struct plan_input *input = planner->input;
    struct plan *plan = planner->plan;
    size_t n_kept = 0;

    for (size_t i = 0; plan->n_shapes > 0 && i < plan->n_pinned; i++) {
        const struct record *host = plan->pinned[i];
        struct plan_pin pin = {{NULL}};
        bool is_one = true;

        for (size_t m = 0; m < input->n_models; m++) {
            const struct record *record =
                m == 0 ? host : record_of_model(&input->models[m], host->name);

            pin.of[isa_index(input->models[m].isa)] = record;
            is_one &= record == NULL || places_equal(host, record);
        }
        if (is_one) {
            plan->pinned[n_kept++] = host;
        } else {
            *ARENA_APPEND(planner->arena, plan->pins, plan->n_pins) = pin;
        }
    }
    if (plan->n_shapes > 0) {
        plan->n_pinned = n_kept;
    }
}
