/* SPDX-License-Identifier: MIT
 * What --dump prints: lines for people and for tests. */
#ifndef THUNKGEN_DUMP_H
#define THUNKGEN_DUMP_H

#include "plan.h"

void dump_model(struct arena *arena, const struct model *model, FILE *stream);
void dump_plan(struct arena *arena, const struct plan *plan, FILE *stream);

#endif
