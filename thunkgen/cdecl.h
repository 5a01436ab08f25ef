/* SPDX-License-Identifier: MIT
 *
 * Writes types as C declarations.
 */
#ifndef THUNKGEN_CDECL_H
#define THUNKGEN_CDECL_H

#include "model.h"

/* "const char *name", "int (*name)(void *, int)"; with "" for the name just the
 * type. */
const char *cdecl_declare(struct arena *arena, const struct type *type,
                          const char *name);

/* The same for something that is assigned to: without const of its own. */
const char *cdecl_declare_variable(struct arena *arena, const struct type *type,
                                   const char *name);

/* Joins `first` and the items with ", " between them and `last` behind them,
 * and breaks lines at 80 columns; later lines start at the column that `first`
 * ends at, or `indent` columns in when it is 0 or more. */
const char *cdecl_wrap(struct arena *arena, const char *first,
                       const char *const *items, size_t n_items,
                       const char *last, int indent);

#endif
