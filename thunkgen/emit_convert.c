/* SPDX-License-Identifier: MIT
 *
 * The tables of types whose layout differs, and what tells of their lengths, in
 * the host's half.
 */
#include <string.h>

#include "emit.h"
#include "template.h"

/* Of copies, if a shape does not say more. */
enum { THUNK_ALIGNMENT = 16 };

static const char *const kinds[] = {
    [SHAPE_BYTES] = "THUNK_BYTES",
    [SHAPE_INTEGER] = "THUNK_INTEGER",
    [SHAPE_LONG_DOUBLE] = "THUNK_LONG_DOUBLE",
    [SHAPE_RECORD] = "THUNK_RECORD",
    [SHAPE_UNION] = "THUNK_UNION",
    [SHAPE_POINTER] = "THUNK_POINTER",
};

static const char *const signs[] = {
    [SHAPE_UNSIGNED] = "THUNK_UNSIGNED",
    [SHAPE_SIGNED] = "THUNK_SIGNED",
    [SHAPE_BOOL] = "THUNK_BOOL",
};

/* And those where what is left there stays the library's. */
static const char *const flows[][2] = {
    [FLOW_IN] = {"THUNK_IN", "THUNK_IN_KEEPS"},
    [FLOW_OUT] = {"THUNK_OUT", "THUNK_OUT_KEEPS"},
    [FLOW_INOUT] = {"THUNK_INOUT", "THUNK_INOUT_KEEPS"},
};

static void counter_write(struct arena *arena,
                          const struct plan_counter *counter, FILE *stream)
{
    struct arena_text cases = {0};

    if (counter->count != NULL) {
        template_write(stream, template_host_c,
                       counter->record == NULL ? "count-constant" : "count",
                       "name", counter->name, "type", counter->record, "count",
                       counter->count, NULL);
        return;
    }
    for (size_t i = 0; i < counter->n_cases; i++) {
        arena_text_add(arena, &cases, "    case %s:\n        return %zu;\n",
                       counter->cases[i].constant, counter->cases[i].member);
    }
    template_write(stream, template_host_c, "which", "name", counter->name,
                   "type", counter->record, "by", counter->by, "cases",
                   arena_text_get(&cases), NULL);
}

/* "{64, 128, 1, THUNK_UNSIGNED}" for each ISA. */
static const char *places_text(struct arena *arena,
                               const struct plan_shape_member *member)
{
    struct arena_text text = {0};

    for (unsigned i = 0; i < ISA_COUNT; i++) {
        const struct plan_place *place = &member->places[i];

        arena_text_add(arena, &text, "%s{%llu, %llu, %llu, %s}",
                       i == 0 ? "" : ",\n                ",
                       (unsigned long long)place->bit,
                       (unsigned long long)place->bits,
                       (unsigned long long)place->count, signs[place->sign]);
    }
    return arena_text_get(&text);
}

static void members_write(struct arena *arena, const struct plan_shape *shape,
                          FILE *stream)
{
    struct arena_text members = {0};

    for (size_t i = 0; i < shape->n_members; i++) {
        const struct plan_shape_member *member = &shape->members[i];

        if (member->name[0] != '\0') {
            arena_text_add(arena, &members, "    /* %s */\n", member->name);
        }
        arena_text_add(arena, &members, "    {.kind = %s,\n",
                       kinds[member->kind]);
        if (member->is_const) {
            arena_text_add(arena, &members, "     .is_const = true,\n");
        }
        if (member->shape != NULL) {
            arena_text_add(arena, &members, "     .shape = &htl_shape_%s,\n",
                           member->shape->name);
        }
        if (member->counter != NULL) {
            arena_text_add(arena, &members, "     .count = htl_%s,\n",
                           member->counter->name);
        }
        arena_text_add(arena, &members, "     .places = {%s}},\n",
                       places_text(arena, member));
    }
    template_write(stream, template_host_c, "shape-members", "of", shape->of,
                   "name", shape->name, "members", arena_text_get(&members),
                   NULL);
}

static void shape_write(struct arena *arena, const struct plan_shape *shape,
                        FILE *stream)
{
    const char *sizes = "", *alike = "", *alignments = "";
    bool is_aligned = false;

    for (unsigned i = 0; i < ISA_COUNT; i++) {
        sizes = arena_printf(arena, "%s%s%llu", sizes, i == 0 ? "" : ", ",
                             (unsigned long long)shape->sizes[i]);
        alike = arena_printf(arena, "%s%s%u", alike, i == 0 ? "" : ", ",
                             shape->alike[i]);
        alignments =
            arena_printf(arena, "%s%s%llu", alignments, i == 0 ? "" : ", ",
                         (unsigned long long)shape->alignments[i]);
        is_aligned |= shape->alignments[i] > THUNK_ALIGNMENT;
    }
    template_write(
        stream, template_host_c, "shape", "name", shape->name, "count",
        arena_printf(arena, "%zu", shape->n_members), "flexible",
        shape->is_flexible
            ? arena_printf(arena, "    .flexible = &htl_members_%s[%zu],\n",
                           shape->name, shape->n_members - 1)
            : "",
        "pointers", shape->has_pointers ? "    .has_pointers = true,\n" : "",
        "sizes", sizes, "alike", alike, "alignments",
        is_aligned
            ? arena_printf(arena, "    .alignments = {%s},\n", alignments)
            : "",
        NULL);
}

void emit_shapes(struct arena *arena, const struct plan *plan, FILE *stream)
{
    for (size_t i = 0; i < plan->n_counters; i++) {
        counter_write(arena, plan->counters[i], stream);
    }
    for (size_t i = 0; i < plan->n_shapes; i++) {
        template_write(stream, template_host_c, "shape-declaration", "name",
                       plan->shapes[i]->name, NULL);
    }
    if (plan->n_shapes > 0) {
        fputc('\n', stream);
    }
    for (size_t i = 0; i < plan->n_shapes; i++) {
        members_write(arena, plan->shapes[i], stream);
        shape_write(arena, plan->shapes[i], stream);
    }
}

/* The end of the first operand of "f(a, b)". */
static const char *operand_end(const char *text)
{
    int depth = 0;

    while (depth > 0 || *text != ',') {
        depth += *text == '(';
        depth -= *text == ')';
        text++;
    }
    return text;
}

/* An expression that starts at that column, on several lines where one is too
 * short. */
static const char *count_wrap(struct arena *arena, const char *text, int column)
{
    const char *open = strchr(text, '(');
    const char *comma;
    int length = (int)strlen(text);
    int name;

    if (column + length <= 76 || strncmp(text, "thunk_count_", 12) != 0) {
        return text;
    }
    name = (int)(open - text);
    comma = operand_end(open + 1);
    return arena_printf(
        arena, "%.*s(\n%*s%s,\n%*s%s)", name, text, column + 4, "",
        count_wrap(
            arena,
            arena_printf(arena, "%.*s", (int)(comma - open - 1), open + 1),
            column + 4),
        column + 4, "",
        count_wrap(arena,
                   arena_printf(arena, "%.*s", length - (int)(comma - text) - 3,
                                comma + 2),
                   column + 4));
}

/* Lines that tell the types of the guest functions in the copy. */
static const char *adopt_copy(struct arena *arena,
                              const struct plan_parameter *parameter)
{
    const char *name = parameter->record == NULL ? "" : parameter->record->name;

    if (parameter->record == NULL) {
        return "";
    }
    if (strcmp(parameter->count, "1") == 0) {
        return arena_printf(arena, "    htl_adopt_%s(%s);\n", name,
                            parameter->copied);
    }
    return arena_printf(arena,
                        "    for (int64_t i = 0; %s != NULL && i < %s; i++) {\n"
                        "        htl_adopt_%s((const %s *)%s + i);\n"
                        "    }\n",
                        parameter->copied, parameter->count, name,
                        parameter->record->record->name, parameter->copied);
}

const char *emit_copy(struct arena *arena,
                      const struct plan_parameter *parameter)
{
    const char *const values[] = {
        "&copies",
        arena_printf(arena, "&htl_shape_%s", parameter->shape->name),
        arena_printf(arena, "frame->%s", parameter->name),
        flows[parameter->flow][parameter->keeps],
        count_wrap(arena, parameter->count, 8),
    };

    return arena_printf(arena, "%s;\n%s",
                        emit_call(arena, 4,
                                  arena_printf(arena, "%s = thunk_host_copy(",
                                               parameter->copied),
                                  values, sizeof(values) / sizeof(values[0])),
                        adopt_copy(arena, parameter));
}

const char *emit_given(struct arena *arena,
                       const struct plan_parameter *parameter)
{
    const char *const values[] = {
        "&copies",
        arena_printf(arena, "&htl_shape_%s", parameter->shape->name),
        parameter->name,
        flows[parameter->flow][parameter->keeps],
        count_wrap(arena, parameter->count, 8),
    };

    return arena_printf(
        arena, "%s;\n",
        emit_call(arena, 4,
                  arena_printf(arena, "frame.%s = thunk_host_given(",
                               parameter->name),
                  values, sizeof(values) / sizeof(values[0])));
}

const char *emit_result(struct arena *arena,
                        const struct plan_function *function)
{
    const char *const values[] = {
        function->has_copies ? "&copies" : "NULL",
        arena_printf(arena, "&htl_shape_%s", function->result_shape->name),
        "frame->result",
        count_wrap(arena, function->result_count, 8),
        function->result_is_filled ? "THUNK_OUT" : "THUNK_INOUT",
    };
    size_t first = function->is_freed; /* lies in no copy, and is all new */
    size_t end = sizeof(values) / sizeof(values[0]) - function->is_freed;

    return arena_printf(
        arena, "%s;\n",
        emit_call(arena, 4,
                  arena_printf(arena, "frame->result = thunk_host_result_%s(",
                               function->is_freed ? "give" : "keep"),
                  values + first, end - first));
}

/* "THUNK_ON_AARCH64(THUNK_PIN_SIZE(struct x, 48);)" */
static void pin_write(struct arena *arena, const struct plan *plan,
                      const struct plan_pin *pin, FILE *stream)
{
    for (unsigned i = 0; i < ISA_COUNT; i++) {
        const struct record *record = pin->of[i];
        const char *on = emit_upper(arena, isa_of_index(i)->name);

        if (record == NULL || !plan->is_asked[i]) {
            continue;
        }
        template_write(
            stream, template_frames_h, "pinned-on", "isa", on, "type",
            record->name, "size",
            arena_printf(arena, "%llu", (unsigned long long)record->size),
            NULL);
        for (size_t f = 0; f < record->n_fields; f++) {
            const struct field *field = &record->fields[f];

            if (field->name[0] != '\0' && field->width < 0) {
                template_write(
                    stream, template_frames_h, "pinned-member-on", "isa", on,
                    "type", record->name, "member", field->name, "offset",
                    arena_printf(arena, "%llu",
                                 (unsigned long long)field->offset / 8),
                    NULL);
            }
        }
    }
    fputc('\n', stream);
}

void emit_pins(struct arena *arena, const struct plan *plan, FILE *stream)
{
    if (plan->n_shapes == 0) {
        return;
    }
    for (unsigned i = 0; i < ISA_COUNT; i++) {
        if (!plan->is_asked[i]) {
            template_write(stream, template_frames_h, "not-asked", "isa",
                           emit_upper(arena, isa_of_index(i)->name), NULL);
        }
    }
    for (size_t i = 0; i < plan->n_pins; i++) {
        pin_write(arena, plan, &plan->pins[i], stream);
    }
}
