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

struct diag *diag_new(struct arena *arena);

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

bool diag_has_errors(const struct diag *diag);

/* Writes all of them, each only once, and a count of the errors if any. */
void diag_print(struct diag *diag, FILE *stream);

#endif
