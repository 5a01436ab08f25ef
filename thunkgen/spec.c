/* SPDX-License-Identifier: MIT */
#include "spec.h"

#include <ctype.h>
#include <fnmatch.h>
#include <string.h>

#include "spec_reader.h"

static void datum_read(struct reader *reader, struct spec_text name,
                       void *target)
{
    static const char *const copies[] = {"both", "one", "start", NULL};
    struct spec *spec = target;
    struct spec_datum datum = {.name = name};

    choices_read(reader, name.text, &datum.copy, copies);
    if (datum.copy.text != NULL && spec_datum_find(spec, name.text) == NULL) {
        *ARENA_APPEND(reader_arena(reader), spec->data, spec->n_data) = datum;
    }
}

static void data_read(struct reader *reader, const char *key, void *target)
{
    names_read(reader, key, "a mapping from names of variables", target,
               datum_read);
}

static void library_read(struct reader *reader, const char *key, void *target)
{
    struct spec *spec = target;
    const char *text;

    text_read(reader, key, &spec->library);
    text = spec->library.text;
    for (size_t i = 0; text != NULL && text[i] != '\0'; i++) {
        if (!isalnum((unsigned char)text[i]) && text[i] != '_' &&
            text[i] != '-') {
            diag_error(reader_diag(reader), spec->library.where, "spec-library",
                       "'%s' names files: write it with letters, digits, '_' "
                       "and '-' alone, as in 'z'",
                       text);
            break;
        }
    }
}

static void soname_read(struct reader *reader, const char *key, void *target)
{
    struct spec *spec = target;

    text_read(reader, key, &spec->soname);
    if (spec->soname.text != NULL && strchr(spec->soname.text, '/') != NULL) {
        diag_error(reader_diag(reader), spec->soname.where, "spec-soname",
                   "'%s' is a path: write the name that programs are linked "
                   "with, as in 'libz.so.1', and give the path with --library",
                   spec->soname.text);
        spec->soname.text = NULL;
    }
}

/* NAME, NAME=VALUE or NAME(PARAMETERS)=VALUE, in one line. */
static bool define_is_good(const char *text)
{
    bool is_good = isalpha((unsigned char)*text) || *text == '_';

    for (; *text != '\0'; text++) {
        is_good &= !iscntrl((unsigned char)*text);
    }
    return is_good;
}

static void defines_read(struct reader *reader, const char *key, void *target)
{
    struct spec *spec = target;

    list_read(reader, key, &spec->defines, &spec->n_defines);
    for (size_t i = 0; i < spec->n_defines; i++) {
        struct spec_text *define = &spec->defines[i];

        if (define->text != NULL && !define_is_good(define->text)) {
            diag_error(reader_diag(reader), define->where, "spec-define",
                       "'%s' defines no macro: write NAME or NAME=VALUE",
                       define->text);
            define->text = NULL;
        }
    }
}

static void omit_read(struct reader *reader, const char *key, void *target)
{
    struct spec *spec = target;

    list_read(reader, key, &spec->omit, &spec->n_omit);
}

static void versions_read(struct reader *reader, const char *key, void *target)
{
    struct spec *spec = target;

    list_read(reader, key, &spec->versions, &spec->n_versions);
}

static void procedures_read(struct reader *reader, const char *key,
                            void *target)
{
    struct spec *spec = target;

    list_read(reader, key, &spec->procedures, &spec->n_procedures);
}

static void library_door_read(struct reader *reader, const char *key,
                              void *target)
{
    struct spec *spec = target;

    choice_read(reader, key, &spec->door, "fast", "syscall");
}

static void threads_read(struct reader *reader, const char *key, void *target)
{
    struct spec *spec = target;

    choice_read(reader, key, &spec->threads, "true", "false");
}

static void undeclared_read(struct reader *reader, const char *key,
                            void *target)
{
    static const char *const choices[] = {"refuse", "omit", "untyped", NULL};
    struct spec *spec = target;

    choices_read(reader, key, &spec->undeclared, choices);
}

static void callback_format_read(struct reader *reader, struct spec_text name,
                                 void *target)
{
    struct spec *spec = target;
    struct spec_format format = {.callback = name};

    text_read(reader, "printf", &format.parameter);
    if (format.parameter.text != NULL) {
        *ARENA_APPEND(reader_arena(reader), spec->formats, spec->n_formats) =
            format;
    }
}

static void formats_read(struct reader *reader, const char *key, void *target)
{
    names_read(reader, key, "a mapping from callback types", target,
               callback_format_read);
}

static void library_handles_read(struct reader *reader, const char *key,
                                 void *target)
{
    struct spec *spec = target;

    handles_read(reader, key, &spec->handles, &spec->n_handles);
}

static void start_read(struct reader *reader, const char *key, void *target)
{
    struct spec *spec = target;

    text_read(reader, key, &spec->start);
}

static void libc_type_read(struct reader *reader, struct spec_text name,
                           void *target)
{
    struct spec *spec = target;
    struct spec_pair pair = {.name = name};

    choice_read(reader, name.text, &pair.value, "library", "program");
    if (pair.value.text != NULL) {
        *ARENA_APPEND(reader_arena(reader), spec->libc, spec->n_libc) = pair;
    }
}

static void libc_read(struct reader *reader, const char *key, void *target)
{
    names_read(reader, key, "a mapping from types of libc's", target,
               libc_type_read);
}

static const struct key spec_keys[] = {
    {"library", library_read},
    {"soname", soname_read},
    {"defines", defines_read},
    {"door", library_door_read},
    {"threads", threads_read},
    {"start", start_read},
    {"omit", omit_read},
    {"handles", library_handles_read},
    {"data", data_read},
    {"functions", functions_read},
    {"printf", formats_read},
    {"procedures", procedures_read},
    {"types", spec_types_read},
    {"callbacks", callback_types_read},
    {"undeclared", undeclared_read},
    {"libc", libc_read},
    {"versions", versions_read},
    {"environment", NULL}, /* these are last */
    {"heaps", NULL},
    {"streams", NULL},
    {NULL, NULL},
};

void spec_read(struct arena *arena, struct diag *diag, const char *path,
               struct spec *spec)
{
    reader_run(arena, diag, path, spec_keys, spec);
}

const struct spec_function *spec_function_find(const struct spec *spec,
                                               const char *name)
{
    for (size_t i = 0; i < spec->n_functions; i++) {
        if (strcmp(spec->functions[i].name.text, name) == 0) {
            return &spec->functions[i];
        }
    }
    return NULL;
}

const struct spec_function *spec_callback_find(const struct spec *spec,
                                               const char *name)
{
    for (size_t i = 0; i < spec->n_callbacks; i++) {
        if (strcmp(spec->callbacks[i].name.text, name) == 0) {
            return &spec->callbacks[i];
        }
    }
    return NULL;
}

const struct spec_text *spec_datum_find(const struct spec *spec,
                                        const char *name)
{
    for (size_t i = 0; i < spec->n_data; i++) {
        if (strcmp(spec->data[i].name.text, name) == 0) {
            return &spec->data[i].copy;
        }
    }
    return NULL;
}

const struct spec_text *spec_datum_match(const struct spec *spec,
                                         const char *name)
{
    for (size_t i = 0; i < spec->n_data; i++) {
        const char *pattern = spec->data[i].name.text;

        if (spec_is_pattern(pattern) && fnmatch(pattern, name, 0) == 0) {
            return &spec->data[i].copy;
        }
    }
    return NULL;
}

const struct spec_format *spec_format_find(const struct spec *spec,
                                           const char *callback)
{
    for (size_t i = 0; i < spec->n_formats; i++) {
        if (strcmp(spec->formats[i].callback.text, callback) == 0) {
            return &spec->formats[i];
        }
    }
    return NULL;
}

bool spec_is_pattern(const char *name)
{
    return strpbrk(name, "*?[") != NULL;
}

const struct spec_function *spec_function_match(const struct spec *spec,
                                                const char *name)
{
    for (size_t i = 0; i < spec->n_functions; i++) {
        const char *pattern = spec->functions[i].name.text;

        if (spec_is_pattern(pattern) && fnmatch(pattern, name, 0) == 0) {
            return &spec->functions[i];
        }
    }
    return NULL;
}

bool spec_door_is_fast(const struct spec_text *door)
{
    return door->text != NULL && strcmp(door->text, "fast") == 0;
}

bool spec_is_true(const struct spec_text *text)
{
    return text->text != NULL && strcmp(text->text, "true") == 0;
}

bool spec_is_wrapped(const struct spec_function *function)
{
    return function != NULL && function->guest.text != NULL &&
           strcmp(function->guest.text, "wrap") == 0;
}

bool spec_text_matches(const struct spec_text *pattern, const char *name)
{
    return pattern->text != NULL && fnmatch(pattern->text, name, 0) == 0;
}

bool spec_names_procedure(const struct spec *spec, const char *name)
{
    for (size_t i = 0; i < spec->n_procedures; i++) {
        if (spec_text_matches(&spec->procedures[i], name)) {
            return true;
        }
    }
    return false;
}

const struct spec_text *spec_omission_find(const struct spec *spec,
                                           const char *name)
{
    for (size_t i = 0; i < spec->n_omit; i++) {
        if (spec_text_matches(&spec->omit[i], name)) {
            return &spec->omit[i];
        }
    }
    return NULL;
}

bool spec_omits(const struct spec *spec, const char *name)
{
    return spec_omission_find(spec, name) != NULL;
}

enum spec_undeclared spec_undeclared(const struct spec *spec)
{
    const char *said = spec->undeclared.text;

    return said == NULL || strcmp(said, "refuse") == 0 ? UNDECLARED_REFUSE
           : strcmp(said, "omit") == 0                 ? UNDECLARED_OMIT
                                                       : UNDECLARED_UNTYPED;
}
