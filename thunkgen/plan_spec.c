/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "planner.h"

/* The type that stands at a place of the spec, for the host; NULL after an
 * error. */
static const struct type *type_at(const struct planner *planner, size_t place)
{
    return planner->input->models[0].c_types[place];
}

static bool type_is_pointer(const struct type *type)
{
    return type_resolve(type)->kind == TYPE_POINTER;
}

static const struct type *pair_type(struct planner *planner,
                                    const struct spec_pair *pair)
{
    const struct type *type = type_at(planner, pair->type);

    if (type != NULL && type_callback(type) == NULL) {
        diag_error(planner->diag, pair->value.where, "spec-callback",
                   "'%s' is no pointer to a function: write one, as in 'void "
                   "(*)(void *)'",
                   pair->value.text);
        return NULL;
    }
    return type;
}

static const struct spec_pair *pair_find(const struct spec_pair *pairs,
                                         size_t n_pairs, const char *name)
{
    for (size_t i = 0; i < n_pairs; i++) {
        if (strcmp(pairs[i].name.text, name) == 0) {
            return &pairs[i];
        }
    }
    return NULL;
}

const struct type *planner_meant(struct planner *planner,
                                 const struct plan_function *planned,
                                 const char *name, const struct type *type)
{
    const struct spec_function *spec =
        spec_function_find(planner->input->spec, planned->symbol);
    const struct spec_pair *pair =
        spec == NULL ? NULL
                     : pair_find(spec->callbacks, spec->n_callbacks, name);
    const struct type *meant;

    if (pair == NULL) {
        return type;
    }
    if (!type_is_pointer(type)) {
        diag_error(planner->diag, pair->name.where, "spec-callback",
                   "'%s' of '%s' is no pointer, so it is no function: remove "
                   "it from 'callbacks'",
                   name, planned->symbol);
        return type;
    }
    meant = pair_type(planner, pair);
    return meant == NULL ? type : meant;
}

void planner_callbacks_check(struct planner *planner,
                             struct plan_function *planned)
{
    const struct spec_function *spec =
        spec_function_find(planner->input->spec, planned->symbol);

    for (size_t i = 0; spec != NULL && i < spec->n_callbacks; i++) {
        const struct spec_text *name = &spec->callbacks[i].name;

        if (strcmp(name->text, "result") != 0 || !planned->has_result) {
            (void)planner_parameter_named(planner, name, planned);
        }
    }
}

const struct spec_type *planner_spec_record(const struct planner *planner,
                                            const struct record *record)
{
    const struct spec *spec = planner->input->spec;

    for (size_t i = 0; i < spec->n_types; i++) {
        const struct type *type = type_at(planner, spec->types[i].c_type);

        if (type != NULL && type_resolve(type)->kind == TYPE_RECORD &&
            type_resolve(type)->record == record) {
            return &spec->types[i];
        }
    }
    return NULL;
}

const struct type *planner_member_meant(struct planner *planner,
                                        const struct record *record,
                                        const struct field *field)
{
    const struct spec_type *spec = planner_spec_record(planner, record);
    const struct spec_pair *pair =
        spec == NULL
            ? NULL
            : pair_find(spec->callbacks, spec->n_callbacks, field->name);
    const struct type *type = pair == NULL ? NULL : pair_type(planner, pair);

    return type == NULL ? field->type : type;
}

bool planner_is_filled(const struct planner *planner, const char *callback,
                       const struct type *parameter)
{
    const struct spec_type *spec;

    parameter = type_resolve(parameter);
    if (parameter->kind != TYPE_POINTER ||
        type_resolve(parameter->target)->kind != TYPE_RECORD) {
        return false;
    }
    spec =
        planner_spec_record(planner, type_resolve(parameter->target)->record);
    for (size_t i = 0; spec != NULL && i < spec->n_filled_by; i++) {
        if (spec->filled_by[i].text != NULL &&
            strcmp(spec->filled_by[i].text, callback) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether a callback of that name gets a pointer to such a record. */
static bool is_filled_by(const struct planner *planner, const char *name)
{
    for (size_t i = 0; i < planner->plan->n_callbacks; i++) {
        const struct plan_callback *callback = planner->plan->callbacks[i];

        for (size_t p = 0; strcmp(callback->name, name) == 0 &&
                           p < callback->function->n_parameters;
             p++) {
            if (planner_is_filled(planner, name,
                                  callback->parameters[p].type)) {
                return true;
            }
        }
    }
    return false;
}

void planner_filled_check(struct planner *planner)
{
    const struct spec *spec = planner->input->spec;

    for (size_t i = 0; i < spec->n_types; i++) {
        for (size_t f = 0; f < spec->types[i].n_filled_by; f++) {
            const struct spec_text *name = &spec->types[i].filled_by[f];

            if (name->text != NULL && !is_filled_by(planner, name->text)) {
                diag_error(planner->diag, name->where, "spec-member",
                           "no callback '%s' gets a pointer to '%s': write "
                           "its name as --dump plan does",
                           name->text, spec->types[i].name.text);
            }
        }
    }
}

static const struct field *field_find(const struct record *record,
                                      const char *name)
{
    for (size_t i = 0; i < record->n_fields; i++) {
        if (strcmp(record->fields[i].name, name) == 0) {
            return &record->fields[i];
        }
    }
    return NULL;
}

/* The member of that name; NULL after an error. */
static const struct field *member_named(struct planner *planner,
                                        const struct record *record,
                                        const struct spec_text *name)
{
    const struct field *field = field_find(record, name->text);

    if (field == NULL) {
        diag_error(planner->diag, name->where, "spec-member",
                   "'%s' has no member '%s': correct the name",
                   record->name == NULL ? "the union" : record->name,
                   name->text);
        diag_note(planner->diag, record->where, "it is declared here");
    }
    return field;
}

static void union_check(struct planner *planner, const struct record *record,
                        const struct spec_union *spec)
{
    const struct field *field = member_named(planner, record, &spec->name);
    const struct type *type;

    (void)member_named(planner, record, &spec->by);
    if (field == NULL) {
        return;
    }
    type = type_resolve(field->type);
    if (type->kind != TYPE_RECORD || !type->record->is_union) {
        diag_error(planner->diag, spec->name.where, "spec-member",
                   "'%s' is no union: remove it from 'unions'",
                   spec->name.text);
        return;
    }
    for (size_t i = 0; i < spec->n_cases; i++) {
        (void)member_named(planner, type->record, &spec->cases[i].value);
    }
}

static void record_lengths_check(struct planner *planner,
                                 const struct record *record,
                                 const struct spec_type *spec)
{
    for (size_t i = 0; i < spec->n_lengths; i++) {
        struct spec_text name = spec->lengths[i].name;
        bool is_inner = name.text[0] == '*';
        const struct field *field;
        const struct type *of;

        name.text += is_inner;
        field = member_named(planner, record, &name);
        of = field == NULL ? NULL : type_resolve(field->type);
        if (of != NULL && is_inner) {
            of = of->kind == TYPE_POINTER ? type_resolve(of->target) : of;
            if (of->kind != TYPE_POINTER) {
                diag_error(planner->diag, name.where, "spec-length",
                           "'%s' of '%s' is no pointer to pointers: remove it "
                           "from 'length'",
                           spec->lengths[i].name.text, spec->name.text);
            }
        } else if (of != NULL && of->kind != TYPE_POINTER &&
                   (of->kind != TYPE_ARRAY || of->count > 0)) {
            diag_error(planner->diag, name.where, "spec-length",
                       "'%s' of '%s' is neither a pointer nor an array without "
                       "a length: remove it from 'length'",
                       name.text, spec->name.text);
        }
    }
}

static void record_check(struct planner *planner, const struct spec_type *spec)
{
    const struct type *type = type_at(planner, spec->c_type);
    const struct record *record;

    if (type == NULL) {
        return;
    }
    if (type_resolve(type)->kind != TYPE_RECORD ||
        !type_resolve(type)->record->is_complete) {
        diag_error(planner->diag, spec->name.where, "spec-member",
                   "'%s' is no struct or union whose members the headers "
                   "tell: remove it from 'types'",
                   spec->name.text);
        return;
    }
    record = type_resolve(type)->record;
    for (size_t i = 0; i < spec->n_callbacks; i++) {
        const struct spec_pair *pair = &spec->callbacks[i];
        const struct field *field = member_named(planner, record, &pair->name);

        if (field != NULL && !type_is_pointer(field->type)) {
            diag_error(planner->diag, pair->name.where, "spec-callback",
                       "'%s' of '%s' is no pointer, so it is no function: "
                       "remove it from 'callbacks'",
                       pair->name.text, spec->name.text);
        }
    }
    for (size_t i = 0; i < spec->n_follow; i++) {
        const struct field *field =
            spec->follow[i].text == NULL
                ? NULL
                : member_named(planner, record, &spec->follow[i]);

        if (field != NULL &&
            (!type_is_pointer(field->type) ||
             type_resolve(type_resolve(field->type)->target)->kind !=
                 TYPE_RECORD)) {
            diag_error(planner->diag, spec->follow[i].where, "spec-member",
                       "'%s' of '%s' points to no struct: remove it from "
                       "'follow'",
                       spec->follow[i].text, spec->name.text);
        }
    }
    for (size_t i = 0; i < spec->n_unions; i++) {
        union_check(planner, record, &spec->unions[i]);
    }
    record_lengths_check(planner, record, spec);
    planner_stubbed_check(planner, record, spec);
}

void planner_types_check(struct planner *planner)
{
    const struct plan_input *input = planner->input;
    const struct spec *spec = input->spec;

    for (size_t i = 0; i < spec->n_types; i++) {
        record_check(planner, &spec->types[i]);
    }
    for (size_t m = 1; m < input->n_models; m++) {
        for (size_t i = 0; i < spec->n_c_types; i++) {
            const struct type *host = type_at(planner, i);
            const struct type *guest = input->models[m].c_types[i];
            struct layout_difference difference;

            if (host != NULL && guest != NULL &&
                !planner_type_is_converted(planner, spec->c_types[i].text) &&
                !layout_types_equal(planner->comparisons[m],
                                    spec->c_types[i].text, host, guest,
                                    &difference)) {
                diag_error(planner->diag, spec->c_types[i].where, "layout",
                           "the type differs between host and %s guest: %s; "
                           "leave out the functions with it, with 'omit:'",
                           input->models[m].isa, difference.text);
            }
        }
    }
}
