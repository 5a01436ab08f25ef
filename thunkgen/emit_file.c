/* SPDX-License-Identifier: MIT
 * FILE * that cross, in the host's half. */
#include "emit.h"

const char *emit_file(struct arena *arena, const char *way, const char *value)
{
    return arena_printf(arena,
                        "thunk_host_file%s(&htl_library, THUNK_CALLBACK_FILE,\n"
                        "%24s%s)",
                        way, "", value);
}

const char *emit_file_place(struct arena *arena,
                            const struct plan_parameter *parameter)
{
    return arena_printf(arena,
                        "thunk_host_file_place_take(&%s, %s,\n"
                        "%35sTHUNK_CALLBACK_FILE, frame->%s)",
                        parameter->before,
                        parameter->flow == FLOW_OUT ? "NULL" : "&htl_library",
                        "", parameter->name);
}

static void places_add(struct arena *arena,
                       const struct plan_function *function,
                       const char **variables, const char **after)
{
    for (size_t i = 0; i < function->n_parameters; i++) {
        const struct plan_parameter *parameter = &function->parameters[i];

        if (parameter->pass != PASS_FILE_PLACE) {
            continue;
        }
        *variables =
            arena_printf(arena, "%s    struct thunk_host_file_place %s;\n",
                         *variables, parameter->before);
        if (parameter->flow != FLOW_IN) {
            *after = arena_printf(
                arena,
                "%s    thunk_host_file_place_give(&%s, &htl_library,\n"
                "%31sTHUNK_CALLBACK_FILE, frame->%s);\n",
                *after, parameter->before, "", parameter->name);
        }
    }
}

void emit_files(struct arena *arena, const struct plan_function *function,
                const char **variables, const char **adopt, const char **after)
{
    if (!function->may_read) {
        return;
    }
    *adopt = arena_printf(arena, "%s    thunk_host_files_take();\n", *adopt);
    *after = arena_printf(arena, "%s    thunk_host_files_settle();\n", *after);
    places_add(arena, function, variables, after);
    if (function->result_is_file) {
        *after = arena_printf(arena, "%s    frame->result = %s;\n", *after,
                              emit_file(arena, "_guest", "frame->result"));
    }
}
