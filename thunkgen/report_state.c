/* SPDX-License-Identifier: MIT
 *
 * What a library and those that it pulls in use of libc's state (libc_state.c),
 * by their imports. An import is libc's by the library whose version it has,
 * or, where it has none, if no other library has it.
 */
#include <string.h>

#include "libc_state.h"
#include "report.h"

struct search {
    struct arena *arena;
    const struct elf_imports *libraries;
    size_t n_libraries;
    struct report *report;
};

enum { SHOWN_LIBRARIES = 4, SHOWN_NAMES = 8 };

static bool list_has(const char *const *list, const char *name)
{
    for (; list != NULL && *list != NULL; list++) {
        if (strcmp(*list, name) == 0) {
            return true;
        }
    }
    return false;
}

/* As the table has it: "environ" of "__environ", "printf" of "__printf_chk",
 * "scanf" of "__isoc99_scanf". An ISO C's year has two digits. */
static const char *name_plain(struct arena *arena, const char *name)
{
    size_t length = strlen(name);

    for (const struct libc_alias *known = libc_aliases; known->alias != NULL;
         known++) {
        if (strcmp(known->alias, name) == 0) {
            return known->name;
        }
    }
    if (strncmp(name, "__isoc", 6) == 0 && length > 9 && name[8] == '_') {
        return name + 9;
    }
    if (strncmp(name, "__", 2) == 0 && length > 6 &&
        strcmp(name + length - 4, "_chk") == 0) {
        return arena_printf(arena, "%.*s", (int)(length - 6), name + 2);
    }
    return name;
}

/* No library has it but, where `in_libc`, libc. */
static bool is_nowhere(const struct search *search, const char *name,
                       bool in_libc)
{
    for (size_t i = 0; i < search->n_libraries; i++) {
        const struct elf_imports *library = &search->libraries[i];

        if (!(in_libc && libc_state_is_system(library->soname)) &&
            elf_imports_exports(library, name)) {
            return false;
        }
    }
    return true;
}

static bool import_is_libc(const struct search *search,
                           const struct elf_import *import)
{
    return import->from == NULL ? is_nowhere(search, import->name, true)
                                : libc_state_is_system(import->from);
}

/* Whether this symbol, called `name` by programs, is of that kind, and nothing
 * sees to it. */
static bool state_has(const struct libc_state *state, const char *name,
                      bool is_own)
{
    if (state->is_own && !is_own) {
        return false;
    }
    return list_has(state->symbols, name);
}

static void symbol_add(struct search *search, struct report_state *state,
                       const char *soname, const char *name)
{
    struct report_use *use =
        state->n_uses == 0 ? NULL : &state->uses[state->n_uses - 1];
    size_t place;

    if (use == NULL || strcmp(use->soname, soname) != 0) {
        use = ARENA_APPEND(search->arena, state->uses, state->n_uses);
        use->soname = soname;
    }
    for (place = 0; place < use->n_symbols; place++) {
        int order = strcmp(name, use->symbols[place]);

        if (order == 0) {
            return;
        }
        if (order < 0) {
            break;
        }
    }
    (void)ARENA_APPEND(search->arena, use->symbols, use->n_symbols);
    memmove(&use->symbols[place + 1], &use->symbols[place],
            (use->n_symbols - 1 - place) * sizeof(*use->symbols));
    use->symbols[place] = name;
}

static void uses_find(struct search *search, const struct libc_state *kind,
                      struct report_state *state)
{
    for (size_t l = 0; l < search->n_libraries; l++) {
        const struct elf_imports *library = &search->libraries[l];

        if (libc_state_is_system(library->soname)) {
            continue;
        }
        for (size_t i = 0; i < library->n_symbols; i++) {
            const struct elf_import *import = &library->symbols[i];
            const char *name = name_plain(search->arena, import->name);

            if (state_has(kind, name, l == 0) &&
                import_is_libc(search, import)) {
                symbol_add(search, state, library->soname, name);
            }
        }
    }
}

/* "a, b and 3 more" */
static const char *names_text(struct arena *arena, const char *const *names,
                              size_t n_names)
{
    /* "and 1 more" would be no shorter. */
    const size_t shown = n_names > SHOWN_NAMES + 1 ? SHOWN_NAMES : n_names;
    struct arena_text text = {0};

    for (size_t i = 0; i < shown; i++) {
        arena_text_add(arena, &text, "%s%s", i == 0 ? "" : ", ", names[i]);
    }
    if (shown < n_names) {
        arena_text_add(arena, &text, " and %zu more", n_names - shown);
    }
    return arena_text_get(&text);
}

/* "liba.so.1: exit; libb.so.1: err, exit" */
static const char *uses_text(struct arena *arena,
                             const struct report_state *state)
{
    const size_t shown =
        state->n_uses > SHOWN_LIBRARIES + 1 ? SHOWN_LIBRARIES : state->n_uses;
    struct arena_text text = {0};

    for (size_t i = 0; i < shown; i++) {
        const struct report_use *use = &state->uses[i];

        arena_text_add(arena, &text, "%s%s: %s", i == 0 ? "" : "; ",
                       use->soname,
                       names_text(arena, use->symbols, use->n_symbols));
    }
    if (shown < state->n_uses) {
        arena_text_add(arena, &text, "; and %zu more libraries",
                       state->n_uses - shown);
    }
    return arena_text_get(&text);
}

static void state_add(struct search *search, const struct libc_state *kind,
                      struct report_state *state)
{
    struct report *report = search->report;

    if (state->n_uses == 0) {
        return;
    }
    state->name = kind->name;
    state->meaning = kind->meaning;
    state->is_own =
        strcmp(state->uses[0].soname, search->libraries[0].soname) == 0;
    state->used = uses_text(search->arena, state);
    *ARENA_APPEND(search->arena, report->states, report->n_states) = *state;
}

static void state_find(struct search *search, const struct libc_state *kind)
{
    struct report_state state = {0};

    uses_find(search, kind, &state);
    state_add(search, kind, &state);
}

/* Imports that nothing has: a library that is not found may have them. */
static void lacks_find(struct search *search, const struct libc_state *kind,
                       bool are_weak)
{
    struct report_state state = {0};

    for (size_t l = 0; l < search->n_libraries; l++) {
        if (!search->libraries[l].is_found) {
            return;
        }
    }
    for (size_t l = 0; l < search->n_libraries; l++) {
        const struct elf_imports *library = &search->libraries[l];

        if (libc_state_is_system(library->soname)) {
            continue;
        }
        for (size_t i = 0; i < library->n_symbols; i++) {
            const struct elf_import *import = &library->symbols[i];

            if (import->is_weak == are_weak && import->from == NULL &&
                !libc_state_is_usual(import->name) &&
                is_nowhere(search, import->name, false)) {
                symbol_add(search, &state, library->soname, import->name);
            }
        }
    }
    state_add(search, kind, &state);
}

/* What the library itself uses comes before what others do for it. */
static void own_first(const struct search *search)
{
    struct report *report = search->report;
    struct report_state *sorted =
        arena_alloc(search->arena, (report->n_states + 1) * sizeof(*sorted));
    size_t n_sorted = 0;

    for (int own = 1; own >= 0; own--) {
        for (size_t i = 0; i < report->n_states; i++) {
            if (report->states[i].is_own == own) {
                sorted[n_sorted++] = report->states[i];
            }
        }
    }
    report->states = sorted;
}

static void needed_find(struct search *search)
{
    struct report *report = search->report;
    const char **names = NULL;
    size_t n_names = 0;

    for (size_t i = 1; i < search->n_libraries; i++) {
        const struct elf_imports *library = &search->libraries[i];

        if (!libc_state_is_system(library->soname)) {
            *ARENA_APPEND(search->arena, report->needed, report->n_needed) =
                (struct report_library){library->soname, library->is_found};
            *ARENA_APPEND(search->arena, names, n_names) =
                library->is_found
                    ? library->soname
                    : arena_printf(search->arena, "%s (not found)",
                                   library->soname);
        }
    }
    report->needed_names = names_text(search->arena, names, n_names);
}

void report_states_make(struct arena *arena,
                        const struct elf_imports *libraries, size_t n_libraries,
                        struct report *report)
{
    struct search search = {
        .arena = arena,
        .libraries = libraries,
        .n_libraries = n_libraries,
        .report = report,
    };

    for (const struct libc_state *kind = libc_states; kind->name != NULL;
         kind++) {
        state_find(&search, kind);
    }
    lacks_find(&search, &libc_state_hooks, true);
    lacks_find(&search, &libc_state_undefined, false);
    own_first(&search);
    needed_find(&search);
}
