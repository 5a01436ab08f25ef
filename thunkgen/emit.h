/* SPDX-License-Identifier: MIT
 *
 * Writes the generated files. Everything was decided in the plan.
 */
#ifndef THUNKGEN_EMIT_H
#define THUNKGEN_EMIT_H

#include <stdio.h>

#include "plan.h"

/* One generated file; name is "<library>-<suffix>". */
struct emitter {
    const char *suffix;
    void (*write)(struct arena *arena, const struct plan *plan, FILE *stream);
};

extern const struct emitter emitters[];
extern const size_t n_emitters;

void emit_frames(struct arena *arena, const struct plan *plan, FILE *stream);
void emit_guest(struct arena *arena, const struct plan *plan, FILE *stream);
void emit_host(struct arena *arena, const struct plan *plan, FILE *stream);
void emit_map(struct arena *arena, const struct plan *plan, FILE *stream);

/* Marks in the texts tell what the lines behind them are about: a mark, the
 * kind and its place in the plan. output.c takes them out again. */
enum { EMIT_MARK = '\1' };

enum emit_about {
    ABOUT_NOTHING = 'n',
    ABOUT_FUNCTION = 'f',
    ABOUT_DISPATCH = 'v',
    ABOUT_CALLBACK = 'c',
    ABOUT_DATUM = 'd',
    ABOUT_RECORD = 'r',
    ABOUT_PINNED = 'p',
    ABOUT_HIDDEN = 'h', /* what emit_hidden() writes comes here */
};

void emit_mark(FILE *stream, enum emit_about kind, size_t place);

/* Undoes macros of the headers, which are known once the rest is there. Returns
 * the number of lines. */
unsigned emit_hidden(struct arena *arena, const struct plan *plan,
                     FILE *stream);

/* What several of them say. */

/* "zlib.h and x.h" */
const char *emit_headers(struct arena *arena, const struct plan *plan);

/* "int gzputs(gzFile file, const char *s)", wrapped; `first` is written before
 * the parameters' list, and a va_list parameter is left out if `without_list`
 * is set, with "..." in its place. */
const char *emit_declaration(struct arena *arena,
                             const struct plan_function *function,
                             const char *prefix, const char *name,
                             const char *first, bool without_list);

/* Lines that define `frame` with `first` in it, NULL or as in ".a = b", and the
 * parameters of those names, as `convert` writes them, unless that is NULL. */
const char *emit_frame(struct arena *arena, const char *tag, const char *first,
                       const struct plan_parameter *parameters,
                       size_t n_parameters,
                       const char *(*convert)(struct arena *,
                                              const struct plan_parameter *));

/* "    struct TAG *frame = (void *)head;\n", `more` lines of the same kind and
 * an empty one; or what says that the frame has nothing of interest. */
const char *emit_frame_of_head(struct arena *arena, const char *tag,
                               bool is_used, const char *more);

/* "static int stub_visit(int value)", wrapped: of a function of that type. */
const char *emit_callback_declaration(struct arena *arena,
                                      const struct plan_callback *callback,
                                      const char *name);

/* A call, "first(" to ")", on a line that starts with `column` blanks and is
 * wrapped one level further in. */
const char *emit_call(struct arena *arena, int column, const char *first,
                      const char *const *values, size_t n_values);

/* The tables of types that are converted, in the host's half. */
void emit_shapes(struct arena *arena, const struct plan *plan, FILE *stream);

/* Lines that give the host a copy of what a parameter points to. */
const char *emit_copy(struct arena *arena,
                      const struct plan_parameter *parameter);

/* Lines that give a callback's frame a copy in the guest's layout. */
const char *emit_given(struct arena *arena,
                       const struct plan_parameter *parameter);

/* Lines that give the guest a copy of what a result points to. */
const char *emit_result(struct arena *arena,
                        const struct plan_function *function);

/* Lines around a guest function: for a place with a function pointer that it is
 * given. */
const char *emit_lend(struct arena *arena,
                      const struct plan_parameter *parameter);
const char *emit_lent(struct arena *arena,
                      const struct plan_parameter *parameter);

/* What the compiler of each ISA is to confirm of records that differ. */
void emit_pins(struct arena *arena, const struct plan *plan, FILE *stream);

/* "X86_64", for the name of a macro. */
const char *emit_upper(struct arena *arena, const char *name);

/* The other side's stream for a FILE *, as the last part of a line. `way` is ""
 * for the host's or "_guest". */
const char *emit_file(struct arena *arena, const char *way, const char *value);

/* What the real function gets for a place of one. */
const char *emit_file_place(struct arena *arena,
                            const struct plan_parameter *parameter);

/* Adds the lines for streams that cross, and for what either side has in its
 * own that stand for the other's: to the variables, before the call and behind
 * it. */
void emit_files(struct arena *arena, const struct plan_function *function,
                const char **variables, const char **adopt, const char **after);

/* The functions of the host's half that adopt what lies in structs of the
 * guest's or give it back, and those that copy structs with handles. */
void emit_records(struct arena *arena, const struct plan *plan, FILE *stream);
void emit_copies(struct arena *arena, const struct plan *plan, FILE *stream);

/* The functions that make what lies in structs the guest's, and back. */
void emit_places(struct arena *arena, const struct plan *plan, FILE *stream);

/* The variables in the guest's half, and the table of them. */
void emit_data(struct arena *arena, const struct plan *plan, FILE *stream);

/* What gives them their values when the thunk is loaded. */
void emit_data_start(struct arena *arena, const struct plan *plan,
                     FILE *stream);

/* Code that keeps thread-local variables alike, all "" without such: */
enum emit_side {
    EMIT_RUNNER,   /* in the guest's half, around a guest function */
    EMIT_ENTRY,    /* in the host's half, around one of the library's */
    EMIT_CALLBACK, /* in the host's half, before the guest is called back */
};

struct emit_thread_data {
    const char *variable, *take, *give; /* lines */
};

struct emit_thread_data emit_thread_data(const struct plan *plan,
                                         enum emit_side side);

/* The older versions of functions, for the guest's half. */
void emit_aliases(struct arena *arena, const struct plan *plan, FILE *stream);

/* The lines around a format: how its list of arguments is had. Texts are "" for
 * a va_list that is there already. */
struct emit_list {
    const char *name; /* of the list */
    const char *variable, *start, *end;
    const char *format; /* the parameter's name */
};

struct emit_list emit_list(struct arena *arena,
                           const struct plan_parameter *parameters,
                           size_t n_parameters);

/* What a callback returns when its format fails: "" or " -1". */
const char *emit_failure(struct arena *arena,
                         const struct plan_callback *callback);

/* Functions whose list of arguments crosses as words. */

/* Whether the host has something in place of any item of its list. */
bool emit_list_has_items(const struct plan_function *function);

/* The table of a list, for the guest. */
void emit_list_table(struct arena *arena, const struct plan_function *function,
                     FILE *stream);

/* "    is_good = thunk_guest_...(&words, ..., arguments)" */
const char *emit_list_collect(struct arena *arena,
                              const struct plan_function *function,
                              const char *arguments);

/* What adds a named parameter, with that value, to those words. */
const char *emit_list_named(struct arena *arena, int column, const char *words,
                            const struct plan_parameter *parameter,
                            const char *value);

/* "frame.result = (int)" in front of thunk_words_call(); "": no result. */
const char *emit_list_result(struct arena *arena, const char *variable,
                             const struct plan_function *function);

/* What the items of a list are to the host. */
void emit_list_items(struct arena *arena, const struct plan_function *function,
                     FILE *stream);

#endif
