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

/* Functions of the C library and of POSIX, which mean the same wherever they
 * are declared: the place of the format, from 1. */
static const struct named_format {
    const char *name;
    unsigned format;
    bool is_scan;
} named_formats[] = {
    {"asprintf", 2, false}, {"dprintf", 2, false},   {"fprintf", 2, false},
    {"fscanf", 2, true},    {"printf", 1, false},    {"scanf", 1, true},
    {"snprintf", 3, false}, {"sprintf", 2, false},   {"sscanf", 2, true},
    {"syslog", 2, false},   {"vasprintf", 2, false}, {"vdprintf", 2, false},
    {"vfprintf", 2, false}, {"vfscanf", 2, true},    {"vprintf", 1, false},
    {"vscanf", 1, true},    {"vsnprintf", 3, false}, {"vsprintf", 2, false},
    {"vsscanf", 2, true},   {"vsyslog", 2, false},
};

/* The place of the format in a function of that name; 0: it tells none. */
static unsigned format_by_name(const char *name, bool is_scan)
{
    for (size_t i = 0; i < sizeof(named_formats) / sizeof(named_formats[0]);
         i++) {
        if (strcmp(named_formats[i].name, name) == 0 &&
            named_formats[i].is_scan == is_scan) {
            return named_formats[i].format;
        }
    }
    return 0;
}

/* The parameter that holds the format, as the spec tells, or else an attribute
 * in the header, or else the function's name. NULL when none does, or after an
 * error. */
static struct plan_parameter *format_find(struct planner *planner,
                                          const struct spec_text *spec,
                                          bool is_scan,
                                          struct plan_function *planned)
{
    const struct function *function = planner->function;
    unsigned place = is_scan ? function->scan_format : function->format;

    if (spec != NULL && spec->text != NULL) {
        return planner_parameter_named(planner, spec, planned);
    }
    if (place == 0) {
        place = format_by_name(function->name, is_scan);
    }
    return place == 0 || place > function->type->n_parameters
               ? NULL
               : &planned->parameters[place - 1];
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
        if (resolved->kind == TYPE_INTEGER &&
            strcmp(resolved->name, "_Bool") == 0) {
            return "0";
        }
        return arena_printf(planner->arena, "(%s)-1",
                            cdecl_declare_variable(planner->arena, result, ""));
    default:
        return NULL;
    }
}

/* The library's own conversions and what each takes: "q=p r=i N=pl ". */
static const char *conversions_plan(struct planner *planner,
                                    const struct spec_function *spec)
{
    struct arena_text text = {0};

    for (size_t i = 0; i < spec->n_conversions; i++) {
        const struct spec_conversion *conversion = &spec->conversions[i];

        arena_text_add(planner->arena, &text, "%s=", conversion->name.text);
        for (size_t j = 0; j < conversion->n_takes; j++) {
            arena_text_add(planner->arena, &text, "%c",
                           conversion->takes[j].text[0]);
        }
        arena_text_add(planner->arena, &text, " ");
    }
    return arena_text_get(&text);
}

/* Marks the parameters of a function of that type with a format of that kind,
 * "printf" or "scanf"; `where` is what says that it has one. */
static void format_plan(struct planner *planner, const char *kind,
                        struct location where, const struct type *type,
                        struct plan_parameter *format,
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
                               "one that holds the %s format",
                               format->name, planned->name, kind);
    } else if (n_lists != 1) {
        problem = arena_printf(
            planner->arena,
            n_lists == 0
                ? "'%s' is not variadic and takes no va_list: remove '%s'"
                : "'%s' takes more than one list of arguments: write it under "
                  "'omit' instead",
            planned->name, kind);
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

static bool takes_list(const struct type *function)
{
    for (size_t i = 0; i < function->n_parameters; i++) {
        if (type_resolve(function->parameters[i].type)->kind == TYPE_VA_LIST) {
            return true;
        }
    }
    return function->is_variadic;
}

/* A function with "..." or a va_list of which nothing tells what it holds. */
static void list_refuse(struct planner *planner)
{
    const struct function *function = planner->function;
    bool is_variadic = function->type->is_variadic;

    planner_refuse(
        planner, is_variadic ? "variadic" : "va-list",
        arena_printf(planner->arena,
                     "%s: tell which parameter is its printf format, as in "
                     "'%s: {printf: format}' under 'functions:', or its scanf "
                     "format, as in '{scanf: format}', or what follows, as in "
                     "'variadic: {by: option, types: {default: [long]}}'",
                     is_variadic ? "is variadic" : "takes a va_list",
                     function->name));
    diag_yaml(planner->diag, "functions: {%s: {printf: format}}",
              function->name);
}

/* A printf format, which the guest works out unless it has conversions of the
 * library's own. */
static void print_plan(struct planner *planner,
                       const struct spec_function *spec,
                       struct plan_parameter *format,
                       struct plan_function *planned)
{
    bool is_given = spec != NULL && spec->format.text != NULL;

    format_plan(planner, "printf",
                is_given ? spec->format.where : planner->function->where,
                planner->function->type, format, planned);
    if (spec != NULL && spec->n_conversions > 0) {
        format->pass = PASS_VALUE;
        planned->format = format->name;
        planned->conversions = conversions_plan(planner, spec);
        planner_words_check(planner, spec->conversions[0].name.where,
                            "spec-conversion", planned);
    }
}

static void scan_conversion_check(struct planner *planner,
                                  const struct spec_conversion *conversion)
{
    for (size_t i = 0; i < conversion->n_takes; i++) {
        const struct spec_text *take = &conversion->takes[i];

        if (strcmp(take->text, "pointer") != 0) {
            diag_error(planner->diag, take->where, "spec-conversion",
                       "a conversion of a scanf format takes a 'pointer', not "
                       "'%s'",
                       take->text);
        }
    }
}

/* A scanf format, which the host works out: the guest looks what it takes. */
static void scan_plan(struct planner *planner, const struct spec_function *spec,
                      struct plan_parameter *format,
                      struct plan_function *planned)
{
    struct location where = spec != NULL && spec->scan.text != NULL
                                ? spec->scan.where
                                : planner->function->where;

    format_plan(planner, "scanf", where, planner->function->type, format,
                planned);
    format->pass = PASS_VALUE;
    planned->format = format->name;
    planned->is_scan = true;
    for (size_t i = 0; spec != NULL && i < spec->n_conversions; i++) {
        scan_conversion_check(planner, &spec->conversions[i]);
        planned->conversions = conversions_plan(planner, spec);
    }
    planner_words_check(planner, where, "spec-format", planned);
}

void planner_variadic(struct planner *planner, struct plan_function *planned)
{
    const struct function *function = planner->function;
    const struct spec_function *spec =
        spec_function_find(planner->input->spec, function->name);
    bool is_print = spec != NULL && spec->format.text != NULL;
    bool is_scan = spec != NULL && spec->scan.text != NULL;
    struct plan_parameter *format = NULL;

    if (spec != NULL && spec->variadic.form != VARIADIC_NONE &&
        strcmp(planned->name, planned->symbol) == 0) {
        planner_list(planner, spec, planned);
        planned->failure =
            format_failure(planner, planner->function->type->target);
        return;
    }
    if (is_print && is_scan) {
        diag_error(planner->diag, spec->scan.where, "spec-format",
                   "'%s' has 'printf' as well: keep one", function->name);
        return;
    }
    if (!is_scan && (is_print || takes_list(function->type))) {
        format = format_find(planner, spec == NULL ? NULL : &spec->format,
                             false, planned);
    }
    if (format != NULL) {
        print_plan(planner, spec, format, planned);
        return;
    }
    if (!is_print && (is_scan || takes_list(function->type))) {
        format = format_find(planner, spec == NULL ? NULL : &spec->scan, true,
                             planned);
    }
    if (format != NULL) {
        scan_plan(planner, spec, format, planned);
    } else if (spec != NULL && spec->n_conversions > 0) {
        diag_error(planner->diag, spec->conversions[0].name.where,
                   "spec-conversion",
                   "'%s' has no format for these conversions: add 'printf', "
                   "as in '{printf: format}', or remove them",
                   function->name);
    } else if (!is_print && !is_scan && takes_list(function->type)) {
        list_refuse(planner);
    }
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
    if (spec == NULL && callback->function->scan_format != 0) {
        planner_refuse(
            planner, "callback",
            arena_printf(planner->arena,
                         "%s (%s) that reads by a scanf format, which thunkgen "
                         "cannot carry over yet",
                         direction == TO_HOST ? "takes a callback"
                                              : "gives out a function",
                         callback->name));
        return false;
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
    format_plan(planner, "printf",
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
