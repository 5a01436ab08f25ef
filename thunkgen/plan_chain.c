/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "planner.h"

/* The record of a type that the spec names; NULL after an error. */
static const struct record *record_named(struct planner *planner,
                                         const struct spec_text *name)
{
    const struct model *host = &planner->input->models[0];
    const struct type *type = model_type(host, name->text);

    if (type == NULL && host->is_broken) {
        return NULL; /* the header's own errors come first */
    }
    if (type == NULL) {
        diag_error(planner->diag, name->where, "spec-chain",
                   "no header declares a type '%s': write it as C does, as in "
                   "'struct x'",
                   name->text);
        return NULL;
    }
    type = type_resolve(type);
    if (type->kind != TYPE_RECORD || type->record->is_union ||
        !type->record->is_complete || type->record->name == NULL) {
        diag_error(planner->diag, name->where, "spec-chain",
                   "'%s' is no struct with members that C can name: only such "
                   "ones are in a chain",
                   name->text);
        return NULL;
    }
    return type->record;
}

/* NULL after an error. */
static const struct field *field_named(struct planner *planner,
                                       const struct spec_text *name,
                                       const struct record *record)
{
    for (size_t i = 0; i < record->n_fields; i++) {
        if (strcmp(record->fields[i].name, name->text) == 0) {
            return &record->fields[i];
        }
    }
    diag_error(planner->diag, name->where, "spec-chain",
               "'%s' has no member '%s'", record->name, name->text);
    return NULL;
}

static bool enum_has(const struct type *type, const char *name)
{
    const struct enumeration *enumeration = type->enumeration;

    for (size_t i = 0; i < enumeration->n_constants; i++) {
        if (strcmp(enumeration->constants[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* The two members that all structs of a chain have, of its head. */
struct joint {
    const struct field *next, *by;
};

static bool joint_find(struct planner *planner, const struct spec_type *spec,
                       const struct record *record, struct joint *joint)
{
    joint->next = field_named(planner, &spec->chain, record);
    joint->by = field_named(planner, &spec->by, record);
    if (joint->next == NULL || joint->by == NULL) {
        return false;
    }
    if (type_resolve(joint->next->type)->kind != TYPE_POINTER) {
        diag_error(planner->diag, spec->chain.where, "spec-chain",
                   "'%s' of '%s' is no pointer, so nothing hangs on it",
                   spec->chain.text, record->name);
        return false;
    }
    if (type_resolve(joint->by->type)->kind != TYPE_ENUM) {
        diag_error(planner->diag, spec->by.where, "spec-chain",
                   "'%s' of '%s' is of no enum, so it does not tell what a "
                   "struct is",
                   spec->by.text, record->name);
        return false;
    }
    return true;
}

static bool joints_are_alike(const struct joint *a, const struct joint *b)
{
    return a->next->offset == b->next->offset &&
           a->by->offset == b->by->offset &&
           type_resolve(b->next->type)->kind == TYPE_POINTER &&
           type_resolve(b->by->type)->size == type_resolve(a->by->type)->size;
}

static void link_plan(struct planner *planner, const struct spec_type *spec,
                      const struct joint *head, const struct spec_link *link,
                      struct plan_chain *chain)
{
    const struct record *record = record_named(planner, &link->type);
    const struct plan_record *planned;
    struct joint joint;

    if (!enum_has(type_resolve(head->by->type), link->constant.text)) {
        diag_error(planner->diag, link->constant.where, "spec-chain",
                   "'%s' is no value of '%s'", link->constant.text,
                   spec->by.text);
    }
    if (record == NULL || !joint_find(planner, spec, record, &joint)) {
        return;
    }
    if (!joints_are_alike(head, &joint)) {
        diag_error(planner->diag, link->type.where, "spec-chain",
                   "'%s' does not begin as '%s' does: '%s' and '%s' must have "
                   "the same places",
                   link->type.text, spec->name.text, spec->chain.text,
                   spec->by.text);
        return;
    }
    planned = planner_record(
        planner, model_type(&planner->input->models[0], link->type.text),
        TO_HOST);
    if (planned == NULL || planned->chain != NULL) {
        diag_error(planner->diag, link->type.where, "spec-chain",
                   planned == NULL
                       ? "'%s' holds no function pointers: remove it"
                       : "'%s' has a chain of its own: remove either",
                   link->type.text);
        return;
    }
    *ARENA_APPEND(planner->arena, chain->links, chain->n_links) =
        (struct plan_link){link->constant.text, planned};
}

const struct plan_chain *planner_chain(struct planner *planner,
                                       const struct record *record)
{
    const struct model *host = &planner->input->models[0];
    const struct spec *spec = planner->input->spec;

    for (size_t i = 0; i < spec->n_types; i++) {
        const struct spec_type *head = &spec->types[i];
        const struct type *type = model_type(host, head->name.text);
        struct joint joint;
        struct plan_chain *chain;

        if (head->chain.text == NULL || type == NULL ||
            type_resolve(type)->record != record ||
            !joint_find(planner, head, record, &joint)) {
            continue;
        }
        chain = arena_alloc(planner->arena, sizeof(*chain));
        chain->next = head->chain.text;
        chain->by = head->by.text;
        for (size_t l = 0; l < head->n_links; l++) {
            link_plan(planner, head, &joint, &head->links[l], chain);
        }
        return chain;
    }
    return NULL;
}

void planner_chains_check(struct planner *planner)
{
    const struct spec *spec = planner->input->spec;

    for (size_t i = 0; i < spec->n_types; i++) {
        const struct spec_text *name = &spec->types[i].name;
        bool has_chain = spec->types[i].chain.text != NULL;
        const struct record *record =
            has_chain ? record_named(planner, name) : NULL;
        const struct plan_record *planned =
            record == NULL ? NULL : planner->records[record->index];

        if (record != NULL && (planned == NULL || !planned->is_adopted)) {
            diag_error(planner->diag, name->where, "spec-chain",
                       "no function takes a '%s' or a pointer to one: remove "
                       "it",
                       name->text);
        }
    }
}
