/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "cdecl.h"
#include "emit.h"
#include "template.h"

/* The other side's pointer for a function pointer, by stub or trampoline, as
 * the last part of a line of `column` blanks. */
static const char *crossing_text(struct arena *arena, int column,
                                 const char *way, const struct type *type,
                                 const struct plan_callback *callback,
                                 const char *value)
{
    const char *object = type_callback(type) == NULL ? "(uintptr_t)" : "";

    return arena_printf(arena,
                        "(%s)%sthunk_host_%s(\n"
                        "%*s&htl_library, THUNK_CALLBACK_%s,\n"
                        "%*s(thunk_function)%s%s)",
                        cdecl_declare_variable(arena, type, ""), object, way,
                        column + 4, "", callback->name, column + 4, "", object,
                        value);
}

/* "x11_display_to_host(frame->dpy)": what it gets besides `first`, or NULL, is
 * found by `from`, "frame->". */
static const char *aside_text(struct arena *arena,
                              const struct plan_aside *aside, const char *first,
                              const char *from)
{
    const char *text =
        arena_printf(arena, "%s(%s", aside->name, first == NULL ? "" : first);

    for (size_t i = 0; i < aside->n_others; i++) {
        text = arena_printf(arena, "%s%s%s%s", text,
                            i > 0 || first != NULL ? ", " : "", from,
                            aside->others[i]);
    }
    return arena_printf(arena, "%s)", text);
}

/* What the guest gets for a parameter of a callback. */
static const char *given_text(struct arena *arena,
                              const struct plan_parameter *parameter)
{
    if (parameter->to_guest != NULL) {
        return aside_text(arena, parameter->to_guest, parameter->name, "");
    }
    if (parameter->pass == PASS_FILE) {
        return emit_file(arena, "_guest", parameter->name);
    }
    if (parameter->pass != PASS_CALLBACK) {
        return parameter->name;
    }
    return crossing_text(arena, 8, "stub", parameter->type, parameter->callback,
                         parameter->name);
}

static const char *adopt_text(struct arena *arena,
                              const struct plan_parameter *parameter,
                              const char *value)
{
    return arena_printf(
        arena,
        "    thunk_host_adopt(&htl_library, THUNK_CALLBACK_%s,\n"
        "                     %s);\n",
        parameter->callback->name, value);
}

/* Lines that convert long doubles, in the host's frame ("frame.") or in the
 * guest's ("frame->"). `way` is "take" or "give". */
static const char *numbers_text(struct arena *arena, const char *way,
                                const char *frame, const char *name,
                                const struct plan_numbers *numbers)
{
    struct arena_text text = {0};

    for (size_t i = 0; i < numbers->n_items; i++) {
        arena_text_add(arena, &text,
                       "    thunk_host_numbers_%s((void *)&%s%s%s, %llu);\n",
                       way, frame, name, numbers->items[i].path,
                       (unsigned long long)numbers->items[i].count);
    }
    return arena_text_get(&text);
}

static void callback_write(struct arena *arena, const struct plan *plan,
                           const struct plan_callback *callback, FILE *stream)
{
    const struct plan_parameter *parameters = callback->parameters;
    size_t n_parameters = callback->function->n_parameters;
    const char *tag = arena_printf(arena, "thunk_callback_%s", callback->name);
    const char *give = "";
    const char *adopt = plan->has_shared_data
                            ? "    thunk_host_data_take(&htl_library);\n"
                            : "";
    const char *result = "frame.result";
    const char *copies = "";
    const struct emit_thread_data data = emit_thread_data(plan, EMIT_CALLBACK);
    struct emit_list list;

    if (callback->has_copies) {
        copies = "    struct thunk_host_copies copies;\n";
        give = "    thunk_host_copies_start(&copies);\n";
        adopt = arena_printf(arena, "    thunk_host_copies_end(&copies);\n%s",
                             adopt);
    }

    for (size_t i = 0; i < n_parameters; i++) {
        give = arena_printf(arena, "%s%s", give,
                            numbers_text(arena, "give", "frame.",
                                         parameters[i].name,
                                         &parameters[i].numbers));
        if (parameters[i].pass == PASS_CONVERT) {
            give = arena_printf(arena, "%s%s", give,
                                emit_given(arena, &parameters[i]));
        }
        if (parameters[i].stubs != NULL && parameters[i].flow == FLOW_INOUT) {
            give = arena_printf(arena, "%s    htl_stubs_%s(%s);\n", give,
                                parameters[i].stubs->name, parameters[i].name);
            adopt = arena_printf(arena, "%s    htl_hosts_%s(%s);\n", adopt,
                                 parameters[i].stubs->name, parameters[i].name);
        }
        if (parameters[i].given != NULL) {
            give = arena_printf(arena, "%s    htl_give_%s(&frame.%s);\n", give,
                                parameters[i].given->name, parameters[i].name);
        }
        if (parameters[i].pass == PASS_ADOPT && parameters[i].is_filled) {
            adopt =
                arena_printf(arena, "%s    htl_adopt_%s(%s);\n", adopt,
                             parameters[i].record->name, parameters[i].name);
        }
        if (parameters[i].pass == PASS_PLACE) {
            copies = arena_printf(arena, "%s    thunk_function %s;\n", copies,
                                  parameters[i].before);
            give = arena_printf(arena, "%s%s", give,
                                emit_lend(arena, &parameters[i]));
            adopt = arena_printf(arena, "%s%s", adopt,
                                 emit_lent(arena, &parameters[i]));
        }
    }
    if (plan->has_files) {
        give = arena_printf(arena, "%s    thunk_host_files_lend();\n", give);
        adopt = arena_printf(arena, "%s    thunk_host_files_take();\n", adopt);
    }
    adopt = arena_printf(
        arena, "%s%s", adopt,
        numbers_text(arena, "take", "frame.", "result", &callback->numbers));
    if (callback->record != NULL) {
        adopt = arena_printf(arena, "%s    htl_adopt_%s(&frame.result);\n",
                             adopt, callback->record->name);
    }
    if (callback->result_is_file) {
        result = emit_file(arena, "", result);
    }
    if (callback->result_to_host != NULL) {
        result = aside_text(arena, callback->result_to_host, result, "");
    }
    if (callback->result != NULL) {
        result =
            crossing_text(arena, 4, "trampoline", callback->function->target,
                          callback->result, result);
    }
    list = emit_list(arena, parameters, n_parameters);
    if (plan->has_shared_data) {
        give = arena_printf(
            arena, "%s    thunk_host_data_give(&htl_library);\n", give);
    }
    template_write(
        stream, template_host_c,
        callback->is_variadic || callback->is_va_list ? "callback-format"
                                                      : "callback",
        "list_variable", list.variable, "list_start", list.start, "list_end",
        list.end, "list", list.name, "format", list.format, "failure",
        emit_failure(arena, callback), "declaration",
        emit_callback_declaration(
            arena, callback,
            arena_printf(arena, "htl_callback_%s", callback->name)),
        "frame",
        arena_printf(
            arena, "%s%s%s",
            emit_frame(arena, tag, NULL, parameters, n_parameters, given_text),
            copies, data.variable),
        "give", arena_printf(arena, "%s%s", give, data.take), "adopt", adopt,
        "return",
        callback->has_result ? arena_printf(arena, "    return %s;\n", result)
                             : "",
        NULL);
}

/* What the real function gets for one parameter. */
static const char *value_of(struct arena *arena,
                            const struct plan_parameter *parameter)
{
    const char *value = arena_printf(arena, "frame->%s", parameter->name);

    if (parameter->pass == PASS_FILE) {
        return emit_file(arena, "", value);
    }
    if (parameter->pass == PASS_FILE_PLACE) {
        return emit_file_place(arena, parameter);
    }
    if (parameter->to_host != NULL) {
        return aside_text(arena, parameter->to_host, value, "frame->");
    }
    if (parameter->pass == PASS_CONVERT) {
        return parameter->copied;
    }
    if (parameter->copy != NULL) {
        return arena_printf(arena, "htl_handles_%s(%s, &%s)",
                            parameter->copy->name, value, parameter->copied);
    }
    return parameter->pass == PASS_CALLBACK
               ? crossing_text(arena, 8, "trampoline", parameter->type,
                               parameter->callback, value)
               : value;
}

/* The call of `real`, "THUNK_REAL(f)", with what is in the frame. */
static const char *call_text(struct arena *arena,
                             const struct plan_function *function,
                             const char *real)
{
    const char *assign = function->has_result ? "frame->result = " : "";
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
            has_callback |= parameter->pass == PASS_CALLBACK ||
                            parameter->pass == PASS_FILE ||
                            parameter->pass == PASS_FILE_PLACE;
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

/* What is done before and after a call: for function pointers that are not
 * parameters themselves, for handles, and because the spec says so. */
struct around {
    const char *variables, *adopt, *after;
};

static void place_add(struct arena *arena,
                      const struct plan_parameter *parameter,
                      struct around *around)
{
    const char *name = parameter->name;
    const char *found = arena_printf(arena, "thunk_host_peek(frame->%s)", name);

    if (parameter->before != NULL) {
        around->variables =
            arena_printf(arena, "%s    thunk_function %s = %s;\n",
                         around->variables, parameter->before, found);
        around->after = arena_printf(
            arena,
            "%s    thunk_host_written(&htl_library, THUNK_CALLBACK_%s,\n"
            "                       frame->%s, %s);\n",
            around->after, parameter->callback->name, name, parameter->before);
        found = parameter->before;
    }
    if (parameter->pass == PASS_PLACE) {
        around->adopt = arena_printf(arena, "%s%s", around->adopt,
                                     adopt_text(arena, parameter, found));
    }
}

/* The guest's function for the result, which has the name that was given. */
static const char *procedure_text(struct arena *arena,
                                  const struct plan_function *function)
{
    const struct type *type = function->function->type->target;
    const char *cast = cdecl_declare_variable(arena, type, "");

    if (type_callback(type) == NULL) { /* void *: by way of a number */
        cast = arena_printf(arena, "%s)(uintptr_t", cast);
    }
    return arena_printf(arena,
                        "(%s)thunk_host_procedure(\n"
                        "        &htl_library, (const char *)frame->%s,\n"
                        "        (thunk_function)%sframe->result)",
                        cast, function->procedure,
                        type_callback(type) == NULL ? "(uintptr_t)" : "");
}

/* The host's copies of what lies in memory otherwise than it has it. */
static void copies_add(struct arena *arena,
                       const struct plan_function *function,
                       struct around *around)
{
    if (!function->has_copies) {
        return;
    }
    around->variables = arena_printf(
        arena, "%s    struct thunk_host_copies copies;\n", around->variables);
    around->adopt = arena_printf(
        arena, "%s    thunk_host_copies_start(&copies);\n", around->adopt);
    around->after = arena_printf(
        arena, "    thunk_host_copies_end(&copies);\n%s", around->after);
    for (size_t i = 0; i < function->n_parameters; i++) {
        const struct plan_parameter *parameter = &function->parameters[i];

        if (parameter->pass == PASS_CONVERT) {
            around->variables =
                arena_printf(arena, "%s    void *%s;\n", around->variables,
                             parameter->copied);
            around->adopt = arena_printf(arena, "%s%s", around->adopt,
                                         emit_copy(arena, parameter));
        }
    }
}

/* What a list of arguments needs: as first of all. */
static struct around around_start(const struct plan_function *function)
{
    return (struct around){
        .variables =
            function->has_words ? "    struct thunk_host_list list;\n" : "",
        .adopt = "",
        .after = function->is_scan
                     ? "    thunk_host_list_give(&list, frame->words);\n"
                     : "",
    };
}

/* Structs in which the host's functions are made the guest's. */
static void places_add(struct arena *arena,
                       const struct plan_function *function,
                       struct around *around)
{
    for (size_t i = 0; i < function->n_parameters; i++) {
        const struct plan_parameter *parameter = &function->parameters[i];

        if (parameter->stubs == NULL) {
            continue;
        }
        if (parameter->flow == FLOW_INOUT) {
            around->adopt = arena_printf(
                arena, "%s    htl_hosts_%s(frame->%s);\n", around->adopt,
                parameter->stubs->name, parameter->name);
        }
        around->after = arena_printf(arena, "%s    htl_stubs_%s(frame->%s);\n",
                                     around->after, parameter->stubs->name,
                                     parameter->name);
    }
    if (function->stubs != NULL) {
        around->after =
            arena_printf(arena, "%s    htl_stubs_%s(frame->result);\n",
                         around->after, function->stubs->name);
    }
}

static struct around around_find(struct arena *arena,
                                 const struct plan_function *function)
{
    struct around around = around_start(function);

    copies_add(arena, function, &around);
    places_add(arena, function, &around);

    for (size_t i = 0; i < function->n_parameters; i++) {
        const struct plan_parameter *parameter = &function->parameters[i];

        around.adopt =
            arena_printf(arena, "%s%s", around.adopt,
                         numbers_text(arena, "take", "frame->", parameter->name,
                                      &parameter->numbers));
        if (parameter->pass == PASS_ADOPT) {
            around.adopt =
                arena_printf(arena, "%s    htl_adopt_%s(%sframe->%s);\n",
                             around.adopt, parameter->record->name,
                             parameter->is_pointer ? "" : "&", parameter->name);
        } else if (parameter->pass == PASS_PLACE ||
                   (parameter->pass == PASS_OUT &&
                    parameter->callback != NULL)) {
            place_add(arena, parameter, &around);
        }
        if (parameter->copy != NULL) {
            around.variables =
                arena_printf(arena, "%s    %s %s;\n", around.variables,
                             parameter->copy->record->name, parameter->copied);
        }
    }
    if (function->before != NULL) {
        around.adopt =
            arena_printf(arena, "%s    %s;\n", around.adopt,
                         aside_text(arena, function->before, NULL, "frame->"));
    }
    if (function->after != NULL) {
        around.after =
            arena_printf(arena, "%s    %s;\n", around.after,
                         aside_text(arena, function->after, NULL, "frame->"));
    }
    if (function->result_shape != NULL) { /* it may lie in a copy */
        around.after = arena_printf(arena, "%s%s", emit_result(arena, function),
                                    around.after);
    }
    if (function->result_to_guest != NULL) {
        around.after =
            arena_printf(arena, "%s    frame->result = %s;\n", around.after,
                         aside_text(arena, function->result_to_guest,
                                    "frame->result", "frame->"));
    }
    emit_files(arena, function, &around.variables, &around.adopt,
               &around.after);
    around.after = arena_printf(
        arena, "%s%s", around.after,
        numbers_text(arena, "give", "frame->", "result", &function->numbers));
    if (function->record != NULL) {
        around.after =
            arena_printf(arena, "%s    htl_give_%s(&frame->result);\n",
                         around.after, function->record->name);
    }
    if (function->procedure != NULL) {
        around.after =
            arena_printf(arena, "%s    frame->result = %s;\n", around.after,
                         procedure_text(arena, function));
    }
    if (function->result != NULL) {
        around.after = arena_printf(
            arena, "%s    frame->result = %s;\n", around.after,
            crossing_text(arena, 4, "stub", function->function->type->target,
                          function->result, "frame->result"));
    }
    return around;
}

/* A function whose list of arguments came as words. */
static const char *words_call(struct arena *arena,
                              const struct plan_function *function)
{
    struct arena_text text = {0};

    arena_text_add(arena, &text, "    thunk_words_start(&list.words);\n");
    for (size_t i = 0; i < function->n_parameters; i++) {
        const struct plan_parameter *parameter = &function->parameters[i];

        if (parameter->pass != PASS_ARGUMENTS) {
            arena_text_add(arena, &text, "%s",
                           emit_list_named(arena, 4, "&list.words", parameter,
                                           value_of(arena, parameter)));
        }
    }
    arena_text_add(arena, &text,
                   "    thunk_host_list_take(&list, frame->words, %s);\n",
                   emit_list_has_items(function)
                       ? arena_printf(arena, "htl_item_%s", function->name)
                       : "NULL");
    arena_text_add(arena, &text,
                   function->is_va_list
                       ? "    %sthunk_words_call(\n"
                         "        (thunk_function)thunk_call_%s, real,\n"
                         "        &list.words)"
                       : "    %sthunk_words_call(real, NULL, &list.words)",
                   emit_list_result(arena, "frame->result", function),
                   function->name);
    return arena_text_get(&text);
}

/* `prefix` names the function and `tag` its frame. */
static void entry_write(struct arena *arena, const struct plan *plan,
                        const struct plan_function *function,
                        const char *prefix, const char *tag, const char *real,
                        FILE *stream)
{
    static const char *const parameters[] = {"struct thunk_frame *head",
                                             "thunk_function real"};
    struct around around = around_find(arena, function);
    const struct emit_thread_data data = emit_thread_data(plan, EMIT_ENTRY);
    bool is_stub = strcmp(prefix, "stub") == 0;

    if (plan->has_shared_data) {
        around.adopt = arena_printf(
            arena, "%s    thunk_host_data_take(&htl_library);\n", around.adopt);
        around.after = arena_printf(
            arena, "    thunk_host_data_give(&htl_library);\n%s", around.after);
    }
    template_write(
        stream, template_host_c, "entry", "declaration",
        cdecl_wrap(arena,
                   arena_printf(arena, "static void htl_%s_%s(", prefix,
                                function->name),
                   parameters, 2, ")", -1),
        "frame",
        arena_printf(
            arena, "%s%s", data.variable,
            emit_frame_of_head(
                arena, arena_printf(arena, "%s_%s", tag, function->name),
                function->has_result || function->n_parameters > 0 || is_stub,
                around.variables)),
        "adopt",
        arena_printf(arena, "%s%s%s", is_stub ? "    (void)real;\n" : "",
                     data.take, around.adopt),
        "call",
        function->has_words ? words_call(arena, function)
                            : call_text(arena, function, real),
        "after", arena_printf(arena, "%s%s", data.give, around.after), NULL);
}

static void function_write(struct arena *arena, const struct plan *plan,
                           const struct plan_function *function, FILE *stream)
{
    if (function->has_words) {
        emit_list_items(arena, function, stream);
    }
    entry_write(arena, plan, function, "call", "thunk_frame",
                arena_printf(arena, "THUNK_REAL%s(%s)",
                             function->is_variable ? "_POINTED" : "",
                             function->real),
                stream);
}

static void stub_write(struct arena *arena, const struct plan *plan,
                       const struct plan_callback *callback, FILE *stream)
{
    const struct function function = {.type = callback->function};
    const struct plan_function planned = {
        .name = callback->name,
        .function = &function,
        .parameters = callback->parameters,
        .n_parameters = callback->function->n_parameters,
        .has_result = callback->has_result,
        .is_variadic = callback->is_variadic,
        .is_va_list = callback->is_va_list,
        .may_read = plan->has_files,
        .result = callback->result,
        .record = callback->record,
        .stubs = callback->stubs,
        .numbers = callback->numbers,
        .result_is_file = callback->result_is_file,
        .result_to_guest = callback->result_to_guest,
    };

    entry_write(arena, plan, &planned, "stub", "thunk_stub", "frame->function",
                stream);
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
        arena_text_add(arena, &enums, "    {\"%s\", htl_constants_%s},\n", name,
                       name);
    }
    if (plan->n_enums > 0) {
        template_write(stream, template_host_c, "enums", "enums",
                       arena_text_get(&enums), NULL);
    }
}

/* Rows of the table, of those that are exported or of those that are not. */
static void functions_add(struct arena *arena, const struct plan *plan,
                          bool is_exported, struct arena_text *rows)
{
    for (size_t i = 0; i < plan->n_functions; i++) {
        const struct plan_function *function = &plan->functions[i];
        const char *version =
            function->version == NULL
                ? "NULL"
                : arena_printf(arena, "\"%s\"", function->version);

        if (function->is_exported == is_exported) {
            arena_text_add(arena, rows, "    {\"%s\", %s, htl_call_%s,\n%s},\n",
                           function->symbol, version, function->name,
                           string_text(arena, 5, function->trace));
        }
    }
}

static void tables_write(struct arena *arena, const struct plan *plan,
                         FILE *stream)
{
    struct arena_text functions = {0};
    struct arena_text callbacks = {0};

    functions_add(arena, plan, true, &functions);
    for (size_t i = 0; i < plan->n_callbacks; i++) {
        const struct plan_callback *callback = plan->callbacks[i];

        if (callback->is_stub) {
            arena_text_add(arena, &functions,
                           "    {\"%s\", NULL, htl_stub_%s,\n%s},\n",
                           callback->name, callback->name,
                           string_text(arena, 5, callback->stub_trace));
        }
    }
    functions_add(arena, plan, false, &functions);
    template_write(stream, template_host_c, "tables", "functions",
                   arena_text_get(&functions), NULL);
    if (plan->n_callbacks == 0 && !plan->has_files) {
        return;
    }
    for (size_t i = 0; i < plan->n_callbacks; i++) {
        const struct plan_callback *callback = plan->callbacks[i];
        const char *code =
            callback->is_callback
                ? arena_printf(arena, "(thunk_function)htl_callback_%s",
                               callback->name)
                : "NULL";

        arena_text_add(arena, &callbacks, "    {\"%s\", %s,\n%s},\n",
                       callback->name, code,
                       string_text(arena, 5, callback->trace));
    }
    if (plan->has_files) {
        arena_text_add(arena, &callbacks,
                       "    {\"FILE\", NULL,\n"
                       "     \"FILE(operation=%%lu, file=%%p, buffer=%%p, "
                       "size=%%lu, \"\n     \"offset=%%ld) = %%ld\"},\n");
    }
    template_write(stream, template_host_c, "callbacks", "callbacks",
                   arena_text_get(&callbacks), NULL);
}

void emit_host(struct arena *arena, const struct plan *plan, FILE *stream)
{
    template_write(stream, template_host_c, "head", "headers",
                   emit_headers(arena, plan), "spec", plan->spec, "soname",
                   plan->soname, "library", plan->library, NULL);
    emit_shapes(arena, plan, stream);
    emit_records(arena, plan, stream);
    emit_places(arena, plan, stream);
    emit_mark(stream, ABOUT_NOTHING, 0);
    emit_copies(arena, plan, stream);
    for (size_t i = 0; i < plan->n_callbacks; i++) {
        emit_mark(stream, ABOUT_CALLBACK, i);
        if (plan->callbacks[i]->is_callback) {
            callback_write(arena, plan, plan->callbacks[i], stream);
        }
    }
    for (size_t i = 0; i < plan->n_functions; i++) {
        emit_mark(stream, ABOUT_FUNCTION, i);
        function_write(arena, plan, &plan->functions[i], stream);
    }
    for (size_t i = 0; i < plan->n_callbacks; i++) {
        emit_mark(stream, ABOUT_CALLBACK, i);
        if (plan->callbacks[i]->is_stub) {
            stub_write(arena, plan, plan->callbacks[i], stream);
        }
    }
    emit_mark(stream, ABOUT_NOTHING, 0);
    tables_write(arena, plan, stream);
    enums_write(arena, plan, stream);
    template_write(
        stream, template_host_c, "library", "soname", plan->soname,
        "callbacks_member",
        plan->n_callbacks > 0 || plan->has_files
            ? "    .callbacks = htl_callbacks,\n"
            : "",
        "enums_member", plan->n_enums > 0 ? "    .enums = htl_enums,\n" : "",
        "streams_member",
        plan->has_files ? "    .file_callback = THUNK_CALLBACK_FILE + 1,\n"
                        : "",
        NULL);
}
