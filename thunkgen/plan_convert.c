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

/* What is told of a parameter, of a function or of a callback that it takes. */
struct about {
    struct planner *planner;
    const char *name;            /* as the spec has it, under */
    const char *key;             /* "functions" or "callbacks" */
    const char *frame;           /* in C, before a parameter's name */
    const struct type *function; /* the host's, */
    const struct type
        *of[ISA_COUNT]; /* and each ISA's; NULL: not asked about */
    struct plan_parameter *planned;
    size_t index; /* of the parameter; behind them, the result */
    bool is_result;
    const struct spec_function *spec;
    const char *isa; /* of the first guest that differs */
    struct layout_difference difference;
};

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

/* What the parameter points to, by ISA. False: something that is no pointer. */
static bool targets_find(const struct about *about,
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

/* The function in work as each ISA has it. False: it is not everywhere, or a
 * guest of the host's ISA has it by other headers, and otherwise. */
static bool functions_find(struct planner *planner,
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

static const struct parameter *parameter_of(const struct about *about)
{
    return &about->function->parameters[about->index];
}

/* "parameter 'values'", "parameter 'values' of callback 'visit'", "the result"
 */
static const char *parameter_title(const struct about *about)
{
    struct arena *arena = about->planner->arena;
    const char *name = parameter_of(about)->name;

    if (about->is_result) {
        return "the result";
    }
    return strcmp(about->key, "callbacks") == 0
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

static void refuse(struct about *about, struct location where, const char *why)
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

/* Tells what the spec has to say for it to be converted. */
static void ask(struct about *about, struct location where, const char *what,
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
        about->is_result || strcmp(about->key, "callbacks") == 0 ? "guest"
                                                                 : "host",
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
                       parameter_of(about)->name);
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
    if (type != NULL && parameter_differs(&other, other.index)) {
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

/* What the spec says of the number of elements; NULL: nothing. */
static const struct spec_text *count_find(const struct about *about,
                                          const struct type *target)
{
    static const struct spec_text one = {.text = "1"};
    const struct spec_pair *pair =
        about->spec == NULL
            ? NULL
            : planner_length(about->spec->lengths, about->spec->n_lengths,
                             parameter_of(about)->name);

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
        arena_printf(planner->arena, "*%s", parameter_of(about)->name);
    const struct spec_pair *pair =
        about->spec == NULL ? NULL
                            : planner_length(about->spec->lengths,
                                             about->spec->n_lengths, name);

    shaper->inner_yaml = arena_printf(
        planner->arena, "%s: {%s: {length: {%s: N, \"*%s\": 1}}}", about->key,
        about->name, parameter_of(about)->name, parameter_of(about)->name);
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
                   about->name, pair->value.text);
        shaper->inner_count = "1";
        shaper->is_bad = true;
    }
}

/* ---- which way ---- */

/* False: the spec has to tell it. */
static bool flow_plan(const struct about *about, const struct type *target,
                      enum plan_flow *flow)
{
    if (planner_flow(about->spec, parameter_of(about)->name, flow) != NULL) {
        return true;
    }
    *flow = FLOW_IN;
    return type_is_const(target);
}

/* The line that settles what is open of direction and length. */
static const char *settling(const struct about *about, bool has_flow,
                            bool has_count)
{
    const char *name = parameter_of(about)->name;
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

    ask(about, nowhere,
        arena_printf(
            about->planner->arena, "nothing tells %s%s%s", has_flow ? "" : flow,
            has_flow || has_count ? "" : ", and ", has_count ? "" : count),
        settling(about, has_flow, has_count));
}

/* Asks for what is missing. False: something is. */
static bool told_check(struct about *about)
{
    const struct type *target = type_resolve(parameter_of(about)->type)->target;
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
        type_resolve(type_resolve(parameter_of(about)->type)->target);
    enum plan_flow said;
    const struct spec_text *text =
        planner_flow(about->spec, parameter_of(about)->name, &said);

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
    return flow == FLOW_OUT || functions_check(about, target, count);
}

/* What a callback can be given. False: an error was told. */
static bool given_check(struct about *about, const struct plan_shape *shape)
{
    struct location nowhere = {NULL, 0, 0};
    const struct type *target =
        type_resolve(type_resolve(parameter_of(about)->type)->target);
    const char *why =
        shape->has_pointers  ? "it holds pointers to what differs in turn"
        : shape->is_flexible ? "it ends with an array without a length"
        : planner_record(about->planner, target, TO_HOST) != NULL
            ? "it holds function pointers"
            : NULL;

    if (why != NULL) {
        refuse(about, nowhere, why);
    }
    return why == NULL;
}

/* Plans it, now that its shape is known. True: it has a copy. */
static bool parameter_settle(struct about *about,
                             const struct plan_shape *shape)
{
    struct plan_parameter *parameter = &about->planned[about->index];
    const struct type *target = type_resolve(parameter_of(about)->type)->target;
    bool is_given = strcmp(about->key, "callbacks") == 0;
    const char *count;

    if (!told_check(about)) {
        return false;
    }
    (void)flow_plan(about, target, &parameter->flow);
    count = count_plan(about, target);
    if (count == NULL ||
        (is_given ? !given_check(about, shape)
                  : !use_check(about, shape, parameter->flow, count))) {
        return false;
    }
    parameter->pass = PASS_CONVERT;
    parameter->shape = shape;
    parameter->count = count;
    parameter->copied =
        arena_printf(about->planner->arena, "copy_%s", parameter->name);
    while (model_function(&about->planner->input->models[0],
                          parameter->copied) != NULL) {
        parameter->copied =
            arena_printf(about->planner->arena, "%s_", parameter->copied);
    }
    parameter->record = is_given || parameter->flow == FLOW_OUT
                            ? NULL
                            : planner_record(about->planner, target, TO_HOST);
    planner_layout_note(about->planner, LAYOUT_CONVERTED,
                        about->difference.where, about->difference.text);
    return true;
}

/* Plans a parameter that differs, or tells why not. True: it has a copy. */
static bool parameter_convert(struct about *about,
                              const struct type *const targets[ISA_COUNT])
{
    struct planner *planner = about->planner;
    struct doubt doubt = {.text = NULL};
    struct shaper shaper = {
        .planner = planner, .doubt = &doubt, .where = planner->function->where};
    const struct plan_shape *shape;

    inner_plan(about, &shaper);
    shape = planner_shape(&shaper, targets,
                          arena_printf(planner->arena, "%s_%s", about->name,
                                       parameter_of(about)->name));
    if (shaper.is_bad) {
        return false;
    }
    if (shape != NULL) {
        return parameter_settle(about, shape);
    }
    if (doubt.yaml == NULL) {
        refuse(about, doubt.where, doubt.text);
    } else { /* and, in the same run, what else is missing */
        ask(about, doubt.where, doubt.text, doubt.yaml);
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

    if (!functions_find(planner, about.of) ||
        !parameter_differs(&about, index) || !targets_find(&about, targets)) {
        return false;
    }
    planner->is_settled[index] = true;
    if (planned->conversions != NULL) {
        refuse(&about, nowhere, "the host works out the function's format");
    } else {
        planned->has_copies |= parameter_convert(&about, targets);
    }
    return true;
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

static bool result_is_kept(const struct about *about)
{
    return about->spec != NULL && about->spec->n_keeps > 0;
}

/* Asks for what is missing: how many there are, and whose they are. False:
 * something is. */
static bool result_told_check(struct about *about,
                              const struct plan_function *planned)
{
    const struct type *target = type_resolve(parameter_of(about)->type)->target;
    struct arena *arena = about->planner->arena;
    bool has_count = count_find(about, target) != NULL;
    bool has_owner = planned->is_freed || result_is_kept(about);
    struct location nowhere = {NULL, 0, 0};

    if (has_count && has_owner) {
        return true;
    }
    ask(about, nowhere,
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
    const struct type *target = type_resolve(parameter_of(about)->type)->target;
    const char *count;

    if (!given_check(about, shape) || !result_told_check(about, planned)) {
        return;
    }
    count = count_plan(about, target);
    if (count != NULL) {
        planned->result_shape = shape;
        planned->result_count = count;
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
    struct shaper shaper = {.planner = planner,
                            .doubt = &doubt,
                            .where = planner->function->where,
                            .inner_count =
                                "1" /* which given_check() refuses */};
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
        !functions_find(planner, about.of)) {
        return;
    }
    for (unsigned isa = 0; isa < ISA_COUNT; isa++) {
        if (about.of[isa] != NULL) {
            about.of[isa] = with_result(planner, about.of[isa]);
        }
    }
    if (!parameter_differs(&about, n) || !targets_find(&about, targets)) {
        return;
    }
    planner->is_settled[n] = true;
    shape = planner_shape(
        &shaper, targets,
        arena_printf(planner->arena, "%s_result", planned->symbol));
    if (shape != NULL) {
        result_settle(&about, shape, planned);
    } else if (!shaper.is_bad && doubt.yaml == NULL) {
        refuse(&about, doubt.where, doubt.text);
    } else if (!shaper.is_bad) {
        ask(&about, doubt.where, doubt.text, doubt.yaml);
        (void)result_told_check(&about, planned);
    }
}

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

    if (!functions_find(planner, of) || !callbacks_find(of, index, about.of) ||
        !results_agree(&about)) {
        return; /* the comparison as a whole tells */
    }
    for (size_t i = 0; i < callback->function->n_parameters; i++) {
        const struct type *targets[ISA_COUNT] = {NULL};

        about.index = i;
        if (!parameter_differs(&about, i)) {
            continue;
        }
        if (!targets_find(&about, targets) ||
            (callback->parameters[i].pass != PASS_VALUE &&
             callback->parameters[i].pass != PASS_CONVERT)) {
            return;
        }
        is_settled = true;
        if (callback->parameters[i].pass == PASS_CONVERT) {
            planner_layout_note(planner, LAYOUT_CONVERTED,
                                about.difference.where, about.difference.text);
        } else {
            callback->has_copies |= parameter_convert(&about, targets);
        }
    }
    planner->is_settled[index] = is_settled;
}
