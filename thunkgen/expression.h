/* SPDX-License-Identifier: MIT
 *
 * Numbers of elements as the spec writes them: "n", "*n", "w * h * 4",
 * "(bits + 7) / 8". They become C that cannot overflow; see thunk/convert.h.
 */
#ifndef THUNKGEN_EXPRESSION_H
#define THUNKGEN_EXPRESSION_H

#include "spec.h"

/* What a name stands for in C, as an int64_t; with `is_place` what it points
 * to. NULL after an error. */
typedef const char *expression_name(void *context, const char *name,
                                    bool is_place);

/* NULL after an error, of which `where` is the place. */
const char *expression_read(struct arena *arena, struct diag *diag,
                            const struct spec_text *text, expression_name *name,
                            void *context);

#endif
