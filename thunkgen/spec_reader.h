/* SPDX-License-Identifier: MIT
 *
 * What the files that read a spec share: spec_reader.c knows libyaml, spec.c
 * the keys of a spec, spec_function.c those of functions and callback types,
 * spec_variadic.c those of functions with lists of arguments, spec_type.c those
 * of structs.
 *
 * A function that reads a value starts on its first event and ends on its last;
 * `key` names it in messages. After an error the text is not given.
 */
#ifndef THUNKGEN_SPEC_READER_H
#define THUNKGEN_SPEC_READER_H

#include "spec.h"

struct reader;

/* One key of a mapping and what reads its value; NULL: what it told need not be
 * told. `target` is what the mapping describes. */
struct key {
    const char *name;
    void (*read)(struct reader *reader, const char *key, void *target);
};

/* Reads a file; `keys` are those of its mapping. What spec_read() does. */
void reader_run(struct arena *arena, struct diag *diag, const char *path,
                const struct key *keys, struct spec *spec);

struct arena *reader_arena(const struct reader *reader);
struct diag *reader_diag(const struct reader *reader);
struct location reader_here(const struct reader *reader);
bool reader_is_broken(const struct reader *reader); /* nothing more is read */
bool reader_is_at_list(const struct reader *reader);

/* `target` is a struct spec_text. */
void text_read(struct reader *reader, const char *key, void *target);

void list_read(struct reader *reader, const char *key, struct spec_text **items,
               size_t *n_items);

/* A text that must be one of two. */
void choice_read(struct reader *reader, const char *key, struct spec_text *text,
                 const char *one, const char *other);

/* One of several, the last of them NULL. */
void choices_read(struct reader *reader, const char *key,
                  struct spec_text *text, const char *const *choices);

/* A mapping with these keys, the last of them NULL. */
void mapping_read(struct reader *reader, const char *of, const struct key *keys,
                  void *target);

/* A mapping whose keys are the author's: calls `read` for each with the event
 * on its value. */
void names_read(struct reader *reader, const char *key, const char *wanted,
                void *target,
                void (*read)(struct reader *reader, struct spec_text name,
                             void *target));

/* One whose values are texts; `wanted` says so in messages. */
void pairs_read(struct reader *reader, const char *key, const char *wanted,
                struct spec_pair **items, size_t *n_items);

/* Add to the types and constants of the spec that the headers are to tell of;
 * give the place. */
size_t type_add(struct reader *reader, struct spec_text text);
size_t constant_add(struct reader *reader, struct spec_text text);

/* In spec_function.c; `target` is a struct spec. */
void functions_read(struct reader *reader, const char *key, void *target);
void callback_types_read(struct reader *reader, const char *key, void *target);

/* Of functions, and of structs or the spec as well. */
void lengths_read(struct reader *reader, const char *key,
                  struct spec_pair **items, size_t *n_items);
void callbacks_read(struct reader *reader, const char *key,
                    struct spec_pair **items, size_t *n_items);
void handles_read(struct reader *reader, const char *key,
                  struct spec_handle **items, size_t *n_items);

/* In spec_type.c; `target` is a struct spec. */
void spec_types_read(struct reader *reader, const char *key, void *target);

/* In spec_variadic.c; `target` is a struct spec_function. */
void variadic_read(struct reader *reader, const char *key, void *target);
void scan_read(struct reader *reader, const char *key, void *target);
void conversions_read(struct reader *reader, const char *key, void *target);

#endif
