/* SPDX-License-Identifier: MIT */
#include "dump.h"

#include "cdecl.h"

void dump_model(struct arena *arena, const struct model *model, FILE *stream)
{
    fprintf(stream, "model for %s\n", model->isa);
    for (size_t i = 0; i < model->n_functions; i++) {
        const struct function *function = &model->functions[i];

        fprintf(stream, "  %s%s\n",
                cdecl_declare(arena, function->type, function->name),
                function->is_macro ? "  (a macro hides it)" : "");
        for (size_t p = 0; p < function->type->n_parameters; p++) {
            const struct parameter *parameter = &function->type->parameters[p];

            fprintf(stream, "    %s: %llu bytes\n",
                    cdecl_declare(arena, parameter->type, parameter->name),
                    (unsigned long long)parameter->type->size);
        }
    }
}

static const char *pass_describe(struct arena *arena,
                                 const struct plan_parameter *parameter)
{
    switch (parameter->pass) {
    case PASS_CALLBACK:
        return arena_printf(arena, "callback %s", parameter->callback->name);
    case PASS_ADOPT:
        return arena_printf(arena, "adopts the callbacks in %s",
                            parameter->record->name);
    case PASS_PLACE:
        return arena_printf(arena, "place of a callback %s",
                            parameter->callback->name);
    case PASS_OUT:
        return parameter->callback == NULL
                   ? "only written through"
                   : arena_printf(arena, "written with a callback %s",
                                  parameter->callback->name);
    case PASS_FORMAT:
        return "printf format, done by the guest";
    case PASS_FILE:
        return "a stream, for which the host gets one of its own";
    case PASS_ARGUMENTS:
        return "arguments of the format";
    default:
        return "as it is";
    }
}

void dump_plan(struct arena *arena, const struct plan *plan, FILE *stream)
{
    fprintf(stream, "%s: %zu functions, %zu callbacks, hash %016llx, for %s\n",
            plan->soname, plan->n_functions, plan->n_callbacks,
            (unsigned long long)plan->hash, plan->isas);
    for (size_t i = 0; i < plan->n_functions; i++) {
        const struct plan_function *function = &plan->functions[i];

        fprintf(stream, "  %s%s%s: frame of %llu bytes\n", function->name,
                function->version == NULL ? "" : "@@",
                function->version == NULL ? "" : function->version,
                (unsigned long long)function->frame_size);
        for (size_t p = 0; p < function->n_parameters; p++) {
            const struct plan_parameter *parameter = &function->parameters[p];

            fprintf(stream, "    %s: %s\n", parameter->name,
                    pass_describe(arena, parameter));
        }
        if (function->result != NULL) {
            fprintf(stream, "    result: stub of %s\n", function->result->name);
        }
    }
}
