/* SPDX-License-Identifier: MIT
 *
 * Writes the generated files. Everything was decided in the plan.
 */
#ifndef THUNKGEN_EMIT_H
#define THUNKGEN_EMIT_H

#include <stdio.h>

#include "plan.h"

/* One generated file; name is "<library>-<suffix>". */
struct emitter {
    const char *suffix;
    void (*write)(struct arena *arena, const struct plan *plan, FILE *stream);
};

extern const struct emitter emitters[];
extern const size_t n_emitters;

void emit_frames(struct arena *arena, const struct plan *plan, FILE *stream);
void emit_guest(struct arena *arena, const struct plan *plan, FILE *stream);
void emit_host(struct arena *arena, const struct plan *plan, FILE *stream);
void emit_map(struct arena *arena, const struct plan *plan, FILE *stream);

/* What several of them say. */

/* "zlib.h and x.h" */
const char *emit_headers(struct arena *arena, const struct plan *plan);

/* "int gzputs(gzFile file, const char *s)", wrapped; `first` is written before
 * the parameters' list, and a va_list parameter is left out if `without_list`
 * is set, with "..." in its place. */
const char *emit_declaration(struct arena *arena,
                             const struct plan_function *function,
                             const char *prefix, const char *name,
                             const char *first, bool without_list);

/* Lines that define `frame` with the parameters of those names in it. */
const char *emit_frame(struct arena *arena, const char *tag,
                       const struct plan_parameter *parameters,
                       size_t n_parameters);

/* "    struct TAG *frame = (void *)head;\n\n", or what says that the frame has
 * nothing of interest. */
const char *emit_frame_of_head(struct arena *arena, const char *tag,
                               bool is_used);

/* A call, "first(" to ")", on a line that starts with `column` blanks and is
 * wrapped one level further in. */
const char *emit_call(struct arena *arena, int column, const char *first,
                      const char *const *values, size_t n_values);

#endif
