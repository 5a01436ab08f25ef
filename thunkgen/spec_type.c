/* SPDX-License-Identifier: MIT
 * What a spec says of structs. */
#include "spec_reader.h"

static void chain_read(struct reader *reader, const char *key, void *target)
{
    struct spec_type *type = target;

    text_read(reader, key, &type->chain);
}

static void by_read(struct reader *reader, const char *key, void *target)
{
    struct spec_type *type = target;

    text_read(reader, key, &type->by);
}

static void link_read(struct reader *reader, struct spec_text name,
                      void *target)
{
    struct spec_type *type = target;
    struct spec_link link = {.constant = name};

    text_read(reader, "a struct", &link.type);
    if (link.type.text != NULL) {
        *ARENA_APPEND(reader_arena(reader), type->links, type->n_links) = link;
    }
}

static void structs_read(struct reader *reader, const char *key, void *target)
{
    names_read(reader, key, "a mapping from constants to structs", target,
               link_read);
}

static void record_callbacks_read(struct reader *reader, const char *key,
                                  void *target)
{
    struct spec_type *record = target;

    callbacks_read(reader, key, &record->callbacks, &record->n_callbacks);
}

static void follow_read(struct reader *reader, const char *key, void *target)
{
    struct spec_type *record = target;

    list_read(reader, key, &record->follow, &record->n_follow);
}

static void opaque_read(struct reader *reader, const char *key, void *target)
{
    struct spec_type *record = target;

    choice_read(reader, key, &record->opaque, "true", "false");
}

static void filled_by_read(struct reader *reader, const char *key, void *target)
{
    struct spec_type *record = target;

    list_read(reader, key, &record->filled_by, &record->n_filled_by);
}

static void union_by_read(struct reader *reader, const char *key, void *target)
{
    struct spec_union *spec_union = target;

    text_read(reader, key, &spec_union->by);
}

static void union_cases_read(struct reader *reader, const char *key,
                             void *target)
{
    struct spec_union *spec_union = target;

    pairs_read(reader, key,
               "a mapping from constants, as in {KIND_CALL: function}",
               &spec_union->cases, &spec_union->n_cases);
    for (size_t i = 0; i < spec_union->n_cases; i++) {
        spec_union->cases[i].type =
            constant_add(reader, spec_union->cases[i].name);
    }
}

static const struct key union_keys[] = {
    {"by", union_by_read}, {"members", union_cases_read}, {NULL, NULL}};

static void union_read(struct reader *reader, struct spec_text name,
                       void *target)
{
    struct spec_type *record = target;
    struct spec_union *added =
        ARENA_APPEND(reader_arena(reader), record->unions, record->n_unions);

    added->name = name;
    mapping_read(reader,
                 arena_printf(reader_arena(reader), "union '%s'", name.text),
                 union_keys, added);
    if (added->by.text != NULL) {
        return;
    }
    record->n_unions--;
    if (!reader_is_broken(reader)) {
        diag_error(reader_diag(reader), name.where, "spec-union",
                   "'%s' needs 'by', the member that tells which of the union "
                   "is in use, as in '{by: kind, members: {KIND_CALL: "
                   "function}}'",
                   name.text);
    }
}

static void unions_read(struct reader *reader, const char *key, void *target)
{
    names_read(reader, key, "a mapping from members that are unions", target,
               union_read);
}

static void record_lengths_read(struct reader *reader, const char *key,
                                void *target)
{
    struct spec_type *record = target;

    lengths_read(reader, key, &record->lengths, &record->n_lengths);
}

static void single_read(struct reader *reader, const char *key, void *target)
{
    struct spec_type *record = target;

    choice_read(reader, key, &record->single, "true", "false");
}

static void stubs_read(struct reader *reader, const char *key, void *target)
{
    struct spec_type *record = target;

    choice_read(reader, key, &record->stubs, "true", "false");
}

static const struct key type_keys[] = {
    {"by", by_read},           {"callbacks", record_callbacks_read},
    {"chain", chain_read},     {"filled_by", filled_by_read},
    {"follow", follow_read},   {"length", record_lengths_read},
    {"opaque", opaque_read},   {"single", single_read},
    {"structs", structs_read}, {"stubs", stubs_read},
    {"unions", unions_read},   {NULL, NULL},
};

/* Whether it says anything of a chain, or nothing at all. */
static bool type_needs_chain(const struct spec_type *type)
{
    return type->chain.text != NULL || type->by.text != NULL ||
           type->n_links > 0 ||
           (type->n_callbacks == 0 && type->n_follow == 0 &&
            type->n_filled_by == 0 && type->n_unions == 0 &&
            type->n_lengths == 0 && type->single.text == NULL &&
            type->opaque.text == NULL && type->stubs.text == NULL);
}

static void type_read(struct reader *reader, struct spec_text name,
                      void *target)
{
    const struct spec_text no_text = {0}; /* plan_chain.c asks by name */
    struct spec *spec = target;
    struct spec_type type = {.name = name};

    mapping_read(reader,
                 arena_printf(reader_arena(reader), "type '%s'", name.text),
                 type_keys, &type);
    if (type_needs_chain(&type) &&
        (type.chain.text == NULL || type.by.text == NULL ||
         type.n_links == 0)) {
        diag_error(reader_diag(reader), name.where, "spec-chain",
                   "'%s' has no chain: tell with 'chain' which member points "
                   "on, with 'by' which one tells what a struct is, and the "
                   "'structs'",
                   name.text);
        return;
    }
    type.c_type = type_add(reader, type.chain.text == NULL ? name : no_text);
    *ARENA_APPEND(reader_arena(reader), spec->types, spec->n_types) = type;
}

void spec_types_read(struct reader *reader, const char *key, void *target)
{
    names_read(reader, key, "a mapping from type names", target, type_read);
}
