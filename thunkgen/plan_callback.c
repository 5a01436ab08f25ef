/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "cdecl.h"
#include "planner.h"

/* Whether the spec tells the type, and no header. */
static bool is_of_spec(const struct planner *planner, const struct type *type)
{
    for (size_t i = 0; i < planner->input->spec->n_c_types; i++) {
        if (planner->input->models[0].c_types[i] == type) {
            return true;
        }
    }
    return false;
}

static bool callback_check(struct planner *planner, const char *name,
                           const struct type *pointer, enum direction direction)
{
    const struct type *function = type_callback(pointer);
    const char *convention = type_convention(type_resolve(pointer)->target);
    const char *problem = NULL;

    if (function->has_no_prototype) {
        problem = "has no prototype: write its type, as in 'callbacks: {NAME: "
                  "\"int (*)(int)\"}', of the function for its parameter, or "
                  "under 'types:' for a struct's member";
    } else if (convention != NULL) {
        if (!is_of_spec(planner, pointer)) {
            return false; /* the check of all that is reached tells */
        }
        problem = arena_printf(planner->arena,
                               "has the attribute '%s', by which it is called "
                               "in another way than the ABI's; thunkgen cannot "
                               "carry that over yet",
                               convention);
    }
    for (size_t i = 0; problem == NULL && i < function->n_parameters; i++) {
        const struct type *type = function->parameters[i].type;

        if (type_resolve(type)->kind != TYPE_VA_LIST &&
            !planner_is_file(planner, type) &&
            !planner_value_check(planner, "callback parameter", type)) {
            return false;
        }
    }
    if (problem != NULL) {
        planner_refuse(planner, convention == NULL ? "callback" : "convention",
                       arena_printf(planner->arena, "%s (%s) that %s",
                                    direction == TO_HOST
                                        ? "takes a callback"
                                        : "gives out a function",
                                    name, problem));
        return false;
    }
    return true;
}

static bool types_are_written_alike(struct planner *planner,
                                    const struct type *a, const struct type *b)
{
    return strcmp(cdecl_declare_variable(planner->arena, a, ""),
                  cdecl_declare_variable(planner->arena, b, "")) == 0;
}

/* What is said of the type itself counts before what is said of all. */
static bool callback_is_fast(const struct planner *planner, const char *name)
{
    const struct spec *all = planner->input->spec;
    const struct spec_function *spec = spec_callback_find(all, name);

    return spec_door_is_fast(
        spec == NULL || spec->door.text == NULL ? &all->door : &spec->door);
}

/* NULL after an error. */
static struct plan_callback *callback_new(struct planner *planner,
                                          const struct type *pointer,
                                          const char *name,
                                          enum direction direction)
{
    const struct type *function = type_callback(pointer);
    struct plan_callback *callback =
        arena_alloc(planner->arena, sizeof(*callback));

    callback->name = name;
    callback->pointer = pointer;
    callback->function = function;
    callback->parameters = planner_parameters(planner, function, "");
    callback->numbers = planner_numbers(planner, function->target);
    callback->is_copied = planner_has_long_double(function->target);
    for (size_t i = 0; i < function->n_parameters; i++) {
        callback->is_copied |=
            planner_has_long_double(function->parameters[i].type);
    }
    if (!planner_callback_format(planner, callback, direction)) {
        return NULL;
    }
    callback->has_result = !type_is_void(function->target);
    callback->frame_size =
        planner_frame_size(NULL, function, callback->parameters, false);
    callback->trace =
        planner_trace(planner, name, "", function, callback->parameters, false);
    callback->is_fast = callback_is_fast(planner, name);
    callback->stub_size =
        planner_frame_size(pointer, function, callback->parameters, false);
    callback->stub_trace = planner_trace(planner, name, "function=%p", function,
                                         callback->parameters, false);
    callback->origin = planner->function;
    *ARENA_APPEND(planner->arena, planner->plan->callbacks,
                  planner->plan->n_callbacks) = callback;
    return callback;
}

/* Function pointers that a function takes go the other way than it does itself,
 * and what it returns goes the same way. False after an error. */
static bool crossings_plan(struct planner *planner,
                           struct plan_callback *callback,
                           enum direction direction)
{
    enum direction other = direction == TO_HOST ? TO_GUEST : TO_HOST;
    const struct type *function = callback->function;
    bool is_good = true;

    for (size_t i = 0; i < function->n_parameters; i++) {
        struct plan_parameter *planned = &callback->parameters[i];
        const char *place = arena_printf(planner->arena, "%s_%s",
                                         callback->name, planned->name);

        if (planner_is_file(planner, planned->type)) {
            planned->pass = PASS_FILE;
            planner->plan->has_files = true;
        } else if (type_callback(planned->type) != NULL) {
            planned->pass = PASS_CALLBACK;
            planned->callback =
                planner_callback(planner, planned->type, place, other);
            is_good &= planned->callback != NULL;
        } else {
            planner_place(planner, planned, place, other);
        }
        if (other == TO_GUEST) {
            planned->given = planner_record(planner, planned->type, TO_GUEST);
        }
    }
    if (planner_is_file(planner, function->target)) {
        callback->result_is_file = true;
        planner->plan->has_files = true;
    }
    planner_handles(planner, function, callback->parameters, other, NULL);
    if (direction == TO_HOST) {
        callback->result_to_host = planner_result_handle(
            planner, function, callback->parameters, TO_HOST);
    } else {
        callback->result_to_guest = planner_result_handle(
            planner, function, callback->parameters, TO_GUEST);
    }
    callback->record = planner_record(planner, function->target, direction);
    for (size_t i = 0; i < function->n_parameters; i++) {
        planner_stubbed_parameter(
            planner, spec_callback_find(planner->input->spec, callback->name),
            &function->parameters[i], &callback->parameters[i]);
    }
    if (direction == TO_GUEST) {
        callback->stubs = planner_stubbed(planner, function->target);
    }
    if (type_callback(function->target) != NULL) {
        callback->result = planner_callback(
            planner, function->target,
            arena_printf(planner->arena, "%s_result", callback->name),
            direction);
        is_good &= callback->result != NULL;
    }
    return is_good;
}

/* Has the callback go that way, too. False after an error, which the next
 * function with it has as well. */
static bool direction_add(struct planner *planner,
                          struct plan_callback *callback,
                          enum direction direction)
{
    bool *is_going =
        direction == TO_HOST ? &callback->is_callback : &callback->is_stub;

    if (!*is_going) {
        *is_going = true;
        *is_going = crossings_plan(planner, callback, direction);
    }
    return *is_going;
}

const struct plan_callback *planner_callback(struct planner *planner,
                                             const struct type *pointer,
                                             const char *place,
                                             enum direction direction)
{
    struct plan *plan = planner->plan;
    const char *name = pointer->kind == TYPE_TYPEDEF ? pointer->name : NULL;
    struct plan_callback *callback;

    if (pointer->kind != TYPE_TYPEDEF &&
        pointer->target->kind == TYPE_TYPEDEF) {
        name = pointer->target->name; /* pointer to a function typedef */
    }
    /* A type without a name is the same wherever it is written: what removes a
     * callback gets the pointer that the library was given for it. */
    for (size_t i = 0; name == NULL && i < plan->n_callbacks; i++) {
        if (types_are_written_alike(planner, plan->callbacks[i]->pointer,
                                    pointer)) {
            name = plan->callbacks[i]->name;
        }
    }
    if (name == NULL) {
        name = planner_identifier(planner, place);
    }
    for (size_t i = 0; i < plan->n_callbacks; i++) {
        callback = plan->callbacks[i];
        if (strcmp(callback->name, name) != 0) {
            continue;
        }
        if (types_are_written_alike(planner, callback->pointer, pointer)) {
            return direction_add(planner, callback, direction) ? callback
                                                               : NULL;
        }
        name = arena_printf(planner->arena, "%s_", name);
        i = (size_t)-1; /* once more */
    }
    if (!callback_check(planner, name, pointer, direction)) {
        return NULL;
    }
    callback = callback_new(planner, pointer, name, direction);
    return callback != NULL && direction_add(planner, callback, direction)
               ? callback
               : NULL;
}

const char *planner_before(struct planner *planner,
                           const struct plan_parameter *planned)
{
    return planner_name_free(
        planner, arena_printf(planner->arena, "before_%s", planned->name));
}

/* The host calls with a place of its own: what the guest finds there is the
 * host's, and only what it leaves there is looked at. */
void planner_place(struct planner *planner, struct plan_parameter *planned,
                   const char *place, enum direction direction)
{
    const struct type *type = type_resolve(planned->type);
    bool is_out = planned->pass == PASS_OUT;
    bool is_const;

    if (type->kind != TYPE_POINTER || type_callback(type->target) == NULL) {
        return;
    }
    type = type->target;
    is_const = type_is_const(type);
    if (is_const && direction == TO_GUEST) {
        return;
    }
    if (!is_out || direction == TO_GUEST) {
        planned->pass = PASS_PLACE;
        planned->callback = planner_callback(planner, type, place, TO_HOST);
    }
    if (direction == TO_HOST && !is_const &&
        (is_out || planned->callback != NULL)) {
        planned->callback = planner_callback(planner, type, place, TO_GUEST);
        planned->before = planner_before(planner, planned);
    }
    if (direction == TO_GUEST && planned->callback != NULL &&
        planner_callback(planner, type, place, TO_GUEST) != NULL) {
        planned->before = planner_before(planner, planned);
    }
    if (planned->callback == NULL) {
        planned->pass = PASS_VALUE; /* after an error */
    }
}

/* Of guest functions in what a stub is given, and in what a guest function
 * fills in for the host, as the spec tells: to look at whatever a guest
 * function was given would be wrong, since it may have freed that. */
static void records_adopt(struct planner *planner,
                          struct plan_callback *callback)
{
    planner->function = callback->origin;
    for (size_t i = 0; i < callback->function->n_parameters; i++) {
        struct plan_parameter *planned = &callback->parameters[i];
        bool is_filled =
            planner_is_filled(planner, callback->name, planned->type);

        if (planned->pass == PASS_VALUE && (callback->is_stub || is_filled)) {
            planner_adopt(planner, planned);
            planned->is_filled = is_filled;
        }
    }
}

/* Records hold callbacks whose records hold callbacks: so this is done one by
 * one at the end, until there is no more to do. */
void planner_stubs(struct planner *planner)
{
    struct plan *plan = planner->plan;
    size_t n_before, n_callbacks;

    do {
        n_before = plan->n_stubs;
        n_callbacks = plan->n_callbacks;
        plan->n_stubs = 0;
        for (size_t i = 0; i < plan->n_callbacks; i++) {
            if (plan->callbacks[i]->is_stub) {
                plan->n_stubs++;
                plan->is_fast |= plan->callbacks[i]->is_fast;
            }
            records_adopt(planner, plan->callbacks[i]);
        }
    } while (plan->n_stubs != n_before || plan->n_callbacks != n_callbacks);
}
