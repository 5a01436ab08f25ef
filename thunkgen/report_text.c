/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "report.h"

static bool is_about(const struct diag_message *message, const char *name)
{
    return name == NULL
               ? message->about == NULL
               : message->about != NULL && strcmp(message->about, name) == 0;
}

/* The messages about a symbol; NULL: about none. */
static void messages_write(const struct report *report, const char *name,
                           const char *indent, FILE *stream)
{
    for (size_t i = 0; i < report->n_messages; i++) {
        const struct diag_message *message = &report->messages[i];

        if (is_about(message, name)) {
            diag_message_print(message, indent, stream);
            if (message->yaml != NULL) {
                fprintf(stream, "%sspec: %s\n", indent, message->yaml);
            }
        }
    }
}

static void symbol_write(const struct report *report,
                         const struct report_symbol *symbol, FILE *stream)
{
    fprintf(stream, "%-9s  %s", report_verdict_name(symbol->verdict),
            symbol->name);
    if (symbol->spec.file != NULL) {
        fprintf(stream, "  (%s:%u:%u)", symbol->spec.file, symbol->spec.line,
                symbol->spec.column);
    }
    fputc('\n', stream);
    for (size_t i = 0; i < symbol->n_how; i++) {
        fprintf(stream, "    %s\n", symbol->how[i]);
    }
    if (symbol->difference != NULL) {
        fprintf(stream, "    layout: %s, by %s:%u:%u, %s\n", symbol->layout,
                symbol->decided.file, symbol->decided.line,
                symbol->decided.column, symbol->difference);
    }
    messages_write(report, symbol->name, "    ", stream);
}

/* What the libraries of the host's have for themselves. */
static void states_write(const struct report *report, FILE *stream)
{
    if (report->n_states > 0) {
        fputs("\nstate that the host's libraries and the program each have:\n",
              stream);
    }
    for (size_t i = 0; i < report->n_states; i++) {
        const struct report_state *state = &report->states[i];

        if (!state->is_own && (i == 0 || report->states[i - 1].is_own)) {
            fputs("only in what it pulls in:\n", stream);
        }
        fprintf(stream, "%s  (%s)\n    %s\n", state->name, state->used,
                state->meaning);
    }
    if (report->n_needed > 0) {
        fprintf(stream,
                "\npulls in the host's %s\n    " REPORT_NEEDED_MEANING "\n",
                report->needed_names);
    }
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

void report_write_text(const struct report *report, FILE *stream)
{
    size_t n_warnings = report->n_messages - report->n_errors;

    messages_write(report, NULL, "", stream);
    for (size_t i = 0; i < report->n_symbols; i++) {
        symbol_write(report, &report->symbols[i], stream);
    }
    states_write(report, stream);
    if (report->n_symbols > 0) {
        fputs("\nlayouts:", stream);
        for (size_t i = 0; i < LAYOUT_COUNT; i++) {
            fprintf(stream, "%s %zu %s", i == 0 ? "" : ",", report->layouts[i],
                    report_layout_name((enum plan_layout)i));
        }
        fputc('\n', stream);
    }
    fprintf(stream, "%s for %s: %zu symbol%s",
            report->soname == NULL ? report->spec : report->soname,
            report->isas == NULL ? "no guest" : report->isas, report->n_symbols,
            plural(report->n_symbols));
    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        fprintf(stream, ", %zu %s", report->totals[i],
                report_verdict_name((enum verdict)i));
    }
    fprintf(stream, "; %zu error%s, %zu warning%s\n", report->n_errors,
            plural(report->n_errors), n_warnings, plural(n_warnings));
}
