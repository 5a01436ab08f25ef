/* SPDX-License-Identifier: MIT
 * What --dump prints: lines for people and for tests. */
#ifndef THUNKGEN_DUMP_H
#define THUNKGEN_DUMP_H

#include "plan.h"

void dump_model(struct arena *arena, const struct model *model, FILE *stream);
/* What is done to a parameter: "callback free_func", "as it is". */
const char *dump_pass(struct arena *arena,
                      const struct plan_parameter *parameter);

void dump_plan(struct arena *arena, const struct plan *plan, FILE *stream);

#endif
