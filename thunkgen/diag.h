/* SPDX-License-Identifier: MIT
 *
 * Diagnostics. All of a run are collected and told together, sorted by place
 * and then by text:
 *
 *   file:line:col: error: text [check-name]
 *   file:line:col: note: text
 */
#ifndef THUNKGEN_DIAG_H
#define THUNKGEN_DIAG_H

#include <stdbool.h>
#include <stdio.h>

#include "arena.h"

/* A place in an input file; line and column count from 1. */
struct location {
    const char *file;
    unsigned line;
    unsigned column;
};

struct diag;

/* One message, as a report shows it. */
struct diag_message {
    struct location where;
    const char *check;
    const char *text;
    const char *line; /* all of this as one line of text */
    bool is_error;
    bool is_refusal;   /* told as an error, whatever --warning made of it */
    const char *about; /* the symbol that it is about, or NULL */
    const char *yaml;  /* the line of the spec that settles it, or NULL */
    struct diag_note {
        struct location where;
        const char *text;
    } * notes;
    size_t n_notes;
};

struct diag *diag_new(struct arena *arena);

/* From now on what that check tells is an error, or is none. */
void diag_severity(struct diag *diag, const char *check, bool is_error);

/* What is told from now on is about that symbol of the library; NULL: about
 * none. */
void diag_about(struct diag *diag, const char *symbol);

/* `check` is the name in brackets. The text quotes symbols as 'name' and says
 * what to write instead. */
void diag_error(struct diag *diag, struct location where, const char *check,
                const char *format, ...) __attribute__((format(printf, 4, 5)));
void diag_warning(struct diag *diag, struct location where, const char *check,
                  const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* A second place for the error or warning that was told last. */
void diag_note(struct diag *diag, struct location where, const char *format,
               ...) __attribute__((format(printf, 3, 4)));

/* The line of the spec that settles what was told last. */
void diag_yaml(struct diag *diag, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

bool diag_has_errors(const struct diag *diag);

/* The same of what only --warning made no error. */
bool diag_has_refusals(const struct diag *diag);

/* The symbols that settle all errors when the spec leaves them out; NULL: there
 * are none, or other errors. */
const char **diag_omissions(struct diag *diag, size_t *n_symbols);

/* All of them, sorted, each only once. */
const struct diag_message *diag_messages(struct diag *diag, size_t *n_messages);

/* Writes one with its notes, each line behind `indent`. */
void diag_message_print(const struct diag_message *message, const char *indent,
                        FILE *stream);

/* Writes all of them, and a count of the errors if any. */
void diag_print(struct diag *diag, FILE *stream);

#endif
