/* SPDX-License-Identifier: MIT
 * One page that needs nothing else; its looks are in templates/report.html. */
#include <string.h>

#include "report.h"
#include "template.h"

static const char *escape(struct arena *arena, const char *text)
{
    struct arena_text escaped = {0};

    for (; text != NULL && *text != '\0'; text++) {
        switch (*text) {
        case '<':
            arena_text_add(arena, &escaped, "&lt;");
            break;
        case '>':
            arena_text_add(arena, &escaped, "&gt;");
            break;
        case '&':
            arena_text_add(arena, &escaped, "&amp;");
            break;
        case '"':
            arena_text_add(arena, &escaped, "&quot;");
            break;
        default:
            arena_text_add(arena, &escaped, "%c", *text);
            break;
        }
    }
    return arena_text_get(&escaped);
}

static const char *place(struct arena *arena, const struct location *where)
{
    return where->file == NULL
               ? ""
               : escape(arena, arena_printf(arena, "%s:%u:%u", where->file,
                                            where->line, where->column));
}

static void message_write(struct arena *arena,
                          const struct diag_message *message, FILE *stream)
{
    template_write(stream, template_report_html, "message", "severity",
                   message->is_error ? "error" : "warning", "place",
                   place(arena, &message->where), "text",
                   escape(arena, message->text), "check", message->check, NULL);
    for (size_t i = 0; i < message->n_notes; i++) {
        template_write(stream, template_report_html, "note", "place",
                       place(arena, &message->notes[i].where), "text",
                       escape(arena, message->notes[i].text), NULL);
    }
    if (message->yaml != NULL) {
        template_write(stream, template_report_html, "yaml", "yaml",
                       escape(arena, message->yaml), NULL);
    }
}

static void messages_write(struct arena *arena, const struct report *report,
                           const char *name, FILE *stream)
{
    for (size_t i = 0; i < report->n_messages; i++) {
        const char *about = report->messages[i].about;

        if (name == NULL ? about == NULL
                         : about != NULL && strcmp(about, name) == 0) {
            message_write(arena, &report->messages[i], stream);
        }
    }
}

/* What a class in the style sheet is called. */
static const char *class_of(enum verdict verdict)
{
    return verdict == VERDICT_SPEC ? "spec" : report_verdict_name(verdict);
}

static void symbol_write(struct arena *arena, const struct report *report,
                         const struct report_symbol *symbol, FILE *stream)
{
    template_write(stream, template_report_html, "symbol", "class",
                   class_of(symbol->verdict), "verdict",
                   report_verdict_name(symbol->verdict), "name",
                   escape(arena, symbol->name), "declaration",
                   escape(arena, symbol->declaration), "declared",
                   place(arena, &symbol->declared), "spec",
                   place(arena, &symbol->spec), NULL);
    for (size_t i = 0; i < symbol->n_how; i++) {
        template_write(stream, template_report_html, "how", "text",
                       escape(arena, symbol->how[i]), NULL);
    }
    if (symbol->difference != NULL) {
        template_write(stream, template_report_html, "layout", "layout",
                       symbol->layout, "place", place(arena, &symbol->decided),
                       "text", escape(arena, symbol->difference), NULL);
    }
    messages_write(arena, report, symbol->name, stream);
    template_write(stream, template_report_html, "symbol-end", NULL);
}

static void states_write(struct arena *arena, const struct report *report,
                         FILE *stream)
{
    if (report->n_states > 0) {
        template_write(stream, template_report_html, "states", NULL);
    }
    for (size_t i = 0; i < report->n_states; i++) {
        const struct report_state *state = &report->states[i];

        template_write(stream, template_report_html, "state", "name",
                       escape(arena, state->name), "used",
                       escape(arena, state->used), "meaning",
                       escape(arena, state->meaning), NULL);
        template_write(stream, template_report_html, "state-end", NULL);
    }
    if (report->n_states > 0) {
        template_write(stream, template_report_html, "states-end", NULL);
    }
    if (report->n_needed > 0) {
        template_write(stream, template_report_html, "needed", "names",
                       escape(arena, report->needed_names), "meaning",
                       REPORT_NEEDED_MEANING, NULL);
    }
}

void report_write_html(struct arena *arena, const struct report *report,
                       FILE *stream)
{
    const char *title = report->soname == NULL ? report->spec : report->soname;

    template_write(stream, template_report_html, "head", "title",
                   escape(arena, title), "abis",
                   report->isas == NULL ? "none" : report->isas, "spec",
                   escape(arena, report->spec), NULL);
    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        template_write(stream, template_report_html, "total", "class",
                       class_of((enum verdict)i), "count",
                       arena_printf(arena, "%zu", report->totals[i]), "verdict",
                       report_verdict_name((enum verdict)i), NULL);
    }
    for (size_t i = 0; i < LAYOUT_COUNT; i++) {
        template_write(stream, template_report_html, "layouts", "count",
                       arena_printf(arena, "%zu", report->layouts[i]), "layout",
                       report_layout_name((enum plan_layout)i), NULL);
    }
    template_write(
        stream, template_report_html, "table", "errors",
        arena_printf(arena, "%zu", report->n_errors), "warnings",
        arena_printf(arena, "%zu", report->n_messages - report->n_errors),
        NULL);
    messages_write(arena, report, NULL, stream);
    states_write(arena, report, stream);
    template_write(stream, template_report_html, "rows", NULL);
    for (size_t i = 0; i < report->n_symbols; i++) {
        symbol_write(arena, report, &report->symbols[i], stream);
    }
    template_write(stream, template_report_html, "tail", NULL);
}
