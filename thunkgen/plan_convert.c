/* SPDX-License-Identifier: MIT
 *
 * Parameters that point to memory whose layout differs between host and guest:
 * whether the host can have a copy of it in its own layout. How much of it
 * there is, and whether the function reads or writes it, only header and spec
 * tell; a guess would be wrong some day without a word.
 */
#include <string.h>

#include "expression.h"
#include "plan_shape.h"

/* What is told of a function's parameter. */
struct about {
    struct planner *planner;
    struct plan_function *planned;
    const struct parameter *parameter;
    const struct spec_function *spec;
    const char *isa; /* of the first guest that differs */
    struct layout_difference difference;
};

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

void planner_layout_note(struct planner *planner, enum plan_layout layout,
                         struct location where, const char *difference)
{
    struct plan *plan = planner->plan;
    struct plan_function *planned =
        plan->n_functions == 0 ? NULL : &plan->functions[plan->n_functions - 1];

    if (planned != NULL && layout > planned->layout &&
        strcmp(planned->symbol, planner->function->name) == 0) {
        planned->layout = layout;
        planned->decided = where;
        planned->difference = difference;
    }
}

/* Whether a guest has it otherwise. */
static bool parameter_differs(struct about *about, size_t index)
{
    struct planner *planner = about->planner;
    const struct plan_input *input = planner->input;

    for (size_t m = 1; m < input->n_models; m++) {
        const struct function *other =
            model_function(&input->models[m], planner->function->name);

        if (input->models[m].is_broken || other == NULL ||
            index >= other->type->n_parameters) {
            continue; /* told elsewhere */
        }
        if (!layout_parameter_equal(planner->comparisons[m], planner->function,
                                    other, index, &about->difference)) {
            about->isa = input->models[m].isa;
            return true;
        }
    }
    return false;
}

/* What the parameter points to, by ISA. False: something that is no pointer, or
 * two different headers for one ISA. */
static bool targets_find(struct planner *planner, size_t index,
                         const struct type *targets[ISA_COUNT])
{
    const struct plan_input *input = planner->input;

    for (size_t m = 0; m < input->n_models; m++) {
        const struct function *function =
            m == 0 ? planner->function
                   : model_function(&input->models[m], planner->function->name);
        unsigned isa = isa_index(input->models[m].isa);
        const struct type *type;

        if (function == NULL || index >= function->type->n_parameters) {
            return false;
        }
        type = type_resolve(function->type->parameters[index].type);
        if (type->kind != TYPE_POINTER || targets[isa] != NULL ||
            type_resolve(type->target)->kind == TYPE_FUNCTION) {
            return false;
        }
        targets[isa] = type->target;
        planner->plan->is_asked[isa] = true;
    }
    return true;
}

/* "differs ...: 'struct x.y' has size ...", the beginning of each message. */
static const char *difference_text(const struct about *about)
{
    return arena_printf(about->planner->arena,
                        "differs between host and %s guest: %s", about->isa,
                        about->difference.text);
}

static void refuse(struct about *about, struct location where, const char *why)
{
    struct planner *planner = about->planner;

    planner_refuse(planner, "layout",
                   arena_printf(planner->arena,
                                "%s, which cannot be converted behind "
                                "parameter '%s': %s",
                                difference_text(about), about->parameter->name,
                                why));
    diag_note(planner->diag, about->difference.where, "decided here");
    if (where.file != NULL &&
        (where.line != about->difference.where.line ||
         where.column != about->difference.where.column)) {
        diag_note(planner->diag, where, "and here");
    }
    planner_layout_note(planner, LAYOUT_IMPOSSIBLE, about->difference.where,
                        about->difference.text);
}

/* Tells what the spec has to say for it to be converted. */
static void ask(struct about *about, struct location where, const char *what,
                const char *yaml)
{
    struct planner *planner = about->planner;
    const char *name = planner->function->name;

    diag_about(planner->diag, name);
    diag_error(
        planner->diag, planner->function->where, "layout-spec",
        "'%s' %s; the host can have a copy of what parameter '%s' points "
        "to, but %s: write '%s' in the spec, or to leave it out 'omit: "
        "[%s]'",
        name, difference_text(about), about->parameter->name, what, yaml, name);
    diag_note(planner->diag, about->difference.where, "decided here");
    if (where.file != NULL &&
        (where.line != about->difference.where.line ||
         where.column != about->difference.where.column)) {
        diag_note(planner->diag, where, "not told here");
    }
    diag_yaml(planner->diag, "%s", yaml);
    planner_layout_note(planner, LAYOUT_NEEDS_SPEC, about->difference.where,
                        about->difference.text);
}

/* ---- how many ---- */

/* A parameter as a number of elements. */
static const char *parameter_name(void *context, const char *name,
                                  bool is_place)
{
    struct about *about = context;
    struct planner *planner = about->planner;
    const struct type *function = planner->function->type;
    const struct spec_pair *pair = planner_length(
        about->spec->lengths, about->spec->n_lengths, about->parameter->name);
    const struct type *type = NULL;
    const char *value = NULL;
    enum plan_flow flow;

    for (size_t i = 0; i < function->n_parameters; i++) {
        if (strcmp(function->parameters[i].name, name) == 0) {
            type = type_resolve(function->parameters[i].type);
            value = arena_printf(planner->arena, "frame->%s",
                                 about->planned->parameters[i].name);
        }
    }
    if (type != NULL && is_place) {
        type = type->kind == TYPE_POINTER ? type_resolve(type->target) : NULL;
    }
    if (type == NULL ||
        (type->kind != TYPE_INTEGER && type->kind != TYPE_ENUM) ||
        type->size > 8) {
        diag_error(planner->diag, pair->value.where, "spec-length",
                   "'%s' has no parameter '%s' that %s: write a number, "
                   "parameters that are integers, '*' before pointers to one, "
                   "what is computed of them, or 'terminated'",
                   planner->function->name, name,
                   is_place ? "points to an integer" : "is an integer");
        diag_note(planner->diag, planner->function->where,
                  "'%s' is declared here", planner->function->name);
        return NULL;
    }
    if (is_place && planner_flow(about->spec, name, &flow) != NULL &&
        flow == FLOW_OUT) {
        diag_error(planner->diag, pair->value.where, "spec-length",
                   "'*%s' is not known before the call, since '%s' is under "
                   "'out': write how much room there is, or move it to "
                   "'inout'",
                   name, name);
        return NULL;
    }
    if (is_place) {
        value = arena_printf(planner->arena, "(%s == NULL ? 0 : *%s)", value,
                             value);
    }
    return type->is_signed
               ? value
               : arena_printf(planner->arena, "thunk_count(%s)", value);
}

static bool is_single(const struct about *about, const struct type *target)
{
    const struct spec_type *spec;

    target = type_resolve(target);
    if (target->kind != TYPE_RECORD) {
        return false;
    }
    spec = planner_spec_record(about->planner, target->record);
    return spec != NULL && spec_is_true(&spec->single);
}

/* What the spec says of the number of elements; NULL: nothing. */
static const struct spec_text *count_find(const struct about *about,
                                          const struct type *target)
{
    static const struct spec_text one = {.text = "1"};
    const struct spec_pair *pair =
        about->spec == NULL
            ? NULL
            : planner_length(about->spec->lengths, about->spec->n_lengths,
                             about->parameter->name);

    return pair != NULL ? &pair->value : is_single(about, target) ? &one : NULL;
}

/* C for it; NULL after an error. */
static const char *count_plan(struct about *about, const struct type *target)
{
    const struct spec_text *told = count_find(about, target);

    return strcmp(told->text, "terminated") == 0
               ? "THUNK_TERMINATED"
               : expression_read(about->planner->arena, about->planner->diag,
                                 told, parameter_name, about);
}

/* What each pointer of an array of them points to: "*name". */
static void inner_plan(struct about *about, struct shaper *shaper)
{
    struct planner *planner = about->planner;
    const char *name =
        arena_printf(planner->arena, "*%s", about->parameter->name);
    const struct spec_pair *pair =
        about->spec == NULL ? NULL
                            : planner_length(about->spec->lengths,
                                             about->spec->n_lengths, name);

    shaper->inner_yaml = arena_printf(
        planner->arena, "functions: {%s: {length: {%s: N, \"*%s\": 1}}}",
        planner->function->name, about->parameter->name,
        about->parameter->name);
    if (pair == NULL) {
        return;
    }
    if (strcmp(pair->value.text, "terminated") == 0) {
        shaper->inner_count = "THUNK_TERMINATED";
    } else if (pair->value.text[strspn(pair->value.text, "0123456789")] ==
                   '\0' &&
               strlen(pair->value.text) < 18) {
        shaper->inner_count = pair->value.text;
    } else {
        diag_error(planner->diag, pair->value.where, "spec-length",
                   "'%s' of '%s' is a number or 'terminated', not '%s'", name,
                   planner->function->name, pair->value.text);
        shaper->inner_count = "1";
        shaper->is_bad = true;
    }
}

/* ---- which way ---- */

/* False: the spec has to tell it. */
static bool flow_plan(const struct about *about, const struct type *target,
                      enum plan_flow *flow)
{
    if (planner_flow(about->spec, about->parameter->name, flow) != NULL) {
        return true;
    }
    *flow = FLOW_IN;
    return target->is_const;
}

/* The line that settles what is open of direction and length. */
static const char *settling(const struct about *about, bool has_flow,
                            bool has_count)
{
    const char *name = about->parameter->name;
    struct arena *arena = about->planner->arena;

    return arena_printf(
        arena, "functions: {%s: {%s%s%s}}", about->planner->function->name,
        has_flow ? "" : arena_printf(arena, "inout: [%s]", name),
        has_flow || has_count ? "" : ", ",
        has_count ? "" : arena_printf(arena, "length: {%s: N}", name));
}

static void ask_more(struct about *about, bool has_flow, bool has_count)
{
    static const char *const flow =
        "whether it reads what is there ('in'), writes it ('out') or both "
        "('inout')";
    static const char *const count =
        "how many there are (N: a number, a parameter, '*' and a pointer to "
        "one, an expression of these, or 'terminated')";
    struct location nowhere = {NULL, 0, 0};

    ask(about, nowhere,
        arena_printf(
            about->planner->arena, "nothing tells %s%s%s", has_flow ? "" : flow,
            has_flow || has_count ? "" : ", and ", has_count ? "" : count),
        settling(about, has_flow, has_count));
}

/* Asks for what is missing. False: something is. */
static bool told_check(struct about *about)
{
    const struct type *target = type_resolve(about->parameter->type)->target;
    enum plan_flow flow;
    bool has_count = count_find(about, target) != NULL;
    bool has_flow = flow_plan(about, target, &flow);

    if (!has_flow || !has_count) {
        ask_more(about, has_flow, has_count);
    }
    return has_flow && has_count;
}

/* Function pointers in it are looked for in the copy. False: an error was told.
 */
static bool functions_check(struct about *about, const struct type *target,
                            const char *count)
{
    struct location nowhere = {NULL, 0, 0};
    const struct plan_record *record =
        planner_record(about->planner, target, TO_HOST);

    if (record != NULL && record->chain != NULL) {
        refuse(about, nowhere, "other structs hang on it in a chain");
        return false;
    }
    if (record != NULL && strcmp(count, "THUNK_TERMINATED") == 0) {
        refuse(about, nowhere,
               "it holds function pointers, so their number has to be told "
               "otherwise than by 'terminated'");
        return false;
    }
    return true;
}

/* What only some parameters can be. False: an error was told. */
static bool use_check(struct about *about, const struct plan_shape *shape,
                      enum plan_flow flow, const char *count)
{
    struct location nowhere = {NULL, 0, 0};
    const struct type *target =
        type_resolve(type_resolve(about->parameter->type)->target);
    enum plan_flow said;
    const struct spec_text *text =
        planner_flow(about->spec, about->parameter->name, &said);

    if (shape->is_flexible && strcmp(count, "1") != 0) {
        refuse(about, nowhere,
               "it ends with an array without a length, so there can be only "
               "one of it");
        return false;
    }
    if (shape->has_pointers && flow == FLOW_OUT) {
        diag_error(about->planner->diag, text->where, "spec-out",
                   "'%s' holds pointers, and what the function lets them point "
                   "to would have the host's layout: write 'inout' if they are "
                   "set before the call, or leave '%s' out with 'omit'",
                   text->text, about->planner->function->name);
        return false;
    }
    if (flow != FLOW_OUT && !functions_check(about, target, count)) {
        return false;
    }
    if (about->planned->conversions != NULL) {
        refuse(about, nowhere, "the host works out the function's format");
        return false;
    }
    return true;
}

/* Plans it, now that its shape is known. */
static void parameter_settle(struct about *about, size_t index,
                             const struct plan_shape *shape)
{
    struct plan_parameter *parameter = &about->planned->parameters[index];
    const struct type *target = type_resolve(about->parameter->type)->target;
    const char *count;

    if (!told_check(about)) {
        return;
    }
    (void)flow_plan(about, target, &parameter->flow);
    count = count_plan(about, target);
    if (count == NULL || !use_check(about, shape, parameter->flow, count)) {
        return;
    }
    parameter->pass = PASS_CONVERT;
    parameter->shape = shape;
    parameter->count = count;
    parameter->copied =
        arena_printf(about->planner->arena, "copy_%s", parameter->name);
    parameter->record = parameter->flow == FLOW_OUT
                            ? NULL
                            : planner_record(about->planner, target, TO_HOST);
    about->planned->has_copies = true;
    planner_layout_note(about->planner, LAYOUT_CONVERTED,
                        about->difference.where, about->difference.text);
}

bool planner_convert(struct planner *planner, struct plan_function *planned,
                     size_t index)
{
    const struct type *targets[ISA_COUNT] = {NULL};
    struct doubt doubt = {.text = NULL};
    struct about about = {
        .planner = planner,
        .planned = planned,
        .parameter = &planner->function->type->parameters[index],
        .spec = spec_function_find(planner->input->spec, planned->symbol),
    };
    struct shaper shaper = {
        .planner = planner, .doubt = &doubt, .where = planner->function->where};
    const struct plan_shape *shape;

    if (!parameter_differs(&about, index) ||
        !targets_find(planner, index, targets)) {
        return false;
    }
    planner->is_settled[index] = true;
    inner_plan(&about, &shaper);
    shape = planner_shape(&shaper, targets,
                          arena_printf(planner->arena, "%s_%s", planned->name,
                                       about.parameter->name));
    if (shaper.is_bad) {
        return true;
    }
    if (shape != NULL) {
        parameter_settle(&about, index, shape);
    } else if (doubt.yaml == NULL) {
        refuse(&about, doubt.where, doubt.text);
    } else { /* and, in the same run, what else is missing */
        ask(&about, doubt.where, doubt.text, doubt.yaml);
        (void)told_check(&about);
    }
    return true;
}

/* ---- what the spec says ---- */

static void flows_check(struct planner *planner, struct plan_function *planned,
                        const char *key, const struct spec_text *texts,
                        size_t n_texts)
{
    const struct type *function = planner->function->type;

    for (size_t i = 0; i < n_texts; i++) {
        const struct plan_parameter *parameter =
            texts[i].text == NULL
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
        } else if (strcmp(key, "in") != 0 && type->target->is_const) {
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
        parameter = planner_parameter_named(planner, &name, planned);
        if (parameter == NULL) {
            continue;
        }
        type = type_resolve(
            function->parameters[parameter - planned->parameters].type);
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

/* ---- proofs for the compilers ---- */

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
