/* SPDX-License-Identifier: MIT */
#include "emit.h"

#include <string.h>

#include "cdecl.h"

const struct emitter emitters[] = {
    {"frames.h", emit_frames},
    {"guest.c", emit_guest},
    {"guest.map", emit_map},
    {"host.c", emit_host},
};

const size_t n_emitters = sizeof(emitters) / sizeof(emitters[0]);

void emit_mark(FILE *stream, enum emit_about kind, size_t place)
{
    fprintf(stream, "%c%c%zu\n", EMIT_MARK, kind, place);
}

const char *emit_upper(struct arena *arena, const char *name)
{
    char *text = arena_strdup(arena, name);

    for (char *c = text; *c != '\0'; c++) {
        if (*c >= 'a' && *c <= 'z') {
            *c = (char)(*c - 'a' + 'A');
        } else if (*c == '-') {
            *c = '_';
        }
    }
    return text;
}

const char *emit_headers(struct arena *arena, const struct plan *plan)
{
    const char *text = plan->headers[0];

    for (size_t i = 1; i < plan->n_headers; i++) {
        text = arena_printf(arena, "%s, %s", text, plan->headers[i]);
    }
    return text;
}

const char *emit_declaration(struct arena *arena,
                             const struct plan_function *function,
                             const char *prefix, const char *name,
                             const char *first, bool without_list)
{
    const struct type *type = function->function->type;
    const char **items = NULL;
    size_t n_items = 0;
    bool has_dots = function->is_variadic;

    if (first != NULL) {
        *ARENA_APPEND(arena, items, n_items) = first;
    }
    for (size_t i = 0; i < function->n_parameters; i++) {
        const struct plan_parameter *parameter = &function->parameters[i];

        if (without_list && parameter->pass == PASS_ARGUMENTS) {
            has_dots = true;
        } else {
            *ARENA_APPEND(arena, items, n_items) = cdecl_declare(
                arena, type->parameters[i].declared, parameter->name);
        }
    }
    if (has_dots) {
        *ARENA_APPEND(arena, items, n_items) = "...";
    }
    if (n_items == 0) {
        *ARENA_APPEND(arena, items, n_items) = "void";
    }
    /* The result goes around "name(...)": print it with a mark for that. */
    {
        const char *around = cdecl_declare(arena, type->target, "\1");
        const char *mark = strchr(around, '\1');

        return cdecl_wrap(arena,
                          arena_printf(arena, "%s%.*s%s(", prefix,
                                       (int)(mark - around), around, name),
                          items, n_items, arena_printf(arena, ")%s", mark + 1),
                          -1);
    }
}

const char *emit_callback_declaration(struct arena *arena,
                                      const struct plan_callback *callback,
                                      const char *name)
{
    const struct function function = {.type = callback->function};
    const struct plan_function planned = {
        .function = &function,
        .parameters = callback->parameters,
        .n_parameters = callback->function->n_parameters,
        .is_variadic = callback->is_variadic,
    };

    return emit_declaration(arena, &planned, "static ", name, NULL, false);
}

const char *emit_frame(struct arena *arena, const char *tag, const char *first,
                       const struct plan_parameter *parameters,
                       size_t n_parameters,
                       const char *(*convert)(struct arena *,
                                              const struct plan_parameter *))
{
    const char **items = NULL;
    size_t n_items = 0;
    const char *text;

    if (first != NULL) {
        *ARENA_APPEND(arena, items, n_items) = first;
    }
    for (size_t i = 0; i < n_parameters; i++) {
        const struct plan_parameter *parameter = &parameters[i];

        if (parameter->pass != PASS_ARGUMENTS &&
            parameter->pass != PASS_FORMAT) {
            *ARENA_APPEND(arena, items, n_items) = arena_printf(
                arena, ".%s = %s", parameter->name,
                convert == NULL ? parameter->name : convert(arena, parameter));
        }
    }
    if (n_items == 0) {
        return arena_printf(arena, "    struct %s frame;\n", tag);
    }
    text =
        cdecl_wrap(arena, arena_printf(arena, "    struct %s frame = {", tag),
                   items, n_items, "};", -1);
    /* Where that gets too wide, one level further in. */
    if (strchr(text, '\n') != NULL || strlen(text) > 80) {
        text = cdecl_wrap(
            arena,
            arena_printf(arena, "    struct %s frame = {\n        ", tag),
            items, n_items, "};", 8);
    }
    return arena_printf(arena, "%s\n", text);
}

const char *emit_frame_of_head(struct arena *arena, const char *tag,
                               bool is_used, const char *more)
{
    if (!is_used) {
        return "    (void)head;\n";
    }
    return arena_printf(arena, "    struct %s *frame = (void *)head;\n%s\n",
                        tag, more);
}

const char *emit_call(struct arena *arena, int column, const char *first,
                      const char *const *values, size_t n_values)
{
    const char *start = arena_printf(arena, "%*s%s", column, "", first);
    const char *text = cdecl_wrap(arena, start, values, n_values, ")", -1);

    if (strchr(text, '\n') != NULL) {
        text = cdecl_wrap(arena,
                          arena_printf(arena, "%s\n%*s", start, column + 4, ""),
                          values, n_values, ")", column + 4);
    }
    return text;
}

struct emit_list emit_list(struct arena *arena,
                           const struct plan_parameter *parameters,
                           size_t n_parameters)
{
    struct emit_list list = {"arguments", "", "", "", ""};
    bool is_there = false;

    for (size_t i = 0; i < n_parameters; i++) {
        if (parameters[i].pass == PASS_ARGUMENTS) {
            list.name = parameters[i].name;
            is_there = true;
        } else if (parameters[i].pass == PASS_FORMAT) {
            list.format = parameters[i].name;
        }
    }
    if (!is_there && n_parameters > 0) {
        list.variable = "    va_list arguments;\n";
        list.start = arena_printf(arena, "    va_start(arguments, %s);\n",
                                  parameters[n_parameters - 1].name);
        list.end = "    va_end(arguments);\n";
    }
    return list;
}

const char *emit_failure(struct arena *arena,
                         const struct plan_callback *callback)
{
    return callback->has_result && callback->failure != NULL
               ? arena_printf(arena, " %s", callback->failure)
               : "";
}
