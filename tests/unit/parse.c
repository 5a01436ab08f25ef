/* SPDX-License-Identifier: MIT */
#include "parse.h"

#include "isa.h"

struct model parse(struct unit *unit, const char *isa, const char *text,
                   const char *const *names)
{
    static const char *const headers[] = {"h.h"};
    static const char *const arguments[] = {"-I."};
    struct header_input input = {
        .headers = headers,
        .n_headers = 1,
        .arguments = arguments,
        .n_arguments = 1,
        .target = isa_of_name(isa)->target,
        .isa = isa,
        .names = names,
    };
    struct model model = {0};

    while (names[input.n_names] != NULL) {
        input.n_names++;
    }
    unit_file("h.h", text);
    header_parse(unit->arena, unit->diag, &input, &model);
    return model;
}

const struct function *function_of(const struct model *model, const char *name)
{
    const struct function *function = model_function(model, name);

    assert_non_null(function);
    return function;
}

const struct type *parameter_of(const struct model *model, const char *name,
                                size_t i)
{
    const struct type *type = function_of(model, name)->type;

    assert_true(i < type->n_parameters);
    return type->parameters[i].type;
}
