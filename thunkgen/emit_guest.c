/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "cdecl.h"
#include "emit.h"
#include "template.h"

static void head_write(struct arena *arena, const struct plan *plan,
                       FILE *stream)
{
    struct arena_text symbols = {0};

    for (size_t i = 0; i < plan->n_exported; i++) {
        const struct plan_function *function = &plan->functions[i];

        arena_text_add(arena, &symbols, "    {\"%s\", %s},\n", function->symbol,
                       function->version == NULL
                           ? "NULL"
                           : arena_printf(arena, "\"%s\"", function->version));
    }
    for (size_t i = 0; i < plan->n_callbacks; i++) {
        if (plan->callbacks[i]->is_stub) {
            arena_text_add(arena, &symbols, "    {\"%s\", NULL},\n",
                           plan->callbacks[i]->name);
        }
    }
    template_write(stream, template_guest_c, "head", "headers",
                   emit_headers(arena, plan), "spec", plan->spec, "soname",
                   plan->soname, "library", plan->library, "symbols",
                   arena_text_get(&symbols), NULL);
}

static void runner_write(struct arena *arena, const struct plan *plan,
                         const struct plan_callback *callback, FILE *stream)
{
    const struct emit_thread_data data = emit_thread_data(plan, EMIT_RUNNER);
    const struct type *function = callback->function;
    const char *tag = arena_printf(arena, "thunk_callback_%s", callback->name);
    const char *type = cdecl_declare_variable(arena, callback->pointer, "");
    const char *dot = callback->is_copied ? "." : "->";
    const char *assign = callback->has_result
                             ? arena_printf(arena, "frame%sresult = ", dot)
                             : "";
    const char *call = arena_printf(arena, "%s((%s)target)(", assign, type);
    const char **values = NULL;
    size_t n_values = 0;

    if (callback->is_va_list) {
        call = arena_printf(arena, "%sthunk_call_%s(", assign, callback->name);
        *ARENA_APPEND(arena, values, n_values) =
            arena_printf(arena, "(%s)target", type);
    }
    for (size_t i = 0; i < function->n_parameters; i++) {
        if (callback->parameters[i].pass != PASS_ARGUMENTS) {
            *ARENA_APPEND(arena, values, n_values) = arena_printf(
                arena, "frame%s%s", dot, callback->parameters[i].name);
        }
    }
    if (callback->is_variadic || callback->is_va_list) {
        *ARENA_APPEND(arena, values, n_values) = "0";
    }
    call = emit_call(arena, 4, call, values, n_values);
    if (callback->is_copied) {
        template_write(stream, template_guest_c, "runner-of-copy", "name",
                       callback->name, "take", data.take, "call", call, NULL);
        if (callback->has_result) {
            template_write(stream, template_guest_c, "copied-result", "name",
                           callback->name, NULL);
        }
        template_write(stream, template_guest_c, "copied-end", "give",
                       data.give, NULL);
        return;
    }
    template_write(stream, template_guest_c, "runner", "name", callback->name,
                   "frame",
                   emit_frame_of_head(arena, tag,
                                      callback->has_result || n_values > 0, ""),
                   "take", data.take, "call", call, "give", data.give, NULL);
}

static void stub_write(struct arena *arena,
                       const struct plan_callback *callback, FILE *stream)
{
    const char *type = cdecl_declare_variable(arena, callback->pointer, "");
    bool has_format = callback->is_variadic || callback->is_va_list;
    struct emit_list list = emit_list(arena, callback->parameters,
                                      callback->function->n_parameters);

    template_write(
        stream, template_guest_c, has_format ? "stub-format" : "stub", "name",
        callback->name, "list_variable", list.variable, "list_start",
        list.start, "list_end", list.end, "list", list.name, "format",
        list.format, "failure", emit_failure(arena, callback), "declaration",
        emit_callback_declaration(
            arena, callback,
            arena_printf(arena, "gtl_stub_%s", callback->name)),
        "frame",
        emit_frame(
            arena, arena_printf(arena, "thunk_stub_%s", callback->name),
            arena_printf(arena, ".function = (%s)thunk_guest_target()", type),
            callback->parameters, callback->function->n_parameters, NULL),
        "call", callback->is_fast ? "THUNK_CALL_STUB_FAST" : "THUNK_CALL_STUB",
        "return", callback->has_result ? "    return frame.result;\n" : "",
        NULL);
}

static void stubs_write(struct arena *arena, const struct plan *plan,
                        FILE *stream)
{
    struct arena_text stubs = {0};

    if (plan->n_stubs == 0 && !plan->has_procedures) {
        return;
    }
    template_write(stream, template_guest_c, "library-to-come", NULL);
    if (plan->n_stubs == 0) {
        return;
    }
    for (size_t i = 0; i < plan->n_callbacks; i++) {
        const struct plan_callback *callback = plan->callbacks[i];

        emit_mark(stream, ABOUT_CALLBACK, i);
        if (callback->is_stub) {
            stub_write(arena, callback, stream);
        }
        arena_text_add(arena, &stubs,
                       callback->is_stub ? "    (thunk_function)gtl_stub_%s,\n"
                                         : "    NULL, /* %s */\n",
                       callback->name);
    }
    emit_mark(stream, ABOUT_NOTHING, 0);
    template_write(stream, template_guest_c, "stubs", "stubs",
                   arena_text_get(&stubs), NULL);
}

static void library_write(struct arena *arena, const struct plan *plan,
                          FILE *stream)
{
    struct arena_text runners = {0};

    for (size_t i = 0; i < plan->n_callbacks; i++) {
        arena_text_add(arena, &runners,
                       plan->callbacks[i]->is_callback ? "    gtl_run_%s,\n"
                                                       : "    NULL, /* %s */\n",
                       plan->callbacks[i]->name);
    }
    if (plan->has_files) {
        arena_text_add(arena, &runners, "    thunk_guest_file,\n");
    }
    if (plan->n_callbacks > 0 || plan->has_files) {
        template_write(stream, template_guest_c, "runners", "runners",
                       arena_text_get(&runners), NULL);
    }
    template_write(
        stream, template_guest_c, "library", "soname", plan->soname, "library",
        plan->library, "runners_member",
        plan->n_callbacks > 0 || plan->has_files
            ? "    .runners = gtl_runners,\n"
            : "",
        "stubs_member", plan->n_stubs > 0 ? "    .stubs = gtl_stubs,\n" : "",
        "procedures_member",
        arena_printf(
            arena, "%s%s",
            plan->has_procedures ? "    .procedures = gtl_procedures,\n" : "",
            plan->has_exports ? "    .exports = gtl_exports,\n"
                                "    .export_count = THUNK_SYMBOL_COUNT,\n"
                              : ""),
        "data_members",
        plan->n_data > 0 ? arena_printf(arena,
                                        "    .data = gtl_data,\n"
                                        "    .data_count = %zu,\n",
                                        plan->n_data)
                         : "",
        "is_fast", plan->is_fast ? "    .is_fast = true,\n" : "", "has_threads",
        plan->has_threads ? "    .has_threads = true,\n" : "", "start_member",
        plan->start == NULL
            ? ""
            : arena_printf(arena, "    .start = %s,\n", plan->start),
        NULL);
}

/* The macro of thunk/guest.h that goes the planned way. */
static const char *call_of(const struct plan_function *function)
{
    if (function->is_leaf) {
        return "THUNK_CALL_LEAF";
    }
    return function->is_fast ? "THUNK_CALL_FAST" : "THUNK_CALL";
}

static const char *parameter_with(const struct plan_function *function,
                                  enum pass pass)
{
    for (size_t i = 0; i < function->n_parameters; i++) {
        if (function->parameters[i].pass == pass) {
            return function->parameters[i].name;
        }
    }
    return NULL;
}

/* A struct may have members that can be initialized, but not assigned. */
static bool has_record(const struct plan_function *function)
{
    for (size_t i = 0; i < function->n_parameters; i++) {
        if (type_resolve(function->parameters[i].type)->kind == TYPE_RECORD) {
            return true;
        }
    }
    return false;
}

static const char *frame_variable(struct arena *arena,
                                  const struct plan_function *function)
{
    const char *tag = arena_printf(arena, "thunk_frame_%s", function->name);

    return has_record(function)
               ? emit_frame(arena, tag, NULL, function->parameters,
                            function->n_parameters, NULL)
               : arena_printf(arena, "    struct %s frame;\n", tag);
}

/* Lines that put the parameters into the frame. An initializer would zero the
 * rest of it as well, which the host fills in anyway. */
static const char *frame_values(struct arena *arena,
                                const struct plan_function *function)
{
    struct arena_text text = {0};

    for (size_t i = 0; i < function->n_parameters && !has_record(function);
         i++) {
        const struct plan_parameter *parameter = &function->parameters[i];

        if (parameter->pass != PASS_ARGUMENTS &&
            parameter->pass != PASS_FORMAT) {
            arena_text_add(arena, &text, "    frame.%s = %s;\n",
                           parameter->name, parameter->name);
        }
    }
    return arena_text_get(&text);
}

/* The guest's own function; of a variable, what that points to. */
static const char *real_of(struct arena *arena,
                           const struct plan_function *function)
{
    return arena_printf(arena, "THUNK_AS%s(%s, real)",
                        function->is_variable ? "_POINTED" : "",
                        function->real);
}

/* The call that passes the finished text on to the guest's own library. */
static const char *format_real_call(struct arena *arena,
                                    const struct plan_function *function)
{
    const char *assign = function->has_result ? "frame.result = " : "";
    const char *real = real_of(arena, function);
    const char **values = NULL;
    size_t n_values = 0;

    if (function->is_va_list) {
        *ARENA_APPEND(arena, values, n_values) = real;
        real = arena_printf(arena, "thunk_call_%s", function->name);
    }
    for (size_t i = 0; i < function->n_parameters; i++) {
        const struct plan_parameter *parameter = &function->parameters[i];

        if (parameter->pass != PASS_ARGUMENTS) {
            *ARENA_APPEND(arena, values, n_values) =
                parameter->pass == PASS_FORMAT ? "text" : parameter->name;
        }
    }
    *ARENA_APPEND(arena, values, n_values) = "0";
    return emit_call(arena, 8, arena_printf(arena, "%s%s(", assign, real),
                     values, n_values);
}

static void format_function_write(struct arena *arena,
                                  const struct plan_function *function,
                                  const char *declaration, FILE *stream)
{
    const char *format = parameter_with(function, PASS_FORMAT);
    const char *list = parameter_with(function, PASS_ARGUMENTS);

    template_write(
        stream, template_guest_c,
        function->has_result ? "format-function" : "format-procedure",
        "declaration", declaration, "frame", frame_variable(arena, function),
        "values", frame_values(arena, function), "name", function->name, "call",
        call_of(function), "format", format, "failure", function->failure,
        "list", list == NULL ? "arguments" : list, "list_variable",
        list == NULL ? "    va_list arguments;\n" : "", "list_start",
        list == NULL
            ? arena_printf(
                  arena, "    va_start(arguments, %s);\n",
                  function->parameters[function->n_parameters - 1].name)
            : "",
        "list_end", list == NULL ? "    va_end(arguments);\n" : "", "real_call",
        format_real_call(arena, function), NULL);
}

/* Lines that add the named parameters to the words. */
static const char *words_values(struct arena *arena,
                                const struct plan_function *function)
{
    struct arena_text text = {0};

    for (size_t i = 0; i < function->n_parameters; i++) {
        const struct plan_parameter *parameter = &function->parameters[i];

        if (parameter->pass != PASS_ARGUMENTS) {
            arena_text_add(
                arena, &text, "%s",
                emit_list_named(arena, 8, "&all", parameter, parameter->name));
        }
    }
    return arena_text_get(&text);
}

static void words_function_write(struct arena *arena,
                                 const struct plan_function *function,
                                 const char *declaration, FILE *stream)
{
    const char *list = parameter_with(function, PASS_ARGUMENTS);

    if (function->list != NULL) {
        emit_list_table(arena, function, stream);
    }
    template_write(
        stream, template_guest_c, "words-function", "declaration", declaration,
        "frame", frame_variable(arena, function), "values",
        frame_values(arena, function), "words", words_values(arena, function),
        "name", function->name, "call", call_of(function), "collect",
        emit_list_collect(arena, function, list == NULL ? "arguments" : list),
        "list_variable", list == NULL ? "    va_list arguments;\n" : "",
        "list_start",
        list == NULL
            ? arena_printf(
                  arena, "    va_start(arguments, %s);\n",
                  function->parameters[function->n_parameters - 1].name)
            : "",
        "list_end", list == NULL ? "    va_end(arguments);\n" : "", "failure",
        function->failure[0] == '\0'
            ? ""
            : arena_printf(arena, " %s", function->failure),
        "assign", emit_list_result(arena, "frame.result", function), "function",
        list == NULL
            ? "real, NULL"
            : arena_printf(arena, "(thunk_function)thunk_call_%s, real",
                           function->name),
        "return", function->has_result ? "    return frame.result;\n" : "",
        NULL);
}

/* The head of a function that programs call; of a wrapped one, that the guest's
 * half calls. */
static const char *function_declaration(struct arena *arena,
                                        const struct plan_function *function,
                                        FILE *stream)
{
    bool is_case =
        !function->is_old && strcmp(function->name, function->symbol) != 0;

    if (function->is_wrapped) {
        template_write(stream, template_guest_c, "wrapped", "name",
                       function->name, "real", function->real, NULL);
        return emit_declaration(arena, function, "",
                                arena_printf(arena, "thunk_%s", function->name),
                                NULL, false);
    }
    if (function->is_labelled) {
        template_write(stream, template_guest_c, "labelled", "declaration",
                       emit_declaration(arena, function, "THUNK_EXPORT ",
                                        function->c_name, NULL, false),
                       "symbol", function->symbol, NULL);
    }
    return emit_declaration(arena, function,
                            is_case ? "static " : "THUNK_EXPORT ",
                            function->c_name, NULL, false);
}

static void function_write(struct arena *arena,
                           const struct plan_function *function, FILE *stream)
{
    const char *declaration = function_declaration(arena, function, stream);
    const char **values = NULL;
    size_t n_values = 0;

    if (function->is_old) {
        template_write(
            stream, template_guest_c, "old", "name", function->c_name, "symbol",
            function->symbol, "real", function->real, "title",
            arena_printf(arena, "%s@%s", function->symbol, function->version),
            NULL);
    }
    if (function->has_words) {
        words_function_write(arena, function, declaration, stream);
        return;
    }
    if (function->is_variadic || function->is_va_list) {
        format_function_write(arena, function, declaration, stream);
        return;
    }
    for (size_t i = 0; i < function->n_parameters; i++) {
        /* From the frame, where it is anyway: so it need not be kept in a
         * register over the call. */
        *ARENA_APPEND(arena, values, n_values) =
            arena_printf(arena, "frame.%s", function->parameters[i].name);
    }
    template_write(
        stream, template_guest_c,
        function->has_result ? "function" : "procedure", "declaration",
        declaration, "frame", frame_variable(arena, function), "values",
        frame_values(arena, function), "name", function->name, "call",
        call_of(function), "end",
        function->function->is_noreturn ? "    abort();\n" : "", "real_call",
        emit_call(arena, 8,
                  arena_printf(arena, "%s%s(",
                               function->has_result ? "return " : "",
                               real_of(arena, function)),
                  values, n_values),
        NULL);
}

/* A variable with a pointer to such a function. */
static void pointer_write(const struct plan_function *function, FILE *stream)
{
    template_write(stream, template_guest_c, "pointer", "variable",
                   function->real, "function", function->c_name, NULL);
}

static const struct plan_function *function_named(const struct plan *plan,
                                                  const char *name)
{
    for (size_t i = 0; i < plan->n_functions; i++) {
        if (strcmp(plan->functions[i].name, name) == 0) {
            return &plan->functions[i];
        }
    }
    return NULL;
}

/* What one case does: takes what follows from the list and goes on. */
static const char *case_text(struct arena *arena, const struct plan *plan,
                             const struct plan_dispatch *dispatch,
                             const struct plan_case *from, int column)
{
    const struct plan_function *function = function_named(plan, from->name);
    struct arena_text text = {0};
    const char **values = NULL;
    size_t n_values = 0;
    size_t n_named = dispatch->function->type->n_parameters;

    for (size_t i = 0; i < function->n_parameters; i++) {
        const struct plan_parameter *parameter = &function->parameters[i];

        *ARENA_APPEND(arena, values, n_values) = parameter->name;
        if (i >= n_named) {
            arena_text_add(
                arena, &text, "%*s%s = va_arg(arguments, %s);\n", column, "",
                cdecl_declare_variable(arena, parameter->type, parameter->name),
                cdecl_declare_variable(arena, parameter->type, ""));
        }
    }
    arena_text_add(
        arena, &text, "%s%s;\n%*sbreak;\n", n_values > n_named ? "\n" : "",
        emit_call(arena, column,
                  arena_printf(arena, "%s%s(",
                               function->has_result ? "result = " : "",
                               function->c_name),
                  values, n_values),
        column, "");
    return arena_text_get(&text);
}

/* The cases of the switch. One for all others comes last, and looks for ranges
 * first. */
static const char *cases_text(struct arena *arena, const struct plan *plan,
                              const struct plan_dispatch *dispatch)
{
    struct arena_text single = {0}, ranges = {0};
    const char *others = "";

    for (size_t i = 0; i < dispatch->n_cases; i++) {
        const struct plan_case *from = &dispatch->cases[i];

        if (from->tag == NULL) {
            others = case_text(arena, plan, dispatch, from, 8);
        } else if (from->last == NULL) {
            arena_text_add(arena, &single, "    case %s: {\n%s    }\n",
                           from->tag,
                           case_text(arena, plan, dispatch, from, 8));
        } else {
            arena_text_add(arena, &ranges,
                           "        if (THUNK_IS_WITHIN(%s, %s, %s)) {\n"
                           "%s        }\n",
                           dispatch->by, from->tag, from->last,
                           case_text(arena, plan, dispatch, from, 12));
        }
    }
    return arena_printf(arena, "%s    default: {\n%s%s    }\n",
                        arena_text_get(&single), arena_text_get(&ranges),
                        others);
}

static void dispatch_write(struct arena *arena, const struct plan *plan,
                           const struct plan_dispatch *dispatch, FILE *stream)
{
    const struct plan_function *first =
        function_named(plan, dispatch->cases[0].name);
    const struct type *type = dispatch->function->type;
    const struct plan_function planned = {
        .name = dispatch->name,
        .function = dispatch->function,
        .parameters = first->parameters, /* the named ones come first */
        .n_parameters = type->n_parameters,
        .is_variadic = true,
        .is_wrapped = dispatch->is_wrapped,
        .symbol = dispatch->name,
        .real = dispatch->c_name,
        .c_name = dispatch->c_name,
    };

    template_write(
        stream, template_guest_c, "dispatch", "declaration",
        function_declaration(arena, &planned, stream), "result_variable",
        first->has_result ? arena_printf(arena, "    %s;\n",
                                         cdecl_declare_variable(
                                             arena, type->target, "result"))
                          : "",
        "last", first->parameters[type->n_parameters - 1].name, "by",
        dispatch->by, "cases", cases_text(arena, plan, dispatch), "return",
        first->has_result ? "    return result;\n" : "", NULL);
}

/* What the guest calls for a host function that it had by its name. */
static void named_write(struct arena *arena,
                        const struct plan_function *function, FILE *stream)
{
    template_write(
        stream, template_guest_c, "named", "declaration",
        emit_declaration(arena, function, "static ",
                         arena_printf(arena, "gtl_named_%s", function->name),
                         NULL, false),
        "frame", frame_variable(arena, function), "values",
        frame_values(arena, function), "call",
        arena_printf(arena, "THUNK_CALL_NAMED%s",
                     call_of(function) + strlen("THUNK_CALL")),
        "end",
        function->function->is_noreturn ? "    abort();\n"
        : function->has_result          ? "    return frame.result;\n"
                                        : "",
        NULL);
}

static void export_add(struct arena *arena,
                       const struct plan_function *function,
                       struct arena_text *exports)
{
    /* What programs call is not the host's function then, but around it. */
    if (function->is_variable || function->is_wrapped) {
        arena_text_add(arena, exports, "    NULL, /* %s */\n",
                       function->symbol);
    } else {
        arena_text_add(arena, exports, "    (thunk_function)%s,\n",
                       function->is_old || function->is_labelled
                           ? function->c_name
                           : function->real);
    }
}

static void procedures_write(struct arena *arena, const struct plan *plan,
                             FILE *stream)
{
    struct arena_text procedures = {0};
    struct arena_text exports = {0};

    for (size_t i = 0; i < plan->n_functions; i++) {
        const struct plan_function *function = &plan->functions[i];

        emit_mark(stream, ABOUT_FUNCTION, i);
        if (function->is_procedure) {
            named_write(arena, function, stream);
            arena_text_add(
                arena, &procedures,
                "    [THUNK_INDEX_%s] = (thunk_function)gtl_named_%s,\n",
                function->name, function->name);
        }
        if (function->is_exported) {
            export_add(arena, function, &exports);
        }
    }
    emit_mark(stream, ABOUT_NOTHING, 0);
    if (plan->has_procedures) {
        template_write(stream, template_guest_c, "procedures", "procedures",
                       arena_text_get(&procedures), NULL);
    }
    if (plan->has_exports) {
        template_write(stream, template_guest_c, "exports", "exports",
                       arena_text_get(&exports), NULL);
    }
}

/* With the symbols' code in assembly, since no C declares them as they are. */
static void forwards_write(struct arena *arena, const struct plan *plan,
                           FILE *stream)
{
    struct arena_text forwards = {0}, symbols = {0};

    for (size_t i = 0; i < plan->n_forwards; i++) {
        const struct symbol *symbol = plan->forwards[i].symbol;

        arena_text_add(arena, &forwards, "    THUNK_TO_%s(\"%s\", %s),\n",
                       plan->forwards[i].is_untyped ? "HOST" : "OWN",
                       symbol->name,
                       symbol->version == NULL
                           ? "NULL"
                           : arena_printf(arena, "\"%s\"", symbol->version));
        if (symbol->is_default) {
            arena_text_add(arena, &symbols, "THUNK_FORWARD(%zu, \"%s\");\n", i,
                           symbol->name);
        } else {
            arena_text_add(
                arena, &symbols, "THUNK_FORWARD_OLD(%zu, \"%s\", \"%s\");\n", i,
                symbol->name, symbol->version == NULL ? "" : symbol->version);
        }
    }
    if (plan->n_forwards > 0) {
        template_write(stream, template_guest_c, "forwards", "forwards",
                       arena_text_get(&forwards), "symbols",
                       arena_text_get(&symbols), NULL);
    }
}

void emit_guest(struct arena *arena, const struct plan *plan, FILE *stream)
{
    head_write(arena, plan, stream);
    if (plan->n_thread_data > 0) {
        template_write(stream, template_guest_c, "thread-data-to-come", NULL);
    }
    for (size_t i = 0; i < plan->n_callbacks; i++) {
        emit_mark(stream, ABOUT_CALLBACK, i);
        if (plan->callbacks[i]->is_callback) {
            runner_write(arena, plan, plan->callbacks[i], stream);
        }
    }
    emit_mark(stream, ABOUT_NOTHING, 0);
    stubs_write(arena, plan, stream);
    procedures_write(arena, plan, stream);
    emit_data(arena, plan, stream);
    library_write(arena, plan, stream);
    emit_data_start(arena, plan, stream);
    forwards_write(arena, plan, stream);
    for (size_t i = 0; i < plan->n_exported; i++) {
        emit_mark(stream, ABOUT_FUNCTION, i);
        function_write(arena, &plan->functions[i], stream);
        if (plan->functions[i].is_variable) {
            pointer_write(&plan->functions[i], stream);
        }
    }
    for (size_t i = 0; i < plan->n_dispatches; i++) {
        emit_mark(stream, ABOUT_DISPATCH, i);
        dispatch_write(arena, plan, &plan->dispatches[i], stream);
    }
    emit_mark(stream, ABOUT_NOTHING, 0);
    emit_aliases(arena, plan, stream);
}
