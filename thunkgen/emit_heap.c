/* SPDX-License-Identifier: MIT
 *
 * Blocks that the program frees, as the host's half hands them over.
 */
#include <string.h>

#include "emit.h"

void emit_blocks(struct arena *arena, const struct plan_function *function,
                 const char **variables, const char **after)
{
    for (size_t i = 0; i < function->n_blocks; i++) {
        const struct plan_block *block = &function->blocks[i];
        const char *place =
            arena_printf(arena,
                         "\n        frame->%s == NULL ? NULL\n"
                         "        %*s : (void *)&frame->%s->%s",
                         block->pointer, (int)strlen(block->pointer) + 15, "",
                         block->pointer, block->member);

        /* Of a parameter only what the function has put there */
        if (block->before != NULL) {
            *variables = arena_printf(
                arena, "%s    thunk_function %s = thunk_host_peek(%s);\n",
                *variables, block->before, place);
        }
        *after = arena_printf(
            arena, "%s    thunk_host_block_written(%s,\n        %s);\n", *after,
            place, block->before == NULL ? "NULL" : block->before);
    }
}
