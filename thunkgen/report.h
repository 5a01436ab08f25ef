/* SPDX-License-Identifier: MIT
 *
 * What `thunkgen check` tells: for each symbol that a library exports, whether
 * its thunk needs nothing, what the spec says, or why it cannot be made; and
 * what of libc's state it uses, of which program and host have one each.
 */
#ifndef THUNKGEN_REPORT_H
#define THUNKGEN_REPORT_H

#include "elf_imports.h"
#include "plan.h"

enum verdict {
    VERDICT_AUTOMATIC, /* header and library tell all */
    VERDICT_SPEC,      /* with what the spec tells of it */
    VERDICT_OMITTED,   /* the spec leaves it out */
    VERDICT_REFUSED,   /* its messages tell why */
    VERDICT_COUNT,
};

struct report_symbol {
    const char *name;        /* as symbol_title() gives it */
    const char *version;     /* NULL: none */
    const char *declaration; /* NULL: none in the headers */
    enum verdict verdict;
    struct location declared; /* file NULL: nowhere */
    struct location spec;     /* where the spec speaks of it; likewise */
    const char **how;         /* what is done to parameters and result */
    size_t n_how;

    /* report_layout_name() of it, for the guests; NULL: it was not planned.
     * What decides it, unless it is identical. */
    const char *layout;
    struct location decided;
    const char *difference;
};

/* A kind of state of libc's, and who of the host's libraries uses it. */
struct report_state {
    const char *name;
    const char *meaning; /* for a program that is thunked */
    bool is_own;         /* the library itself uses it */
    struct report_use {
        const char *soname;
        const char **symbols; /* sorted, each once */
        size_t n_symbols;
    } * uses; /* the library's own first */
    size_t n_uses;

    /* The same for people, who do not want long lists. */
    const char *used;
};

/* A library of the host's that the library pulls in. */
struct report_library {
    const char *soname;
    bool is_found;
};

#define REPORT_NEEDED_MEANING                                                  \
    "the program's own use of these shares nothing with the library's, "       \
    "unless "                                                                  \
    "they have thunks, too"

struct report {
    const char *library;
    const char *soname;
    const char *isas;
    const char *spec;
    struct report_symbol *symbols; /* in the order of the library's */
    size_t n_symbols;
    size_t totals[VERDICT_COUNT];
    size_t layouts[LAYOUT_COUNT];
    struct report_state *states; /* the library's own first */
    size_t n_states;
    struct report_library *needed; /* without libc; sorted */
    size_t n_needed;
    const char *needed_names; /* for people */
    const struct diag_message *messages;
    size_t n_messages, n_errors;
};

/* Makes it from what is there: with errors in the input that may be little.
 * Tells of what the spec omits. */
void report_make(struct arena *arena, struct diag *diag,
                 const struct plan_input *input, const struct plan *plan,
                 struct report *report);

/* Adds what is told of libc's state, from elf_imports_read(): of what the
 * runtime sees to, nothing. */
void report_states_make(struct arena *arena,
                        const struct elf_imports *libraries, size_t n_libraries,
                        struct report *report);

/* "automatic", "by spec", "omitted", "refused" */
const char *report_verdict_name(enum verdict verdict);

/* "identical", "convertible", "needs a spec line", "impossible" */
const char *report_layout_name(enum plan_layout layout);

void report_write_text(const struct report *report, FILE *stream);
void report_write_json(const struct report *report, FILE *stream);
void report_write_html(struct arena *arena, const struct report *report,
                       FILE *stream);

#endif
