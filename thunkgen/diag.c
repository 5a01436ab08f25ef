/* SPDX-License-Identifier: MIT */
#include "diag.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* How a line of the spec that leaves a symbol out begins, as messages quote it;
 * and how many of them are told once more, together. */
#define OMIT "omit: ["
enum { OMIT_FROM = 10 };

struct severity {
    const char *check;
    bool is_error;
};

struct diag {
    struct arena *arena;
    struct diag_message *messages;
    size_t n_messages;
    struct severity *severities; /* of several for one check the last counts */
    size_t n_severities;
    const char *about;
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

static bool severity_find(const struct diag *diag, const char *check,
                          bool is_error)
{
    for (size_t i = 0; i < diag->n_severities; i++) {
        if (strcmp(diag->severities[i].check, check) == 0) {
            is_error = diag->severities[i].is_error;
        }
    }
    return is_error;
}

static void message_add(struct diag *diag, struct location where, bool is_error,
                        const char *check, const char *format,
                        va_list arguments)
{
    struct diag_message *message =
        ARENA_APPEND(diag->arena, diag->messages, diag->n_messages);

    message->where = where;
    message->check = check;
    message->text = text_format(diag->arena, format, arguments);
    message->is_refusal = is_error;
    message->is_error = severity_find(diag, check, is_error);
    message->about = diag->about;
    message->line = arena_printf(diag->arena, "%s:%u:%u: %s: %s [%s]",
                                 where.file, where.line, where.column,
                                 message->is_error ? "error" : "warning",
                                 message->text, check);
}

void diag_severity(struct diag *diag, const char *check, bool is_error)
{
    *ARENA_APPEND(diag->arena, diag->severities, diag->n_severities) =
        (struct severity){check, is_error};
}

void diag_about(struct diag *diag, const char *symbol)
{
    diag->about = symbol;
}

void diag_error(struct diag *diag, struct location where, const char *check,
                const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    message_add(diag, where, true, check, format, arguments);
    va_end(arguments);
}

void diag_warning(struct diag *diag, struct location where, const char *check,
                  const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    message_add(diag, where, false, check, format, arguments);
    va_end(arguments);
}

void diag_note(struct diag *diag, struct location where, const char *format,
               ...)
{
    struct diag_message *message = &diag->messages[diag->n_messages - 1];
    va_list arguments;

    va_start(arguments, format);
    *ARENA_APPEND(diag->arena, message->notes, message->n_notes) =
        (struct diag_note){where, text_format(diag->arena, format, arguments)};
    va_end(arguments);
}

void diag_yaml(struct diag *diag, const char *format, ...)
{
    struct diag_message *message = &diag->messages[diag->n_messages - 1];
    va_list arguments;

    va_start(arguments, format);
    message->yaml = text_format(diag->arena, format, arguments);
    va_end(arguments);
}

bool diag_has_refusals(const struct diag *diag)
{
    for (size_t i = 0; i < diag->n_messages; i++) {
        if (diag->messages[i].is_refusal) {
            return true;
        }
    }
    return false;
}

bool diag_has_errors(const struct diag *diag)
{
    for (size_t i = 0; i < diag->n_messages; i++) {
        if (diag->messages[i].is_error) {
            return true;
        }
    }
    return false;
}

static int message_compare(const void *left, const void *right)
{
    const struct diag_message *a = left, *b = right;
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

const struct diag_message *diag_messages(struct diag *diag, size_t *n_messages)
{
    size_t n_kept = 0;

    if (diag->n_messages > 0) {
        qsort(diag->messages, diag->n_messages, sizeof(*diag->messages),
              message_compare);
    }
    for (size_t i = 0; i < diag->n_messages; i++) {
        /* The header is read once per ABI: the same fault comes again. */
        if (n_kept == 0 || strcmp(diag->messages[n_kept - 1].line,
                                  diag->messages[i].line) != 0) {
            diag->messages[n_kept++] = diag->messages[i];
        }
    }
    *n_messages = diag->n_messages = n_kept;
    return diag->messages;
}

void diag_message_print(const struct diag_message *message, const char *indent,
                        FILE *stream)
{
    fprintf(stream, "%s%s\n", indent, message->line);
    for (size_t i = 0; i < message->n_notes; i++) {
        const struct diag_note *note = &message->notes[i];

        fprintf(stream, "%s%s:%u:%u: note: %s\n", indent, note->where.file,
                note->where.line, note->where.column, note->text);
    }
}

static bool message_is_omission(const struct diag_message *message)
{
    return message->is_error && message->yaml != NULL &&
           strncmp(message->yaml, OMIT, strlen(OMIT)) == 0;
}

/* The symbol that leaving it out settles the error of, and a "]" behind it;
 * NULL: there is none, or an error before has it. */
static const char *omitted_at(const struct diag_message *messages, size_t at)
{
    if (!message_is_omission(&messages[at])) {
        return NULL;
    }
    for (size_t i = 0; i < at; i++) {
        if (message_is_omission(&messages[i]) &&
            strcmp(messages[i].yaml, messages[at].yaml) == 0) {
            return NULL;
        }
    }
    return messages[at].yaml + strlen(OMIT);
}

const char **diag_omissions(struct diag *diag, size_t *n_symbols)
{
    const char **symbols = NULL;

    *n_symbols = 0;
    for (size_t i = 0; i < diag->n_messages; i++) {
        const struct diag_message *message = &diag->messages[i];
        const char *omit = strstr(message->text, "'" OMIT), *symbol;
        bool is_new = true;

        if (!message->is_error) {
            continue;
        }
        if (omit == NULL) {
            *n_symbols = 0;
            return NULL;
        }
        omit += strlen("'" OMIT);
        symbol =
            arena_printf(diag->arena, "%.*s", (int)strcspn(omit, "]"), omit);
        for (size_t s = 0; s < *n_symbols; s++) {
            is_new &= strcmp(symbols[s], symbol) != 0;
        }
        if (is_new) {
            *ARENA_APPEND(diag->arena, symbols, *n_symbols) = symbol;
        }
    }
    return symbols;
}

/* Where there are many symbols to leave out, all of them at once, as the spec
 * takes it. */
static void omitted_print(const struct diag_message *messages,
                          size_t n_messages, FILE *stream)
{
    size_t n_omitted = 0, column = 0;

    for (size_t i = 0; i < n_messages; i++) {
        n_omitted += omitted_at(messages, i) != NULL;
    }
    if (n_omitted < OMIT_FROM) {
        return;
    }
    fprintf(stream,
            "thunkgen: this in the spec leaves out the %zu symbols that errors "
            "are about:\n",
            n_omitted);
    for (size_t i = 0; i < n_messages; i++) {
        const char *omitted = omitted_at(messages, i);
        size_t length = omitted == NULL ? 0 : strcspn(omitted, "]");

        if (omitted == NULL) {
            continue;
        }
        if (column == 0) {
            column = (size_t)fprintf(stream, OMIT "%.*s", (int)length, omitted);
        } else if (column + length + 3 > 80) {
            column =
                (size_t)fprintf(stream, ",\n  %.*s", (int)length, omitted) - 2;
        } else {
            column += (size_t)fprintf(stream, ", %.*s", (int)length, omitted);
        }
    }
    fputs("]\n", stream);
}

void diag_print(struct diag *diag, FILE *stream)
{
    size_t n_messages, n_errors = 0;
    const struct diag_message *messages = diag_messages(diag, &n_messages);

    for (size_t i = 0; i < n_messages; i++) {
        diag_message_print(&messages[i], "", stream);
        n_errors += messages[i].is_error;
    }
    if (n_errors > 0) {
        fprintf(stream, "thunkgen: %zu error%s, nothing written\n", n_errors,
                n_errors == 1 ? "" : "s");
        omitted_print(messages, n_messages, stream);
    }
}
