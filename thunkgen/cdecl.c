/* SPDX-License-Identifier: MIT */
#include "cdecl.h"

#include <string.h>

enum { COLUMNS = 80 };

static const char *qualifiers(struct arena *arena, const struct type *type)
{
    return arena_printf(arena, "%s%s%s", type->is_const ? "const " : "",
                        type->is_volatile ? "volatile " : "",
                        type->is_restrict ? "restrict " : "");
}

static const char *parameters_declare(struct arena *arena,
                                      const struct type *function)
{
    struct arena_text text = {0};

    if (function->has_no_prototype) {
        return "";
    }
    for (size_t i = 0; i < function->n_parameters; i++) {
        arena_text_add(arena, &text, "%s%s", i == 0 ? "" : ", ",
                       cdecl_declare(arena, function->parameters[i].type, ""));
    }
    if (function->is_variadic) {
        arena_text_add(arena, &text, ", ...");
    }
    return function->n_parameters == 0 ? "void" : arena_text_get(&text);
}

const char *cdecl_declare(struct arena *arena, const struct type *type,
                          const char *name)
{
    switch (type->kind) {
    case TYPE_POINTER: {
        enum type_kind target = type->target->kind;
        bool needs_brackets = !type_is_erased(type) &&
                              (target == TYPE_ARRAY || target == TYPE_FUNCTION);
        const char *pointer =
            arena_printf(arena, needs_brackets ? "(*%s%s)" : "*%s%s",
                         qualifiers(arena, type), name);

        return type_is_erased(type)
                   ? arena_printf(arena, "void %s", pointer)
                   : cdecl_declare(arena, type->target, pointer);
    }
    case TYPE_ARRAY: {
        const char *array = type->count == 0
                                ? arena_printf(arena, "%s[]", name)
                                : arena_printf(arena, "%s[%llu]", name,
                                               (unsigned long long)type->count);

        return cdecl_declare(arena, type->target, array);
    }
    case TYPE_FUNCTION:
        return cdecl_declare(arena, type->target,
                             arena_printf(arena, "%s(%s)", name,
                                          parameters_declare(arena, type)));
    default:
        return arena_printf(arena, "%s%s%s%s", qualifiers(arena, type),
                            type->name == NULL ? "void" : type->name,
                            name[0] == '\0' ? "" : " ", name);
    }
}

const char *cdecl_declare_variable(struct arena *arena, const struct type *type,
                                   const char *name)
{
    struct type plain = *type;

    /* A typedef may stand for a const type; then what it stands for is written.
     */
    for (const struct type *inner = type; inner->kind == TYPE_TYPEDEF;) {
        inner = inner->target;
        if (inner->is_const || inner->is_volatile) {
            plain = *inner;
        }
    }
    plain.is_const = plain.is_volatile = plain.is_restrict = false;
    return cdecl_declare(arena, &plain, name);
}

static size_t column_of_end(const char *text)
{
    const char *newline = strrchr(text, '\n');

    return strlen(newline == NULL ? text : newline + 1);
}

const char *cdecl_wrap(struct arena *arena, const char *first,
                       const char *const *items, size_t n_items,
                       const char *last, int indent)
{
    size_t start = indent >= 0 ? (size_t)indent : column_of_end(first);
    size_t column = column_of_end(first);
    struct arena_text text = {0};

    arena_text_add(arena, &text, "%s%s", first, n_items == 0 ? last : "");

    for (size_t i = 0; i < n_items; i++) {
        const char *end = i + 1 < n_items ? "," : last;
        size_t length = strlen(items[i]) + strlen(end);
        bool is_first = i == 0;

        if (!is_first && column + 1 + length > COLUMNS) {
            arena_text_add(arena, &text, "\n%*s%s%s", (int)start, "", items[i],
                           end);
            column = start + length;
        } else {
            arena_text_add(arena, &text, "%s%s%s", is_first ? "" : " ",
                           items[i], end);
            column += length + !is_first;
        }
    }
    return arena_text_get(&text);
}
