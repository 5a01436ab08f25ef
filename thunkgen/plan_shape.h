/* SPDX-License-Identifier: MIT
 *
 * Between plan_convert.h, which is about parameters and results, plan_shape.c,
 * which knows how a type is converted, and plan_member.c, which knows its
 * members.
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

    /* For what points to pointers: how many elements each of these points to,
     * in C; NULL: not told, and the line that would tell. */
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

/* ---- between the latter two ---- */

/* One type as each ISA has it; NULL: not asked about. */
struct abis {
    const struct type *types[ISA_COUNT];
};

/* A field of a record whose structs without a name have theirs in their place.
 */
struct flat {
    const char *name;
    const struct field *field; /* NULL: of what is no record */
    uint64_t bit;
};

unsigned shape_host(const struct planner *planner); /* the host's ISA */

/* Notes a doubt at the present place; gives NULL. */
const struct plan_shape *shape_doubt(struct shaper *shaper, const char *yaml,
                                     const char *text);

struct abis abis_resolve(const struct abis *abis);
struct abis abis_target(const struct abis *abis);

bool shape_is_integer(const struct type *type);

/* Whether they are of one kind, which is the host's. */
bool abis_agree(const struct abis *abis, const struct type *host);

/* Whether the host's type and that ISA's, or all, are the same bytes, wherever
 * they lead. */
bool abis_are_alike_for(struct shaper *shaper, const struct abis *abis,
                        unsigned isa);
bool abis_are_alike(struct shaper *shaper, const struct abis *abis);

/* Whether it is an object of libc's that a copy would be none of; then that is
 * noted as a doubt. */
bool shape_is_object(struct shaper *shaper, const struct abis *abis,
                     const char *path);

/* The shape of a type; NULL as with planner_shape(). */
const struct plan_shape *shape_make(struct shaper *shaper,
                                    const struct abis *abis, const char *path);

/* A name for a shape that no other has. */
const char *shape_identifier(struct shaper *shaper, const char *name);

/* How many elements pointers to pointers lead to in the end, as `pair` tells;
 * NULL: nothing does. `of` has it, for messages. */
void shape_inner_plan(struct shaper *shaper, const struct spec_pair *pair,
                      const char *of);

/* Adds "<what>_<shape>_<member>" to the plan. */
struct plan_counter *shape_counter(struct shaper *shaper,
                                   const struct plan_shape *shape,
                                   const char *what, const char *member);

/* The kind of what is no record and no pointer. False: nothing makes one of the
 * other. */
bool shape_number(struct shaper *shaper, const struct abis *abis,
                  struct plan_shape_member *member);

/* Where each ISA has a member that is no bytes. */
void shape_places(const struct abis *abis, const struct flat *flats,
                  const uint64_t counts[ISA_COUNT],
                  struct plan_shape_member *member);

/* Adds a member to a shape. `record` is where the spec may say something of it;
 * NULL: nowhere. False: a doubt, or an error was told. */
bool shape_member(struct shaper *shaper, struct plan_shape *shape,
                  const struct record *record, struct abis abis,
                  const struct flat *flats, const char *path);

#endif
