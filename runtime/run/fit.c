/* SPDX-License-Identifier: MIT */
#include "fit.h"

#include <stdio.h>
#include <string.h>

/* ---- age ---- */

/* A version that one file defines and another one does not; NULL: none. */
static const char *version_lacking(const struct elf_file *file,
                                   const struct elf_file *in)
{
    for (size_t i = 0; i < file->n_versions; i++) {
        const struct elf_version *version = &file->versions[i];

        if (version->name != NULL && version->file == NULL &&
            !version->is_base && !elf_file_defines(in, version->name)) {
            return version->name;
        }
    }
    return NULL;
}

/* The guest's library that the thunk would stand for. */
static void own_find(struct thunk *thunk, const struct guest *guest,
                     const struct closure *own)
{
    const struct library *library = closure_library(own, thunk->soname);
    struct library found;

    if (library == NULL && library_find(guest, own, thunk->soname, &found)) {
        library = &found;
    }
    thunk->own = library == NULL ? NULL : library->file;
    thunk->own_path = library == NULL ? NULL : guest_path(guest, library->path);
}

/* thunkgen takes over all versions of a library, also those of which it leaves
 * the functions out. So one that is lacking has come later. */
static const char *age_reason(const struct thunk *thunk,
                              const struct elf_file *file)
{
    const char *version =
        thunk->own == NULL ? NULL : version_lacking(thunk->own, file);

    return version == NULL
               ? NULL
               : format_text("its thunk is older than %s, which has version %s",
                             thunk->own_path, version);
}

/* What a file of the runtime or a thunk needs of a library that the guest has
 * itself: a newer libc. */
static const char *base_lacking(const struct elf_file *file,
                                const struct closure *own)
{
    for (size_t i = 0; i < file->n_versions; i++) {
        const struct elf_version *version = &file->versions[i];
        const struct library *library =
            version->name == NULL || version->file == NULL || version->is_weak
                ? NULL
                : closure_library(own, version->file);

        if (library != NULL && library->file->has_definitions &&
            !elf_file_defines(library->file, version->name)) {
            return format_text("needs version %s of %s, which is newer than "
                               "the guest's",
                               version->name, version->file);
        }
    }
    return NULL;
}

const char *runtime_reason(const char *what, const char *path,
                           const struct closure *own)
{
    const int folder = (int)(strrchr(path, '/') - path);
    const struct elf_file *file = elf_file_open(path);
    const char *lacking = file == NULL ? NULL : base_lacking(file, own);

    if (lacking != NULL) {
        return format_text("%s %s", what, lacking);
    }
    for (size_t i = 0; file != NULL && i < file->n_needed; i++) {
        const struct elf_file *needed = elf_file_open(
            format_text("%.*s/%s", folder, path, file->needed[i]));

        lacking = needed == NULL ? NULL : base_lacking(needed, own);
        if (lacking != NULL) {
            return format_text("%s's %s %s", what, file->needed[i], lacking);
        }
    }
    return NULL;
}

/* ---- needs ---- */

/* What is being looked at: the program's libraries without thunks, with them,
 * and those that are only there without. */
struct fit {
    struct thunks *thunks;
    const struct closure *own;
    const struct closure *with;
    struct library **gone;
    size_t n_gone;
};

/* A thunk that cannot stay. */
struct lack {
    struct thunk *thunk;
    const char *reason;
};

static void gone_find(struct fit *fit)
{
    for (size_t i = 0; i < fit->own->count; i++) {
        struct library *library = &fit->own->items[i];

        if (!closure_has_file(fit->with, library->file)) {
            fit->gone = array_grow(fit->gone, fit->n_gone, sizeof *fit->gone);
            fit->gone[fit->n_gone++] = library;
        }
    }
}

/* The thunk through which a library is gone: its own, or that of one that would
 * have loaded it. */
static struct thunk *gone_thunk(const struct fit *fit,
                                const struct library *library)
{
    struct thunk *thunk = thunks_by_name(fit->thunks, library_name(library));

    while (thunk == NULL && library != fit->own->items) {
        library = &fit->own->items[library->loader];
        thunk = thunks_by_name(fit->thunks, library_name(library));
    }
    return thunk;
}

static bool is_exported(const struct fit *fit, const struct library *user,
                        const struct elf_need *need, uint32_t hash)
{
    for (size_t i = 0; i < fit->with->count; i++) {
        /* A program's room for a variable is not the variable. */
        if (fit->with->items[i].file != user->file &&
            elf_file_exports(fit->with->items[i].file, need, hash)) {
            return true;
        }
    }
    return false;
}

static bool symbol_lack(const struct fit *fit, const struct library *user,
                        struct lack *lack)
{
    struct elf_need need;

    for (size_t at = 0; elf_file_next_need(user->file, &at, &need);) {
        const uint32_t hash = elf_name_hash(need.name);

        for (size_t i = 0; i < fit->n_gone; i++) {
            const struct library *gone = fit->gone[i];

            if (!elf_file_exports(gone->file, &need, hash) ||
                is_exported(fit, user, &need, hash)) {
                continue;
            }
            lack->thunk = gone_thunk(fit, gone);
            if (lack->thunk == NULL) {
                continue;
            }
            lack->reason =
                strcmp(lack->thunk->soname, library_name(gone)) == 0
                    ? format_text("its thunk lacks %s, which %s needs",
                                  need.name, library_name(user))
                    : format_text("its thunk does not load %s, of which %s "
                                  "needs %s",
                                  library_name(gone), library_name(user),
                                  need.name);
            return true;
        }
    }
    return false;
}

/* Looks for the first thing that is lacking with the thunks of now. */
static bool lack_find(struct thunks *thunks, const struct closure *own,
                      const struct closure *with, struct lack *lack)
{
    struct fit fit = {.thunks = thunks, .own = own, .with = with};

    gone_find(&fit);
    for (size_t i = 0; fit.n_gone > 0 && i < with->count; i++) {
        if (symbol_lack(&fit, &with->items[i], lack)) {
            return true;
        }
    }
    return false;
}

/* ---- all ---- */

void thunks_fit(struct thunks *thunks, const struct guest *guest,
                const struct closure *own, struct closure *with)
{
    const char *linker = linker_foreign(own);
    struct lack lack;
    bool has_lack;

    for (size_t i = 0; own->count > 0 && i < thunks->count; i++) {
        struct thunk *thunk = &thunks->items[i];
        const struct elf_file *file = elf_file_open(thunk->path);
        const char *reason = NULL;

        if (thunk->reason != NULL || file == NULL) {
            continue;
        }
        own_find(thunk, guest, own);
        if (linker != NULL) {
            reason = format_text("its thunk needs glibc, the program has %s",
                                 linker);
        }
        if (reason == NULL) {
            reason = runtime_reason("its thunk", thunk->path, own);
        }
        if (reason == NULL) {
            reason = age_reason(thunk, file);
        }
        thunk->reason = reason;
    }
    do {
        thunks_settle(thunks);
        closure_find(with, guest, thunks);
        has_lack = lack_find(thunks, own, with, &lack);
        if (has_lack) {
            lack.thunk->reason = lack.reason;
        }
    } while (has_lack);
}

const char *linker_foreign(const struct closure *own)
{
    const char *linker =
        own->count == 0 ? NULL : own->items[0].file->interpreter;

    return linker != NULL && strstr(linker, "/ld-musl-") != NULL ? linker
                                                                 : NULL;
}

/* Those of the program's libraries that are left with a thunk. */
static struct list companions_list(const struct thunks *thunks,
                                   const struct closure *with,
                                   const struct thunk *cause)
{
    struct list sonames = {0};

    for (size_t i = 0; i < thunks->count; i++) {
        const struct thunk *thunk = &thunks->items[i];

        if (thunk->cause == cause && closure_library(with, thunk->soname)) {
            list_append(&sonames, thunk->soname);
        }
    }
    return sonames;
}

static void left_tell(const struct thunks *thunks, const struct closure *with)
{
    for (size_t i = 0; i < thunks->count; i++) {
        const struct thunk *thunk = &thunks->items[i];
        struct list others;
        const char *text;

        if (thunk->reason == NULL || thunk->cause != NULL) {
            continue;
        }
        others = companions_list(thunks, with, thunk);
        text = format_text("%s is left to the guest%s%s: %s", thunk->soname,
                           others.count > 0 ? ", and with it " : "",
                           list_join(&others, ", "), thunk->reason);
        if (!thunk->is_wanted &&
            (others.count > 0 || closure_library(with, thunk->soname))) {
            log_message(text);
        } else {
            log_info("%s", text);
        }
    }
}

void thunks_tell(const struct thunks *thunks, const struct closure *with,
                 const char *program)
{
    struct list thunked = {0}, own = {0};

    left_tell(thunks, with);
    for (size_t i = 1; i < with->count; i++) {
        const struct library *library = &with->items[i];

        if (thunks_runtime(thunks, library_name(library)) == NULL) {
            list_append(library->thunk != NULL ? &thunked : &own,
                        library_name(library));
        }
    }
    log_info("%s: %s%s; the guest's own: %s", program,
             thunked.count > 0 ? "thunked: " : "nothing is thunked",
             list_join(&thunked, ", "),
             with->count == 0 ? "all, as it has no dynamic linker"
             : own.count == 0 ? "none"
                              : list_join(&own, ", "));
}
