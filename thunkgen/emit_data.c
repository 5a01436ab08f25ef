/* SPDX-License-Identifier: MIT
 *
 * The library's variables in the guest's half; and what it has of the program's
 * process, in the host's.
 */
#include "emit.h"
#include "template.h"

static const char *number_text(struct arena *arena, uint64_t number)
{
    return arena_printf(arena, "%llu", (unsigned long long)number);
}

static const char *callback_text(struct arena *arena,
                                 const struct plan_datum *datum)
{
    return datum->kind == DATUM_FILE ? "     .callback = THUNK_CALLBACK_FILE,\n"
           : datum->callback == NULL
               ? ""
               : arena_printf(arena, "     .callback = THUNK_CALLBACK_%s,\n",
                              datum->callback->name);
}

static void datum_write(struct arena *arena, const struct plan_datum *datum,
                        struct arena_text *table, FILE *stream)
{
    static const char *const kinds[] = {
        [DATUM_START] = "START",       [DATUM_BOTH] = "BOTH",
        [DATUM_FUNCTION] = "FUNCTION", [DATUM_FILE] = "FILE",
        [DATUM_ONE] = "ONE",           [DATUM_OWN] = "OWN",
    };

    template_write(stream, template_guest_c,
                   datum->is_thread ? "thread-datum" : "datum", "name",
                   datum->name, "size", number_text(arena, datum->size),
                   "align", number_text(arena, datum->align), NULL);
    arena_text_add(arena, table, "    {.name = \"%s\",\n", datum->name);
    if (datum->version != NULL) {
        arena_text_add(arena, table, "     .version = \"%s\",\n",
                       datum->version);
    }
    arena_text_add(arena, table,
                   "     .size = %llu,\n"
                   "     .kind = THUNK_DATUM_%s,\n%s",
                   (unsigned long long)datum->size, kinds[datum->kind],
                   callback_text(arena, datum));
    if (datum->is_thread) { /* its place is not known to the linker */
        arena_text_add(arena, table, "     .is_thread = true},\n");
    } else {
        arena_text_add(arena, table, "     .guest = gtl_data_%s},\n",
                       datum->name);
    }
}

void emit_data(struct arena *arena, const struct plan *plan, FILE *stream)
{
    struct arena_text table = {0};

    if (plan->n_data == 0) {
        return;
    }
    template_write(stream, template_guest_c, "data-head", NULL);
    for (size_t i = 0; i < plan->n_data; i++) {
        datum_write(arena, &plan->data[i], &table, stream);
    }
    template_write(stream, template_guest_c, "data", "data",
                   arena_text_get(&table), NULL);
}

void emit_data_start(struct arena *arena, const struct plan *plan, FILE *stream)
{
    struct arena_text lines = {0}, places = {0};
    uint64_t size = 0;

    if (plan->n_data == 0) {
        return;
    }
    for (size_t i = 0; i < plan->n_data; i++) {
        const struct plan_datum *datum = &plan->data[i];

        if (datum->is_thread) {
            arena_text_add(arena, &lines,
                           "    gtl_data[%zu].guest = gtl_data_%s;\n", i,
                           datum->name);
        }
        if (datum->is_thread && datum->kind == DATUM_BOTH) {
            arena_text_add(arena, &places, "            gtl_data_%s,\n",
                           datum->name);
            size += datum->size;
        }
    }
    if (plan->n_thread_data > 0) {
        template_write(stream, template_guest_c, "thread-data", "places",
                       arena_text_get(&places), "size",
                       number_text(arena, size), NULL);
    }
    template_write(stream, template_guest_c, "data-start", "threads",
                   arena_text_get(&lines), NULL);
}

struct emit_thread_data emit_thread_data(const struct plan *plan,
                                         enum emit_side side)
{
    static const struct emit_thread_data lines[] = {
        [EMIT_RUNNER] = {"",
                         "    thunk_guest_thread_data_take(gtl_thread_data(), "
                         "THUNK_THREAD_DATA_COUNT, head);\n",
                         "    thunk_guest_thread_data_give(gtl_thread_data(), "
                         "THUNK_THREAD_DATA_COUNT);\n"},
        [EMIT_ENTRY] =
            {"    struct thunk_thread_datum *thread_data;\n",
             "    thread_data = thunk_host_thread_data_take(&htl_library, "
             "head);\n",
             "    thunk_host_thread_data_give(&htl_library, thread_data);\n"},
        [EMIT_CALLBACK] =
            {"    void *thread_data[THUNK_THREAD_DATA_COUNT];\n",
             "    thunk_host_thread_data_lend(&htl_library, &frame.head, "
             "thread_data);\n",
             ""},
    };

    return plan->n_thread_data > 0 ? lines[side]
                                   : (struct emit_thread_data){"", "", ""};
}
