/* SPDX-License-Identifier: MIT
 *
 * Memory of the library's whose layout differs between host and guest: behind
 * results, and behind what a callback is given. The guest gets a copy of it in
 * its own layout, and of all that it leads to.
 */
#include <string.h>

#include "plan_convert.h"

/* A shape that this one leads to, itself included, whose struct holds function
 * pointers; `is_met` is by the plan's shapes. NULL: none does. */
static const struct plan_shape *functions_find(struct planner *planner,
                                               const struct plan_shape *shape,
                                               bool *is_met)
{
    const struct plan *plan = planner->plan;
    size_t index = 0;

    while (plan->shapes[index] != shape) {
        index++;
    }
    if (is_met[index]) {
        return NULL;
    }
    is_met[index] = true;
    if (shape->type != NULL &&
        planner_record(planner, shape->type, TO_HOST) != NULL) {
        return shape;
    }
    for (size_t i = 0; i < shape->n_members; i++) {
        const struct plan_shape *found =
            shape->members[i].shape == NULL
                ? NULL
                : functions_find(planner, shape->members[i].shape, is_met);

        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

bool convert_lead_check(struct about *about, const struct plan_shape *shape)
{
    struct planner *planner = about->planner;
    struct location nowhere = {NULL, 0, 0};
    const struct plan_shape *found = functions_find(
        planner, shape,
        arena_alloc(planner->arena, planner->plan->n_shapes * sizeof(bool)));

    if (found == shape) {
        convert_refuse(about, nowhere, "it holds function pointers");
    } else if (found != NULL) {
        convert_refuse(about, found->type->record->where,
                       arena_printf(planner->arena,
                                    "it leads to '%s', which holds function "
                                    "pointers",
                                    found->of));
    }
    return found == NULL;
}

/* ---- results ---- */

/* The function with its result as one parameter more. */
static const struct type *with_result(struct planner *planner,
                                      const struct type *function)
{
    struct type *type = arena_alloc(planner->arena, sizeof(*type));
    struct parameter *parameters = arena_alloc(
        planner->arena, (function->n_parameters + 1) * sizeof(*parameters));

    *type = *function;
    for (size_t i = 0; i < function->n_parameters; i++) {
        parameters[i] = function->parameters[i];
    }
    parameters[function->n_parameters] =
        (struct parameter){.name = "result", .type = function->target};
    type->parameters = parameters;
    type->n_parameters++;
    return type;
}

/* Asks for what is missing: how many there are, and whose they are. False:
 * something is. */
static bool result_told_check(struct about *about,
                              const struct plan_function *planned)
{
    const struct type *target =
        type_resolve(convert_parameter(about)->type)->target;
    struct arena *arena = about->planner->arena;
    bool has_count = convert_count_find(about, target) != NULL;
    bool has_owner = planned->is_freed || planner_keeps(about->spec, "result");
    struct location nowhere = {NULL, 0, 0};

    if (has_count && has_owner) {
        return true;
    }
    convert_ask(
        about, nowhere,
        arena_printf(arena, "nothing tells %s%s%s",
                     has_owner ? ""
                               : "whether the program frees it "
                                 "('caller_frees') or it stays the library's "
                                 "('library_keeps')",
                     has_owner || has_count ? "" : ", and ",
                     has_count ? ""
                               : "how many there are (N: a number, a "
                                 "parameter, '*' and a pointer to one, an "
                                 "expression of these, or 'terminated')"),
        arena_printf(arena, "functions: {%s: {%s%s%s}}", about->name,
                     has_owner ? "" : "library_keeps: [result]",
                     has_owner || has_count ? "" : ", ",
                     has_count ? "" : "length: {result: N}"));
    return false;
}

/* Plans the result, now that its shape is known. */
static void result_settle(struct about *about, const struct plan_shape *shape,
                          struct plan_function *planned)
{
    const struct type *target =
        type_resolve(convert_parameter(about)->type)->target;
    const char *count;
    enum plan_flow flow;

    if (!convert_lead_check(about, shape) ||
        !result_told_check(about, planned)) {
        return;
    }
    count = convert_count_plan(about, target);
    if (count != NULL && convert_flexible_check(about, shape, count)) {
        planned->result_shape = shape;
        planned->result_count = count;
        planned->result_is_filled =
            planner_flow(about->spec, "result", &flow) != NULL;
        planner_layout_note(about->planner, LAYOUT_CONVERTED,
                            about->difference.where, about->difference.text);
    }
}

void planner_convert_result(struct planner *planner,
                            struct plan_function *planned)
{
    size_t n = planned->n_parameters;
    const struct type *targets[ISA_COUNT] = {NULL};
    struct doubt doubt = {.text = NULL};
    struct shaper shaper = {
        .planner = planner, .doubt = &doubt, .where = planner->function->where};
    struct about about = {
        .planner = planner,
        .name = planned->symbol,
        .key = "functions",
        .frame = "frame->",
        .function = with_result(planner, planner->function->type),
        .planned = planned->parameters,
        .index = n,
        .is_result = true,
        .spec = spec_function_find(planner->input->spec, planned->symbol),
    };
    const struct plan_shape *shape;

    if (!planned->has_result || planned->procedure != NULL ||
        planned->result_to_guest != NULL ||
        !convert_functions_find(planner, about.of)) {
        return;
    }
    for (unsigned isa = 0; isa < ISA_COUNT; isa++) {
        if (about.of[isa] != NULL) {
            about.of[isa] = with_result(planner, about.of[isa]);
        }
    }
    if (!convert_differs(&about, n) || !convert_targets_find(&about, targets)) {
        return;
    }
    planner->is_settled[n] = true;
    convert_inner_plan(&about, &shaper);
    shape = planner_shape(
        &shaper, targets,
        arena_printf(planner->arena, "%s_result", planned->symbol));
    if (shape != NULL) {
        result_settle(&about, shape, planned);
    } else if (!shaper.is_bad && doubt.yaml == NULL) {
        convert_refuse(&about, doubt.where, doubt.text);
    } else if (!shaper.is_bad) {
        convert_ask(&about, doubt.where, doubt.text, doubt.yaml);
        (void)result_told_check(&about, planned);
    }
}

/* ---- what callbacks are given ---- */

/* What a function pointer's type is for each ISA. False: not one everywhere. */
static bool callbacks_find(const struct type *const of[ISA_COUNT], size_t index,
                           const struct type *callbacks[ISA_COUNT])
{
    for (unsigned isa = 0; isa < ISA_COUNT; isa++) {
        if (of[isa] == NULL) {
            continue;
        }
        callbacks[isa] = index < of[isa]->n_parameters
                             ? type_callback(of[isa]->parameters[index].type)
                             : NULL;
        if (callbacks[isa] == NULL) {
            return false;
        }
    }
    return true;
}

/* Whether all but the parameters is the same for all. */
static bool results_agree(struct about *about)
{
    struct planner *planner = about->planner;
    const struct plan_input *input = planner->input;
    struct layout_difference difference;

    for (size_t m = 1; m < input->n_models; m++) {
        const struct type *guest = about->of[isa_index(input->models[m].isa)];

        if (guest != NULL &&
            (guest->n_parameters != about->function->n_parameters ||
             guest->is_variadic != about->function->is_variadic ||
             !layout_types_equal(planner->comparisons[m], about->name,
                                 about->function->target, guest->target,
                                 &difference))) {
            return false;
        }
    }
    return true;
}

void planner_convert_callback(struct planner *planner, size_t index,
                              struct plan_callback *callback)
{
    const struct type *of[ISA_COUNT] = {NULL};
    struct about about = {
        .planner = planner,
        .name = callback->name,
        .key = "callbacks",
        .frame = "",
        .function = callback->function,
        .planned = callback->parameters,
        .spec = spec_callback_find(planner->input->spec, callback->name),
    };
    bool is_settled = false;

    if (!convert_functions_find(planner, of) ||
        !callbacks_find(of, index, about.of) || !results_agree(&about)) {
        return; /* the comparison as a whole tells */
    }
    for (size_t i = 0; i < callback->function->n_parameters; i++) {
        const struct type *targets[ISA_COUNT] = {NULL};

        about.index = i;
        if (!convert_differs(&about, i)) {
            continue;
        }
        if (!convert_targets_find(&about, targets) ||
            (callback->parameters[i].pass != PASS_VALUE &&
             callback->parameters[i].pass != PASS_CONVERT)) {
            return;
        }
        is_settled = true;
        if (callback->parameters[i].pass == PASS_CONVERT) {
            planner_layout_note(planner, LAYOUT_CONVERTED,
                                about.difference.where, about.difference.text);
        } else {
            callback->has_copies |= convert_parameter_plan(&about, targets);
        }
    }
    planner->is_settled[index] = is_settled;
}
