/* SPDX-License-Identifier: MIT
 *
 * Structs with function pointers or handles in them, in the host's half: what
 * takes the one for the other, where they lie.
 */
#include <stdlib.h>
#include <string.h>

#include "emit.h"
#include "template.h"

/* Lines one level further in. */
static const char *indent(struct arena *arena, const char *lines)
{
    struct arena_text text = {0};

    while (*lines != '\0') {
        int length = (int)strcspn(lines, "\n");

        arena_text_add(arena, &text, "    %.*s\n", length, lines);
        lines += length + 1;
    }
    return arena_text_get(&text);
}

/* Sections of the template as a text. */
static const char *member_text(struct arena *arena, const char *verb,
                               const struct plan_member *member)
{
    const char *kind = member->follow != NULL ? "follow"
                       : member->count == 0   ? "member"
                                              : "array";
    char *buffer = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&buffer, &size);
    const char *text;

    template_write(
        stream, template_host_c, arena_printf(arena, "%s-%s", verb, kind),
        "callback", member->follow == NULL ? member->callback->name : "",
        "record", member->follow == NULL ? "" : member->follow->name, "path",
        member->path, "object", member->is_object ? "(uintptr_t)" : "", "count",
        arena_printf(arena, "%llu", (unsigned long long)member->count), NULL);
    fclose(stream);
    text = arena_strdup(arena, buffer);
    free(buffer);
    return member->condition == NULL
               ? text
               : arena_printf(arena, "    if (%s) {\n%s    }\n",
                              member->condition, indent(arena, text));
}

/* What a pointer is followed to may come first or last. */
static void follow_declare(const struct plan_record *record, FILE *stream)
{
    for (size_t i = 0; i < record->n_members; i++) {
        const struct plan_record *to = record->members[i].follow;

        if (to != NULL && to->n_members > 0) {
            template_write(stream, template_host_c, "adopt-declaration", "name",
                           to->name, "type", to->record->name, NULL);
        }
    }
}

static const char *chain_text(struct arena *arena,
                              const struct plan_record *record)
{
    const struct plan_chain *chain = record->chain;
    const char *links = "";
    char *buffer = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&buffer, &size);
    const char *text;

    for (size_t i = 0; i < chain->n_links; i++) {
        links = arena_printf(arena,
                             "%s        case %s:\n"
                             "            htl_adopt_%s((const void *)link);\n"
                             "            break;\n",
                             links, chain->links[i].constant,
                             chain->links[i].record->name);
    }
    template_write(stream, template_host_c, "adopt-chain", "type",
                   record->record->name, "next", chain->next, "by", chain->by,
                   "links", links, NULL);
    fclose(stream);
    text = arena_strdup(arena, buffer);
    free(buffer);
    return text;
}

/* `verb` is "adopt" or "give". */
static void record_write(struct arena *arena, const char *verb,
                         const struct plan_record *record, FILE *stream)
{
    const char *members = "";

    for (size_t i = 0; i < record->n_members; i++) {
        const struct plan_member *member = &record->members[i];

        if (member->follow == NULL ||
            (member->follow->n_members > 0 && strcmp(verb, "adopt") == 0)) {
            members = arena_printf(arena, "%s%s", members,
                                   member_text(arena, verb, member));
        }
    }
    if (record->chain != NULL && strcmp(verb, "adopt") == 0) {
        members =
            arena_printf(arena, "%s%s", members, chain_text(arena, record));
    }
    template_write(stream, template_host_c, verb, "name", record->name, "type",
                   record->record->name, "members", members, NULL);
}

void emit_records(struct arena *arena, const struct plan *plan, FILE *stream)
{
    /* Those with a chain look into others, which have none */
    for (size_t i = 0; i < 2 * plan->n_records; i++) {
        const struct plan_record *record = plan->records[i % plan->n_records];
        bool is_second = i >= plan->n_records;

        emit_mark(stream, ABOUT_RECORD, i % plan->n_records);
        if (record->is_adopted && (record->chain != NULL) == is_second) {
            follow_declare(record, stream);
            record_write(arena, "adopt", record, stream);
        }
    }
    for (size_t i = 0; i < plan->n_records; i++) {
        const struct plan_record *record = plan->records[i];

        emit_mark(stream, ABOUT_RECORD, i);
        if (record->is_given) {
            record_write(arena, "give", record, stream);
        }
    }
}

void emit_copies(struct arena *arena, const struct plan *plan, FILE *stream)
{
    for (size_t i = 0; i < plan->n_copies; i++) {
        const struct plan_copy *copy = plan->copies[i];
        struct arena_text members = {0};

        for (size_t m = 0; m < copy->n_members; m++) {
            const char *name = copy->members[m].name;

            if (copy->members[m].to_host == NULL) {
                arena_text_add(
                    arena, &members,
                    "    copy->%s = thunk_host_file(\n"
                    "        &htl_library, THUNK_CALLBACK_FILE, value->%s);\n",
                    name, name);
            } else {
                arena_text_add(arena, &members,
                               "    copy->%s = %s(value->%s);\n", name,
                               copy->members[m].to_host, name);
            }
        }
        template_write(stream, template_host_c, "copy", "name", copy->name,
                       "type", copy->record->name, "members",
                       arena_text_get(&members), NULL);
    }
}
