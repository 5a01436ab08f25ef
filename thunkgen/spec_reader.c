/* SPDX-License-Identifier: MIT */
#include "spec_reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* What an anchor names: events from `start` up to `end`, 0 before that is
 * reached. */
struct anchor {
    const char *name;
    size_t start, end;
};

/* Aliases of aliases may make a small file a large one. */
enum { N_COPIED_MAX = 100000 };

struct reader {
    struct arena *arena;
    struct diag *diag;
    struct spec *spec;
    yaml_parser_t parser;
    yaml_event_t **parsed; /* as they stand in the file */
    size_t n_parsed;
    const yaml_event_t *
        *events; /* with those in place that aliases stand for */
    size_t n_events;
    struct anchor *anchors;
    size_t n_anchors;
    size_t *open; /* starts of mappings and lists that have not ended */
    size_t n_open;
    size_t n_copied;
    size_t next;
    const yaml_event_t *event; /* the present one */
    bool is_broken;            /* no YAML: nothing more can be read */
};

static struct location place(const struct reader *reader, yaml_mark_t mark)
{
    struct location where = {reader->spec->path, (unsigned)mark.line + 1,
                             (unsigned)mark.column + 1};

    return where;
}

static struct location here(const struct reader *reader)
{
    return place(reader, reader->event->start_mark);
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

bool reader_is_broken(const struct reader *reader)
{
    return reader->is_broken;
}

struct location reader_here(const struct reader *reader)
{
    return here(reader);
}

bool reader_is_at_list(const struct reader *reader)
{
    return reader->event->type == YAML_SEQUENCE_START_EVENT;
}

static void anchor_add(struct reader *reader, const yaml_char_t *name)
{
    if (name != NULL) {
        *ARENA_APPEND(reader->arena, reader->anchors, reader->n_anchors) =
            (struct anchor){.name = (const char *)name,
                            .start = reader->n_events};
    }
}

/* The last event of the value that begins at `start` has been added. */
static void anchor_close(struct reader *reader, size_t start)
{
    for (size_t i = reader->n_anchors; i-- > 0;) {
        if (reader->anchors[i].start == start && reader->anchors[i].end == 0) {
            reader->anchors[i].end = reader->n_events;
        }
    }
}

/* The last of a name counts (YAML 1.1, 7.1). One that is inside the value
 * itself would have no end. */
static const struct anchor *anchor_find(const struct reader *reader,
                                        const yaml_char_t *name)
{
    for (size_t i = reader->n_anchors; i-- > 0;) {
        const struct anchor *anchor = &reader->anchors[i];

        if (strcmp(anchor->name, (const char *)name) == 0) {
            return anchor->end > 0 ? anchor : NULL;
        }
    }
    return NULL;
}

/* Puts in place what an alias stands for; without that it stays an alias. */
static void alias_add(struct reader *reader, const yaml_event_t *event)
{
    const char *name = (const char *)event->data.alias.anchor;
    const struct anchor *anchor = anchor_find(reader, event->data.alias.anchor);
    struct location where = place(reader, event->start_mark);
    size_t start, end;

    if (anchor == NULL) {
        diag_error(reader->diag, where, "spec-alias",
                   "there is no value '&%s' that ends before: write it there, "
                   "or the value here",
                   name);
    } else if (reader->n_copied + anchor->end - anchor->start > N_COPIED_MAX) {
        diag_error(reader->diag, where, "spec-alias",
                   "with '*%s', aliases stand for more than %d words: write "
                   "what is meant",
                   name, N_COPIED_MAX);
        anchor = NULL;
    }
    if (anchor == NULL) {
        *ARENA_APPEND(reader->arena, reader->events, reader->n_events) = event;
        return;
    }
    start = anchor->start;
    end = anchor->end;
    reader->n_copied += end - start;
    for (size_t i = start; i < end; i++) {
        const yaml_event_t *copied = reader->events[i];

        *ARENA_APPEND(reader->arena, reader->events, reader->n_events) = copied;
    }
}

static void event_add(struct reader *reader, const yaml_event_t *event)
{
    size_t start = reader->n_events;

    switch (event->type) {
    case YAML_ALIAS_EVENT:
        alias_add(reader, event);
        return;
    case YAML_SCALAR_EVENT:
        anchor_add(reader, event->data.scalar.anchor);
        break;
    case YAML_MAPPING_START_EVENT:
        anchor_add(reader, event->data.mapping_start.anchor);
        *ARENA_APPEND(reader->arena, reader->open, reader->n_open) = start;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor_add(reader, event->data.sequence_start.anchor);
        *ARENA_APPEND(reader->arena, reader->open, reader->n_open) = start;
        break;
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        start = reader->open[--reader->n_open];
        break;
    default:
        break;
    }
    *ARENA_APPEND(reader->arena, reader->events, reader->n_events) = event;
    if (event->type != YAML_MAPPING_START_EVENT &&
        event->type != YAML_SEQUENCE_START_EVENT) {
        anchor_close(reader, start);
    }
}

/* Up to the end, or to where it is no YAML, which is told when one gets there.
 */
static void events_read(struct reader *reader)
{
    for (;;) {
        yaml_event_t *event = arena_alloc(reader->arena, sizeof(*event));

        if (!yaml_parser_parse(&reader->parser, event)) {
            return;
        }
        *ARENA_APPEND(reader->arena, reader->parsed, reader->n_parsed) = event;
        event_add(reader, event);
        if (event->type == YAML_STREAM_END_EVENT) {
            return;
        }
    }
}

static void event_next(struct reader *reader)
{
    /* Everything that waits for an end sees one. */
    static const yaml_event_t end = {.type = YAML_STREAM_END_EVENT};

    if (reader->next < reader->n_events) {
        reader->event = reader->events[reader->next++];
        return;
    }
    reader->event = &end;
    if (!reader->is_broken) {
        reader->is_broken = true;
        diag_error(reader->diag, problem_place(reader), "spec-yaml",
                   "%s: correct the YAML from here on",
                   reader->parser.problem == NULL ? "not readable as YAML"
                                                  : reader->parser.problem);
        if (reader->parser.context != NULL) {
            diag_note(reader->diag, place(reader, reader->parser.context_mark),
                      "%s", reader->parser.context);
        }
    }
}

static bool event_ends(const struct reader *reader)
{
    return reader->event->type == YAML_MAPPING_END_EVENT ||
           reader->event->type == YAML_SEQUENCE_END_EVENT ||
           reader->event->type == YAML_STREAM_END_EVENT;
}

/* Goes on to the last event of the present value. */
static void value_skip(struct reader *reader)
{
    int depth = 0;

    for (;;) {
        switch (reader->event->type) {
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
    switch (reader->event->type) {
    case YAML_SCALAR_EVENT:
        return reader->event->data.scalar.length == 0 ? "nothing" : "a text";
    case YAML_MAPPING_START_EVENT:
        return "a mapping";
    case YAML_SEQUENCE_START_EVENT:
        return "a list";
    default:
        return "nothing";
    }
}

static void type_error(struct reader *reader, const char *key,
                       const char *wanted)
{
    const char *quote =
        strchr(key, ' ') == NULL ? "'" : ""; /* a key, or words */

    /* Of an alias that stands for nothing it has been told. */
    if (!reader->is_broken && reader->event->type != YAML_ALIAS_EVENT) {
        diag_error(reader->diag, here(reader), "spec-type",
                   "%s%s%s takes %s, not %s", quote, key, quote, wanted,
                   value_kind(reader));
    }
    value_skip(reader);
}

void text_read(struct reader *reader, const char *key, void *target)
{
    struct spec_text *text = target;

    if (reader->event->type != YAML_SCALAR_EVENT ||
        reader->event->data.scalar.length == 0) {
        type_error(reader, key, "a text");
        return;
    }
    text->where = here(reader);
    text->text = arena_strdup(reader->arena,
                              (const char *)reader->event->data.scalar.value);
    if (strlen(text->text) != reader->event->data.scalar.length) {
        diag_error(reader->diag, text->where, "spec-type",
                   "'%s' has a NUL byte in its text", key);
    }
}

void list_read(struct reader *reader, const char *key, struct spec_text **items,
               size_t *n_items)
{
    if (reader->event->type != YAML_SEQUENCE_START_EVENT) {
        type_error(reader, key, "a list of texts, as in [one, two]");
        return;
    }
    for (event_next(reader); !event_ends(reader); event_next(reader)) {
        text_read(reader, key, ARENA_APPEND(reader->arena, *items, *n_items));
    }
}

void choice_read(struct reader *reader, const char *key, struct spec_text *text,
                 const char *one, const char *other)
{
    const char *const choices[] = {one, other, NULL};

    choices_read(reader, key, text, choices);
}

void choices_read(struct reader *reader, const char *key,
                  struct spec_text *text, const char *const *choices)
{
    struct arena_text all = {0};

    text_read(reader, key, text);
    for (size_t i = 0; choices[i] != NULL; i++) {
        if (text->text == NULL || strcmp(text->text, choices[i]) == 0) {
            return;
        }
        arena_text_add(reader->arena, &all, "%s'%s'",
                       i == 0                   ? ""
                       : choices[i + 1] != NULL ? ", "
                                                : " or ",
                       choices[i]);
    }
    diag_error(reader->diag, text->where, "spec-value", "'%s' is %s, not '%s'",
               key, arena_text_get(&all), text->text);
}

void names_read(struct reader *reader, const char *key, const char *wanted,
                void *target,
                void (*read)(struct reader *reader, struct spec_text name,
                             void *target))
{
    struct spec_text *seen = NULL;
    size_t n_seen = 0;

    if (reader->event->type != YAML_MAPPING_START_EVENT) {
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

static const char *keys_describe(struct reader *reader, const struct key *keys)
{
    const char *text = "";

    for (; keys->name != NULL && keys->read != NULL; keys++) {
        text = arena_printf(reader->arena, "%s%s'%s'", text,
                            text[0] == '\0' ? "" : ", ", keys->name);
    }
    return text;
}

/* A mapping whose keys are listed. */
struct keyed {
    const char *of;
    const struct key *keys;
    void *target;
};

static void key_read(struct reader *reader, struct spec_text name, void *target)
{
    const struct keyed *keyed = target;
    const struct key *key = keyed->keys;

    while (key->name != NULL && strcmp(key->name, name.text) != 0) {
        key++;
    }
    if (key->name == NULL) {
        diag_error(reader->diag, name.where, "spec-key",
                   "'%s' is no key of %s: it takes %s", name.text, keyed->of,
                   keys_describe(reader, keyed->keys));
        value_skip(reader);
    } else if (key->read == NULL) {
        diag_warning(reader->diag, name.where, "spec-needless",
                     "'%s' need not be told, as program and library have one "
                     "of these: remove it",
                     name.text);
        value_skip(reader);
    } else {
        key->read(reader, key->name, keyed->target);
    }
}

void mapping_read(struct reader *reader, const char *of, const struct key *keys,
                  void *target)
{
    struct keyed keyed = {of, keys, target};

    names_read(reader, of, "a mapping, as in {key: value}", &keyed, key_read);
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

void pairs_read(struct reader *reader, const char *key, const char *wanted,
                struct spec_pair **items, size_t *n_items)
{
    struct pairs pairs = {items, n_items};

    names_read(reader, key, wanted, &pairs, pair_read);
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

static void document_read(struct reader *reader, const struct key *keys)
{
    struct location start = {reader->spec->path, 1, 1};

    do { /* stream start, document start */
        event_next(reader);
    } while (reader->event->type == YAML_STREAM_START_EVENT ||
             reader->event->type == YAML_DOCUMENT_START_EVENT);
    if (!reader->is_broken) {
        mapping_read(reader, "a spec", keys, reader->spec);
    }
    if (!reader->is_broken && reader->spec->library.text == NULL) {
        diag_error(reader->diag, start, "spec-library",
                   "the spec does not name its library: add a line such as "
                   "'library: z'");
    }
    while (!reader->is_broken && reader->event->type != YAML_STREAM_END_EVENT) {
        if (reader->event->type == YAML_DOCUMENT_START_EVENT) {
            diag_error(reader->diag, here(reader), "spec-yaml",
                       "a second document: write one spec to a file");
        }
        event_next(reader);
    }
}

void reader_run(struct arena *arena, struct diag *diag, const char *path,
                const struct key *keys, struct spec *spec)
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
    events_read(&reader);
    document_read(&reader, keys);
    for (size_t i = 0; i < reader.n_parsed; i++) {
        yaml_event_delete(reader.parsed[i]);
    }
    yaml_parser_delete(&reader.parser);
    fclose(file);
}
