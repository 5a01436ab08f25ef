/* SPDX-License-Identifier: MIT
 *
 * Parameters that point to memory whose layout differs between host and guest:
 * whether the host can have a copy of it in its own layout. How much of it
 * there is, and whether the function reads or writes it, only header and spec
 * tell; a guess would be wrong some day without a word.
 */
#include <string.h>

#include "expression.h"
#include "plan_convert.h"

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

bool convert_differs(struct about *about, size_t index)
{
    struct planner *planner = about->planner;
    const struct plan_input *input = planner->input;

    for (size_t m = 1; m < input->n_models; m++) {
        const char *isa = input->models[m].isa;
        const struct function host = {.name = about->name,
                                      .type = about->function,
                                      .where = planner->function->where};
        const struct function guest = {.type = about->of[isa_index(isa)]};

        if (guest.type != NULL && index < guest.type->n_parameters &&
            !layout_parameter_equal(planner->comparisons[m], &host, &guest,
                                    index, &about->difference)) {
            about->isa = isa;
            return true;
        }
    }
    return false;
}

bool convert_targets_find(const struct about *about,
                          const struct type *targets[ISA_COUNT])
{
    for (unsigned isa = 0; isa < ISA_COUNT; isa++) {
        const struct type *type = about->of[isa];

        if (type == NULL) {
            continue;
        }
        if (about->index >= type->n_parameters) {
            return false;
        }
        type = type_resolve(type->parameters[about->index].type);
        if (type->kind != TYPE_POINTER ||
            type_resolve(type->target)->kind == TYPE_FUNCTION) {
            return false;
        }
        targets[isa] = type->target;
    }
    return true;
}

bool convert_functions_find(struct planner *planner,
                            const struct type *of[ISA_COUNT])
{
    const struct plan_input *input = planner->input;

    for (size_t m = 0; m < input->n_models; m++) {
        const struct function *function =
            m == 0 ? planner->function
                   : model_function(&input->models[m], planner->function->name);
        unsigned isa = isa_index(input->models[m].isa);
        struct layout_difference difference;

        if (function == NULL || input->models[m].is_broken ||
            (of[isa] != NULL &&
             !layout_equal(planner->comparisons[m], planner->function, function,
                           &difference))) {
            return false;
        }
        if (of[isa] == NULL) {
            of[isa] = function->type;
        }
        planner->plan->is_asked[isa] = true;
    }
    return true;
}

const struct parameter *convert_parameter(const struct about *about)
{
    return &about->function->parameters[about->index];
}

bool convert_is_given(const struct about *about)
{
    return strcmp(about->key, "callbacks") == 0;
}

/* "parameter 'values'", "parameter 'values' of callback 'visit'", "the result"
 */
static const char *parameter_title(const struct about *about)
{
    struct arena *arena = about->planner->arena;
    const char *name = convert_parameter(about)->name;

    if (about->is_result) {
        return "the result";
    }
    return convert_is_given(about)
               ? arena_printf(arena, "parameter '%s' of callback '%s'", name,
                              about->name)
               : arena_printf(arena, "parameter '%s'", name);
}

/* "differs ...: 'struct x.y' has size ...", the beginning of each message. */
static const char *difference_text(const struct about *about)
{
    return arena_printf(about->planner->arena,
                        "differs between host and %s guest: %s", about->isa,
                        about->difference.text);
}

void convert_refuse(struct about *about, struct location where, const char *why)
{
    struct planner *planner = about->planner;

    planner_refuse(planner, "layout",
                   arena_printf(planner->arena,
                                "%s, which cannot be converted behind %s: %s",
                                difference_text(about), parameter_title(about),
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

void convert_ask(struct about *about, struct location where, const char *what,
                 const char *yaml)
{
    struct planner *planner = about->planner;
    const char *name = planner->function->name;

    diag_about(planner->diag, name);
    diag_error(
        planner->diag, planner->function->where, "layout-spec",
        "'%s' %s; the %s can have a copy of what %s points to, but %s: write "
        "'%s' in the spec, or to leave it out 'omit: [%s]'",
        name, difference_text(about),
        about->is_result || convert_is_given(about) ? "guest" : "host",
        parameter_title(about), what, yaml, name);
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
    const struct type *function = about->function;
    const struct spec_pair *pair =
        planner_length(about->spec->lengths, about->spec->n_lengths,
                       convert_parameter(about)->name);
    const struct type *type = NULL;
    const char *value = NULL;
    struct about other = *about;
    enum plan_flow flow;

    for (size_t i = 0; i < function->n_parameters; i++) {
        if (strcmp(function->parameters[i].name, name) == 0) {
            type = type_resolve(function->parameters[i].type);
            value = arena_printf(planner->arena, "%s%s", about->frame,
                                 about->planned[i].name);
            other.index = i;
        }
    }
    if (type != NULL && is_place) {
        type = type->kind == TYPE_POINTER ? type_resolve(type->target) : NULL;
    }
    if (type != NULL && convert_differs(&other, other.index)) {
        type = NULL; /* not before it is converted itself */
    }
    if (type == NULL ||
        (type->kind != TYPE_INTEGER && type->kind != TYPE_ENUM) ||
        type->size > 8) {
        diag_error(planner->diag, pair->value.where, "spec-length",
                   "'%s' has no parameter '%s' that %s and is the same for "
                   "all: write a number, "
                   "parameters that are integers, '*' before pointers to one, "
                   "what is computed of them, or 'terminated'",
                   about->name, name,
                   is_place ? "points to an integer" : "is an integer");
        diag_note(planner->diag, planner->function->where,
                  "'%s' is declared here", planner->function->name);
        return NULL;
    }
    if (is_place && !about->is_result &&
        planner_flow(about->spec, name, &flow) != NULL && flow == FLOW_OUT) {
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

const struct spec_text *convert_count_find(const struct about *about,
                                           const struct type *target)
{
    static const struct spec_text one = {.text = "1"};
    const struct spec_pair *pair =
        about->spec == NULL
            ? NULL
            : planner_length(about->spec->lengths, about->spec->n_lengths,
                             convert_parameter(about)->name);

    return pair != NULL ? &pair->value : is_single(about, target) ? &one : NULL;
}

const char *convert_count_plan(struct about *about, const struct type *target)
{
    const struct spec_text *told = convert_count_find(about, target);

    return strcmp(told->text, "terminated") == 0
               ? "THUNK_TERMINATED"
               : expression_read(about->planner->arena, about->planner->diag,
                                 told, parameter_name, about);
}

void convert_inner_plan(struct about *about, struct shaper *shaper)
{
    struct planner *planner = about->planner;
    const char *name =
        arena_printf(planner->arena, "*%s", convert_parameter(about)->name);
    const struct spec_pair *pair =
        about->spec == NULL ? NULL
                            : planner_length(about->spec->lengths,
                                             about->spec->n_lengths, name);

    shaper->inner_yaml =
        arena_printf(planner->arena, "%s: {%s: {length: {%s: N, \"*%s\": 1}}}",
                     about->key, about->name, convert_parameter(about)->name,
                     convert_parameter(about)->name);
    shape_inner_plan(shaper, pair, about->name);
}

/* ---- which way ---- */

/* False: the spec has to tell it. */
static bool flow_plan(const struct about *about, const struct type *target,
                      enum plan_flow *flow)
{
    if (planner_flow(about->spec, convert_parameter(about)->name, flow) !=
        NULL) {
        return true;
    }
    *flow = FLOW_IN;
    return type_is_const(target);
}

/* The line that settles what is open of direction and length. */
static const char *settling(const struct about *about, bool has_flow,
                            bool has_count)
{
    const char *name = convert_parameter(about)->name;
    struct arena *arena = about->planner->arena;

    return arena_printf(
        arena, "%s: {%s: {%s%s%s}}", about->key, about->name,
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

    convert_ask(about, nowhere,
                arena_printf(about->planner->arena, "nothing tells %s%s%s",
                             has_flow ? "" : flow,
                             has_flow || has_count ? "" : ", and ",
                             has_count ? "" : count),
                settling(about, has_flow, has_count));
}

/* Asks for what is missing. False: something is. */
static bool told_check(struct about *about)
{
    const struct type *target =
        type_resolve(convert_parameter(about)->type)->target;
    enum plan_flow flow;
    bool has_count = convert_count_find(about, target) != NULL;
    bool has_flow = flow_plan(about, target, &flow);

    if (!has_flow || !has_count) {
        ask_more(about, has_flow, has_count);
    }
    return has_flow && has_count;
}

bool convert_flexible_check(struct about *about, const struct plan_shape *shape,
                            const char *count)
{
    struct location nowhere = {NULL, 0, 0};

    if (shape->is_flexible && strcmp(count, "1") != 0) {
        convert_refuse(about, nowhere,
                       "it ends with an array without a length, so there can "
                       "be only one of it");
        return false;
    }
    return true;
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
        convert_refuse(about, nowhere, "other structs hang on it in a chain");
        return false;
    }
    if (record != NULL && strcmp(count, "THUNK_TERMINATED") == 0) {
        convert_refuse(
            about, nowhere,
            "it holds function pointers, so their number has to be told "
            "otherwise than by 'terminated'");
        return false;
    }
    return true;
}

/* Memory that a function only writes holds no pointers of the guest's. False:
 * an error was told. */
static bool out_check(struct about *about, const struct plan_shape *shape,
                      const struct plan_parameter *parameter)
{
    const char *name = convert_parameter(about)->name;
    bool is_given = convert_is_given(about);
    enum plan_flow said;

    if (!shape->has_pointers || parameter->flow != FLOW_OUT ||
        (parameter->keeps && !is_given)) {
        return true;
    }
    diag_error(about->planner->diag,
               planner_flow(about->spec, name, &said)->where, "spec-out",
               "'%s' holds pointers, and what the %s lets them point to would "
               "have the %s layout: write 'inout' if they are set before the "
               "call,%s or leave '%s' out with 'omit'",
               name, is_given ? "callback" : "function",
               is_given ? "guest's" : "host's",
               is_given ? ""
                        : arena_printf(about->planner->arena,
                                       " 'library_keeps: [%s]' besides if that "
                                       "stays the library's,",
                                       name),
               about->planner->function->name);
    return false;
}

/* What only some parameters can be. False: an error was told. */
static bool use_check(struct about *about, const struct plan_shape *shape,
                      const struct plan_parameter *parameter, const char *count)
{
    const struct type *target =
        type_resolve(type_resolve(convert_parameter(about)->type)->target);

    return convert_flexible_check(about, shape, count) &&
           out_check(about, shape, parameter) &&
           (convert_is_given(about) ? convert_lead_check(about, shape)
            : parameter->flow == FLOW_OUT
                ? true
                : functions_check(about, target, count)) &&
           (!parameter->keeps || convert_lead_check(about, shape));
}

/* Plans it, now that its shape is known. True: it has a copy. */
static bool parameter_settle(struct about *about,
                             const struct plan_shape *shape)
{
    struct plan_parameter *parameter = &about->planned[about->index];
    const struct type *target =
        type_resolve(convert_parameter(about)->type)->target;
    bool is_given = convert_is_given(about);
    const char *count;

    if (!told_check(about)) {
        return false;
    }
    (void)flow_plan(about, target, &parameter->flow);
    parameter->keeps =
        planner_keeps(about->spec, convert_parameter(about)->name);
    count = convert_count_plan(about, target);
    if (count == NULL || !use_check(about, shape, parameter, count)) {
        return false;
    }
    parameter->pass = PASS_CONVERT;
    parameter->shape = shape;
    parameter->count = count;
    parameter->copied = planner_copied(about->planner, parameter->name);
    parameter->record = is_given || parameter->flow == FLOW_OUT
                            ? NULL
                            : planner_record(about->planner, target, TO_HOST);
    planner_layout_note(about->planner, LAYOUT_CONVERTED,
                        about->difference.where, about->difference.text);
    return true;
}

bool convert_parameter_plan(struct about *about,
                            const struct type *const targets[ISA_COUNT])
{
    struct planner *planner = about->planner;
    struct doubt doubt = {.text = NULL};
    struct shaper shaper = {
        .planner = planner, .doubt = &doubt, .where = planner->function->where};
    const struct plan_shape *shape;

    convert_inner_plan(about, &shaper);
    shape = planner_shape(&shaper, targets,
                          arena_printf(planner->arena, "%s_%s", about->name,
                                       convert_parameter(about)->name));
    if (shaper.is_bad) {
        return false;
    }
    if (shape != NULL) {
        return parameter_settle(about, shape);
    }
    if (doubt.yaml == NULL) {
        convert_refuse(about, doubt.where, doubt.text);
    } else { /* and, in the same run, what else is missing */
        convert_ask(about, doubt.where, doubt.text, doubt.yaml);
        (void)told_check(about);
    }
    return false;
}

bool planner_convert(struct planner *planner, struct plan_function *planned,
                     size_t index)
{
    const struct type *targets[ISA_COUNT] = {NULL};
    struct location nowhere = {NULL, 0, 0};
    struct about about = {
        .planner = planner,
        .name = planned->symbol,
        .key = "functions",
        .frame = "frame->",
        .function = planner->function->type,
        .planned = planned->parameters,
        .index = index,
        .spec = spec_function_find(planner->input->spec, planned->symbol),
    };

    if (!convert_functions_find(planner, about.of) ||
        !convert_differs(&about, index) ||
        !convert_targets_find(&about, targets)) {
        return false;
    }
    planner->is_settled[index] = true;
    if (planned->conversions != NULL) {
        convert_refuse(&about, nowhere,
                       "the host works out the function's format");
    } else {
        planned->has_copies |= convert_parameter_plan(&about, targets);
    }
    return true;
}
