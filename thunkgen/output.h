/* SPDX-License-Identifier: MIT
 *
 * The generated files as texts, before anything is written, and what each part
 * of them is about.
 */
#ifndef THUNKGEN_OUTPUT_H
#define THUNKGEN_OUTPUT_H

#include "plan.h"

/* What the lines of a text are about, from one on. */
struct output_part {
    unsigned line;
    const struct function *function; /* or NULL */
    const struct record *record;     /* or NULL */
};

struct output {
    const char *name; /* "z-guest.c" */
    const char *text;
    size_t length;
    struct output_part *parts; /* in the order of their lines */
    size_t n_parts;
};

struct outputs {
    struct output *items; /* as the emitters are */
    size_t n_items;
};

/* Makes the texts. First it finds out which macros of the headers would hit
 * what is generated, and sets `hidden` of the plan. */
void outputs_make(struct arena *arena, struct plan *plan,
                  const struct plan_input *input, struct outputs *outputs);

/* What a line is about; NULL: nothing that is told. */
const struct output_part *output_part_find(const struct output *output,
                                           unsigned line);

/* Calls `visit` for each identifier of a C text, and where it stands. Comments,
 * literals and directives are passed over; of directives with `of_macros` what
 * a #define replaces its macro by is all that counts. */
void output_identifiers(const char *text, bool of_macros,
                        void (*visit)(void *context, const char *start,
                                      size_t length),
                        void *context);

#endif
