/* SPDX-License-Identifier: MIT */
#include "model.h"

#include <stdlib.h>
#include <string.h>

const struct type *type_resolve(const struct type *type)
{
    while (type->kind == TYPE_TYPEDEF) {
        type = type->target;
    }
    return type;
}

const struct type *type_callback(const struct type *type)
{
    type = type_resolve(type);
    if (type->kind != TYPE_POINTER) {
        return NULL;
    }
    type = type_resolve(type->target);
    return type->kind == TYPE_FUNCTION ? type : NULL;
}

bool type_is_long_double(const struct type *type)
{
    type = type_resolve(type);
    return type->kind == TYPE_FLOAT && strcmp(type->name, "long double") == 0;
}

const char *type_convention(const struct type *type)
{
    while (type->convention == NULL && type->kind == TYPE_TYPEDEF) {
        type = type->target;
    }
    return type->convention;
}

bool type_is_erased(const struct type *type)
{
    return type->kind == TYPE_POINTER && type->target->kind == TYPE_ARRAY &&
           type->target->is_variable &&
           type->target->target->kind == TYPE_ARRAY &&
           type->target->target->is_variable;
}

bool type_has_erased(const struct type *type)
{
    if (type_is_erased(type)) {
        return true;
    }
    switch (type->kind) {
    case TYPE_POINTER:
    case TYPE_ARRAY:
        return type_has_erased(type->target);
    case TYPE_FUNCTION:
        for (size_t i = 0; i < type->n_parameters; i++) {
            if (type_has_erased(type->parameters[i].type)) {
                return true;
            }
        }
        return type_has_erased(type->target);
    default:
        return false; /* a typedef has its name */
    }
}

bool type_is_void(const struct type *type)
{
    return type_resolve(type)->kind == TYPE_VOID;
}

const struct function *model_function(const struct model *model,
                                      const char *name)
{
    size_t low = 0, high = model->n_functions;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(model->functions[middle].name, name);

        if (order == 0) {
            return &model->functions[middle];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

const struct variable *model_variable(const struct model *model,
                                      const char *name)
{
    for (size_t i = 0; i < model->n_variables; i++) {
        if (strcmp(model->variables[i].name, name) == 0) {
            return &model->variables[i];
        }
    }
    return NULL;
}

const struct type *model_type(const struct model *model, const char *name)
{
    for (size_t i = 0; i < model->n_types; i++) {
        if (strcmp(model->types[i].name, name) == 0) {
            return model->types[i].type;
        }
    }
    return NULL;
}

bool type_is_const(const struct type *type)
{
    while (type->kind == TYPE_TYPEDEF && !type->is_const) {
        type = type->target;
    }
    return type->is_const;
}

int model_name_compare(const void *left, const void *right)
{
    const char *const *a = left, *const *b = right;

    return strcmp(*a, *b);
}

bool model_has_macro(const struct model *model, const char *name)
{
    return model->n_macros > 0 &&
           bsearch(&name, model->macros, model->n_macros,
                   sizeof(*model->macros), model_name_compare) != NULL;
}
