/* SPDX-License-Identifier: MIT
 * Functions whose list of arguments crosses as words: what the guest takes from
 * the list, and what its items are to the host. */
#include "cdecl.h"
#include "emit.h"
#include "template.h"

/* Whether the host has to look at it. */
static bool item_is_converted(const struct plan_parameter *item)
{
    return item->pass != PASS_VALUE || item->to_host != NULL;
}

bool emit_list_has_items(const struct plan_function *function)
{
    for (size_t i = 0; i < function->n_items; i++) {
        if (item_is_converted(&function->items[i])) {
            return true;
        }
    }
    return false;
}

static const char *take_of(const struct type *type)
{
    type = type_resolve(type);
    if (type->kind == TYPE_FLOAT) {
        return type->size == 8 ? "DOUBLE" : "WIDE";
    }
    return type->size == 4 ? "INT" : "LONG";
}

/* "{THUNK_LIST_INT, 0}, " for each, and the end. */
static const char *items_text(struct arena *arena,
                              const struct plan_function *function,
                              const struct plan_list_case *from, int column)
{
    struct arena_text text = {0};

    arena_text_add(arena, &text, "(const struct thunk_list_item[]){\n");
    for (size_t i = 0; i < from->n_items; i++) {
        const struct plan_parameter *item = &function->items[from->items[i]];
        const char *kind =
            item_is_converted(item)
                ? arena_printf(arena, "THUNK_WORD_ITEM + %zu", from->items[i])
                : "THUNK_WORD_INTEGER";

        arena_text_add(arena, &text, "%*s{THUNK_LIST_%s, %s},\n", column + 4,
                       "", take_of(item->type), kind);
    }
    arena_text_add(arena, &text, "%*s{THUNK_LIST_END, 0},\n%*s}", column + 4,
                   "", column, "");
    return arena_text_get(&text);
}

static const char *case_text(struct arena *arena,
                             const struct plan_function *function,
                             const struct plan_list_case *from)
{
    const char *what = "";

    if (from->first != NULL && function->list->has_texts) {
        what = arena_printf(arena, ".text = %s, ", from->first);
    } else if (from->first != NULL) {
        what = arena_printf(arena, ".first = %s, .last = %s,\n         ",
                            from->first,
                            from->last == NULL ? from->first : from->last);
    }
    return arena_printf(arena, "        {%s.items = %s},\n", what,
                        items_text(arena, function, from, 9));
}

void emit_list_table(struct arena *arena, const struct plan_function *function,
                     FILE *stream)
{
    const struct plan_list *list = function->list;
    struct arena_text members = {0};

    if (list->has_first) {
        arena_text_add(arena, &members, "    .has_first = true,\n");
    }
    if (list->until != NULL) {
        arena_text_add(arena, &members, "    .until = %s,\n", list->until);
    }
    if (list->each.n_items > 0) {
        arena_text_add(arena, &members, "    .each = %s,\n",
                       items_text(arena, function, &list->each, 4));
    }
    if (list->n_cases > 0) {
        arena_text_add(arena, &members,
                       "    .cases = (const struct thunk_list_case[]){\n");
        for (size_t i = 0; i < list->n_cases; i++) {
            arena_text_add(arena, &members, "%s",
                           case_text(arena, function, &list->cases[i]));
        }
        arena_text_add(arena, &members, "    },\n    .case_count = %zu,\n",
                       list->n_cases);
    }
    template_write(stream, template_guest_c, "list", "name", function->name,
                   "form", list->form, "members",
                   members.length == 0 ? "" : arena_text_get(&members), NULL);
}

const char *emit_list_collect(struct arena *arena,
                              const struct plan_function *function,
                              const char *arguments)
{
    const char *values[5] = {"&words"};
    size_t n_values = 1;
    const char *name = "thunk_guest_list";

    if (function->list != NULL) {
        values[n_values++] =
            arena_printf(arena, "&gtl_list_%s", function->name);
        values[n_values++] =
            function->list->decides == NULL
                ? "0"
                : arena_printf(arena, "(int64_t)%s%s",
                               function->list->has_first ? "(uintptr_t)" : "",
                               function->list->decides);
    } else {
        name = function->is_scan ? "thunk_guest_scan" : "thunk_guest_words";
        values[n_values++] = arena_printf(arena, "\"%s\"", function->symbol);
        values[n_values++] = function->format;
        values[n_values++] = arena_printf(
            arena, "\"%s\"",
            function->conversions == NULL ? "" : function->conversions);
    }
    values[n_values++] = arguments;
    return emit_call(arena, 4, arena_printf(arena, "is_good = %s(", name),
                     values, n_values);
}

/* Integers of 4 bytes have their sign extended, as riscv64 wants all of them.
 */
const char *emit_list_named(struct arena *arena, int column, const char *words,
                            const struct plan_parameter *parameter,
                            const char *value)
{
    const struct type *type = type_resolve(parameter->type);
    bool is_short = (type->kind == TYPE_INTEGER || type->kind == TYPE_ENUM) &&
                    type->size == 4;

    return arena_printf(arena,
                        "%*sthunk_words_add(%s, THUNK_WORD_INTEGER,\n"
                        "%*s(uint64_t)%s%s);\n",
                        column, "", words, column + 16, "",
                        is_short                     ? "(int)"
                        : type->kind == TYPE_POINTER ? "(uintptr_t)"
                                                     : "",
                        value);
}

const char *emit_list_result(struct arena *arena, const char *variable,
                             const struct plan_function *function)
{
    const struct type *type = function->function->type->target;
    const struct type *resolved = type_resolve(type);

    if (!function->has_result) {
        return "";
    }
    /* What is above a bool in its register may be anything. */
    return arena_printf(
        arena, "%s = (%s)%s", variable, cdecl_declare_variable(arena, type, ""),
        resolved->kind == TYPE_INTEGER && resolved->size == 1 ? "(uint8_t)"
                                                              : "");
}

static const char *item_text(struct arena *arena, size_t place,
                             const struct plan_parameter *item)
{
    const char *cast = cdecl_declare_variable(arena, item->type, "");

    if (item->to_host != NULL) {
        return arena_printf(arena,
                            "    case %zu:\n"
                            "        return (uint64_t)%s(\n"
                            "            (%s)word);\n",
                            place, item->to_host->name, cast);
    }
    switch (item->pass) {
    case PASS_CALLBACK:
        return arena_printf(arena,
                            "    case %zu: /* %s */\n"
                            "        return (uint64_t)thunk_host_trampoline(\n"
                            "            &htl_library, THUNK_CALLBACK_%s,\n"
                            "            (thunk_function)word);\n",
                            place, cast, item->callback->name);
    case PASS_FILE:
        return arena_printf(arena,
                            "    case %zu:\n"
                            "        return (uint64_t)thunk_host_file(\n"
                            "            &htl_library, THUNK_CALLBACK_FILE,\n"
                            "            (FILE *)word);\n",
                            place);
    default:
        return arena_printf(arena,
                            "    case %zu:\n"
                            "        htl_adopt_%s((%s)word);\n"
                            "        return word;\n",
                            place, item->record->name, cast);
    }
}

void emit_list_items(struct arena *arena, const struct plan_function *function,
                     FILE *stream)
{
    struct arena_text cases = {0};

    if (!emit_list_has_items(function)) {
        return;
    }
    for (size_t i = 0; i < function->n_items; i++) {
        if (item_is_converted(&function->items[i])) {
            arena_text_add(arena, &cases, "%s",
                           item_text(arena, i, &function->items[i]));
        }
    }
    template_write(stream, template_host_c, "items", "name", function->name,
                   "cases", arena_text_get(&cases), NULL);
}
