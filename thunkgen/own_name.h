/* SPDX-License-Identifier: MIT
 *
 * Names that generated functions have for their own variables. What the headers
 * call so, too, goes by another name in the generated code, which frames.h
 * declares.
 */
#ifndef THUNKGEN_OWN_NAME_H
#define THUNKGEN_OWN_NAME_H

#include <stdbool.h>

/* Before the name of a type, and of a symbol. */
#define OWN_NAME_TYPE   "thunk_type_"
#define OWN_NAME_SYMBOL "thunk_name_"

/* Whether a parameter cannot be called that. */
bool own_name_of_parameter(const char *name);

/* Whether a function, variable or type cannot. */
bool own_name_of_any(const char *name);

#endif
