/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "cdecl.h"
#include "emit.h"
#include "own_name.h"
#include "template.h"

struct writer {
    struct arena *arena;
    const struct plan *plan;
    FILE *stream;
};

static void defines_write(const struct writer *writer)
{
    struct arena *arena = writer->arena;

    for (size_t i = 0; i < writer->plan->n_defines; i++) {
        const char *define = writer->plan->defines[i];
        const char *equals = strchr(define, '=');
        const char *name =
            equals == NULL
                ? define
                : arena_printf(arena, "%.*s", (int)(equals - define), define);

        template_write(writer->stream, template_frames_h, "define", "name",
                       name, "value", equals == NULL ? "1" : equals + 1, NULL);
    }
    if (writer->plan->n_defines > 0) {
        fputc('\n', writer->stream);
    }
}

/* Those by which the library's headers ask libc's for more: these come first
 * here. */
static void features_write(const struct writer *writer)
{
    for (size_t i = 0; i < writer->plan->n_features; i++) {
        const char *define = writer->plan->features[i];

        template_write(writer->stream, template_frames_h, "feature", "name",
                       arena_printf(writer->arena, "%.*s",
                                    (int)strcspn(define, " "), define),
                       "define", define, NULL);
    }
}

static void includes_write(const struct writer *writer)
{
    const struct plan *plan = writer->plan;
    struct arena_text includes = {0};

    for (size_t i = 0; i < plan->n_functions; i++) {
        if (plan->functions[i].function->is_deprecated) {
            template_write(writer->stream, template_frames_h, "deprecated",
                           NULL);
            break;
        }
    }
    for (size_t i = 0; i < plan->n_headers; i++) {
        arena_text_add(writer->arena, &includes, "%s#include <%s>",
                       i == 0 ? "" : "\n", plan->headers[i]);
    }
    template_write(writer->stream, template_frames_h, "includes", "lines",
                   arena_text_get(&includes), NULL);
}

unsigned emit_hidden(struct arena *arena, const struct plan *plan, FILE *stream)
{
    struct arena_text macros = {0};

    if (plan->n_hidden == 0) {
        return 0;
    }
    for (size_t i = 0; i < plan->n_hidden; i++) {
        arena_text_add(arena, &macros, "#undef %s\n", plan->hidden[i]);
    }
    template_write(stream, template_frames_h, "macros", "lines",
                   arena_text_get(&macros), NULL);
    return (unsigned)plan->n_hidden + 2; /* a comment, an empty one */
}

/* What of the headers' own names is in the way. */
static void names_write(const struct writer *writer)
{
    const struct plan *plan = writer->plan;
    struct arena *arena = writer->arena;
    struct arena_text names = {0};

    emit_mark(writer->stream, ABOUT_HIDDEN, 0);
    if (plan->has_rows) {
        template_write(writer->stream, template_frames_h, "rows", NULL);
    }
    for (size_t i = 0; i < plan->n_type_names; i++) {
        arena_text_add(arena, &names, "typedef %s " OWN_NAME_TYPE "%s;\n",
                       plan->type_names[i], plan->type_names[i]);
    }
    for (size_t i = 0; i < plan->n_names; i++) {
        arena_text_add(arena, &names,
                       "extern __typeof__(%s) " OWN_NAME_SYMBOL "%s\n"
                       "    __asm__(\"%s\");\n",
                       plan->names[i].c_name, plan->names[i].symbol,
                       plan->names[i].symbol);
    }
    if (names.length > 0) {
        template_write(writer->stream, template_frames_h, "names", "lines",
                       arena_text_get(&names), NULL);
    }
}

static void preamble_write(const struct writer *writer)
{
    const struct plan *plan = writer->plan;
    struct arena *arena = writer->arena;

    template_write(writer->stream, template_frames_h, "head", "headers",
                   emit_headers(arena, plan), "spec", plan->spec, "soname",
                   plan->soname, "isas", plan->isas, "guard",
                   emit_upper(arena, plan->library), NULL);
    defines_write(writer);
    features_write(writer);
    if (plan->n_thread_data > 0) {
        template_write(writer->stream, template_frames_h, "thread-data",
                       "count", arena_printf(arena, "%zu", plan->n_thread_data),
                       NULL);
    }
    template_write(writer->stream, template_frames_h, "runtime", "isa",
                   plan->n_shapes > 0 ? "#include <thunk/isa.h>\n" : "", NULL);
    includes_write(writer);
    names_write(writer);
}

/* One part of the enum of functions: what its names have in front, whether it
 * is the first, and what counts it and those before. */
static void indexes_add(struct arena *arena, struct arena_text *text,
                        const char *comment, const char *const *names,
                        size_t n_names, const char *before, const char *count)
{
    if (n_names > 0 && comment != NULL) {
        arena_text_add(arena, text, "\n    /* %s */\n", comment);
    }
    for (size_t i = 0; i < n_names; i++) {
        arena_text_add(arena, text, "    %s%s%s,\n", names[i],
                       i == 0 && before != NULL ? " = " : "",
                       i == 0 && before != NULL ? before : "");
    }
    arena_text_add(arena, text, "    %s%s%s,\n", count,
                   n_names == 0 ? " = " : "", n_names == 0 ? before : "");
}

static const char *functions_text(struct arena *arena, const struct plan *plan)
{
    struct arena_text text = {0};
    const char **symbols = NULL, **types = NULL, **named = NULL;
    size_t n_symbols = 0, n_types = 0, n_named = 0;

    for (size_t i = 0; i < plan->n_functions; i++) {
        const char *name =
            arena_printf(arena, "THUNK_INDEX_%s", plan->functions[i].name);

        if (plan->functions[i].is_exported) {
            *ARENA_APPEND(arena, symbols, n_symbols) = name;
        } else {
            *ARENA_APPEND(arena, named, n_named) = name;
        }
    }
    for (size_t i = 0; i < plan->n_callbacks; i++) {
        if (plan->callbacks[i]->is_stub) {
            *ARENA_APPEND(arena, types, n_types) =
                arena_printf(arena, "THUNK_STUB_%s", plan->callbacks[i]->name);
        }
    }
    indexes_add(arena, &text, NULL, symbols, n_symbols, NULL,
                "THUNK_SYMBOL_COUNT");
    indexes_add(arena, &text, "Types whose host functions the guest calls",
                types, n_types, "THUNK_SYMBOL_COUNT", "THUNK_ENTRY_COUNT");
    indexes_add(arena, &text, "Functions that are had by name alone", named,
                n_named, "THUNK_ENTRY_COUNT", "THUNK_FUNCTION_COUNT");
    return arena_text_get(&text);
}

static void indexes_write(const struct writer *writer)
{
    const struct plan *plan = writer->plan;
    struct arena *arena = writer->arena;
    struct arena_text callbacks = {0};

    template_write(
        writer->stream, template_frames_h, "indexes", "hash",
        arena_printf(arena, "0x%016llx", (unsigned long long)plan->hash),
        "functions", functions_text(arena, plan), NULL);
    if (plan->n_callbacks == 0 && !plan->has_files) {
        return;
    }
    for (size_t i = 0; i < plan->n_callbacks; i++) {
        arena_text_add(arena, &callbacks, "    THUNK_CALLBACK_%s,\n",
                       plan->callbacks[i]->name);
    }
    if (plan->has_files) {
        arena_text_add(arena, &callbacks, "    THUNK_CALLBACK_FILE,\n");
    }
    template_write(writer->stream, template_frames_h, "callbacks", "callbacks",
                   arena_text_get(&callbacks), NULL);
}

static void pinned_write(const struct writer *writer)
{
    const struct plan *plan = writer->plan;

    for (size_t i = 0; i < plan->n_pinned; i++) {
        const struct record *record = plan->pinned[i];

        emit_mark(writer->stream, ABOUT_PINNED, i);
        template_write(writer->stream, template_frames_h, "pinned", "type",
                       record->name, "size",
                       arena_printf(writer->arena, "%llu",
                                    (unsigned long long)record->size),
                       NULL);
        for (size_t f = 0; f < record->n_fields; f++) {
            const struct field *field = &record->fields[f];

            if (field->name[0] != '\0' && field->width < 0) {
                template_write(
                    writer->stream, template_frames_h, "pinned-member", "type",
                    record->name, "member", field->name, "offset",
                    arena_printf(writer->arena, "%llu",
                                 (unsigned long long)field->offset / 8),
                    NULL);
            }
        }
        fputc('\n', writer->stream);
    }
}

static void frame_write(const struct writer *writer, const char *tag,
                        const char *first,
                        const struct plan_parameter *parameters,
                        size_t n_parameters, bool has_words,
                        const struct type *result, uint64_t size)
{
    struct arena *arena = writer->arena;
    const char *members = first;

    for (size_t i = 0; i < n_parameters; i++) {
        if (parameters[i].pass != PASS_ARGUMENTS) {
            members =
                arena_printf(arena, "%s    %s;\n", members,
                             cdecl_declare_variable(arena, parameters[i].type,
                                                    parameters[i].name));
        }
    }
    if (has_words) {
        members = arena_printf(
            arena, "%s    const struct thunk_words *words;\n", members);
    }
    if (result != NULL) {
        members = arena_printf(arena, "%s    %s;\n", members,
                               cdecl_declare_variable(arena, result, "result"));
    }
    if (members[0] == '\0') {
        template_write(writer->stream, template_frames_h, "empty-frame", "tag",
                       tag, NULL);
        return;
    }
    template_write(writer->stream, template_frames_h, "frame", "tag", tag,
                   "members", members, "size",
                   arena_printf(arena, "%llu", (unsigned long long)size), NULL);
}

/* What the host calls back with, and what the guest calls host functions of the
 * type with. */
static void callback_write(const struct writer *writer,
                           const struct plan_callback *callback)
{
    struct arena *arena = writer->arena;
    const struct type *result =
        callback->has_result ? callback->function->target : NULL;
    size_t n_parameters = callback->function->n_parameters;

    if (callback->is_callback) {
        frame_write(writer,
                    arena_printf(arena, "thunk_callback_%s", callback->name),
                    "", callback->parameters, n_parameters, false, result,
                    callback->frame_size);
    }
    if (callback->is_stub) {
        frame_write(writer,
                    arena_printf(arena, "thunk_stub_%s", callback->name),
                    arena_printf(arena, "    %s;\n",
                                 cdecl_declare_variable(
                                     arena, callback->pointer, "function")),
                    callback->parameters, n_parameters, false, result,
                    callback->stub_size);
    }
}

/* A function that takes "..." for one that takes a va_list: only a function
 * can make a va_list of its own side's kind. `pointer` declares `function`. */
static void va_list_call_write(const struct writer *writer,
                               const struct plan_function *function,
                               const char *pointer)
{
    struct arena *arena = writer->arena;
    const char *declaration = emit_declaration(
        arena, function, "static inline ",
        arena_printf(arena, "thunk_call_%s", function->name), pointer, true);
    const char *values = "";
    const char *last = "function";

    for (size_t i = 0; i < function->n_parameters; i++) {
        const struct plan_parameter *parameter = &function->parameters[i];
        bool is_list = parameter->pass == PASS_ARGUMENTS;

        values = arena_printf(arena, "%s%s%s", values, i == 0 ? "" : ", ",
                              is_list ? "arguments" : parameter->name);
        if (!is_list) {
            last = parameter->name;
        }
    }
    template_write(
        writer->stream, template_frames_h, "va-list-call", "name",
        function->name, "declaration", declaration, "result_variable",
        function->has_result
            ? arena_printf(
                  arena, "    %s;\n",
                  cdecl_declare_variable(
                      arena, function->function->type->target, "result"))
            : "",
        "last", last, "result_assign", function->has_result ? "result = " : "",
        "values", values, "result_return",
        function->has_result ? "    return result;\n" : "", NULL);
}

static void callback_list_write(const struct writer *writer,
                                const struct plan_callback *callback)
{
    const struct function function = {.type = callback->function};
    const struct plan_function planned = {
        .name = callback->name,
        .function = &function,
        .parameters = callback->parameters,
        .n_parameters = callback->function->n_parameters,
        .has_result = callback->has_result,
    };

    va_list_call_write(
        writer, &planned,
        cdecl_declare_variable(writer->arena, callback->pointer, "function"));
}

void emit_frames(struct arena *arena, const struct plan *plan, FILE *stream)
{
    const struct writer writer = {arena, plan, stream};

    preamble_write(&writer);
    indexes_write(&writer);
    pinned_write(&writer);
    emit_mark(stream, ABOUT_NOTHING, 0);
    emit_pins(arena, plan, stream);
    for (size_t i = 0; i < plan->n_callbacks; i++) {
        emit_mark(stream, ABOUT_CALLBACK, i);
        callback_write(&writer, plan->callbacks[i]);
        if (plan->callbacks[i]->is_va_list) {
            callback_list_write(&writer, plan->callbacks[i]);
        }
    }
    for (size_t i = 0; i < plan->n_functions; i++) {
        const struct plan_function *function = &plan->functions[i];

        emit_mark(stream, ABOUT_FUNCTION, i);
        frame_write(
            &writer, arena_printf(arena, "thunk_frame_%s", function->name), "",
            function->parameters, function->n_parameters, function->has_words,
            function->has_result ? function->function->type->target : NULL,
            function->frame_size);
        if (function->is_va_list) {
            va_list_call_write(&writer, function,
                               arena_printf(arena, "__typeof__(&(%s)) function",
                                            function->real));
        }
    }
    template_write(stream, template_frames_h, "tail", NULL);
}
