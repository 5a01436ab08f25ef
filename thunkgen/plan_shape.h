/* SPDX-License-Identifier: MIT
 *
 * Between plan_convert.c, which decides about parameters, and plan_shape.c,
 * which knows how a type is converted.
 */
#ifndef THUNKGEN_PLAN_SHAPE_H
#define THUNKGEN_PLAN_SHAPE_H

#include "planner.h"

/* Why a type has no shape. */
struct doubt {
    struct location where; /* of the member that decides it */
    const char *text;
    const char *yaml; /* the line of the spec that settles it; NULL: nothing */
};

struct shaper {
    struct planner *planner;
    struct doubt *doubt;
    struct location where; /* the present member, or the function */

    /* For a parameter that points to pointers: how many elements each of these
     * points to, in C; NULL: not told, and the line that would tell. */
    const char *inner_count;
    const char *inner_yaml;
    bool is_bad; /* an error was told */
};

/* The shape of a type, which differs; by ISA, NULL for those that were not
 * asked about. NULL: `doubt` says why not, or an error was told. */
const struct plan_shape *planner_shape(struct shaper *shaper,
                                       const struct type *const *types,
                                       const char *path);

/* What the spec says of the length of that name; NULL: nothing. */
const struct spec_pair *planner_length(const struct spec_pair *pairs,
                                       size_t n_pairs, const char *name);

#endif
