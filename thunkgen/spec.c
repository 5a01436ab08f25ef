/* SPDX-License-Identifier: MIT */
#include "spec_reader.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct reader {
    struct arena *arena;
    struct diag *diag;
    struct spec *spec;
    yaml_parser_t parser;
    yaml_event_t event; /* the present one */
    bool has_event;
    bool is_broken; /* no YAML: nothing more can be read */
};

static struct location place(const struct reader *reader, yaml_mark_t mark)
{
    struct location where = {reader->spec->path, (unsigned)mark.line + 1,
                             (unsigned)mark.column + 1};

    return where;
}

static struct location here(const struct reader *reader)
{
    return place(reader, reader->event.start_mark);
}

/* Where libyaml stumbled. Of bytes that are no text it tells only the offset.
 */
static struct location problem_place(const struct reader *reader)
{
    struct location where = place(reader, reader->parser.problem_mark);
    FILE *file;

    if (reader->parser.error != YAML_READER_ERROR) {
        return where;
    }
    file = fopen(reader->spec->path, "rbe");
    for (size_t i = 0; file != NULL && i < reader->parser.problem_offset; i++) {
        where.column++;
        if (fgetc(file) == '\n') {
            where.line++;
            where.column = 1;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return where;
}

struct arena *reader_arena(const struct reader *reader)
{
    return reader->arena;
}

struct diag *reader_diag(const struct reader *reader)
{
    return reader->diag;
}

struct location reader_here(const struct reader *reader)
{
    return here(reader);
}

bool reader_is_broken(const struct reader *reader)
{
    return reader->is_broken;
}

bool reader_is_at_list(const struct reader *reader)
{
    return reader->event.type == YAML_SEQUENCE_START_EVENT;
}

static void event_next(struct reader *reader)
{
    if (reader->has_event) {
        yaml_event_delete(&reader->event);
        reader->has_event = false;
    }
    if (reader->is_broken ||
        !yaml_parser_parse(&reader->parser, &reader->event)) {
        if (!reader->is_broken) {
            diag_error(reader->diag, problem_place(reader), "spec-yaml",
                       "%s: correct the YAML from here on",
                       reader->parser.problem == NULL ? "not readable as YAML"
                                                      : reader->parser.problem);
            if (reader->parser.context != NULL) {
                diag_note(reader->diag,
                          place(reader, reader->parser.context_mark), "%s",
                          reader->parser.context);
            }
        }
        reader->is_broken = true;
        /* Everything that waits for an end sees one. */
        memset(&reader->event, 0, sizeof(reader->event));
        reader->event.type = YAML_STREAM_END_EVENT;
        return;
    }
    reader->has_event = true;
}

static bool event_ends(const struct reader *reader)
{
    return reader->event.type == YAML_MAPPING_END_EVENT ||
           reader->event.type == YAML_SEQUENCE_END_EVENT ||
           reader->event.type == YAML_STREAM_END_EVENT;
}

/* Goes on to the last event of the present value. */
static void value_skip(struct reader *reader)
{
    int depth = 0;

    for (;;) {
        switch (reader->event.type) {
        case YAML_MAPPING_START_EVENT:
        case YAML_SEQUENCE_START_EVENT:
            depth++;
            break;
        case YAML_MAPPING_END_EVENT:
        case YAML_SEQUENCE_END_EVENT:
            depth--;
            break;
        case YAML_STREAM_END_EVENT:
            return;
        default:
            break;
        }
        if (depth <= 0) {
            return;
        }
        event_next(reader);
    }
}

static const char *value_kind(const struct reader *reader)
{
    switch (reader->event.type) {
    case YAML_SCALAR_EVENT:
        return reader->event.data.scalar.length == 0 ? "nothing" : "a text";
    case YAML_MAPPING_START_EVENT:
        return "a mapping";
    case YAML_SEQUENCE_START_EVENT:
        return "a list";
    case YAML_ALIAS_EVENT:
        return "an alias";
    default:
        return "nothing";
    }
}

static void type_error(struct reader *reader, const char *key,
                       const char *wanted)
{
    const char *quote =
        strchr(key, ' ') == NULL ? "'" : ""; /* a key, or words */

    if (!reader->is_broken) {
        diag_error(reader->diag, here(reader), "spec-type",
                   "%s%s%s takes %s, not %s", quote, key, quote, wanted,
                   value_kind(reader));
    }
    value_skip(reader);
}

void text_read(struct reader *reader, const char *key, void *target)
{
    struct spec_text *text = target;

    if (reader->event.type != YAML_SCALAR_EVENT ||
        reader->event.data.scalar.length == 0) {
        type_error(reader, key, "a text");
        return;
    }
    text->where = here(reader);
    text->text = arena_strdup(reader->arena,
                              (const char *)reader->event.data.scalar.value);
    if (strlen(text->text) != reader->event.data.scalar.length) {
        diag_error(reader->diag, text->where, "spec-type",
                   "'%s' has a NUL byte in its text", key);
    }
}

void list_read(struct reader *reader, const char *key, struct spec_text **items,
               size_t *n_items)
{
    if (reader->event.type != YAML_SEQUENCE_START_EVENT) {
        type_error(reader, key, "a list of texts, as in [one, two]");
        return;
    }
    for (event_next(reader); !event_ends(reader); event_next(reader)) {
        text_read(reader, key, ARENA_APPEND(reader->arena, *items, *n_items));
    }
}

static const char *keys_describe(struct reader *reader, const struct key *keys)
{
    const char *text = "";

    for (; keys->name != NULL; keys++) {
        text = arena_printf(reader->arena, "%s%s'%s'", text,
                            text[0] == '\0' ? "" : ", ", keys->name);
    }
    return text;
}

void mapping_read(struct reader *reader, const char *of, const struct key *keys,
                  void *target)
{
    struct spec_text *seen = NULL;
    size_t n_seen = 0;

    if (reader->event.type != YAML_MAPPING_START_EVENT) {
        type_error(reader, of, "a mapping, as in {key: value}");
        return;
    }
    for (event_next(reader); !event_ends(reader); event_next(reader)) {
        const struct key *key = keys;
        struct spec_text name = {0};

        text_read(reader, "a key", &name);
        event_next(reader);
        if (name.text == NULL) {
            value_skip(reader);
            continue;
        }
        for (size_t i = 0; i < n_seen; i++) {
            if (strcmp(seen[i].text, name.text) == 0) {
                diag_error(reader->diag, name.where, "spec-duplicate",
                           "'%s' is given twice: keep one", name.text);
                diag_note(reader->diag, seen[i].where, "first given here");
            }
        }
        *ARENA_APPEND(reader->arena, seen, n_seen) = name;
        while (key->name != NULL && strcmp(key->name, name.text) != 0) {
            key++;
        }
        if (key->name == NULL) {
            diag_error(reader->diag, name.where, "spec-key",
                       "'%s' is no key of %s: it takes %s", name.text, of,
                       keys_describe(reader, keys));
            value_skip(reader);
            continue;
        }
        key->read(reader, key->name, target);
    }
}

/* A text that must be one of two. */
static void choice_read(struct reader *reader, const char *key,
                        struct spec_text *text, const char *one,
                        const char *other)
{
    text_read(reader, key, text);
    if (text->text != NULL && strcmp(text->text, one) != 0 &&
        strcmp(text->text, other) != 0) {
        diag_error(reader->diag, text->where, "spec-value",
                   "'%s' is '%s' or '%s', not '%s'", key, one, other,
                   text->text);
    }
}

static void door_read(struct reader *reader, const char *key, void *target)
{
    struct spec_function *function = target;

    choice_read(reader, key, &function->door, "fast", "syscall");
}

static void leaf_read(struct reader *reader, const char *key, void *target)
{
    struct spec_function *function = target;

    choice_read(reader, key, &function->leaf, "true", "false");
}

static void frees_read(struct reader *reader, const char *key, void *target)
{
    struct spec_function *function = target;

    function->has_frees = true;
    list_read(reader, key, &function->frees, &function->n_frees);
}

static void out_read(struct reader *reader, const char *key, void *target)
{
    struct spec_function *function = target;

    list_read(reader, key, &function->out, &function->n_out);
}

static void in_read(struct reader *reader, const char *key, void *target)
{
    struct spec_function *function = target;

    list_read(reader, key, &function->in, &function->n_in);
}

static void inout_read(struct reader *reader, const char *key, void *target)
{
    struct spec_function *function = target;

    list_read(reader, key, &function->inout, &function->n_inout);
}

static void handles_read(struct reader *reader, const char *key,
                         struct spec_handle **handles, size_t *n_handles)
{
    if (reader->event.type != YAML_MAPPING_START_EVENT) {
        type_error(reader, key, "a mapping, as in {Display *: x11_display}");
        return;
    }
    for (event_next(reader); !event_ends(reader); event_next(reader)) {
        struct spec_handle handle = {0};

        text_read(reader, "a handle", &handle.of);
        event_next(reader);
        text_read(reader, key, &handle.name);
        if (handle.of.text == NULL || handle.name.text == NULL) {
            continue;
        }
        for (size_t i = 0; i < *n_handles; i++) {
            if (strcmp((*handles)[i].of.text, handle.of.text) == 0) {
                diag_error(reader->diag, handle.of.where, "spec-duplicate",
                           "'%s' is given twice: keep one", handle.of.text);
                diag_note(reader->diag, (*handles)[i].of.where,
                          "first given here");
            }
        }
        *ARENA_APPEND(reader->arena, *handles, *n_handles) = handle;
    }
}

static void parameter_handles_read(struct reader *reader, const char *key,
                                   void *target)
{
    struct spec_function *function = target;

    handles_read(reader, key, &function->handles, &function->n_handles);
}

static void before_read(struct reader *reader, const char *key, void *target)
{
    struct spec_function *function = target;

    text_read(reader, key, &function->before);
}

static void after_read(struct reader *reader, const char *key, void *target)
{
    struct spec_function *function = target;

    text_read(reader, key, &function->after);
}

static void format_read(struct reader *reader, const char *key, void *target)
{
    struct spec_function *function = target;

    text_read(reader, key, &function->format);
}

/* A text that becomes a line of C, so that the headers can tell what it means.
 */
static size_t c_text_add(struct reader *reader, struct spec_text **texts,
                         size_t *n_texts, struct spec_text text)
{
    if (text.text != NULL && strpbrk(text.text, ";{}#\\\"\n\r") != NULL) {
        diag_error(reader->diag, text.where, "spec-c",
                   "'%s' is neither one C type nor one constant: write it as "
                   "C does, as in 'void (*)(void *)'",
                   text.text);
        text.text = NULL;
    }
    *ARENA_APPEND(reader->arena, *texts, *n_texts) = text;
    return *n_texts - 1;
}

size_t type_add(struct reader *reader, struct spec_text text)
{
    return c_text_add(reader, &reader->spec->c_types, &reader->spec->n_c_types,
                      text);
}

size_t constant_add(struct reader *reader, struct spec_text text)
{
    return c_text_add(reader, &reader->spec->constants,
                      &reader->spec->n_constants, text);
}

/* A mapping whose keys are the author's: calls `read` for each with the event
 * on its value. */
void names_read(struct reader *reader, const char *key, const char *wanted,
                void *target,
                void (*read)(struct reader *reader, struct spec_text name,
                             void *target))
{
    struct spec_text *seen = NULL;
    size_t n_seen = 0;

    if (reader->event.type != YAML_MAPPING_START_EVENT) {
        type_error(reader, key, wanted);
        return;
    }
    for (event_next(reader); !event_ends(reader); event_next(reader)) {
        struct spec_text name = {0};

        text_read(reader, "a key", &name);
        event_next(reader);
        if (name.text == NULL) {
            value_skip(reader);
            continue;
        }
        for (size_t i = 0; i < n_seen; i++) {
            if (strcmp(seen[i].text, name.text) == 0) {
                diag_error(reader->diag, name.where, "spec-duplicate",
                           "'%s' is given twice: keep one", name.text);
                diag_note(reader->diag, seen[i].where, "first given here");
            }
        }
        *ARENA_APPEND(reader->arena, seen, n_seen) = name;
        read(reader, name, target);
    }
}

struct pairs {
    struct spec_pair **items;
    size_t *n_items;
};

static void pair_read(struct reader *reader, struct spec_text name,
                      void *target)
{
    struct pairs *pairs = target;
    struct spec_pair *pair =
        ARENA_APPEND(reader->arena, *pairs->items, *pairs->n_items);

    pair->name = name;
    text_read(reader, name.text, &pair->value);
    if (pair->value.text == NULL) {
        (*pairs->n_items)--;
    }
}

static void lengths_read(struct reader *reader, const char *key,
                         struct spec_pair **items, size_t *n_items)
{
    struct pairs pairs = {items, n_items};

    names_read(reader, key, "a mapping to numbers of elements, as in {buf: n}",
               &pairs, pair_read);
}

static void function_lengths_read(struct reader *reader, const char *key,
                                  void *target)
{
    struct spec_function *function = target;

    lengths_read(reader, key, &function->lengths, &function->n_lengths);
}

static void callbacks_read(struct reader *reader, const char *key,
                           struct spec_pair **items, size_t *n_items)
{
    struct pairs pairs = {items, n_items};

    names_read(reader, key, "a mapping to C types, as in {context: free_fn}",
               &pairs, pair_read);
    for (size_t i = 0; i < *n_items; i++) {
        (*items)[i].type = type_add(reader, (*items)[i].value);
    }
}

static void function_callbacks_read(struct reader *reader, const char *key,
                                    void *target)
{
    struct spec_function *function = target;

    callbacks_read(reader, key, &function->callbacks, &function->n_callbacks);
}

static void conversions_read(struct reader *reader, const char *key,
                             void *target)
{
    struct spec_function *function = target;
    struct pairs pairs = {&function->conversions, &function->n_conversions};

    names_read(reader, key, "a mapping from letters, as in {q: pointer}",
               &pairs, pair_read);
    for (size_t i = 0; i < function->n_conversions; i++) {
        const struct spec_pair *pair = &function->conversions[i];

        if (!isalpha((unsigned char)pair->name.text[0]) ||
            pair->name.text[1] != '\0') {
            diag_error(reader->diag, pair->name.where, "spec-conversion",
                       "'%s' is no letter of a conversion: write one, as 'q' "
                       "for '%%q'",
                       pair->name.text);
        }
        if (strcmp(pair->value.text, "int") != 0 &&
            strcmp(pair->value.text, "long") != 0 &&
            strcmp(pair->value.text, "double") != 0 &&
            strcmp(pair->value.text, "pointer") != 0) {
            diag_error(reader->diag, pair->value.where, "spec-conversion",
                       "a conversion takes 'int', 'long', 'double' or "
                       "'pointer', not '%s'",
                       pair->value.text);
        }
    }
}

static void procedure_read(struct reader *reader, const char *key, void *target)
{
    struct spec_function *function = target;

    text_read(reader, key, &function->procedure);
}

static const struct key function_keys[] = {
    {"after", after_read},
    {"before", before_read},
    {"callbacks", function_callbacks_read},
    {"caller_frees", frees_read},
    {"conversions", conversions_read},
    {"door", door_read},
    {"handles", parameter_handles_read},
    {"in", in_read},
    {"inout", inout_read},
    {"leaf", leaf_read},
    {"length", function_lengths_read},
    {"out", out_read},
    {"printf", format_read},
    {"procedure", procedure_read},
    {"scanf", scan_read},
    {"variadic", variadic_read},
    {NULL, NULL},
};

static const struct key callback_keys[] = {
    {"in", in_read},   {"inout", inout_read}, {"length", function_lengths_read},
    {"out", out_read}, {NULL, NULL},
};

static void callback_type_read(struct reader *reader, struct spec_text name,
                               void *target)
{
    struct spec *spec = target;
    struct spec_function *callback =
        ARENA_APPEND(reader->arena, spec->callbacks, spec->n_callbacks);

    callback->name = name;
    mapping_read(reader,
                 arena_printf(reader->arena, "callback '%s'", name.text),
                 callback_keys, callback);
}

static void callback_types_read(struct reader *reader, const char *key,
                                void *target)
{
    names_read(reader, key, "a mapping from callback types", target,
               callback_type_read);
}

static void data_read(struct reader *reader, const char *key, void *target)
{
    struct spec *spec = target;

    if (reader->event.type != YAML_MAPPING_START_EVENT) {
        type_error(reader, key, "a mapping from names of variables");
        return;
    }
    for (event_next(reader); !event_ends(reader); event_next(reader)) {
        struct spec_datum datum = {0};

        text_read(reader, "the name of a variable", &datum.name);
        event_next(reader);
        if (datum.name.text == NULL) {
            value_skip(reader);
            continue;
        }
        choice_read(reader, datum.name.text, &datum.copy, "both", "start");
        if (spec_datum_find(spec, datum.name.text) != NULL) {
            diag_error(reader->diag, datum.name.where, "spec-duplicate",
                       "'%s' is given twice: keep one", datum.name.text);
        } else if (datum.copy.text != NULL) {
            *ARENA_APPEND(reader->arena, spec->data, spec->n_data) = datum;
        }
    }
}

/* Parameters are a function's own. */
static void pattern_check(struct reader *reader,
                          const struct spec_function *function)
{
    const struct spec_text *name = &function->name;

    if (spec_is_pattern(name->text) &&
        (function->n_in > 0 || function->n_out > 0 || function->n_inout > 0 ||
         function->n_lengths > 0 || function->n_callbacks > 0 ||
         function->n_conversions > 0 || function->variadic.key.text != NULL ||
         function->format.text != NULL || function->scan.text != NULL ||
         function->procedure.text != NULL || function->n_handles > 0 ||
         function->before.text != NULL || function->after.text != NULL)) {
        diag_error(reader->diag, name->where, "spec-pattern",
                   "'%s' is a pattern, for which 'door', 'leaf' and "
                   "'caller_frees' can be told: write the rest for each "
                   "function by its name",
                   name->text);
    }
}

static void functions_read(struct reader *reader, const char *key, void *target)
{
    struct spec *spec = target;

    if (reader->event.type != YAML_MAPPING_START_EVENT) {
        type_error(reader, key, "a mapping from function names");
        return;
    }
    for (event_next(reader); !event_ends(reader); event_next(reader)) {
        struct spec_function function = {0};
        const struct spec_function *before = NULL;

        text_read(reader, "a function name", &function.name);
        event_next(reader);
        if (function.name.text == NULL) {
            value_skip(reader);
            continue;
        }
        before = spec_function_find(spec, function.name.text);
        if (before != NULL) {
            diag_error(reader->diag, function.name.where, "spec-duplicate",
                       "'%s' is given twice: keep one", function.name.text);
            diag_note(reader->diag, before->name.where, "first given here");
        }
        mapping_read(
            reader,
            arena_printf(reader->arena, "function '%s'", function.name.text),
            function_keys, &function);
        pattern_check(reader, &function);
        *ARENA_APPEND(reader->arena, spec->functions, spec->n_functions) =
            function;
    }
}

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

static void structs_read(struct reader *reader, const char *key, void *target)
{
    struct spec_type *type = target;

    if (reader->event.type != YAML_MAPPING_START_EVENT) {
        type_error(reader, key, "a mapping from constants to structs");
        return;
    }
    for (event_next(reader); !event_ends(reader); event_next(reader)) {
        struct spec_link link = {0};

        text_read(reader, "a constant", &link.constant);
        event_next(reader);
        text_read(reader, "a struct", &link.type);
        if (link.constant.text != NULL && link.type.text != NULL) {
            *ARENA_APPEND(reader->arena, type->links, type->n_links) = link;
        }
    }
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
    struct pairs pairs = {&spec_union->cases, &spec_union->n_cases};

    names_read(reader, key,
               "a mapping from constants, as in {KIND_CALL: function}", &pairs,
               pair_read);
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
        ARENA_APPEND(reader->arena, record->unions, record->n_unions);

    added->name = name;
    mapping_read(reader, arena_printf(reader->arena, "union '%s'", name.text),
                 union_keys, added);
    if (!reader->is_broken && added->by.text == NULL) {
        diag_error(reader->diag, name.where, "spec-union",
                   "'%s' needs 'by', the member that tells which of the union "
                   "is in use, as in '{by: kind, members: {KIND_CALL: "
                   "function}}'",
                   name.text);
        record->n_unions--;
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

static const struct key type_keys[] = {
    {"by", by_read},
    {"callbacks", record_callbacks_read},
    {"chain", chain_read},
    {"filled_by", filled_by_read},
    {"follow", follow_read},
    {"length", record_lengths_read},
    {"opaque", opaque_read},
    {"single", single_read},
    {"structs", structs_read},
    {"unions", unions_read},
    {NULL, NULL},
};

/* Whether it says anything of a chain, or nothing at all. */
static bool type_needs_chain(const struct spec_type *type)
{
    return type->chain.text != NULL || type->by.text != NULL ||
           type->n_links > 0 ||
           (type->n_callbacks == 0 && type->n_follow == 0 &&
            type->n_filled_by == 0 && type->n_unions == 0 &&
            type->n_lengths == 0 && type->single.text == NULL &&
            type->opaque.text == NULL);
}

static void types_read(struct reader *reader, const char *key, void *target)
{
    struct spec *spec = target;

    if (reader->event.type != YAML_MAPPING_START_EVENT) {
        type_error(reader, key, "a mapping from type names");
        return;
    }
    for (event_next(reader); !event_ends(reader); event_next(reader)) {
        const struct spec_text no_text = {0}; /* plan_chain.c asks by name */
        struct spec_type type = {0};

        text_read(reader, "a type name", &type.name);
        event_next(reader);
        if (type.name.text == NULL) {
            value_skip(reader);
            continue;
        }
        mapping_read(reader,
                     arena_printf(reader->arena, "type '%s'", type.name.text),
                     type_keys, &type);
        if (type_needs_chain(&type) &&
            (type.chain.text == NULL || type.by.text == NULL ||
             type.n_links == 0)) {
            diag_error(reader->diag, type.name.where, "spec-chain",
                       "'%s' has no chain: tell with 'chain' which member "
                       "points on, with 'by' which one tells what a struct is, "
                       "and the 'structs'",
                       type.name.text);
            continue;
        }
        type.c_type =
            type_add(reader, type.chain.text == NULL ? type.name : no_text);
        *ARENA_APPEND(reader->arena, spec->types, spec->n_types) = type;
    }
}

static void library_read(struct reader *reader, const char *key, void *target)
{
    struct spec *spec = target;
    const char *text;

    text_read(reader, key, &spec->library);
    text = spec->library.text;
    for (size_t i = 0; text != NULL && text[i] != '\0'; i++) {
        if (!isalnum((unsigned char)text[i]) && text[i] != '_' &&
            text[i] != '-') {
            diag_error(reader->diag, spec->library.where, "spec-library",
                       "'%s' names files: write it with letters, digits, '_' "
                       "and '-' alone, as in 'z'",
                       text);
            break;
        }
    }
}

static void soname_read(struct reader *reader, const char *key, void *target)
{
    struct spec *spec = target;

    text_read(reader, key, &spec->soname);
    if (spec->soname.text != NULL && strchr(spec->soname.text, '/') != NULL) {
        diag_error(reader->diag, spec->soname.where, "spec-soname",
                   "'%s' is a path: write the name that programs are linked "
                   "with, as in 'libz.so.1', and give the path with --library",
                   spec->soname.text);
        spec->soname.text = NULL;
    }
}

/* NAME, NAME=VALUE or NAME(PARAMETERS)=VALUE, in one line. */
static bool define_is_good(const char *text)
{
    bool is_good = isalpha((unsigned char)*text) || *text == '_';

    for (; *text != '\0'; text++) {
        is_good &= !iscntrl((unsigned char)*text);
    }
    return is_good;
}

static void defines_read(struct reader *reader, const char *key, void *target)
{
    struct spec *spec = target;

    list_read(reader, key, &spec->defines, &spec->n_defines);
    for (size_t i = 0; i < spec->n_defines; i++) {
        struct spec_text *define = &spec->defines[i];

        if (define->text != NULL && !define_is_good(define->text)) {
            diag_error(reader->diag, define->where, "spec-define",
                       "'%s' defines no macro: write NAME or NAME=VALUE",
                       define->text);
            define->text = NULL;
        }
    }
}

static void omit_read(struct reader *reader, const char *key, void *target)
{
    struct spec *spec = target;

    list_read(reader, key, &spec->omit, &spec->n_omit);
}

static void versions_read(struct reader *reader, const char *key, void *target)
{
    struct spec *spec = target;

    list_read(reader, key, &spec->versions, &spec->n_versions);
}

static void procedures_read(struct reader *reader, const char *key,
                            void *target)
{
    struct spec *spec = target;

    list_read(reader, key, &spec->procedures, &spec->n_procedures);
}

static void library_door_read(struct reader *reader, const char *key,
                              void *target)
{
    struct spec *spec = target;

    choice_read(reader, key, &spec->door, "fast", "syscall");
}

static void threads_read(struct reader *reader, const char *key, void *target)
{
    struct spec *spec = target;

    choice_read(reader, key, &spec->threads, "true", "false");
}

static void undeclared_read(struct reader *reader, const char *key,
                            void *target)
{
    struct spec *spec = target;

    choice_read(reader, key, &spec->undeclared, "omit", "refuse");
}

static void formats_read(struct reader *reader, const char *key, void *target)
{
    struct spec *spec = target;

    if (reader->event.type != YAML_MAPPING_START_EVENT) {
        type_error(reader, key, "a mapping from callback types");
        return;
    }
    for (event_next(reader); !event_ends(reader); event_next(reader)) {
        struct spec_format format = {0};

        text_read(reader, "a callback type", &format.callback);
        event_next(reader);
        text_read(reader, key, &format.parameter);
        if (format.callback.text != NULL && format.parameter.text != NULL) {
            *ARENA_APPEND(reader->arena, spec->formats, spec->n_formats) =
                format;
        }
    }
}

static void heaps_read(struct reader *reader, const char *key, void *target)
{
    struct spec *spec = target;

    choice_read(reader, key, &spec->heaps, "own", "both");
}

static void library_handles_read(struct reader *reader, const char *key,
                                 void *target)
{
    struct spec *spec = target;

    handles_read(reader, key, &spec->handles, &spec->n_handles);
}

static void start_read(struct reader *reader, const char *key, void *target)
{
    struct spec *spec = target;

    text_read(reader, key, &spec->start);
}

static const struct key spec_keys[] = {

    {"library", library_read},
    {"soname", soname_read},
    {"defines", defines_read},
    {"door", library_door_read},
    {"threads", threads_read},
    {"start", start_read},
    {"omit", omit_read},
    {"handles", library_handles_read},
    {"data", data_read},
    {"functions", functions_read},
    {"printf", formats_read},
    {"procedures", procedures_read},
    {"types", types_read},
    {"callbacks", callback_types_read},
    {"undeclared", undeclared_read},
    {"heaps", heaps_read},
    {"versions", versions_read},
    {NULL, NULL},
};

static void document_read(struct reader *reader)
{
    struct location start = {reader->spec->path, 1, 1};

    do { /* stream start, document start */
        event_next(reader);
    } while (reader->event.type == YAML_STREAM_START_EVENT ||
             reader->event.type == YAML_DOCUMENT_START_EVENT);
    if (!reader->is_broken) {
        mapping_read(reader, "a spec", spec_keys, reader->spec);
    }
    if (!reader->is_broken && reader->spec->library.text == NULL) {
        diag_error(reader->diag, start, "spec-library",
                   "the spec does not name its library: add a line such as "
                   "'library: z'");
    }
    while (!reader->is_broken && reader->event.type != YAML_STREAM_END_EVENT) {
        if (reader->event.type == YAML_DOCUMENT_START_EVENT) {
            diag_error(reader->diag, here(reader), "spec-yaml",
                       "a second document: write one spec to a file");
        }
        event_next(reader);
    }
}

void spec_read(struct arena *arena, struct diag *diag, const char *path,
               struct spec *spec)
{
    struct reader reader = {.arena = arena, .diag = diag, .spec = spec};
    FILE *file = fopen(path, "rbe");

    spec->path = path;
    /* A folder can be opened, but not read. */
    if (file == NULL || (ungetc(fgetc(file), file) == EOF && ferror(file))) {
        struct location where = {path, 1, 1};

        diag_error(diag, where, "spec-unreadable", "%s: name a readable spec",
                   strerror(errno));
        if (file != NULL) {
            fclose(file);
        }
        return;
    }
    if (!yaml_parser_initialize(&reader.parser)) {
        fputs("thunkgen: out of memory\n", stderr);
        exit(3);
    }
    yaml_parser_set_input_file(&reader.parser, file);
    document_read(&reader);
    if (reader.has_event) {
        yaml_event_delete(&reader.event);
    }
    yaml_parser_delete(&reader.parser);
    fclose(file);
}

const struct spec_function *spec_function_find(const struct spec *spec,
                                               const char *name)
{
    for (size_t i = 0; i < spec->n_functions; i++) {
        if (strcmp(spec->functions[i].name.text, name) == 0) {
            return &spec->functions[i];
        }
    }
    return NULL;
}

const struct spec_function *spec_callback_find(const struct spec *spec,
                                               const char *name)
{
    for (size_t i = 0; i < spec->n_callbacks; i++) {
        if (strcmp(spec->callbacks[i].name.text, name) == 0) {
            return &spec->callbacks[i];
        }
    }
    return NULL;
}

const struct spec_text *spec_datum_find(const struct spec *spec,
                                        const char *name)
{
    for (size_t i = 0; i < spec->n_data; i++) {
        if (strcmp(spec->data[i].name.text, name) == 0) {
            return &spec->data[i].copy;
        }
    }
    return NULL;
}

const struct spec_format *spec_format_find(const struct spec *spec,
                                           const char *callback)
{
    for (size_t i = 0; i < spec->n_formats; i++) {
        if (strcmp(spec->formats[i].callback.text, callback) == 0) {
            return &spec->formats[i];
        }
    }
    return NULL;
}

bool spec_is_pattern(const char *name)
{
    return strpbrk(name, "*?[") != NULL;
}

const struct spec_function *spec_function_match(const struct spec *spec,
                                                const char *name)
{
    for (size_t i = 0; i < spec->n_functions; i++) {
        const char *pattern = spec->functions[i].name.text;

        if (spec_is_pattern(pattern) && fnmatch(pattern, name, 0) == 0) {
            return &spec->functions[i];
        }
    }
    return NULL;
}

bool spec_door_is_fast(const struct spec_text *door)
{
    return door->text != NULL && strcmp(door->text, "fast") == 0;
}

bool spec_is_true(const struct spec_text *text)
{
    return text->text != NULL && strcmp(text->text, "true") == 0;
}

bool spec_text_matches(const struct spec_text *pattern, const char *name)
{
    return pattern->text != NULL && fnmatch(pattern->text, name, 0) == 0;
}

bool spec_names_procedure(const struct spec *spec, const char *name)
{
    for (size_t i = 0; i < spec->n_procedures; i++) {
        if (spec_text_matches(&spec->procedures[i], name)) {
            return true;
        }
    }
    return false;
}

const struct spec_text *spec_omission_find(const struct spec *spec,
                                           const char *name)
{
    for (size_t i = 0; i < spec->n_omit; i++) {
        if (spec_text_matches(&spec->omit[i], name)) {
            return &spec->omit[i];
        }
    }
    return NULL;
}

bool spec_omits(const struct spec *spec, const char *name)
{
    return spec_omission_find(spec, name) != NULL;
}

bool spec_omits_undeclared(const struct spec *spec)
{
    return spec->undeclared.text != NULL &&
           strcmp(spec->undeclared.text, "omit") == 0;
}
