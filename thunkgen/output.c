/* SPDX-License-Identifier: MIT */
#include "output.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "emit.h"
#include "runtime_header.h"

/* ---- identifiers ---- */

static bool is_start(char c)
{
    return isalpha((unsigned char)c) || c == '_';
}

static bool is_part(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* The end of a literal that starts here. */
static const char *literal_end(const char *at)
{
    const char quote = *at++;

    while (*at != '\0' && *at != quote) {
        at += at[0] == '\\' && at[1] != '\0' ? 2 : 1;
    }
    return *at == '\0' ? at : at + 1;
}

static const char *comment_end(const char *at)
{
    const char *end = strstr(at + 2, "*/");

    return end == NULL ? at + strlen(at) : end + 2;
}

/* The end of a directive's line, with those that continue it. */
static const char *directive_end(const char *at)
{
    while (*at != '\0' && *at != '\n') {
        if (at[0] == '/' && at[1] == '*') {
            at = comment_end(at);
        } else {
            at += at[0] == '\\' && at[1] == '\n' ? 2 : 1;
        }
    }
    return at;
}

/* Behind "#define NAME" or "#define NAME(...)"; else NULL. */
static const char *replacement_find(const char *at)
{
    if (strncmp(at, "#define ", 8) != 0) {
        return NULL;
    }
    at += 8;
    while (is_part(*at)) {
        at++;
    }
    return *at == '(' ? strchr(at, ')') : at;
}

static void identifiers_between(const char *at, const char *end, bool of_macros,
                                void (*visit)(void *context, const char *start,
                                              size_t length),
                                void *context)
{
    bool is_line_start = true;

    while (at < end) {
        const char *start = at;

        if (*at == EMIT_MARK) {
            at += strcspn(at, "\n");
        } else if (*at == '#' && is_line_start) {
            const char *replacement = of_macros ? replacement_find(at) : NULL;

            at = directive_end(at);
            if (replacement != NULL) {
                identifiers_between(replacement, at, false, visit, context);
            }
        } else if (at[0] == '/' && at[1] == '*') {
            at = comment_end(at);
        } else if (*at == '"' || *at == '\'') {
            at = literal_end(at);
        } else if (is_start(*at)) {
            while (is_part(*at)) {
                at++;
            }
            if (!of_macros) {
                visit(context, start, (size_t)(at - start));
            }
        } else if (isdigit((unsigned char)*at)) {
            while (is_part(*at) || *at == '.') {
                at++;
            }
        } else {
            at++;
        }
        is_line_start =
            at[-1] == '\n' || (is_line_start && isspace((unsigned char)at[-1]));
    }
}

void output_identifiers(const char *text, bool of_macros,
                        void (*visit)(void *context, const char *start,
                                      size_t length),
                        void *context)
{
    identifiers_between(text, text + strlen(text), of_macros, visit, context);
}

/* ---- macros of the headers ---- */

struct search {
    struct arena *arena;
    struct plan *plan;
    const struct plan_input *input;
    const char **spared; /* names in the spec's constants */
    size_t n_spared;
};

static bool is_among(const char *const *names, size_t n_names, const char *name)
{
    for (size_t i = 0; i < n_names; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Macros of libc's and the runtime's that the generated code means. */
static bool is_meant(const char *name)
{
    static const char *const meant[] = {
        "NULL",     "bool",   "true",   "false",   "offsetof",
        "va_start", "va_arg", "va_end", "va_copy", "INT64_MIN",
    };

    return strncmp(name, "THUNK_", 6) == 0 ||
           is_among(meant, sizeof(meant) / sizeof(meant[0]), name);
}

static void spared_add(void *context, const char *start, size_t length)
{
    struct search *search = context;

    *ARENA_APPEND(search->arena, search->spared, search->n_spared) =
        arena_printf(search->arena, "%.*s", (int)length, start);
}

static void hidden_add(void *context, const char *start, size_t length)
{
    struct search *search = context;
    struct plan *plan = search->plan;
    char name[128];
    bool is_macro = false;

    if (length >= sizeof(name)) {
        return;
    }
    memcpy(name, start, length);
    name[length] = '\0';
    for (size_t i = 0; !is_macro && i < search->input->n_models; i++) {
        is_macro = model_has_macro(&search->input->models[i], name);
    }
    if (is_macro && !is_meant(name) &&
        !is_among(search->spared, search->n_spared, name) &&
        !is_among(plan->hidden, plan->n_hidden, name)) {
        *ARENA_APPEND(search->arena, plan->hidden, plan->n_hidden) =
            arena_strdup(search->arena, name);
    }
}

static void hidden_find(struct arena *arena, struct plan *plan,
                        const struct plan_input *input,
                        const struct outputs *outputs)
{
    struct search search = {.arena = arena, .plan = plan, .input = input};
    const struct spec *spec = input->spec;

    for (size_t i = 0; i < spec->n_constants; i++) {
        if (spec->constants[i].text != NULL) {
            output_identifiers(spec->constants[i].text, false, spared_add,
                               &search);
        }
    }
    for (size_t i = 0; i < outputs->n_items; i++) {
        output_identifiers(outputs->items[i].text, false, hidden_add, &search);
    }
    for (size_t i = 0; runtime_headers[i].path != NULL; i++) {
        output_identifiers(runtime_headers[i].text, true, hidden_add, &search);
    }
    if (plan->n_hidden > 0) {
        qsort(plan->hidden, plan->n_hidden, sizeof(*plan->hidden),
              model_name_compare);
    }
}

/* ---- texts ---- */

static struct output_part part_of(const struct plan *plan, char kind,
                                  size_t index)
{
    struct output_part part = {0};

    switch (kind) {
    case ABOUT_FUNCTION:
        part.function = plan->functions[index].function;
        break;
    case ABOUT_DISPATCH:
        part.function = plan->dispatches[index].function;
        break;
    case ABOUT_CALLBACK:
        part.function = plan->callbacks[index]->origin;
        break;
    case ABOUT_DATUM:
        part.function = plan->data[index].accessor;
        break;
    case ABOUT_RECORD:
        part.record = plan->records[index]->record;
        break;
    case ABOUT_PINNED:
        part.record = plan->pinned[index];
        break;
    default:
        break;
    }
    return part;
}

/* Takes the emitters' marks out, or what they stand for in. */
static void text_take(struct arena *arena, const struct plan *plan,
                      struct output *output)
{
    const char *from = output->text;
    char *text = NULL;
    FILE *stream = open_memstream(&text, &output->length);
    unsigned line = 1;

    while (*from != '\0') {
        const char *end = from + strcspn(from, "\n");

        end += *end == '\n';

        if (*from != EMIT_MARK) {
            fwrite(from, 1, (size_t)(end - from), stream);
            line += end[-1] == '\n';
        } else if (from[1] == ABOUT_HIDDEN) {
            line += emit_hidden(arena, plan, stream);
        } else {
            struct output_part *part =
                ARENA_APPEND(arena, output->parts, output->n_parts);

            *part = part_of(plan, from[1], strtoul(from + 2, NULL, 10));
            part->line = line;
        }
        from = end;
    }
    fclose(stream);
    output->text = arena_strdup(arena, text);
    free(text);
}

void outputs_make(struct arena *arena, struct plan *plan,
                  const struct plan_input *input, struct outputs *outputs)
{
    *outputs = (struct outputs){0};
    for (size_t i = 0; i < n_emitters; i++) {
        struct output *output =
            ARENA_APPEND(arena, outputs->items, outputs->n_items);
        char *text = NULL;
        size_t length = 0;
        FILE *stream = open_memstream(&text, &length);

        emitters[i].write(arena, plan, stream);
        fclose(stream);
        output->name =
            arena_printf(arena, "%s-%s", plan->library, emitters[i].suffix);
        output->text = arena_strdup(arena, text);
        free(text);
    }
    hidden_find(arena, plan, input, outputs);
    for (size_t i = 0; i < outputs->n_items; i++) {
        text_take(arena, plan, &outputs->items[i]);
    }
}

const struct output_part *output_part_find(const struct output *output,
                                           unsigned line)
{
    const struct output_part *found = NULL;

    for (size_t i = 0; i < output->n_parts && output->parts[i].line <= line;
         i++) {
        found = &output->parts[i];
    }
    return found == NULL || (found->function == NULL && found->record == NULL)
               ? NULL
               : found;
}
