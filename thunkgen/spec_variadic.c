/* SPDX-License-Identifier: MIT
 * What a spec says of lists of arguments that are no printf format's. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "spec_reader.h"

void scan_read(struct reader *reader, const char *key, void *target)
{
    struct spec_function *function = target;

    text_read(reader, key, &function->scan);
}

/* One text, or a list of them. */
static void texts_read(struct reader *reader, const char *key,
                       struct spec_text **texts, size_t *n_texts)
{
    if (reader_is_at_list(reader)) {
        list_read(reader, key, texts, n_texts);
    } else {
        text_read(reader, key,
                  ARENA_APPEND(reader_arena(reader), *texts, *n_texts));
    }
}

static void take_check(struct reader *reader, struct spec_text take)
{
    static const char *const kinds[] = {"int", "long", "double", "pointer"};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strcmp(take.text, kinds[i]) == 0) {
            return;
        }
    }
    diag_error(reader_diag(reader), take.where, "spec-conversion",
               "a conversion takes 'int', 'long', 'double' or 'pointer', not "
               "'%s'",
               take.text);
}

/* A letter, and what else tells it from others: letters, digits, '*'. */
static bool is_conversion(const char *text)
{
    if (!isalpha((unsigned char)text[0])) {
        return false;
    }
    while (isalnum((unsigned char)*text) || *text == '*') {
        text++;
    }
    return *text == '\0';
}

static void conversion_read(struct reader *reader, struct spec_text name,
                            void *target)
{
    struct spec_function *function = target;
    struct spec_conversion *added = ARENA_APPEND(
        reader_arena(reader), function->conversions, function->n_conversions);
    struct spec_text *texts = NULL;
    size_t n_texts = 0;

    added->name = name;
    texts_read(reader, name.text, &texts, &n_texts);
    if (!is_conversion(name.text)) {
        diag_error(reader_diag(reader), name.where, "spec-conversion",
                   "'%s' is no conversion: write its letter, as 'q' for '%%q', "
                   "and what else tells it from others, as in 'R*'",
                   name.text);
    }
    for (size_t i = 0; i < n_texts; i++) {
        if (texts[i].text != NULL) { /* else that was told */
            *ARENA_APPEND(reader_arena(reader), added->takes, added->n_takes) =
                texts[i];
            take_check(reader, texts[i]);
        }
    }
}

void conversions_read(struct reader *reader, const char *key, void *target)
{
    names_read(reader, key, "a mapping from letters, as in {q: pointer}",
               target, conversion_read);
}

/* One type, or a list of them. */
static void types_read(struct reader *reader, const char *key,
                       struct spec_case *added)
{
    struct spec_text *texts = NULL;
    size_t n_texts = 0;

    texts_read(reader, key, &texts, &n_texts);
    for (size_t i = 0; i < n_texts; i++) {
        *ARENA_APPEND(reader_arena(reader), added->types, added->n_types) =
            type_add(reader, texts[i]);
    }
}

/* The part of a text at `at`, as a text. */
static struct spec_text text_part(struct reader *reader, struct spec_text text,
                                  const char *at, size_t length)
{
    struct spec_text part = text;

    part.text = arena_printf(reader_arena(reader), "%.*s", (int)length, at);
    part.where.column += (unsigned)(at - text.text);
    return part;
}

/* "TAG", or "FIRST ... LAST". */
static void tag_add(struct reader *reader, struct spec_text name,
                    struct spec_case *added)
{
    static const char dots[] = " ... ";
    const char *range = strstr(name.text, dots);
    struct spec_text first = name;

    added->tag = name;
    if (strcmp(name.text, "default") == 0) {
        return;
    }
    if (range != NULL) {
        const char *last = range + strlen(dots);

        added->tag = first =
            text_part(reader, name, name.text, (size_t)(range - name.text));
        added->last = text_part(reader, name, last, strlen(last));
        added->last_constant = constant_add(reader, added->last);
    }
    added->constant = constant_add(reader, first);
}

static void case_read(struct reader *reader, struct spec_text name,
                      void *target)
{
    struct spec_variadic *variadic = target;
    struct spec_case *added =
        ARENA_APPEND(reader_arena(reader), variadic->cases, variadic->n_cases);

    tag_add(reader, name, added);
    types_read(reader, name.text, added);
}

static void by_read(struct reader *reader, const char *key, void *target)
{
    struct spec_variadic *variadic = target;

    text_read(reader, key, &variadic->by);
}

static void count_read(struct reader *reader, const char *key, void *target)
{
    struct spec_variadic *variadic = target;

    text_read(reader, key, &variadic->count);
}

/* NULL, which is no number to C, is 0 here. */
static void until_read(struct reader *reader, const char *key, void *target)
{
    struct spec_variadic *variadic = target;

    text_read(reader, key, &variadic->until);
    if (variadic->until.text == NULL) {
        return;
    }
    if (strcmp(variadic->until.text, "NULL") == 0) {
        variadic->until.text = "0";
    }
    variadic->until_constant = constant_add(reader, variadic->until);
}

static void first_read(struct reader *reader, const char *key, void *target)
{
    struct spec_variadic *variadic = target;

    text_read(reader, key, &variadic->first);
}

static void each_read(struct reader *reader, const char *key, void *target)
{
    struct spec_variadic *variadic = target;

    variadic->each.tag.text = key;
    variadic->each.tag.where = reader_here(reader);
    types_read(reader, key, &variadic->each);
}

static void cases_read(struct reader *reader, const char *key, void *target)
{
    names_read(reader, key,
               "a mapping from constants, as in {OPTION_SIZE: [long]}", target,
               case_read);
}

static const struct key variadic_keys[] = {
    {"by", by_read},       {"count", count_read}, {"each", each_read},
    {"first", first_read}, {"types", cases_read}, {"until", until_read},
    {NULL, NULL},
};

static bool has_default(const struct spec_variadic *variadic)
{
    for (size_t i = 0; i < variadic->n_cases; i++) {
        if (strcmp(variadic->cases[i].tag.text, "default") == 0) {
            return true;
        }
    }
    return false;
}

static enum spec_variadic_form form_of(const struct spec_variadic *variadic)
{
    bool has_each = variadic->each.n_types > 0;
    bool is_keyed = variadic->n_cases == 0 || has_default(variadic);

    if (variadic->first.text != NULL && variadic->until.text == NULL) {
        return VARIADIC_NONE;
    }
    if (variadic->by.text != NULL) {
        return has_each || variadic->count.text != NULL ||
                       variadic->until.text != NULL || !has_default(variadic)
                   ? VARIADIC_NONE
                   : VARIADIC_BY;
    }
    if (!has_each || !is_keyed ||
        (variadic->count.text != NULL) == (variadic->until.text != NULL)) {
        return VARIADIC_NONE;
    }
    return variadic->count.text != NULL ? VARIADIC_COUNT : VARIADIC_UNTIL;
}

void variadic_read(struct reader *reader, const char *key, void *target)
{
    struct spec_function *function = target;
    struct spec_variadic *variadic = &function->variadic;

    variadic->key.where = reader_here(reader);
    variadic->key.text = key;
    mapping_read(reader, "'variadic'", variadic_keys, variadic);
    variadic->form = form_of(variadic);
    if (!reader_is_broken(reader) && variadic->form == VARIADIC_NONE) {
        diag_error(reader_diag(reader), variadic->key.where, "spec-variadic",
                   "'variadic' is 'by', a parameter, and 'types' with a "
                   "'default', as in '{by: option, types: {OPTION_SIZE: "
                   "[long], default: []}}'; or 'each' and one of 'until', a "
                   "constant, and 'count', a parameter, as in '{each: const "
                   "char *, until: NULL}', with 'types' and a 'default' where "
                   "the first of each is a key; 'first' goes with 'until'");
    }
}
