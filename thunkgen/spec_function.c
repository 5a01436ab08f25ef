/* SPDX-License-Identifier: MIT
 * What a spec says of functions and of callback types. */
#include <ctype.h>
#include <string.h>

#include "spec_reader.h"

void lengths_read(struct reader *reader, const char *key,
                  struct spec_pair **items, size_t *n_items)
{
    pairs_read(reader, key, "a mapping to numbers of elements, as in {buf: n}",
               items, n_items);
}

void callbacks_read(struct reader *reader, const char *key,
                    struct spec_pair **items, size_t *n_items)
{
    pairs_read(reader, key, "a mapping to C types, as in {context: free_fn}",
               items, n_items);
    for (size_t i = 0; i < *n_items; i++) {
        (*items)[i].type = type_add(reader, (*items)[i].value);
    }
}

struct handles {
    const char *key;
    struct spec_handle **items;
    size_t *n_items;
};

static void handle_read(struct reader *reader, struct spec_text name,
                        void *target)
{
    struct handles *handles = target;
    struct spec_handle handle = {.of = name};

    text_read(reader, handles->key, &handle.name);
    if (handle.name.text != NULL) {
        *ARENA_APPEND(reader_arena(reader), *handles->items,
                      *handles->n_items) = handle;
    }
}

void handles_read(struct reader *reader, const char *key,
                  struct spec_handle **items, size_t *n_items)
{
    struct handles handles = {key, items, n_items};

    names_read(reader, key, "a mapping, as in {Display *: x11_display}",
               &handles, handle_read);
}

static void door_read(struct reader *reader, const char *key, void *target)
{
    struct spec_function *function = target;

    choice_read(reader, key, &function->door, "fast", "syscall");
}

static void leaf_read(struct reader *reader, const char *key, void *target)
{
    struct spec_function *function = target;

    choice_read(reader, key, &function->leaf, "true", "false");
}

static void guest_read(struct reader *reader, const char *key, void *target)
{
    static const char *const choices[] = {"true", "false", "wrap", NULL};
    struct spec_function *function = target;

    choices_read(reader, key, &function->guest, choices);
}

static void frees_read(struct reader *reader, const char *key, void *target)
{
    struct spec_function *function = target;

    list_read(reader, key, &function->frees, &function->n_frees);
}

static void keeps_read(struct reader *reader, const char *key, void *target)
{
    struct spec_function *function = target;

    list_read(reader, key, &function->keeps, &function->n_keeps);
}

static void out_read(struct reader *reader, const char *key, void *target)
{
    struct spec_function *function = target;

    list_read(reader, key, &function->out, &function->n_out);
}

static void in_read(struct reader *reader, const char *key, void *target)
{
    struct spec_function *function = target;

    list_read(reader, key, &function->in, &function->n_in);
}

static void inout_read(struct reader *reader, const char *key, void *target)
{
    struct spec_function *function = target;

    list_read(reader, key, &function->inout, &function->n_inout);
}

static void parameter_handles_read(struct reader *reader, const char *key,
                                   void *target)
{
    struct spec_function *function = target;

    handles_read(reader, key, &function->handles, &function->n_handles);
}

static void before_read(struct reader *reader, const char *key, void *target)
{
    struct spec_function *function = target;

    text_read(reader, key, &function->before);
}

static void after_read(struct reader *reader, const char *key, void *target)
{
    struct spec_function *function = target;

    text_read(reader, key, &function->after);
}

static void format_read(struct reader *reader, const char *key, void *target)
{
    struct spec_function *function = target;

    text_read(reader, key, &function->format);
}

static void function_lengths_read(struct reader *reader, const char *key,
                                  void *target)
{
    struct spec_function *function = target;

    lengths_read(reader, key, &function->lengths, &function->n_lengths);
}

static void function_callbacks_read(struct reader *reader, const char *key,
                                    void *target)
{
    struct spec_function *function = target;

    callbacks_read(reader, key, &function->callbacks, &function->n_callbacks);
}

static void procedure_read(struct reader *reader, const char *key, void *target)
{
    struct spec_function *function = target;

    text_read(reader, key, &function->procedure);
}

static const struct key function_keys[] = {
    {"after", after_read},
    {"before", before_read},
    {"callbacks", function_callbacks_read},
    {"caller_frees", frees_read},
    {"conversions", conversions_read},
    {"door", door_read},
    {"guest", guest_read},
    {"handles", parameter_handles_read},
    {"in", in_read},
    {"inout", inout_read},
    {"leaf", leaf_read},
    {"length", function_lengths_read},
    {"library_keeps", keeps_read},
    {"out", out_read},
    {"printf", format_read},
    {"procedure", procedure_read},
    {"scanf", scan_read},
    {"variadic", variadic_read},
    {NULL, NULL},
};

static const struct key callback_keys[] = {
    {"door", door_read},
    {"in", in_read},
    {"inout", inout_read},
    {"length", function_lengths_read},
    {"library_keeps", keeps_read},
    {"out", out_read},
    {NULL, NULL},
};

static void callback_type_read(struct reader *reader, struct spec_text name,
                               void *target)
{
    struct spec *spec = target;
    struct spec_function *callback =
        ARENA_APPEND(reader_arena(reader), spec->callbacks, spec->n_callbacks);

    callback->name = name;
    mapping_read(reader,
                 arena_printf(reader_arena(reader), "callback '%s'", name.text),
                 callback_keys, callback);
}

void callback_types_read(struct reader *reader, const char *key, void *target)
{
    names_read(reader, key, "a mapping from callback types", target,
               callback_type_read);
}

/* What parameters and results are, or what is done for them. */
static bool details_are_told(const struct spec_function *function)
{
    return function->n_in > 0 || function->n_out > 0 || function->n_inout > 0 ||
           function->n_lengths > 0 || function->n_callbacks > 0 ||
           function->n_conversions > 0 || function->n_keeps > 0 ||
           function->variadic.key.text != NULL ||
           function->format.text != NULL || function->scan.text != NULL ||
           function->procedure.text != NULL || function->n_handles > 0 ||
           function->before.text != NULL || function->after.text != NULL;
}

/* Parameters are a function's own. */
static void pattern_check(struct reader *reader,
                          const struct spec_function *function)
{
    const struct spec_text *name = &function->name;

    if (spec_is_pattern(name->text) && function->n_frees > 0) {
        diag_warning(reader_diag(reader), function->frees[0].where,
                     "spec-needless",
                     "the program may free what '%s' gives without a word: "
                     "remove 'caller_frees'",
                     name->text);
    }
    if (spec_is_pattern(name->text) &&
        (details_are_told(function) || function->guest.text != NULL)) {
        diag_error(
            reader_diag(reader), name->where, "spec-pattern",
            "'%s' is a pattern, for which 'door' and 'leaf' can be told: "
            "write the rest for each function by its name",
            name->text);
    }
}

static void guest_check(struct reader *reader,
                        const struct spec_function *function)
{
    if (spec_is_true(&function->guest) &&
        (details_are_told(function) || function->door.text != NULL ||
         function->leaf.text != NULL || function->n_frees > 0)) {
        diag_error(reader_diag(reader), function->guest.where, "spec-guest",
                   "the guest's half has '%s' itself, so the rest is of no "
                   "use: remove that, or 'guest'",
                   function->name.text);
    }
}

static void function_read(struct reader *reader, struct spec_text name,
                          void *target)
{
    struct spec *spec = target;
    struct spec_function function = {.name = name};

    mapping_read(reader,
                 arena_printf(reader_arena(reader), "function '%s'", name.text),
                 function_keys, &function);
    pattern_check(reader, &function);
    guest_check(reader, &function);
    *ARENA_APPEND(reader_arena(reader), spec->functions, spec->n_functions) =
        function;
}

void functions_read(struct reader *reader, const char *key, void *target)
{
    names_read(reader, key, "a mapping from function names", target,
               function_read);
}
