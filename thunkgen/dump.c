/* SPDX-License-Identifier: MIT */
#include "dump.h"

#include "cdecl.h"

static void record_dump(struct arena *arena, const struct record *record,
                        const char *path, uint64_t start, FILE *stream);

/* A member; what is in one without a name or type of its own comes in its
 * place. */
static void field_dump(struct arena *arena, const struct field *field,
                       const char *path, uint64_t start, FILE *stream)
{
    const struct type *type = type_resolve(field->type);
    uint64_t offset = start + field->offset;
    const char *name = field->name;

    if (name[0] != '\0' && path[0] != '\0') {
        name = arena_printf(arena, "%s.%s", path, name);
    } else if (name[0] == '\0') {
        name = path;
    }
    if (field->width >= 0) {
        if (field->name[0] != '\0') {
            fprintf(stream, "    %s: bit %llu, %lld bits\n", name,
                    (unsigned long long)offset, (long long)field->width);
        }
        return;
    }
    if (field->name[0] != '\0') {
        fprintf(stream, "    %s: bit %llu, %llu bytes\n", name,
                (unsigned long long)offset, (unsigned long long)type->size);
    }
    while (type->kind == TYPE_ARRAY && type->count > 0) {
        name = arena_printf(arena, "%s[0]", name);
        type = type_resolve(type->target);
    }
    if (type->kind == TYPE_RECORD && type->record->name == NULL) {
        record_dump(arena, type->record, name, offset, stream);
    }
}

static void record_dump(struct arena *arena, const struct record *record,
                        const char *path, uint64_t start, FILE *stream)
{
    for (size_t i = 0; i < record->n_fields; i++) {
        field_dump(arena, &record->fields[i], path, start, stream);
    }
}

void dump_model(struct arena *arena, const struct model *model, FILE *stream)
{
    fprintf(stream, "model for %s\n", model->isa);
    for (size_t i = 0; i < model->n_functions; i++) {
        const struct function *function = &model->functions[i];

        fprintf(stream, "  %s%s%s\n",
                cdecl_declare(arena, function->type, function->c_name),
                function->c_name == function->name ? "" : "  symbol ",
                function->c_name == function->name ? "" : function->name);
        for (size_t p = 0; p < function->type->n_parameters; p++) {
            const struct parameter *parameter = &function->type->parameters[p];

            fprintf(stream, "    %s: %llu bytes\n",
                    cdecl_declare(arena, parameter->type, parameter->name),
                    (unsigned long long)parameter->type->size);
        }
    }
    for (size_t i = 0; i < model->n_records; i++) {
        const struct record *record = model->records[i];

        if (record->is_complete && record->name != NULL) {
            fprintf(stream, "  %s: %llu bytes, aligned to %llu\n", record->name,
                    (unsigned long long)record->size,
                    (unsigned long long)record->align);
            record_dump(arena, record, "", 0, stream);
        }
    }
}

const char *dump_pass(struct arena *arena,
                      const struct plan_parameter *parameter)
{
    if (parameter->to_host != NULL) {
        return arena_printf(arena, "a handle, by %s()",
                            parameter->to_host->name);
    }
    if (parameter->copy != NULL) {
        return "a copy with the host's handles or streams in it";
    }
    switch (parameter->pass) {
    case PASS_CALLBACK:
        return arena_printf(arena, "callback %s", parameter->callback->name);
    case PASS_ADOPT:
        return arena_printf(arena, "adopts the callbacks in %s%s",
                            parameter->record->name,
                            parameter->stubs == NULL ? "" : ", gives stubs");
    case PASS_PLACE:
        return arena_printf(arena, "place of a callback %s",
                            parameter->callback->name);
    case PASS_OUT:
        return parameter->stubs != NULL
                   ? arena_printf(arena, "written with stubs in %s",
                                  parameter->stubs->name)
               : parameter->callback == NULL
                   ? "only written through"
                   : arena_printf(arena, "written with a callback %s",
                                  parameter->callback->name);
    case PASS_FORMAT:
        return "printf format, done by the guest";
    case PASS_FILE:
        return "a stream, for which the host gets one of its own";
    case PASS_FILE_PLACE:
        return "a place for a stream, for which the host has one of its own";
    case PASS_CONVERT:
        return arena_printf(
            arena, "a copy in the host's layout, %s, of %s%s",
            parameter->flow == FLOW_IN    ? "read"
            : parameter->flow == FLOW_OUT ? "written"
                                          : "read and written",
            parameter->shape->of,
            parameter->keeps ? "; what is left there stays the library's" : "");
    case PASS_ARGUMENTS:
        return "arguments of the format";
    default:
        return parameter->numbers.n_items > 0 ? "its long doubles converted"
                                              : "as it is";
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
                    dump_pass(arena, parameter));
        }
        if (function->result != NULL) {
            fprintf(stream, "    result: stub of %s\n", function->result->name);
        }
    }
}
