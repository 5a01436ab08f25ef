/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "cdecl.h"
#include "emit.h"
#include "template.h"

static void callback_write(struct arena *arena,
                           const struct plan_callback *callback, FILE *stream)
{
    const struct function as_function = {.type = callback->function};
    const struct plan_function function = {
        .function = &as_function,
        .parameters = callback->parameters,
        .n_parameters = callback->function->n_parameters,
    };
    const char *tag = arena_printf(arena, "thunk_callback_%s", callback->name);

    template_write(
        stream, template_host_c, "callback", "declaration",
        emit_declaration(arena, &function, "",
                         arena_printf(arena, "callback_%s", callback->name),
                         NULL, false),
        "frame",
        emit_frame(arena, tag, function.parameters, function.n_parameters),
        "return", callback->has_result ? "    return frame.result;\n" : "",
        NULL);
}

/* A section of the template as a text. */
static const char *member_text(struct arena *arena,
                               const struct plan_member *member)
{
    char *buffer = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&buffer, &size);
    const char *text;

    template_write(
        stream, template_host_c,
        member->count == 0 ? "adopt-member" : "adopt-array", "callback",
        member->callback->name, "path", member->path, "count",
        arena_printf(arena, "%llu", (unsigned long long)member->count), NULL);
    fclose(stream);
    text = arena_strdup(arena, buffer);
    free(buffer);
    return text;
}

static void record_write(struct arena *arena, const struct plan_record *record,
                         FILE *stream)
{
    const char *members = "";

    for (size_t i = 0; i < record->n_members; i++) {
        members = arena_printf(arena, "%s%s", members,
                               member_text(arena, &record->members[i]));
    }
    template_write(stream, template_host_c, "adopt", "name", record->name,
                   "type", record->record->name, "members", members, NULL);
}

/* What the real function gets for one parameter. */
static const char *value_of(struct arena *arena,
                            const struct plan_parameter *parameter)
{
    if (parameter->pass != PASS_CALLBACK) {
        return arena_printf(arena, "frame->%s", parameter->name);
    }
    return arena_printf(arena,
                        "(%s)thunk_host_trampoline(\n"
                        "            &library, THUNK_CALLBACK_%s,\n"
                        "            (thunk_function)frame->%s)",
                        cdecl_declare_variable(arena, parameter->type, ""),
                        parameter->callback->name, parameter->name);
}

static const char *call_text(struct arena *arena,
                             const struct plan_function *function)
{
    const char *assign = function->has_result ? "frame->result = " : "";
    const char *real = arena_printf(arena, "THUNK_REAL(%s)", function->name);
    const char **values = NULL;
    size_t n_values = 0;
    bool has_callback = false;
    const char *text;

    if (function->is_va_list) {
        *ARENA_APPEND(arena, values, n_values) = real;
        real = arena_printf(arena, "thunk_call_%s", function->name);
    }
    for (size_t i = 0; i < function->n_parameters; i++) {
        const struct plan_parameter *parameter = &function->parameters[i];

        if (parameter->pass != PASS_ARGUMENTS) {
            *ARENA_APPEND(arena, values, n_values) = value_of(arena, parameter);
            has_callback |= parameter->pass == PASS_CALLBACK;
        }
    }
    if (function->is_variadic || function->is_va_list) {
        *ARENA_APPEND(arena, values, n_values) = "0";
    }
    text = arena_printf(arena, "%s%s(", assign, real);
    if (!has_callback) {
        return emit_call(arena, 4, text, values, n_values);
    }
    text = arena_printf(arena, "    %s", text);
    for (size_t i = 0; i < n_values; i++) { /* each on lines of its own */
        text = arena_printf(arena, "%s%s\n        %s", text, i == 0 ? "" : ",",
                            values[i]);
    }
    return arena_printf(arena, "%s)", text);
}

static void entry_write(struct arena *arena,
                        const struct plan_function *function, FILE *stream)
{
    const char *tag = arena_printf(arena, "thunk_frame_%s", function->name);
    const char *adopt = "";

    for (size_t i = 0; i < function->n_parameters; i++) {
        const struct plan_parameter *parameter = &function->parameters[i];

        if (parameter->pass == PASS_ADOPT) {
            adopt =
                arena_printf(arena, "%s    adopt_%s(%sframe->%s);\n", adopt,
                             parameter->record->name,
                             parameter->is_pointer ? "" : "&", parameter->name);
        }
    }
    template_write(
        stream, template_host_c, "entry", "name", function->name, "frame",
        emit_frame_of_head(arena, tag,
                           function->has_result || function->n_parameters > 0),
        "adopt", adopt, "call", call_text(arena, function), NULL);
}

/* A string on lines of its own, which break behind a comma. */
static const char *string_text(struct arena *arena, int column,
                               const char *string)
{
    struct arena_text text = {0};
    int room = 0;

    arena_text_add(arena, &text, "%*s\"", column, "");
    while (*string != '\0') {
        const char *comma = strstr(string, ", ");
        int length =
            comma == NULL ? (int)strlen(string) : (int)(comma + 2 - string);

        if (room != 0 && room + length > 74 - column) {
            arena_text_add(arena, &text, "\"\n%*s\"", column, "");
            room = 0;
        }
        arena_text_add(arena, &text, "%.*s", length, string);
        room += length;
        string += length;
    }
    arena_text_add(arena, &text, "\"");
    return arena_text_get(&text);
}

static void enums_write(struct arena *arena, const struct plan *plan,
                        FILE *stream)
{
    struct arena_text enums = {0};

    for (size_t i = 0; i < plan->n_enums; i++) {
        const struct enumeration *from = plan->enums[i].enumeration;
        const char *name = plan->enums[i].name;
        struct arena_text constants = {0};

        for (size_t c = 0; c < from->n_constants; c++) {
            arena_text_add(arena, &constants, "    {\"%s\", %lld},\n",
                           from->constants[c].name,
                           (long long)from->constants[c].value);
        }
        template_write(stream, template_host_c, "enum", "name", name,
                       "constants", arena_text_get(&constants), NULL);
        arena_text_add(arena, &enums, "    {\"%s\", constants_%s},\n", name,
                       name);
    }
    if (plan->n_enums > 0) {
        template_write(stream, template_host_c, "enums", "enums",
                       arena_text_get(&enums), NULL);
    }
}

static void tables_write(struct arena *arena, const struct plan *plan,
                         FILE *stream)
{
    struct arena_text functions = {0};
    struct arena_text callbacks = {0};

    for (size_t i = 0; i < plan->n_functions; i++) {
        const struct plan_function *function = &plan->functions[i];
        const char *version =
            function->version == NULL
                ? "NULL"
                : arena_printf(arena, "\"%s\"", function->version);

        arena_text_add(arena, &functions, "    {\"%s\", %s, call_%s,\n%s},\n",
                       function->name, version, function->name,
                       string_text(arena, 5, function->trace));
    }
    template_write(stream, template_host_c, "tables", "functions",
                   arena_text_get(&functions), NULL);
    if (plan->n_callbacks == 0) {
        return;
    }
    for (size_t i = 0; i < plan->n_callbacks; i++) {
        const char *name = plan->callbacks[i]->name;

        arena_text_add(arena, &callbacks,
                       "    {\"%s\", (thunk_function)callback_%s,\n%s},\n",
                       name, name,
                       string_text(arena, 5, plan->callbacks[i]->trace));
    }
    template_write(stream, template_host_c, "callbacks", "callbacks",
                   arena_text_get(&callbacks), NULL);
}

void emit_host(struct arena *arena, const struct plan *plan, FILE *stream)
{
    template_write(stream, template_host_c, "head", "headers",
                   emit_headers(arena, plan), "spec", plan->spec, "soname",
                   plan->soname, "library", plan->library, NULL);
    for (size_t i = 0; i < plan->n_callbacks; i++) {
        callback_write(arena, plan->callbacks[i], stream);
    }
    for (size_t i = 0; i < plan->n_records; i++) {
        record_write(arena, plan->records[i], stream);
    }
    for (size_t i = 0; i < plan->n_functions; i++) {
        entry_write(arena, &plan->functions[i], stream);
    }
    tables_write(arena, plan, stream);
    enums_write(arena, plan, stream);
    template_write(stream, template_host_c, "library", "soname", plan->soname,
                   "callbacks_member",
                   plan->n_callbacks > 0 ? "    .callbacks = callbacks,\n" : "",
                   "enums_member",
                   plan->n_enums > 0 ? "    .enums = enums,\n" : "", NULL);
}
