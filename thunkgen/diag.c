/* SPDX-License-Identifier: MIT */
#include "diag.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum severity { ERROR, WARNING };

struct message {
    struct location where;
    enum severity severity;
    const char *line;
    const char *notes; /* whole lines */
};

struct diag {
    struct arena *arena;
    struct message *messages;
    size_t n_messages;
    size_t n_errors;
};

struct diag *diag_new(struct arena *arena)
{
    struct diag *diag = arena_alloc(arena, sizeof(*diag));

    diag->arena = arena;
    return diag;
}

/* Input is quoted in messages; each is to stay on one line. */
static const char *text_format(struct arena *arena, const char *format,
                               va_list arguments)
{
    char *text = arena_vprintf(arena, format, arguments);

    for (char *c = text; *c != '\0'; c++) {
        if (iscntrl((unsigned char)*c)) {
            *c = '?';
        }
    }
    return text;
}

static void message_add(struct diag *diag, struct location where,
                        enum severity severity, const char *check,
                        const char *format, va_list arguments)
{
    struct message *message =
        ARENA_APPEND(diag->arena, diag->messages, diag->n_messages);
    const char *text = text_format(diag->arena, format, arguments);

    message->where = where;
    message->severity = severity;
    message->line = arena_printf(
        diag->arena, "%s:%u:%u: %s: %s [%s]\n", where.file, where.line,
        where.column, severity == ERROR ? "error" : "warning", text, check);
    message->notes = "";
    diag->n_errors += severity == ERROR;
}

void diag_error(struct diag *diag, struct location where, const char *check,
                const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    message_add(diag, where, ERROR, check, format, arguments);
    va_end(arguments);
}

void diag_warning(struct diag *diag, struct location where, const char *check,
                  const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    message_add(diag, where, WARNING, check, format, arguments);
    va_end(arguments);
}

void diag_note(struct diag *diag, struct location where, const char *format,
               ...)
{
    struct message *message = &diag->messages[diag->n_messages - 1];
    va_list arguments;

    va_start(arguments, format);
    message->notes = arena_printf(
        diag->arena, "%s%s:%u:%u: note: %s\n", message->notes, where.file,
        where.line, where.column, text_format(diag->arena, format, arguments));
    va_end(arguments);
}

bool diag_has_errors(const struct diag *diag)
{
    return diag->n_errors > 0;
}

static int message_compare(const void *left, const void *right)
{
    const struct message *a = left, *b = right;
    int order = strcmp(a->where.file, b->where.file);

    if (order != 0) {
        return order;
    }
    if (a->where.line != b->where.line) {
        return a->where.line < b->where.line ? -1 : 1;
    }
    if (a->where.column != b->where.column) {
        return a->where.column < b->where.column ? -1 : 1;
    }
    return strcmp(a->line, b->line);
}

void diag_print(struct diag *diag, FILE *stream)
{
    size_t n_errors = 0;

    if (diag->n_messages == 0) {
        return;
    }
    qsort(diag->messages, diag->n_messages, sizeof(*diag->messages),
          message_compare);
    for (size_t i = 0; i < diag->n_messages; i++) {
        const struct message *message = &diag->messages[i];

        /* The header is read once per ABI: the same fault comes again. */
        if (i > 0 && strcmp(message[-1].line, message->line) == 0) {
            continue;
        }
        n_errors += message->severity == ERROR;
        fprintf(stream, "%s%s", message->line, message->notes);
    }
    if (n_errors > 0) {
        fprintf(stream, "thunkgen: %zu error%s, nothing written\n", n_errors,
                n_errors == 1 ? "" : "s");
    }
}
