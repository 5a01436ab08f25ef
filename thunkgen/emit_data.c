/* SPDX-License-Identifier: MIT
 * The library's variables in the guest's half. */
#include "emit.h"
#include "template.h"

void emit_data(struct arena *arena, const struct plan *plan, FILE *stream)
{
    struct arena_text table = {0};

    if (plan->n_data == 0) {
        return;
    }
    template_write(stream, template_guest_c, "data-head", NULL);
    for (size_t i = 0; i < plan->n_data; i++) {
        const struct plan_datum *datum = &plan->data[i];

        template_write(
            stream, template_guest_c, "datum", "name", datum->name, "size",
            arena_printf(arena, "%llu", (unsigned long long)datum->size),
            "align",
            arena_printf(arena, "%llu", (unsigned long long)datum->align),
            NULL);
        arena_text_add(arena, &table,
                       "    {\"%s\", %s, %llu, %s, data_%s, NULL},\n",
                       datum->name,
                       datum->version == NULL
                           ? "NULL"
                           : arena_printf(arena, "\"%s\"", datum->version),
                       (unsigned long long)datum->size,
                       datum->is_shared ? "true" : "false", datum->name);
    }
    template_write(stream, template_guest_c, "data", "data",
                   arena_text_get(&table), NULL);
}
