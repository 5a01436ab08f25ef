/* SPDX-License-Identifier: MIT
 *
 * Reads a library's YAML spec: what neither its headers nor its ELF file tell.
 * docs/spec.md describes every key. The only module that knows libyaml.
 */
#ifndef THUNKGEN_SPEC_H
#define THUNKGEN_SPEC_H

#include "diag.h"

/* A text together with its place. */
struct spec_text {
    const char *text; /* NULL: not given */
    struct location where;
};

struct spec_function {
    struct spec_text name;
    struct spec_text format; /* 'printf:': the parameter with the format */
    struct spec_text door;   /* "fast" or "syscall" */
    struct spec_text leaf;   /* "true" or "false" */
    struct spec_text *out;   /* parameters that are only written through */
    size_t n_out;
};

/* A callback type that is printf-like, and its parameter. */
struct spec_format {
    struct spec_text callback;
    struct spec_text parameter;
};

struct spec {
    const char *path;
    struct spec_text library; /* short name, for files and symbols */
    struct spec_text soname;
    struct spec_text door;    /* of functions that say nothing else */
    struct spec_text threads; /* "true" or "false": of its own, calling back */
    struct spec_text *defines;
    size_t n_defines;
    struct spec_text *omit;
    size_t n_omit;
    struct spec_function *functions;
    size_t n_functions;
    struct spec_format *formats; /* 'printf:' of callbacks */
    size_t n_formats;
};

void spec_read(struct arena *arena, struct diag *diag, const char *path,
               struct spec *spec);

/* NULL when the spec does not mention it. */
const struct spec_function *spec_function_find(const struct spec *spec,
                                               const char *name);

const struct spec_format *spec_format_find(const struct spec *spec,
                                           const char *callback);

/* What these texts mean; not given means false. */
bool spec_door_is_fast(const struct spec_text *door);
bool spec_is_true(const struct spec_text *text);

bool spec_omits(const struct spec *spec, const char *name);

#endif
