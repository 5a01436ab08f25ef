/* SPDX-License-Identifier: MIT
 *
 * Function pointers that the library puts into structs: stubs in place, for the
 * program, and the library's own for as long as that reads them.
 */
#include <string.h>

#include "emit.h"
#include "template.h"

/* "    thunk_host_place_VERB(&htl_library, THUNK_CALLBACK_x,\n ... &value->f);"
 */
static const char *place_text(struct arena *arena, int column, const char *verb,
                              const struct plan_member *member,
                              const char *element)
{
    const char *type =
        strcmp(verb, "stub") == 0
            ? arena_printf(arena, "&htl_library, THUNK_CALLBACK_%s,\n%*s",
                           member->callback->name, column + 22, "")
            : "";

    return arena_printf(arena,
                        "%*sthunk_host_place_%s(%s(void *)&value->%s%s);\n",
                        column, "", verb, type, member->path, element);
}

static const char *member_text(struct arena *arena, const char *verb,
                               const struct plan_member *member)
{
    int column = member->condition == NULL ? 4 : 8;
    const char *text;

    if (member->count == 0) {
        text = place_text(arena, column, verb, member, "");
    } else {
        text = arena_printf(
            arena, "%*sfor (size_t i = 0; i < %llu; i++) {\n%s%*s}\n", column,
            "", (unsigned long long)member->count,
            place_text(arena, column + 4, verb, member, "[i]"), column, "");
    }
    return member->condition == NULL
               ? text
               : arena_printf(arena, "    if (%s) {\n%s    }\n",
                              member->condition, text);
}

/* `verb` is "stub" or "host". */
static void record_write(struct arena *arena, const char *verb,
                         const struct plan_record *record, FILE *stream)
{
    struct arena_text members = {0};

    for (size_t i = 0; i < record->n_members; i++) {
        if (record->members[i].follow == NULL) {
            arena_text_add(arena, &members, "%s",
                           member_text(arena, verb, &record->members[i]));
        }
    }
    template_write(stream, template_host_c, arena_printf(arena, "%ss", verb),
                   "name", record->name, "type", record->record->name,
                   "members", arena_text_get(&members), NULL);
}

void emit_places(struct arena *arena, const struct plan *plan, FILE *stream)
{
    for (size_t i = 0; i < plan->n_records; i++) {
        const struct plan_record *record = plan->records[i];

        emit_mark(stream, ABOUT_RECORD, i);
        if (record->is_stubbed) {
            record_write(arena, "stub", record, stream);
        }
        if (record->is_lent) {
            record_write(arena, "host", record, stream);
        }
    }
}
