/* SPDX-License-Identifier: MIT */
#include "verify.h"

#include <clang-c/Index.h>
#include <string.h>

#include "header_text.h"
#include "runtime_header.h"

/* Where the texts are for libclang; the folders exist in memory alone. */
#define ROOT    "/thunkgen/"
#define OUTPUTS ROOT "output/"

struct verifier {
    struct arena *arena;
    struct diag *diag;
    const struct plan_input *input;
    const struct plan *plan;
    const struct outputs *outputs;
    const char **told; /* symbols that an error was told of */
    size_t n_told;
    bool is_bad;
};

/* One half for one target, or both. */
struct unit {
    const struct verify_target *target;
    const char *name;    /* of the file: "z-guest.c" */
    const char *text;    /* what is in that; NULL: as it was generated */
    bool has_no_bodies;  /* of functions */
    bool is_header_only; /* only errors in headers are told */
    bool has_header_error;
    bool has_no_libc; /* whose headers the runtime's need */
};

static const char *string_take(struct verifier *verifier, CXString string)
{
    const char *text = clang_getCString(string);
    const char *copy = arena_strdup(verifier->arena, text == NULL ? "" : text);

    clang_disposeString(string);
    return copy;
}

/* ---- whose error it is ---- */

static bool type_reaches(const struct type *type, const struct record *record,
                         bool *is_visited)
{
    type = type_resolve(type);
    switch (type->kind) {
    case TYPE_POINTER:
    case TYPE_ARRAY:
        return type_reaches(type->target, record, is_visited);
    case TYPE_FUNCTION:
        for (size_t i = 0; i < type->n_parameters; i++) {
            if (type_reaches(type->parameters[i].type, record, is_visited)) {
                return true;
            }
        }
        return type_reaches(type->target, record, is_visited);
    case TYPE_RECORD:
        if (type->record == record) {
            return true;
        }
        if (is_visited[type->record->index]) {
            return false;
        }
        is_visited[type->record->index] = true;
        for (size_t i = 0; i < type->record->n_fields; i++) {
            if (type_reaches(type->record->fields[i].type, record,
                             is_visited)) {
                return true;
            }
        }
        return false;
    default:
        return false;
    }
}

static bool is_told(const struct verifier *verifier, const char *symbol)
{
    for (size_t i = 0; i < verifier->n_told; i++) {
        if (strcmp(verifier->told[i], symbol) == 0) {
            return true;
        }
    }
    return false;
}

static void function_tell(struct verifier *verifier, const struct unit *unit,
                          const struct function *function, const char *place,
                          const char *text)
{
    if (is_told(verifier, function->name)) {
        return;
    }
    *ARENA_APPEND(verifier->arena, verifier->told, verifier->n_told) =
        function->name;
    diag_about(verifier->diag, function->name);
    diag_error(verifier->diag, function->where, "generated",
               "'%s' gives code that is no C for %s: %s (%s); to leave it out "
               "of the thunk, write 'omit: [%s]' in the spec",
               function->name, unit->target->target, text, place,
               function->name);
    diag_yaml(verifier->diag, "omit: [%s]", function->name);
    diag_about(verifier->diag, NULL);
}

/* All that lead to it, since none can be had. */
static bool record_tell(struct verifier *verifier, const struct unit *unit,
                        const struct record *record, const char *place,
                        const char *text)
{
    const struct plan *plan = verifier->plan;
    const size_t size = verifier->input->models[0].n_records * sizeof(bool);
    bool is_found = false;

    for (size_t i = 0; i < plan->n_functions + plan->n_data; i++) {
        const struct function *function =
            i < plan->n_functions ? plan->functions[i].function
                                  : plan->data[i - plan->n_functions].accessor;

        if (function != NULL &&
            type_reaches(function->type, record,
                         arena_alloc(verifier->arena, size))) {
            function_tell(verifier, unit, function, place, text);
            is_found = true;
        }
    }
    return is_found;
}

/* What has a name on that line: "name" itself or "prefix_name", the longest. */
struct mention_search {
    const struct plan *plan;
    const struct function *found;
    size_t length;
};

static bool ends_with(const char *start, size_t length, const char *name)
{
    size_t name_length = strlen(name);

    return length >= name_length &&
           memcmp(start + length - name_length, name, name_length) == 0 &&
           (length == name_length || start[length - name_length - 1] == '_');
}

static void mention_take(void *context, const char *start, size_t length)
{
    struct mention_search *search = context;
    const struct plan *plan = search->plan;

    for (size_t i = 0; i < plan->n_functions; i++) {
        const char *name = plan->functions[i].name;

        if (strlen(name) > search->length && ends_with(start, length, name)) {
            search->found = plan->functions[i].function;
            search->length = strlen(name);
        }
    }
    for (size_t i = 0; i < plan->n_callbacks; i++) {
        const char *name = plan->callbacks[i]->name;

        if (strlen(name) > search->length && ends_with(start, length, name)) {
            search->found = plan->callbacks[i]->origin;
            search->length = strlen(name);
        }
    }
}

/* The line's text. */
static const char *line_find(struct verifier *verifier,
                             const struct output *output, unsigned line)
{
    const char *at = output->text;

    while (--line > 0 && strchr(at, '\n') != NULL) {
        at = strchr(at, '\n') + 1;
    }
    return arena_printf(verifier->arena, "%.*s", (int)strcspn(at, "\n"), at);
}

static void error_tell(struct verifier *verifier, struct unit *unit,
                       const struct output *output, unsigned line,
                       const char *text)
{
    const struct output_part *part = output_part_find(output, line);
    const char *source = line_find(verifier, output, line);
    const char *place =
        arena_printf(verifier->arena, "%s:%u", output->name, line);
    struct mention_search search = {.plan = verifier->plan};

    if (part != NULL && part->function != NULL) {
        function_tell(verifier, unit, part->function, place, text);
        return;
    }
    if (part != NULL &&
        record_tell(verifier, unit, part->record, place, text)) {
        return;
    }
    output_identifiers(source, false, mention_take, &search);
    if (search.found != NULL) {
        function_tell(verifier, unit, search.found, place, text);
        return;
    }
    diag_error(verifier->diag, verifier->input->spec->library.where,
               "generated",
               "thunkgen gives code that is no C for %s: %s (%s: %s); that is "
               "a mistake of thunkgen's",
               unit->target->target, text, place, source);
}

/* ---- libclang ---- */

/* The generated text of that name for libclang; NULL: it is none. */
static const struct output *output_find(const struct verifier *verifier,
                                        const char *file)
{
    const struct outputs *outputs = verifier->outputs;

    for (size_t i = 0; i < outputs->n_items; i++) {
        if (strncmp(file, OUTPUTS, strlen(OUTPUTS)) == 0 &&
            strcmp(file + strlen(OUTPUTS), outputs->items[i].name) == 0) {
            return &outputs->items[i];
        }
    }
    return NULL;
}

static void diagnostic_take(struct verifier *verifier, struct unit *unit,
                            CXDiagnostic diagnostic)
{
    struct location where = {"<builtin>", 1, 1};
    const struct output *output;
    const char *text;
    CXFile file;

    if (clang_getDiagnosticSeverity(diagnostic) < CXDiagnostic_Error) {
        return;
    }
    clang_getExpansionLocation(clang_getDiagnosticLocation(diagnostic), &file,
                               &where.line, &where.column, NULL);
    if (file != NULL) {
        where.file = string_take(verifier, clang_getFileName(file));
    }
    text = string_take(verifier, clang_getDiagnosticSpelling(diagnostic));
    if (header_text_is_harmless(text)) {
        return;
    }
    output = output_find(verifier, where.file);
    if (output == NULL && strncmp(where.file, ROOT, strlen(ROOT)) == 0) {
        unit->has_no_libc = true;
    } else if (output == NULL) {
        unit->has_header_error = true;
        if (unit->is_header_only) {
            verifier->is_bad = true;
            diag_error(verifier->diag, where, "header-syntax",
                       "%s (target %s), once libc's headers have been "
                       "included: a macro that the header needs can be set "
                       "under 'defines:' in the spec",
                       text, unit->target->target);
        }
    } else if (!unit->is_header_only) {
        verifier->is_bad = true;
        error_tell(verifier, unit, output, where.line, text);
    }
}

static void argument_add(struct verifier *verifier, const char ***arguments,
                         size_t *n_arguments, const char *argument)
{
    *ARENA_APPEND(verifier->arena, *arguments, *n_arguments) = argument;
}

/* Macros of which the files say themselves that they come first. */
static void defines_add(struct verifier *verifier, const char ***arguments,
                        size_t *n_arguments)
{
    const struct plan *plan = verifier->plan;

    for (size_t i = 0; i < plan->n_defines + plan->n_features; i++) {
        char *define = arena_printf(verifier->arena, "-D%s",
                                    i < plan->n_defines
                                        ? plan->defines[i]
                                        : plan->features[i - plan->n_defines]);
        char *blank = strchr(define, ' ');

        if (blank != NULL && i >= plan->n_defines) {
            *blank = '=';
        }
        argument_add(verifier, arguments, n_arguments, define);
    }
}

static const char **arguments_make(struct verifier *verifier,
                                   const struct unit *unit, size_t *n_arguments)
{
    static const char *const fixed[] = {
        "-std=gnu11",
        "-ferror-limit=0",
        "-Wno-everything",
        /* What compilers take for an error today, or will. */
        "-Werror=implicit-function-declaration",
        "-Werror=int-conversion",
        "-Werror=incompatible-pointer-types",
        "-Werror=incompatible-function-pointer-types",
        "-include",
        HEADER_FLOATS_NAME,
        "-I" ROOT "include",
    };
    const struct verify_target *target = unit->target;
    const char **arguments = NULL;

    *n_arguments = 0;
    for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
        argument_add(verifier, &arguments, n_arguments, fixed[i]);
    }
    argument_add(
        verifier, &arguments, n_arguments,
        arena_printf(verifier->arena, "-I" ROOT "arch/%s", target->isa));
    argument_add(verifier, &arguments, n_arguments,
                 arena_printf(verifier->arena, "--target=%s", target->target));
    if (unit->text != NULL) {
        defines_add(verifier, &arguments, n_arguments);
    }
    for (size_t i = 0; i < target->n_arguments; i++) {
        argument_add(verifier, &arguments, n_arguments, target->arguments[i]);
    }
    return arguments;
}

static void file_add(struct verifier *verifier, struct CXUnsavedFile **files,
                     size_t *n_files, const char *folder, const char *name,
                     const char *text)
{
    *ARENA_APPEND(verifier->arena, *files, *n_files) = (struct CXUnsavedFile){
        .Filename = arena_printf(verifier->arena, "%s%s", folder, name),
        .Contents = text,
        .Length = strlen(text),
    };
}

static struct CXUnsavedFile *
files_make(struct verifier *verifier, const struct unit *unit, size_t *n_files)
{
    struct CXUnsavedFile *files = NULL;

    *n_files = 0;
    file_add(verifier, &files, n_files, "", HEADER_FLOATS_NAME, HEADER_FLOATS);
    for (size_t i = 0; runtime_headers[i].path != NULL; i++) {
        file_add(verifier, &files, n_files, ROOT, runtime_headers[i].path,
                 runtime_headers[i].text);
    }
    for (size_t i = 0; i < verifier->outputs->n_items; i++) {
        file_add(verifier, &files, n_files, OUTPUTS,
                 verifier->outputs->items[i].name,
                 verifier->outputs->items[i].text);
    }
    if (unit->text != NULL) {
        file_add(verifier, &files, n_files, OUTPUTS, unit->name, unit->text);
    }
    return files;
}

static void unit_read(struct verifier *verifier, struct unit *unit)
{
    CXIndex index = clang_createIndex(0, 0);
    CXTranslationUnit read = NULL;
    size_t n_arguments, n_files;
    const char **arguments = arguments_make(verifier, unit, &n_arguments);
    struct CXUnsavedFile *files = files_make(verifier, unit, &n_files);
    unsigned options = CXTranslationUnit_KeepGoing;

    if (unit->has_no_bodies) {
        options |= CXTranslationUnit_SkipFunctionBodies;
    }
    (void)clang_parseTranslationUnit2(
        index, arena_printf(verifier->arena, OUTPUTS "%s", unit->name),
        arguments, (int)n_arguments, files, (unsigned)n_files, options, &read);
    if (read == NULL) {
        verifier->is_bad = true;
        diag_error(verifier->diag, verifier->input->spec->library.where,
                   "generated", "libclang cannot read %s for %s", unit->name,
                   unit->target->target);
    } else {
        for (unsigned i = 0; i < clang_getNumDiagnostics(read); i++) {
            CXDiagnostic diagnostic = clang_getDiagnostic(read, i);

            diagnostic_take(verifier, unit, diagnostic);
            clang_disposeDiagnostic(diagnostic);
        }
        clang_disposeTranslationUnit(read);
    }
    clang_disposeIndex(index);
}

/* With bodies a header's own are read, too, in which there may be what only
 * other compilers know: that is left to them. What else is wrong there comes
 * before what is generated. False: the target's libc is not on this machine, so
 * neither can this be compiled here. */
static bool unit_verify(struct verifier *verifier, struct unit *unit)
{
    struct unit headers = *unit;
    struct verifier trial = *verifier;

    trial.diag = diag_new(verifier->arena);
    trial.told = NULL;
    trial.n_told = 0;
    unit_read(&trial, unit);
    if (unit->has_no_libc) {
        return false;
    }
    if (unit->has_header_error) {
        bool was_bad = verifier->is_bad;

        headers.has_no_bodies = headers.is_header_only = true;
        verifier->is_bad = false;
        unit_read(verifier, &headers);
        if (verifier->is_bad) {
            return true;
        }
        verifier->is_bad = was_bad;
    }
    if (trial.is_bad) {
        unit_read(verifier, unit); /* once more, to tell of it */
    }
    return true;
}

/* Both halves at once, which share no name: so the headers are read once. */
static const char *both_text(struct verifier *verifier)
{
    const struct plan *plan = verifier->plan;

    return arena_printf(
        verifier->arena,
        "%s#include <thunk/guest.h>\n"
        "#include <thunk/host.h>\n"
        "#include \"%s-guest.c\"\n"
        "#undef THUNK_HALF\n"
        "#include \"%s-host.c\"\n",
        plan->n_thread_data == 0
            ? ""
            : arena_printf(verifier->arena,
                           "#define THUNK_THREAD_DATA_COUNT %zu\n",
                           plan->n_thread_data),
        plan->library, plan->library);
}

bool verify_outputs(struct arena *arena, struct diag *diag,
                    const struct plan_input *input, const struct plan *plan,
                    const struct outputs *outputs,
                    const struct verify_target *targets, size_t n_targets)
{
    struct verifier verifier = {
        .arena = arena,
        .diag = diag,
        .input = input,
        .plan = plan,
        .outputs = outputs,
    };
    bool has_bodies = false; /* the same text for all guests */

    for (size_t i = 0; i < n_targets; i++) {
        struct unit unit = {.target = &targets[i]};

        if (targets[i].is_host && targets[i].is_guest) {
            unit.name = arena_printf(arena, "%s-halves.c", plan->library);
            unit.text = both_text(&verifier);
        } else {
            unit.name = arena_printf(arena, "%s-%s.c", plan->library,
                                     targets[i].is_host ? "host" : "guest");
            unit.has_no_bodies = !targets[i].is_host && has_bodies;
        }
        has_bodies |= unit_verify(&verifier, &unit) && targets[i].is_guest;
    }
    return !verifier.is_bad;
}
