/* SPDX-License-Identifier: MIT
 * Around a guest function that is given a place with a function pointer. */
#include "emit.h"

const char *emit_lend(struct arena *arena,
                      const struct plan_parameter *parameter)
{
    return arena_printf(
        arena,
        "    %s = thunk_host_lend(\n"
        "        &htl_library, THUNK_CALLBACK_%s, (void *)%s);\n",
        parameter->before, parameter->callback->name, parameter->name);
}

const char *emit_lent(struct arena *arena,
                      const struct plan_parameter *parameter)
{
    return arena_printf(arena,
                        "    thunk_host_lent(&htl_library, THUNK_CALLBACK_%s,\n"
                        "                    (void *)%s, %s);\n",
                        parameter->callback->name, parameter->name,
                        parameter->before);
}
