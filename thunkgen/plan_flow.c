/* SPDX-License-Identifier: MIT
 *
 * What the spec says of directions and lengths: that it is of something there
 * is.
 */
#include <string.h>

#include "plan_shape.h"

const struct spec_text *planner_flow(const struct spec_function *spec,
                                     const char *name, enum plan_flow *flow)
{
    const struct {
        const struct spec_text *texts;
        size_t n_texts;
        enum plan_flow flow;
    } lists[] = {
        {spec == NULL ? NULL : spec->in, spec == NULL ? 0 : spec->n_in,
         FLOW_IN},
        {spec == NULL ? NULL : spec->out, spec == NULL ? 0 : spec->n_out,
         FLOW_OUT},
        {spec == NULL ? NULL : spec->inout, spec == NULL ? 0 : spec->n_inout,
         FLOW_INOUT},
    };

    for (size_t l = 0; l < sizeof(lists) / sizeof(lists[0]); l++) {
        for (size_t i = 0; i < lists[l].n_texts; i++) {
            const struct spec_text *text = &lists[l].texts[i];

            if (text->text != NULL && strcmp(text->text, name) == 0) {
                *flow = lists[l].flow;
                return text;
            }
        }
    }
    return NULL;
}

/* What the spec says of the result: a name that no parameter has. */
static bool is_result(const struct plan_function *planned,
                      const struct spec_text *name)
{
    for (size_t i = 0; i < planned->n_parameters; i++) {
        if (strcmp(planned->function->type->parameters[i].name, name->text) ==
            0) {
            return false;
        }
    }
    return planned->has_result && strcmp(name->text, "result") == 0 &&
           type_resolve(planned->function->type->target)->kind == TYPE_POINTER;
}

static void flows_check(struct planner *planner, struct plan_function *planned,
                        const char *key, const struct spec_text *texts,
                        size_t n_texts)
{
    const struct type *function = planner->function->type;
    bool is_out = strcmp(key, "out") == 0;

    for (size_t i = 0; i < n_texts; i++) {
        const struct plan_parameter *parameter =
            texts[i].text == NULL || (is_out && is_result(planned, &texts[i]))
                ? NULL
                : planner_parameter_named(planner, &texts[i], planned);
        const struct type *type;

        if (parameter == NULL) {
            continue;
        }
        type = type_resolve(
            function->parameters[parameter - planned->parameters].type);
        if (type->kind != TYPE_POINTER) {
            diag_error(planner->diag, texts[i].where, "spec-out",
                       "parameter '%s' of '%s' is no pointer, so nothing is "
                       "%s through it: remove it from '%s'",
                       texts[i].text, planned->name,
                       strcmp(key, "in") == 0 ? "read" : "written", key);
        } else if (strcmp(key, "in") != 0 && type_is_const(type->target)) {
            diag_error(planner->diag, texts[i].where, "spec-out",
                       "parameter '%s' of '%s' points to what is const, so "
                       "nothing is written through it: remove it from '%s'",
                       texts[i].text, planned->name, key);
        }
    }
}

/* One parameter goes one way. */
static void flows_compare(struct planner *planner,
                          const struct spec_function *spec,
                          const struct spec_text *texts, size_t n_texts)
{
    for (size_t i = 0; i < n_texts; i++) {
        enum plan_flow flow;
        const struct spec_text *first =
            texts[i].text == NULL ? NULL
                                  : planner_flow(spec, texts[i].text, &flow);

        if (first != NULL && first != &texts[i]) {
            diag_error(planner->diag, texts[i].where, "spec-duplicate",
                       "'%s' is given twice: keep one, of 'in', 'out' and "
                       "'inout'",
                       texts[i].text);
            diag_note(planner->diag, first->where, "first given here");
        }
    }
}

bool planner_keeps(const struct spec_function *spec, const char *name)
{
    for (size_t i = 0; spec != NULL && i < spec->n_keeps; i++) {
        if (spec->keeps[i].text != NULL &&
            strcmp(spec->keeps[i].text, name) == 0) {
            return true;
        }
    }
    return false;
}

/* One that the function writes through, so that pointers may lie there. */
static void kept_check(struct planner *planner, struct plan_function *planned,
                       const struct spec_function *spec,
                       const struct spec_text *name)
{
    const struct plan_parameter *parameter =
        planner_parameter_named(planner, name, planned);
    enum plan_flow flow;

    if (parameter != NULL &&
        (type_resolve(parameter->type)->kind != TYPE_POINTER ||
         planner_flow(spec, name->text, &flow) == NULL || flow == FLOW_IN)) {
        diag_error(planner->diag, name->where, "spec-free",
                   "parameter '%s' of '%s' is not under 'out' or 'inout', so "
                   "the library leaves nothing there: remove it from "
                   "'library_keeps'",
                   name->text, planned->name);
    }
}

/* What stays the library's the program does not free. */
static void keeps_check(struct planner *planner, struct plan_function *planned,
                        const struct spec_function *spec)
{
    for (size_t i = 0; i < spec->n_keeps; i++) {
        const struct spec_text *text = &spec->keeps[i];

        if (text->text == NULL || is_result(planned, text)) {
            continue;
        }
        if (strcmp(text->text, "result") == 0) {
            diag_error(planner->diag, text->where, "spec-free",
                       "'%s' of '%s' is no result that is a pointer: remove it "
                       "from 'library_keeps'",
                       text->text, planned->name);
        } else {
            kept_check(planner, planned, spec, text);
        }
    }
    for (size_t i = 0; i < spec->n_out; i++) {
        if (spec->out[i].text != NULL && is_result(planned, &spec->out[i]) &&
            !planner_keeps(spec, "result")) {
            diag_error(planner->diag, spec->out[i].where, "spec-out",
                       "the result of '%s' does not stay the library's, so "
                       "nothing fills it anew: remove it from 'out', or add "
                       "'library_keeps: [result]'",
                       planned->name);
        }
    }
    for (size_t i = 0; i < spec->n_frees; i++) {
        if (spec->frees[i].text != NULL &&
            planner_keeps(spec, spec->frees[i].text)) {
            diag_error(planner->diag, spec->frees[i].where, "spec-duplicate",
                       "'%s' is given twice: keep one, of 'caller_frees' and "
                       "'library_keeps'",
                       spec->frees[i].text);
            diag_note(planner->diag, spec->keeps[0].where, "given here, too");
        }
    }
}

static void lengths_check(struct planner *planner,
                          struct plan_function *planned,
                          const struct spec_function *spec)
{
    const struct type *function = planner->function->type;

    for (size_t i = 0; i < spec->n_lengths; i++) {
        struct spec_text name = spec->lengths[i].name;
        bool is_inner = name.text[0] == '*';
        const struct plan_parameter *parameter;
        const struct type *type;

        name.text += is_inner;
        if (is_result(planned, &name)) {
            type = type_resolve(function->target);
        } else {
            parameter = planner_parameter_named(planner, &name, planned);
            if (parameter == NULL) {
                continue;
            }
            type = type_resolve(
                function->parameters[parameter - planned->parameters].type);
        }
        if (is_inner && type->kind == TYPE_POINTER) {
            type = type_resolve(type->target);
        }
        if (type->kind != TYPE_POINTER) {
            diag_error(planner->diag, name.where, "spec-length",
                       "'%s' of '%s' is no pointer, so it has no length: "
                       "remove it from 'length'",
                       spec->lengths[i].name.text, planned->name);
        }
    }
}

void planner_convert_check(struct planner *planner,
                           struct plan_function *planned)
{
    const struct spec_function *spec =
        spec_function_find(planner->input->spec, planned->symbol);

    if (spec == NULL) {
        return;
    }
    flows_check(planner, planned, "in", spec->in, spec->n_in);
    flows_check(planner, planned, "out", spec->out, spec->n_out);
    flows_check(planner, planned, "inout", spec->inout, spec->n_inout);
    flows_compare(planner, spec, spec->in, spec->n_in);
    flows_compare(planner, spec, spec->out, spec->n_out);
    flows_compare(planner, spec, spec->inout, spec->n_inout);
    lengths_check(planner, planned, spec);
    keeps_check(planner, planned, spec);
}

bool planner_type_is_converted(const struct planner *planner, const char *name)
{
    const struct spec *spec = planner->input->spec;

    for (size_t i = 0; i < spec->n_types; i++) {
        const struct spec_type *type = &spec->types[i];

        if (strcmp(type->name.text, name) == 0 &&
            (type->n_lengths > 0 || type->n_unions > 0 ||
             type->single.text != NULL)) {
            return true;
        }
    }
    return false;
}

static const struct parameter *
callback_parameter(struct planner *planner,
                   const struct plan_callback *callback,
                   const struct spec_text *name)
{
    const struct type *function = callback->function;

    for (size_t i = 0; i < function->n_parameters; i++) {
        if (strcmp(function->parameters[i].name, name->text) == 0) {
            return &function->parameters[i];
        }
    }
    diag_error(planner->diag, name->where, "spec-parameter",
               "callback '%s' has no parameter '%s': write it as the header "
               "does, or 'arg1' and so on where that has none",
               callback->name, name->text);
    return NULL;
}

static void callback_texts_check(struct planner *planner,
                                 const struct plan_callback *callback,
                                 const struct spec_text *texts, size_t n_texts)
{
    for (size_t i = 0; i < n_texts; i++) {
        if (texts[i].text != NULL) {
            (void)callback_parameter(planner, callback, &texts[i]);
        }
    }
}

void planner_convert_callbacks_check(struct planner *planner)
{
    const struct spec *spec = planner->input->spec;
    const struct plan *plan = planner->plan;

    for (size_t i = 0; i < spec->n_callbacks; i++) {
        const struct spec_function *told = &spec->callbacks[i];
        const struct plan_callback *callback = NULL;

        for (size_t c = 0; c < plan->n_callbacks; c++) {
            if (strcmp(plan->callbacks[c]->name, told->name.text) == 0) {
                callback = plan->callbacks[c];
            }
        }
        if (callback == NULL) {
            diag_error(planner->diag, told->name.where, "spec-callback",
                       "there is no callback '%s': write its name as --dump "
                       "plan does",
                       told->name.text);
            continue;
        }
        callback_texts_check(planner, callback, told->in, told->n_in);
        callback_texts_check(planner, callback, told->out, told->n_out);
        callback_texts_check(planner, callback, told->inout, told->n_inout);
        callback_texts_check(planner, callback, told->keeps, told->n_keeps);
        flows_compare(planner, told, told->in, told->n_in);
        flows_compare(planner, told, told->out, told->n_out);
        flows_compare(planner, told, told->inout, told->n_inout);
        for (size_t l = 0; l < told->n_lengths; l++) {
            struct spec_text name = told->lengths[l].name;

            name.text += name.text[0] == '*';
            (void)callback_parameter(planner, callback, &name);
        }
    }
}
