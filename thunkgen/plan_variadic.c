/* SPDX-License-Identifier: MIT
 * Lists of arguments that are no format's: what the spec says of them. */
#include <string.h>

#include "cdecl.h"
#include "planner.h"

static const struct type *type_at(const struct planner *planner, size_t place)
{
    return planner->input->models[0].c_types[place];
}

static bool case_is_default(const struct spec_case *from)
{
    return strcmp(from->tag.text, "default") == 0;
}

/* What "..." holds is promoted (C11 6.5.2.2p6). */
static bool type_is_promoted(const struct type *type)
{
    type = type_resolve(type);
    switch (type->kind) {
    case TYPE_INTEGER:
    case TYPE_ENUM:
        return type->size >= 4;
    case TYPE_FLOAT:
        return type->size >= 8;
    case TYPE_POINTER:
    case TYPE_RECORD:
        return true;
    default:
        return false;
    }
}

/* A type of the spec's that "..." can hold; NULL after an error. */
static const struct type *type_promoted(struct planner *planner, size_t place)
{
    const struct spec_text *text = &planner->input->spec->c_types[place];
    const struct type *type = type_at(planner, place);

    if (type != NULL && !type_is_promoted(type)) {
        diag_error(planner->diag, text->where, "spec-variadic",
                   "'%s' is nothing that C passes to '...': write 'int' "
                   "for shorter integers, 'double' for float and a "
                   "pointer for an array",
                   text->text);
        return NULL;
    }
    return type;
}

/* The function with what follows in that case as parameters. */
static const struct function *case_function(struct planner *planner,
                                            const struct function *function,
                                            const struct spec_case *from)
{
    struct arena *arena = planner->arena;
    struct function *made = arena_alloc(arena, sizeof(*made));
    struct type *type = arena_alloc(arena, sizeof(*type));

    *made = *function;
    *type = *function->type;
    made->type = type;
    type->is_variadic = false;
    type->parameters = NULL;
    type->n_parameters = 0;
    for (size_t i = 0; i < function->type->n_parameters; i++) {
        *ARENA_APPEND(arena, type->parameters, type->n_parameters) =
            function->type->parameters[i];
    }
    for (size_t i = 0; i < from->n_types; i++) {
        const struct type *added = type_promoted(planner, from->types[i]);
        struct parameter *parameter;

        if (added == NULL) {
            return NULL;
        }
        parameter = ARENA_APPEND(arena, type->parameters, type->n_parameters);
        parameter->name = arena_printf(arena, "arg%zu", type->n_parameters);
        parameter->type = parameter->declared = added;
    }
    return made;
}

static bool ranges_meet(const struct planner *planner,
                        const struct spec_case *one,
                        const struct spec_case *other)
{
    const int64_t *constants = planner->input->models[0].constants;

    return constants[other->constant] <= constants[other->last_constant] &&
           constants[one->constant] <= constants[other->last_constant] &&
           constants[other->constant] <= constants[one->last_constant];
}

/* Whether both cases mean one value. A single one that is in a range, too, is
 * the exception to it. */
static bool cases_meet(const struct planner *planner,
                       const struct spec_case *one,
                       const struct spec_case *other)
{
    const struct model *model = &planner->input->models[0];

    if ((one->last.text == NULL) != (other->last.text == NULL)) {
        return false;
    }
    if (one->last.text != NULL) {
        return ranges_meet(planner, one, other);
    }
    return model->is_text[one->constant] || model->is_text[other->constant]
               ? strcmp(one->tag.text, other->tag.text) == 0
               : model->constants[one->constant] ==
                     model->constants[other->constant];
}

/* One case by itself: its kind, and which way a range goes. False after an
 * error. */
static bool case_check(struct planner *planner, const struct spec_case *one,
                       bool wants_text)
{
    const struct model *model = &planner->input->models[0];
    const char *text = NULL;

    if (wants_text && one->last.text != NULL) {
        text = "from '%s' to '%s' is no range, as the keys of this list are "
               "texts: write each by itself";
    } else if (wants_text && !model->is_text[one->constant]) {
        text = "'%s' is no text, as the keys of this list are: write a macro "
               "for one";
    } else if (!wants_text && (model->is_text[one->constant] ||
                               (one->last.text != NULL &&
                                model->is_text[one->last_constant]))) {
        text = "'%s' is or ends with a text, but what decides is a number";
    } else if (one->last.text != NULL &&
               model->constants[one->constant] >
                   model->constants[one->last_constant]) {
        text = "'%s' is more than '%s': write the smaller one first";
    }
    if (text != NULL) {
        diag_error(planner->diag, one->tag.where, "spec-variadic", text,
                   one->tag.text, one->last.text);
    }
    return text == NULL;
}

/* Two names of one value would be two equal cases of a switch. */
static void cases_check(struct planner *planner,
                        const struct spec_variadic *spec, bool wants_text)
{
    for (size_t i = 0; i < spec->n_cases; i++) {
        const struct spec_case *one = &spec->cases[i];

        if (case_is_default(one) || planner->input->models[0].is_broken ||
            !case_check(planner, one, wants_text)) {
            continue;
        }
        for (size_t j = 0; j < i; j++) {
            const struct spec_case *other = &spec->cases[j];

            if (!case_is_default(other) && cases_meet(planner, one, other)) {
                diag_error(planner->diag, one->tag.where, "spec-variadic",
                           one->last.text == NULL
                               ? "'%s' is the same number as '%s': keep one"
                               : "the range from '%s' on meets that from '%s' "
                                 "on: let one end before the other",
                           one->tag.text, other->tag.text);
                diag_note(planner->diag, other->tag.where, "the first");
            }
        }
    }
}

/* The parameter of that name, which has to be an integer; NULL after an error.
 */
static struct plan_parameter *integer_named(struct planner *planner,
                                            const struct spec_text *name,
                                            struct plan_function *planned,
                                            const char *what)
{
    struct plan_parameter *parameter =
        planner_parameter_named(planner, name, planned);
    enum type_kind kind;

    if (parameter == NULL) {
        return NULL;
    }
    kind = type_resolve(parameter->type)->kind;
    if (kind != TYPE_INTEGER && kind != TYPE_ENUM) {
        diag_error(planner->diag, name->where, "spec-variadic",
                   "parameter '%s' of '%s' is no integer: name the one that "
                   "%s",
                   name->text, planner->function->name, what);
        return NULL;
    }
    return parameter;
}

static bool has_format(const struct spec_function *spec)
{
    return spec->format.text != NULL || spec->scan.text != NULL;
}

/* Tells that 'variadic' is wrong for the function; true if it is. */
static bool variadic_refuse(struct planner *planner,
                            const struct spec_function *spec, size_t n_lists)
{
    const char *text = NULL;

    if (n_lists != 1) {
        text = n_lists == 0 ? "'%s' is not variadic: remove 'variadic'"
                            : "'%s' takes more than one list of arguments: "
                              "write it under 'omit' instead";
    } else if (has_format(spec)) {
        text = spec->scan.text == NULL ? "'%s' has 'printf' as well: keep one"
                                       : "'%s' has 'scanf' as well: keep one";
    }
    if (text != NULL) {
        diag_error(planner->diag, spec->variadic.key.where, "spec-variadic",
                   text, planner->function->name);
    }
    return text != NULL;
}

/* What becomes of a case is a function of its own, and must not be called as
 * one of the library's: GMP has both gmp_randinit() and gmp_randinit_default().
 */
static const char *case_name(struct planner *planner, const char *function,
                             const struct spec_case *of)
{
    const char *tag = of->tag.text;

    if (of->last.text != NULL) {
        tag = arena_printf(planner->arena, "%s_%s", tag, of->last.text);
    }
    return planner_name_free(planner,
                             arena_printf(planner->arena, "%s_%s", function,
                                          planner_identifier(planner, tag)));
}

void planner_cases(struct planner *planner, const struct spec_function *spec,
                   const struct symbol *symbol)
{
    const struct function *function = planner->function;
    struct plan_function probe = {.name = symbol->name};
    struct plan *plan = planner->plan;
    struct plan_dispatch *dispatch;
    struct plan_parameter *by;

    probe.parameters =
        planner_parameters(planner, function->type, function->name);
    by = integer_named(planner, &spec->variadic.by, &probe,
                       "tells what follows");
    if (by == NULL || variadic_refuse(planner, spec, 1)) {
        return;
    }
    cases_check(planner, &spec->variadic, false);
    dispatch =
        ARENA_APPEND(planner->arena, plan->dispatches, plan->n_dispatches);
    dispatch->name = function->name;
    dispatch->c_name =
        planner_c_name(planner, function->name, function->c_name,
                       function->definition != DEFINITION_INLINE);
    dispatch->version = symbol->version;
    dispatch->function = function;
    dispatch->is_wrapped = spec_is_wrapped(spec);
    dispatch->by = by->name;
    for (size_t i = 0; i < spec->variadic.n_cases; i++) {
        const struct spec_case *from = &spec->variadic.cases[i];
        struct plan_case *added =
            ARENA_APPEND(planner->arena, dispatch->cases, dispatch->n_cases);

        added->tag = case_is_default(from) ? NULL : from->tag.text;
        added->last = from->last.text;
        added->name = case_name(planner, function->name, from);
        planner->function = case_function(planner, function, from);
        if (planner->function != NULL) {
            planner_function(planner, symbol, added->name);
        }
    }
    planner->function = function;
}

void planner_words_check(struct planner *planner, struct location where,
                         const char *check, struct plan_function *planned)
{
    const struct type *type = planner->function->type;
    enum type_kind result = type_resolve(type->target)->kind;
    bool is_good = result != TYPE_FLOAT && result != TYPE_RECORD;

    planned->has_words = true;
    for (size_t i = 0; i < type->n_parameters; i++) {
        enum type_kind kind = type_resolve(type->parameters[i].type)->kind;

        is_good &= kind != TYPE_FLOAT && kind != TYPE_RECORD;
    }
    if (!is_good) {
        diag_error(planner->diag, where, check,
                   "'%s' has a record or a floating-point number besides its "
                   "list of arguments: write it under 'omit' instead",
                   planned->symbol);
    } else if (type->n_parameters > 16) {
        diag_error(planner->diag, where, check,
                   "'%s' has more than 16 parameters besides its list of "
                   "arguments: write it under 'omit' instead",
                   planned->symbol);
    }
}

bool planner_list_calls(const struct plan_function *planned)
{
    for (size_t i = 0; i < planned->n_items; i++) {
        if (planned->items[i].pass != PASS_VALUE ||
            planned->items[i].to_host != NULL) {
            return true;
        }
    }
    return planned->is_scan;
}

/* Items while they are gathered: each type once. */
struct gathering {
    struct type type; /* of a function whose parameters they are */
    size_t *places;   /* in the spec */
    bool is_good;
};

static size_t item_gather(struct planner *planner, struct gathering *to,
                          size_t place)
{
    const struct spec_text *texts = planner->input->spec->c_types;
    const struct type *type = type_promoted(planner, place);
    size_t n_places = to->type.n_parameters;
    struct parameter *parameter;

    if (type == NULL) {
        to->is_good = false;
        return 0;
    }
    if (type_resolve(type)->kind == TYPE_RECORD ||
        (type_resolve(type)->kind == TYPE_INTEGER &&
         type_resolve(type)->size > 8)) {
        diag_error(planner->diag, texts[place].where, "spec-variadic",
                   "'%s' cannot be in a list yet: write the function under "
                   "'omit' instead",
                   texts[place].text);
        to->is_good = false;
        return 0;
    }
    for (size_t i = 0; i < n_places; i++) {
        if (strcmp(texts[to->places[i]].text, texts[place].text) == 0) {
            return i;
        }
    }
    *ARENA_APPEND(planner->arena, to->places, n_places) = place;
    parameter = ARENA_APPEND(planner->arena, to->type.parameters,
                             to->type.n_parameters);
    parameter->name =
        arena_printf(planner->arena, "item%zu", to->type.n_parameters);
    parameter->type = parameter->declared = type;
    return to->type.n_parameters - 1;
}

static struct plan_list_case case_plan(struct planner *planner,
                                       const struct spec_case *from,
                                       struct gathering *items)
{
    struct plan_list_case planned = {0};

    if (from->tag.text != NULL && !case_is_default(from)) {
        planned.first = from->tag.text;
        planned.last = from->last.text;
    }
    for (size_t i = 0; i < from->n_types; i++) {
        *ARENA_APPEND(planner->arena, planned.items, planned.n_items) =
            item_gather(planner, items, from->types[i]);
    }
    return planned;
}

/* What an item is to the host can be told by one value alone. */
static bool item_is_good(const struct plan_parameter *item)
{
    switch (item->pass) {
    case PASS_VALUE:
    case PASS_CALLBACK:
    case PASS_ADOPT:
    case PASS_FILE:
        return item->copy == NULL &&
               (item->to_host == NULL || item->to_host->n_others == 0);
    default:
        return false;
    }
}

static void items_plan(struct planner *planner, const struct gathering *items,
                       struct plan_function *planned)
{
    const struct function *function = planner->function;
    struct function made = *function;
    struct plan_function probe = *planned;

    planned->items = planner_parameters(planner, &items->type, "");
    planned->n_items = items->type.n_parameters;
    probe.parameters = planned->items;
    probe.n_parameters = planned->n_items;
    made.type = &items->type;
    planner->function = &made;
    for (size_t i = 0; i < planned->n_items; i++) {
        planner_parameter(planner, &probe, i, true);
    }
    planner->function = function;
    planner_handles(planner, &items->type, planned->items, TO_HOST, NULL);
    for (size_t i = 0; i < planned->n_items; i++) {
        const struct spec_text *text =
            &planner->input->spec->c_types[items->places[i]];

        if (!item_is_good(&planned->items[i])) {
            diag_error(planner->diag, text->where, "spec-variadic",
                       "'%s' means something else on the host, for which a "
                       "list has no place: write 'void *'",
                       text->text);
        }
    }
}

/* Marks the va_list, and counts lists. */
static size_t lists_plan(struct planner *planner, struct plan_function *planned)
{
    const struct type *type = planner->function->type;
    size_t n_lists = type->is_variadic;

    planned->is_variadic = type->is_variadic;
    for (size_t i = 0; i < type->n_parameters; i++) {
        if (type_resolve(type->parameters[i].type)->kind == TYPE_VA_LIST) {
            planned->parameters[i].pass = PASS_ARGUMENTS;
            planned->is_va_list = true;
            n_lists++;
        }
    }
    return n_lists;
}

/* The named parameter that a list starts with, which has the type of those
 * behind it; NULL after an error. */
static const struct plan_parameter *
first_named(struct planner *planner, const struct spec_variadic *spec,
            struct plan_function *planned)
{
    const struct plan_parameter *first =
        planner_parameter_named(planner, &spec->first, planned);
    const struct type *each = type_at(planner, spec->each.types[0]);

    if (first != NULL && each != NULL &&
        (type_resolve(first->type)->kind != type_resolve(each)->kind ||
         type_resolve(first->type)->size != type_resolve(each)->size)) {
        diag_error(planner->diag, spec->first.where, "spec-variadic",
                   "parameter '%s' of '%s' is no '%s', as the first of 'each' "
                   "is: name another or remove 'first'",
                   spec->first.text, planner->function->name,
                   planner->input->spec->c_types[spec->each.types[0]].text);
        return NULL;
    }
    return first;
}

/* The parameter that decides, unless none does. False after an error. */
static bool decides_plan(struct planner *planner,
                         const struct spec_variadic *spec,
                         struct plan_function *planned, struct plan_list *list)
{
    const struct plan_parameter *decides;

    switch (spec->form) {
    case VARIADIC_BY:
        list->form = "BY";
        decides =
            integer_named(planner, &spec->by, planned, "tells what follows");
        break;
    case VARIADIC_COUNT:
        list->form = "COUNT";
        decides = integer_named(planner, &spec->count, planned,
                                "counts what follows");
        break;
    default:
        list->form = "UNTIL";
        list->until = spec->until.text;
        if (spec->first.text == NULL) {
            return true;
        }
        list->has_first = true;
        decides = first_named(planner, spec, planned);
        break;
    }
    list->decides = decides == NULL ? NULL : decides->name;
    return decides != NULL;
}

/* The first of a group: what ends the list, and may be a key. */
static void key_check(struct planner *planner, const struct spec_variadic *spec,
                      struct plan_list *list)
{
    const struct model *model = &planner->input->models[0];
    const struct spec_text *texts = planner->input->spec->c_types;
    const struct type *type = type_at(planner, spec->each.types[0]);

    if (type == NULL || model->is_broken) {
        return;
    }
    type = type_resolve(type);
    if (type->kind == TYPE_POINTER) {
        const struct type *target = type_resolve(type->target);

        list->has_texts = target->kind == TYPE_INTEGER && target->size == 1;
    }
    if (type->kind == TYPE_FLOAT &&
        (spec->form == VARIADIC_UNTIL || spec->n_cases > 0)) {
        diag_error(planner->diag, texts[spec->each.types[0]].where,
                   "spec-variadic",
                   "'%s' neither ends a list nor is it a key: the first of "
                   "'each' has to be an integer or a pointer",
                   texts[spec->each.types[0]].text);
    }
    if (spec->form == VARIADIC_UNTIL && model->is_text[spec->until_constant]) {
        diag_error(planner->diag, spec->until.where, "spec-variadic",
                   "'%s' is a text, which ends no list: write a number or NULL",
                   spec->until.text);
    }
    cases_check(planner, spec, list->has_texts);
}

void planner_list(struct planner *planner, const struct spec_function *spec,
                  struct plan_function *planned)
{
    const struct spec_variadic *from = &spec->variadic;
    struct plan_list *list = arena_alloc(planner->arena, sizeof(*list));
    struct gathering items = {.is_good = true};
    struct plan_list_case other = {0};

    if (variadic_refuse(planner, spec, lists_plan(planner, planned)) ||
        !decides_plan(planner, from, planned, list)) {
        return;
    }
    planner_words_check(planner, from->key.where, "spec-variadic", planned);
    if (from->form == VARIADIC_BY) {
        cases_check(planner, from, false);
    } else {
        key_check(planner, from, list);
    }
    list->each = case_plan(planner, &from->each, &items);
    list->each.first = NULL;
    for (size_t i = 0; i < from->n_cases; i++) {
        struct plan_list_case planned_case =
            case_plan(planner, &from->cases[i], &items);

        if (case_is_default(&from->cases[i])) {
            other = planned_case;
        } else if (planned_case.last == NULL) { /* before all ranges */
            *ARENA_APPEND(planner->arena, list->cases, list->n_cases) =
                planned_case;
        }
    }
    for (size_t i = 0; i < from->n_cases; i++) {
        if (from->cases[i].last.text != NULL) {
            *ARENA_APPEND(planner->arena, list->cases, list->n_cases) =
                case_plan(planner, &from->cases[i], &items);
        }
    }
    if (from->n_cases > 0) {
        *ARENA_APPEND(planner->arena, list->cases, list->n_cases) = other;
    }
    planned->list = list;
    if (items.is_good) {
        items_plan(planner, &items, planned);
    }
}
