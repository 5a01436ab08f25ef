/* SPDX-License-Identifier: MIT
 *
 * Reads C headers with libclang.
 */
#ifndef THUNKGEN_HEADER_H
#define THUNKGEN_HEADER_H

#include "model.h"
#include "spec.h"

struct header_input {
    const char *const *headers; /* as #include <...> takes them */
    size_t n_headers;
    const char *const *defines; /* NAME or NAME=VALUE, of the spec */
    size_t n_defines;
    const char *const *arguments; /* -I, -D, --sysroot: of the command line */
    size_t n_arguments;
    const char *target; /* "x86_64-linux-gnu" ... */
    const char *isa;    /* for the model */

    /* Functions to take into the model; sorted by name. */
    const char *const *names;
    size_t n_names;

    /* And all others whose name is like one of these, as of files. */
    const char *const *patterns;
    size_t n_patterns;

    /* Types to take as well: typedefs, and "struct x". */
    const char *const *types;
    size_t n_types;

    /* C texts of the spec whose meaning goes into the model; NULL: skipped. */
    const struct spec_text *c_types;
    size_t n_c_types;
    const struct spec_text *constants;
    size_t n_constants;
    bool tells_spec; /* errors in them, too */
};

/* Fills the model; what is wrong with the headers goes to diag. */
void header_parse(struct arena *arena, struct diag *diag,
                  const struct header_input *input, struct model *model);

#endif
