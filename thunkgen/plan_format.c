/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "cdecl.h"
#include "planner.h"

static bool type_is_text(const struct type *type)
{
    type = type_resolve(type);
    if (type->kind != TYPE_POINTER) {
        return false;
    }
    type = type_resolve(type->target);
    return type->kind == TYPE_INTEGER && type->size == 1;
}

/* The parameter that holds the printf format, as the spec tells or else an
 * attribute in the header. NULL when neither does, or after an error. */
static struct plan_parameter *format_find(struct planner *planner,
                                          const struct spec_function *spec,
                                          struct plan_function *planned)
{
    const struct function *function = planner->function;
    const struct type *type = function->type;

    if (spec == NULL || spec->format.text == NULL) {
        return function->format == 0 || function->format > type->n_parameters
                   ? NULL
                   : &planned->parameters[function->format - 1];
    }
    return planner_parameter_named(planner, &spec->format, planned);
}

/* What a printf-like function returns when its format cannot be worked out;
 * NULL when nothing can tell. */
static const char *format_failure(struct planner *planner,
                                  const struct type *result)
{
    const struct type *resolved = type_resolve(result);

    switch (resolved->kind) {
    case TYPE_VOID:
        return "";
    case TYPE_POINTER:
        return "NULL";
    case TYPE_INTEGER:
    case TYPE_ENUM:
    case TYPE_FLOAT:
        if (resolved->kind == TYPE_INTEGER && resolved->is_signed) {
            return "-1";
        }
        return arena_printf(planner->arena, "(%s)-1",
                            cdecl_declare_variable(planner->arena, result, ""));
    default:
        return NULL;
    }
}

/* The letters of the library's own conversions and what each takes: "qpri". */
static const char *conversions_plan(struct planner *planner,
                                    const struct spec_function *spec)
{
    struct arena_text text = {0};

    for (size_t i = 0; i < spec->n_conversions; i++) {
        arena_text_add(planner->arena, &text, "%c%c",
                       spec->conversions[i].name.text[0],
                       spec->conversions[i].value.text[0]);
    }
    return arena_text_get(&text);
}

/* The host works out the format, so all arguments cross, as words. */
static void words_plan(struct planner *planner,
                       const struct spec_function *spec,
                       struct plan_function *planned)
{
    const struct type *type = planner->function->type;
    enum type_kind result = type_resolve(type->target)->kind;
    bool is_good = result != TYPE_FLOAT && result != TYPE_RECORD;

    planned->conversions = conversions_plan(planner, spec);
    for (size_t i = 0; i < type->n_parameters; i++) {
        enum type_kind kind = type_resolve(type->parameters[i].type)->kind;

        is_good &= kind != TYPE_FLOAT && kind != TYPE_RECORD;
    }
    if (!is_good) {
        diag_error(planner->diag, spec->conversions[0].name.where,
                   "spec-conversion",
                   "'%s' has a record or a floating-point number besides its "
                   "format: write it under 'omit' instead",
                   planned->symbol);
    }
}

/* Marks the parameters of a printf-like function of that type; `where` is what
 * says that it is one. */
static void format_plan(struct planner *planner, struct location where,
                        const struct type *type, struct plan_parameter *format,
                        struct plan_function *planned)
{
    const char *problem = NULL;
    size_t n_lists = type->is_variadic;

    planned->is_variadic = type->is_variadic;
    format->pass = PASS_FORMAT;
    for (size_t i = 0; i < type->n_parameters; i++) {
        if (type_resolve(type->parameters[i].type)->kind == TYPE_VA_LIST) {
            n_lists++;
            planned->is_va_list = true;
            planned->parameters[i].pass = PASS_ARGUMENTS;
        }
    }
    planned->failure = format_failure(planner, type->target);
    if (!type_is_text(format->type)) {
        problem = arena_printf(planner->arena,
                               "parameter '%s' of '%s' is no text: name the "
                               "one that holds the printf format",
                               format->name, planned->name);
    } else if (n_lists != 1) {
        problem = arena_printf(
            planner->arena,
            n_lists == 0
                ? "'%s' is not variadic and takes no va_list: remove 'printf'"
                : "'%s' takes more than one list of arguments: write it under "
                  "'omit' instead",
            planned->name);
    } else if (planned->failure == NULL) {
        problem = arena_printf(planner->arena,
                               "'%s' returns a record, so it could not tell "
                               "that its format is wrong: write it under "
                               "'omit' instead",
                               planned->name);
    }
    if (problem != NULL) {
        diag_error(planner->diag, where, "spec-format", "%s", problem);
    }
}

void planner_variadic(struct planner *planner, struct plan_function *planned)
{
    const struct function *function = planner->function;
    const struct spec_function *spec =
        spec_function_find(planner->input->spec, function->name);
    bool is_given = spec != NULL && spec->format.text != NULL;
    struct plan_parameter *format = NULL;
    bool takes_list = function->type->is_variadic;

    for (size_t i = 0; i < function->type->n_parameters; i++) {
        takes_list |= type_resolve(function->type->parameters[i].type)->kind ==
                      TYPE_VA_LIST;
    }
    if (is_given || takes_list) {
        format = format_find(planner, spec, planned);
    }
    if (spec != NULL && spec->n_conversions > 0 && format == NULL) {
        diag_error(planner->diag, spec->conversions[0].name.where,
                   "spec-conversion",
                   "'%s' has no format for these conversions: add 'printf', "
                   "as in '{printf: format}', or remove them",
                   function->name);
        return;
    }
    if (format != NULL) {
        format_plan(planner, is_given ? spec->format.where : function->where,
                    function->type, format, planned);
        if (spec != NULL && spec->n_conversions > 0) {
            format->pass = PASS_VALUE;
            planned->format = format->name;
            words_plan(planner, spec, planned);
        }
    } else if (takes_list && !is_given) {
        bool is_variadic = function->type->is_variadic;

        planner_refuse(
            planner, is_variadic ? "variadic" : "va-list",
            arena_printf(planner->arena,
                         "%s: tell which parameter is its printf format, "
                         "as in '%s: {printf: format}' under 'functions:'%s",
                         is_variadic ? "is variadic" : "takes a va_list",
                         function->name,
                         is_variadic ? ", or which tells what follows, as in "
                                       "'variadic: {by: option, types: "
                                       "{default: [long]}}'"
                                     : ""));
        diag_yaml(planner->diag, "functions: {%s: {printf: format}}",
                  function->name);
    }
}

static bool takes_list(const struct type *function)
{
    for (size_t i = 0; i < function->n_parameters; i++) {
        if (type_resolve(function->parameters[i].type)->kind == TYPE_VA_LIST) {
            return true;
        }
    }
    return function->is_variadic;
}

/* The format of a callback, as the spec tells or else an attribute. */
static struct plan_parameter *callback_format(struct planner *planner,
                                              const struct spec_format *spec,
                                              struct plan_callback *callback)
{
    const struct type *type = callback->function;

    if (spec == NULL) {
        return type->printf_format == 0 ||
                       type->printf_format > type->n_parameters
                   ? NULL
                   : &callback->parameters[type->printf_format - 1];
    }
    for (size_t i = 0; i < type->n_parameters; i++) {
        if (strcmp(type->parameters[i].name, spec->parameter.text) == 0) {
            return &callback->parameters[i];
        }
    }
    diag_error(planner->diag, spec->parameter.where, "spec-parameter",
               "'%s' has no parameter '%s'", callback->name,
               spec->parameter.text);
    return NULL;
}

bool planner_callback_format(struct planner *planner,
                             struct plan_callback *callback,
                             enum direction direction)
{
    const struct spec_format *spec =
        spec_format_find(planner->input->spec, callback->name);
    struct plan_function planned = {
        .name = callback->name,
        .parameters = callback->parameters,
    };
    struct plan_parameter *format;

    if (!takes_list(callback->function)) {
        return true;
    }
    if (spec != NULL) {
        planner->is_format_met[spec - planner->input->spec->formats] = true;
    }
    format = callback_format(planner, spec, callback);
    if (format == NULL && spec == NULL) {
        planner_refuse(
            planner, "callback",
            arena_printf(
                planner->arena,
                "%s (%s) that %s: tell which parameter is its printf format, "
                "as in '%s: format' under 'printf:'",
                direction == TO_HOST ? "takes a callback"
                                     : "gives out a function",
                callback->name,
                callback->function->is_variadic ? "is variadic"
                                                : "takes a va_list",
                callback->name));
    }
    if (format == NULL) {
        return false;
    }
    format_plan(planner,
                spec == NULL ? planner->function->where : spec->parameter.where,
                callback->function, format, &planned);
    callback->is_variadic = planned.is_variadic;
    callback->is_va_list = planned.is_va_list;
    callback->failure = planned.failure;
    return planned.failure != NULL;
}

void planner_formats_check(struct planner *planner)
{
    const struct spec *spec = planner->input->spec;

    for (size_t i = 0; i < spec->n_formats; i++) {
        const struct spec_text *name = &spec->formats[i].callback;

        if (!planner->is_format_met[i] &&
            !planner->input->models[0].is_broken) {
            diag_error(planner->diag, name->where, "spec-format",
                       "'%s' is no variadic callback of %s: correct the name "
                       "or remove it",
                       name->text, planner->plan->soname);
        }
    }
}
