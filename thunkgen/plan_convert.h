/* SPDX-License-Identifier: MIT
 *
 * Between plan_convert.c, which decides about parameters of functions, and
 * plan_convert_result.c, which does about what the guest is given.
 */
#ifndef THUNKGEN_PLAN_CONVERT_H
#define THUNKGEN_PLAN_CONVERT_H

#include "plan_shape.h"

/* What is told of a parameter, of a function or of a callback that it takes. */
struct about {
    struct planner *planner;
    const char *name;            /* as the spec has it, under */
    const char *key;             /* "functions" or "callbacks" */
    const char *frame;           /* in C, before a parameter's name */
    const struct type *function; /* the host's, */
    const struct type
        *of[ISA_COUNT]; /* and each ISA's; NULL: not asked about */
    struct plan_parameter *planned;
    size_t index; /* of the parameter; behind them, the result */
    bool is_result;
    const struct spec_function *spec;
    const char *isa; /* of the first guest that differs */
    struct layout_difference difference;
};

/* The parameter in work. */
const struct parameter *convert_parameter(const struct about *about);

/* Whether it is one that a callback is given. */
bool convert_is_given(const struct about *about);

/* Whether a guest has a parameter otherwise. */
bool convert_differs(struct about *about, size_t index);

/* What the parameter points to, by ISA. False: something that is no pointer. */
bool convert_targets_find(const struct about *about,
                          const struct type *targets[ISA_COUNT]);

/* The function in work as each ISA has it. False: it is not everywhere, or a
 * guest of the host's ISA has it by other headers, and otherwise. */
bool convert_functions_find(struct planner *planner,
                            const struct type *of[ISA_COUNT]);

/* Tells that it cannot be converted; `where` is of the member that decides it,
 * or nowhere. */
void convert_refuse(struct about *about, struct location where,
                    const char *why);

/* Tells what the spec has to say for it to be converted. */
void convert_ask(struct about *about, struct location where, const char *what,
                 const char *yaml);

/* What the spec says of the number of elements; NULL: nothing. And in C; NULL
 * after an error. */
const struct spec_text *convert_count_find(const struct about *about,
                                           const struct type *target);
const char *convert_count_plan(struct about *about, const struct type *target);

/* What each pointer of an array of them points to: "*name". */
void convert_inner_plan(struct about *about, struct shaper *shaper);

/* False, after an error: several of what ends with an array of any length; or
 * what stays the library's leads to functions. */
bool convert_flexible_check(struct about *about, const struct plan_shape *shape,
                            const char *count);
bool convert_lead_check(struct about *about, const struct plan_shape *shape);

/* Plans a parameter that differs, or tells why not. True: it has a copy. */
bool convert_parameter_plan(struct about *about,
                            const struct type *const targets[ISA_COUNT]);

#endif
