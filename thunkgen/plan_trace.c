/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "planner.h"

static const char *enum_name(struct planner *planner, const struct type *type)
{
    const char *name = planner_identifier(planner, type->name);
    struct plan *plan = planner->plan;
    struct plan_enum *added;

    for (size_t i = 0; i < plan->n_enums; i++) {
        if (strcmp(plan->enums[i].name, name) == 0) {
            return name;
        }
    }
    added = ARENA_APPEND(planner->arena, plan->enums, plan->n_enums);
    added->name = name;
    added->enumeration = type->enumeration;
    return name;
}

/* What is not shown. */
static const char *hidden(struct planner *planner, const struct type *type)
{
    return arena_printf(planner->arena, "%%[%llu,%llu]",
                        (unsigned long long)type->size,
                        (unsigned long long)type->align);
}

static const char *integer_trace(struct planner *planner,
                                 const struct type *type)
{
    const char *prefix = type->size == 1   ? "hh"
                         : type->size == 2 ? "h"
                         : type->size == 8 ? "l"
                                           : "";

    if (type->size > 8) {
        return hidden(planner, type);
    }
    if (type->kind == TYPE_INTEGER && strcmp(type->name, "_Bool") == 0) {
        return "%b";
    }
    if (type->kind == TYPE_INTEGER && strcmp(type->name, "char") == 0) {
        return "%c";
    }
    if (type->kind == TYPE_ENUM && type->name != NULL) {
        return arena_printf(planner->arena, "%%%s{%s}", prefix,
                            enum_name(planner, type));
    }
    return arena_printf(planner->arena, "%%%s%c", prefix,
                        type->is_signed ? 'd' : 'u');
}

static const char *float_trace(struct planner *planner, const struct type *type)
{
    if (strcmp(type->format, "binary32") == 0) {
        return "%hg";
    }
    if (strcmp(type->format, "binary64") == 0) {
        return "%g";
    }
    return type_is_long_double(type) &&
                   planner_numbers(planner, type).n_items == 0
               ? "%Lg"
               : hidden(planner, type);
}

/* A char * result is a text; as a parameter it is a buffer, unless const. */
static const char *value_trace(struct planner *planner, const struct type *type,
                               bool is_result)
{
    const struct type *target;

    if (type->align != type_resolve(type)->align) {
        return hidden(planner, type); /* a typedef with an alignment */
    }
    type = type_resolve(type);
    switch (type->kind) {
    case TYPE_INTEGER:
    case TYPE_ENUM:
        return integer_trace(planner, type);
    case TYPE_FLOAT:
        return float_trace(planner, type);
    case TYPE_POINTER:
        target = type_resolve(type->target);
        return target->kind == TYPE_INTEGER &&
                       strcmp(target->name, "char") == 0 &&
                       (type->target->is_const || target->is_const || is_result)
                   ? "%s"
                   : "%p";
    default:
        return hidden(planner, type);
    }
}

const char *planner_trace(struct planner *planner, const char *name,
                          const char *first, const struct type *function,
                          const struct plan_parameter *parameters,
                          bool has_words)
{
    struct arena_text text = {0};
    const char *comma = first[0] == '\0' ? "" : ", ";

    arena_text_add(planner->arena, &text, "%s(%s", name, first);
    for (size_t i = 0; i < function->n_parameters; i++) {
        if (parameters[i].pass != PASS_ARGUMENTS) {
            arena_text_add(planner->arena, &text, "%s%s=%s", comma,
                           function->parameters[i].name,
                           value_trace(planner, parameters[i].type, false));
            comma = ", ";
        }
    }
    arena_text_add(planner->arena, &text, "%s%s)", has_words ? comma : "",
                   has_words ? "...=%[8,8]" : "");
    if (!type_is_void(function->target)) {
        arena_text_add(planner->arena, &text, " = %s",
                       value_trace(planner, function->target, true));
    }
    return arena_text_get(&text);
}
