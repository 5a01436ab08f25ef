/* SPDX-License-Identifier: MIT
 *
 * {
 *   "library": "z", "soname": "libz.so.1", "abis": "x86_64, aarch64",
 *   "spec": "zlib.yml",
 *   "totals": {"automatic": 1, "by spec": 0, "omitted": 0, "refused": 0},
 *   "layouts": {"identical": 1, "convertible": 0, "needs a spec line": 0,
 *               "impossible": 0},
 *   "errors": 0, "warnings": 0,
 *   "symbols": [{"name", "version", "verdict", "declaration", "declared",
 *                "spec", "how": [], "layout", "decided", "difference"}],
 *   "state": [{"kind", "meaning",
 *              "uses": [{"library", "symbols": []}]}],
 *   "needed": [{"library", "found": true}],
 *   "messages": [{"about", "check", "severity", "file", "line", "column",
 *                 "text", "yaml", "notes": [{"file", "line", "column",
 *                 "text"}]}]
 * }
 *
 * What is not known is null. Places are {"file", "line", "column"}.
 */
#include "report.h"

/* Names of files may hold any bytes; JSON holds UTF-8. */
static void string_write(const char *text, FILE *stream)
{
    if (text == NULL) {
        fputs("null", stream);
        return;
    }
    fputc('"', stream);
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0';
         c++) {
        if (*c == '"' || *c == '\\') {
            fprintf(stream, "\\%c", *c);
        } else if (*c < ' ' || *c >= 0x7f) {
            fprintf(stream, "\\u%04x", *c); /* as Latin-1 */
        } else {
            fputc(*c, stream);
        }
    }
    fputc('"', stream);
}

static void member_write(const char *before, const char *name, const char *text,
                         FILE *stream)
{
    fprintf(stream, "%s\"%s\": ", before, name);
    string_write(text, stream);
}

static void list_write(const char *before, const char *name,
                       const char *const *texts, size_t n_texts, FILE *stream)
{
    fprintf(stream, "%s\"%s\": [", before, name);
    for (size_t i = 0; i < n_texts; i++) {
        fputs(i == 0 ? "" : ", ", stream);
        string_write(texts[i], stream);
    }
    fputs("]", stream);
}

static void place_write(const struct location *where, FILE *stream)
{
    member_write("", "file", where->file, stream);
    fprintf(stream, ", \"line\": %u, \"column\": %u", where->line,
            where->column);
}

static void place_member_write(const char *name, const struct location *where,
                               FILE *stream)
{
    fprintf(stream, ",\n     \"%s\": ", name);
    if (where->file == NULL) {
        fputs("null", stream);
        return;
    }
    fputc('{', stream);
    place_write(where, stream);
    fputc('}', stream);
}

static void symbol_write(const struct report_symbol *symbol, FILE *stream)
{
    member_write("{", "name", symbol->name, stream);
    member_write(", ", "version", symbol->version, stream);
    member_write(", ", "verdict", report_verdict_name(symbol->verdict), stream);
    member_write(",\n     ", "declaration", symbol->declaration, stream);
    place_member_write("declared", &symbol->declared, stream);
    place_member_write("spec", &symbol->spec, stream);
    list_write(",\n     ", "how", symbol->how, symbol->n_how, stream);
    member_write(",\n     ", "layout", symbol->layout, stream);
    member_write(", ", "difference", symbol->difference, stream);
    place_member_write("decided", &symbol->decided, stream);
    fputs("}", stream);
}

static void state_write(const struct report_state *state, FILE *stream)
{
    member_write("{", "kind", state->name, stream);
    member_write(",\n     ", "meaning", state->meaning, stream);
    fputs(",\n     \"uses\": [", stream);
    for (size_t i = 0; i < state->n_uses; i++) {
        member_write(i == 0 ? "{" : ",\n              {", "library",
                     state->uses[i].soname, stream);
        list_write(", ", "symbols", state->uses[i].symbols,
                   state->uses[i].n_symbols, stream);
        fputs("}", stream);
    }
    fputs("]}", stream);
}

static void message_write(const struct diag_message *message, FILE *stream)
{
    member_write("{", "about", message->about, stream);
    member_write(", ", "check", message->check, stream);
    member_write(", ", "severity", message->is_error ? "error" : "warning",
                 stream);
    fputs(",\n     ", stream);
    place_write(&message->where, stream);
    member_write(",\n     ", "text", message->text, stream);
    member_write(",\n     ", "yaml", message->yaml, stream);
    fputs(", \"notes\": [", stream);
    for (size_t i = 0; i < message->n_notes; i++) {
        fputs(i == 0 ? "{" : ", {", stream);
        place_write(&message->notes[i].where, stream);
        member_write(", ", "text", message->notes[i].text, stream);
        fputc('}', stream);
    }
    fputs("]}", stream);
}

void report_write_json(const struct report *report, FILE *stream)
{
    member_write("{\n  ", "library", report->library, stream);
    member_write(",\n  ", "soname", report->soname, stream);
    member_write(",\n  ", "abis", report->isas, stream);
    member_write(",\n  ", "spec", report->spec, stream);
    fputs(",\n  \"totals\": {", stream);
    for (size_t i = 0; i < VERDICT_COUNT; i++) {
        fprintf(stream, "%s\"%s\": %zu", i == 0 ? "" : ", ",
                report_verdict_name((enum verdict)i), report->totals[i]);
    }
    fputs("},\n  \"layouts\": {", stream);
    for (size_t i = 0; i < LAYOUT_COUNT; i++) {
        fprintf(stream, "%s\"%s\": %zu", i == 0 ? "" : ", ",
                report_layout_name((enum plan_layout)i), report->layouts[i]);
    }
    fprintf(stream, "},\n  \"errors\": %zu,\n  \"warnings\": %zu",
            report->n_errors, report->n_messages - report->n_errors);
    fputs(",\n  \"symbols\": [", stream);
    for (size_t i = 0; i < report->n_symbols; i++) {
        fputs(i == 0 ? "\n    " : ",\n    ", stream);
        symbol_write(&report->symbols[i], stream);
    }
    fputs("],\n  \"state\": [", stream);
    for (size_t i = 0; i < report->n_states; i++) {
        fputs(i == 0 ? "\n    " : ",\n    ", stream);
        state_write(&report->states[i], stream);
    }
    fputs("],\n  \"needed\": [", stream);
    for (size_t i = 0; i < report->n_needed; i++) {
        member_write(i == 0 ? "\n    {" : ",\n    {", "library",
                     report->needed[i].soname, stream);
        fprintf(stream, ", \"found\": %s}",
                report->needed[i].is_found ? "true" : "false");
    }
    fputs("],\n  \"messages\": [", stream);
    for (size_t i = 0; i < report->n_messages; i++) {
        fputs(i == 0 ? "\n    " : ",\n    ", stream);
        message_write(&report->messages[i], stream);
    }
    fputs("]\n}\n", stream);
}
