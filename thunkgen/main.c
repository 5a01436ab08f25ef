/* SPDX-License-Identifier: MIT
 *
 * thunkgen: from a library's headers, ELF file and spec to the sources of its
 * thunks. Data flows one way: read (spec, header, elf_library) -> model -> plan
 * -> emit -> outfile.
 */
#include <stdlib.h>
#include <string.h>

#include "dump.h"
#include "elf_library.h"
#include "emit.h"
#include "header.h"
#include "options.h"
#include "outfile.h"
#include "output.h"
#include "plan.h"
#include "report.h"
#include "spec.h"
#include "verify.h"

enum { STATUS_GOOD = 0, STATUS_INPUT = 1 };

struct run {
    struct arena *arena;
    struct diag *diag;
    struct options options;
    struct spec spec;
    struct elf_library library;
    struct model *models; /* the host's, then one for each guest */
    size_t n_models;
    struct plan_input input;
    struct plan plan;
    struct outputs texts;
    bool is_verified; /* what this input gives, by a trial */
    struct outfiles outputs;
};

static void spec_second_tell(struct run *run, const struct spec *second)
{
    const struct spec *first = &run->spec;
    struct location where = {second->path, 1, 1};

    if (first->soname.text != NULL && second->soname.text != NULL &&
        strcmp(first->soname.text, second->soname.text) == 0) {
        diag_error(run->diag, second->soname.where, "spec-second",
                   "a second spec for '%s': keep one", second->soname.text);
        diag_note(run->diag, first->soname.where, "the first");
    } else {
        diag_error(run->diag, where, "spec-second",
                   "a second spec: run thunkgen once for each library");
    }
}

/* Only the first spec is worked on: a thunk is of one library. */
static void specs_read(struct run *run)
{
    for (size_t i = 0; i < run->options.n_specs; i++) {
        struct spec other = {0};
        struct spec *spec = i == 0 ? &run->spec : &other;

        spec_read(run->arena, run->diag, run->options.specs[i], spec);
        if (i > 0) {
            spec_second_tell(run, spec);
        }
    }
}

/* The last option given for the host (isa is NULL), or for that guest or all.
 */
static const char *isa_option(const struct isa_option *options,
                              size_t n_options, const struct isa *isa)
{
    const char *value = NULL;

    for (size_t i = 0; i < n_options; i++) {
        if (isa == NULL ? options[i].is_host
                        : !options[i].is_host && (options[i].isa == NULL ||
                                                  options[i].isa == isa)) {
            value = options[i].value;
        }
    }
    return value;
}

/* A library by its soname, where the host has it. */
static const char *library_find(void *run_, const char *soname)
{
    struct run *run = run_;
    const struct options *options = &run->options;
    const char *sysroot =
        isa_option(options->sysroots, options->n_sysroots, NULL);

    if (options->host == isa_of_host() && sysroot == NULL) {
        return elf_library_find(run->arena, soname);
    }
    return elf_library_find_below(run->arena, soname,
                                  sysroot == NULL ? "" : sysroot,
                                  options->host->target);
}

static void library_read(struct run *run)
{
    const char *path = run->options.library;
    struct location where = {path, 1, 1};
    const struct isa *host = run->options.host;
    bool is_of_guest = false;

    if (path == NULL) {
        if (run->spec.soname.where.file != NULL &&
            run->spec.soname.text == NULL) {
            return; /* an error was told */
        }
        if (run->spec.soname.text == NULL) {
            diag_error(run->diag, run->spec.library.where, "library-unknown",
                       "no library to look into: write its 'soname:' or name "
                       "its file with --library");
            return;
        }
        where = run->spec.soname.where;
        path = library_find(run, run->spec.soname.text);
        if (path == NULL) {
            diag_error(run->diag, where, "library-missing",
                       "%s has no '%s' on its search path: name its "
                       "file with --library",
                       run->options.is_host_said ? "the host" : "this machine",
                       run->spec.soname.text);
            return;
        }
    }
    elf_library_read(run->arena, run->diag, where, path, &run->library);
    if (run->library.isa == NULL) {
        return;
    }
    for (size_t i = 0; i < run->options.n_guests; i++) {
        is_of_guest |=
            strcmp(run->options.guests[i]->name, run->library.isa) == 0;
    }
    if (!is_of_guest &&
        (host == NULL || strcmp(host->name, run->library.isa) != 0)) {
        diag_error(run->diag, where, "library-machine",
                   "'%s' is for %s, which is neither %s nor a "
                   "guest: name another with --library, or the guest with "
                   "--guest",
                   path, run->library.isa,
                   run->options.is_host_said ? "the host" : "this machine");
    }
}

static const char **names_wanted(struct run *run, size_t *n_names)
{
    const char **names = NULL;

    *n_names = 0;
    for (size_t i = 0; i < run->library.n_symbols; i++) {
        const char *name = run->library.symbols[i].name;

        if (*n_names == 0 || strcmp(names[*n_names - 1], name) != 0) {
            *ARENA_APPEND(run->arena, names, *n_names) = name;
        }
    }
    return names;
}

static void handles_add(struct run *run, const struct spec_handle *handles,
                        size_t n_handles, const char ***names, size_t *n_names)
{
    for (size_t i = 0; i < n_handles; i++) {
        *ARENA_APPEND(run->arena, *names, *n_names) =
            arena_printf(run->arena, "%s_to_host", handles[i].name.text);
        *ARENA_APPEND(run->arena, *names, *n_names) =
            arena_printf(run->arena, "%s_to_guest", handles[i].name.text);
    }
}

/* The functions beside the library's own that the spec speaks of. */
static void asides_add(struct run *run, const char ***names, size_t *n_names)
{
    const struct spec *spec = &run->spec;

    handles_add(run, spec->handles, spec->n_handles, names, n_names);
    if (spec->start.text != NULL) {
        *ARENA_APPEND(run->arena, *names, *n_names) = spec->start.text;
    }
    for (size_t i = 0; i < spec->n_functions; i++) {
        const struct spec_function *function = &spec->functions[i];

        handles_add(run, function->handles, function->n_handles, names,
                    n_names);
        if (function->before.text != NULL) {
            *ARENA_APPEND(run->arena, *names, *n_names) = function->before.text;
        }
        if (function->after.text != NULL) {
            *ARENA_APPEND(run->arena, *names, *n_names) = function->after.text;
        }
    }
}

/* Those that the spec names. */
static const char **types_wanted(struct run *run, size_t *n_types)
{
    const char **types = NULL;

    *n_types = 0;
    for (size_t i = 0; i < run->spec.n_types; i++) {
        const struct spec_type *type = &run->spec.types[i];

        *ARENA_APPEND(run->arena, types, *n_types) = type->name.text;
        for (size_t l = 0; l < type->n_links; l++) {
            *ARENA_APPEND(run->arena, types, *n_types) =
                type->links[l].type.text;
        }
    }
    return types;
}

/* What the compiler's target is called for the host (isa is NULL) or a guest.
 */
static const char *target_name(struct run *run, const struct isa *isa)
{
    const struct options *options = &run->options;
    const char *target = isa_option(options->targets, options->n_targets, isa);

    return target != NULL ? target
           : isa == NULL  ? options->host->target
                          : isa->target;
}

/* The arguments of a compiler for it. */
static void target_arguments(struct run *run, const struct isa *isa,
                             const char ***arguments, size_t *n_arguments)
{
    const struct options *options = &run->options;
    const char *sysroot =
        isa_option(options->sysroots, options->n_sysroots, isa);

    for (size_t i = 0; i < options->n_arguments; i++) {
        *ARENA_APPEND(run->arena, *arguments, *n_arguments) =
            options->arguments[i];
    }
    if (sysroot != NULL) {
        *ARENA_APPEND(run->arena, *arguments, *n_arguments) =
            arena_printf(run->arena, "--sysroot=%s", sysroot);
    }
}

/* The host's own ISA read in the same way is the same. */
static bool model_is_own(const struct run *run, const struct isa *guest)
{
    return guest != run->options.host || run->options.n_sysroots > 0 ||
           run->options.n_targets > 0;
}

/* Reads the headers as the host sees them (isa is NULL) or a guest does. */
static void model_read(struct run *run, const struct isa *isa,
                       const char *const *names, size_t n_names)
{
    const struct options *options = &run->options;
    const struct isa *of = isa == NULL ? options->host : isa;
    const char **arguments = NULL;
    size_t n_arguments = 0;
    const char **defines = NULL;
    size_t n_defines = 0;
    const char **patterns = NULL;
    size_t n_patterns = 0;
    const char **types;
    size_t n_types;
    struct header_input input;

    target_arguments(run, isa, &arguments, &n_arguments);
    for (size_t i = 0; i < run->spec.n_defines; i++) {
        if (run->spec.defines[i].text != NULL) {
            *ARENA_APPEND(run->arena, defines, n_defines) =
                run->spec.defines[i].text;
        }
    }
    for (size_t i = 0; i < run->spec.n_procedures; i++) {
        if (run->spec.procedures[i].text != NULL) {
            *ARENA_APPEND(run->arena, patterns, n_patterns) =
                run->spec.procedures[i].text;
        }
    }
    asides_add(run, &patterns, &n_patterns);
    types = types_wanted(run, &n_types);
    input = (struct header_input){
        .headers = options->headers,
        .n_headers = options->n_headers,
        .defines = defines,
        .n_defines = n_defines,
        .arguments = arguments,
        .n_arguments = n_arguments,
        .target = target_name(run, isa),
        .isa = of->name,
        .names = names,
        .n_names = n_names,
        .patterns = patterns,
        .n_patterns = n_patterns,
        .types = types,
        .n_types = n_types,
        .c_types = run->spec.c_types,
        .n_c_types = run->spec.n_c_types,
        .constants = run->spec.constants,
        .n_constants = run->spec.n_constants,
        .tells_spec = isa == NULL,
    };
    header_parse(run->arena, run->diag, &input,
                 ARENA_APPEND(run->arena, run->models, run->n_models));
}

static void models_read(struct run *run)
{
    const struct isa *host = run->options.host;
    struct location where = {"thunkgen", 1, 1};
    const char **names;
    size_t n_names;

    if (host == NULL) {
        diag_error(run->diag, where, "host",
                   "this machine is none of " ISA_NAMES
                   ": name the host with --host");
        return;
    }
    names = names_wanted(run, &n_names);
    model_read(run, NULL, names, n_names);
    for (size_t i = 0; i < run->options.n_guests; i++) {
        const struct isa *guest = run->options.guests[i];

        if (model_is_own(run, guest)) {
            model_read(run, guest, names, n_names);
        }
    }
}

/* False: something of it is no C, which is told. */
static bool texts_make(struct run *run, struct diag *diag, struct plan *plan,
                       struct outputs *outputs)
{
    const struct options *options = &run->options;
    struct verify_target *targets = NULL;
    size_t n_targets = 0;

    outputs_make(run->arena, plan, &run->input, outputs);
    for (size_t i = 0; i < run->n_models; i++) {
        *ARENA_APPEND(run->arena, targets, n_targets) =
            (struct verify_target){.isa = run->models[i].isa};
    }
    for (size_t i = 0; i < n_targets; i++) {
        const struct isa *isa = i == 0 ? NULL : isa_of_name(run->models[i].isa);

        target_arguments(run, isa, &targets[i].arguments,
                         &targets[i].n_arguments);
        targets[i].target = target_name(run, isa);
        targets[i].is_host = i == 0;
        targets[i].is_guest = i > 0;
    }
    /* The host's own ISA read in the same way is a guest's, too. */
    for (size_t i = 0; i < options->n_guests; i++) {
        targets[0].is_guest |= options->guests[i] == options->host &&
                               !model_is_own(run, options->guests[i]);
    }
    return run->is_verified ||
           verify_outputs(run->arena, diag, &run->input, plan, outputs, targets,
                          n_targets);
}

static void outputs_add(struct run *run)
{
    for (size_t i = 0; i < run->texts.n_items; i++) {
        const struct output *output = &run->texts.items[i];

        outfiles_add(run->arena, &run->outputs, "-o",
                     arena_printf(run->arena, "%s/%s", run->options.output,
                                  output->name),
                     output->text, output->length);
    }
}

/* A file name as make reads it. */
static const char *make_escape(struct arena *arena, const char *path)
{
    struct arena_text text = {0};

    for (; *path != '\0'; path++) {
        const char *before = *path == ' ' || *path == '#' ? "\\"
                             : *path == '$'               ? "$"
                                                          : "";

        arena_text_add(arena, &text, "%s%c", before, *path);
    }
    return arena_text_get(&text);
}

/* libclang finds headers by paths such as
 * /lib/gcc-cross/X/12/../../../../X/include. What stands before a ".." may be a
 * link, of which those who read a depfile do not know (CMake shortens such a
 * path to one that is not there). */
static const char *path_settle(struct arena *arena, const char *path)
{
    char *folder, *real, *slash;

    if (strstr(path, "/../") == NULL) {
        return path;
    }
    folder = arena_strdup(arena, path);
    slash = strrchr(folder, '/');
    *slash = '\0';
    real = realpath(folder, NULL);
    if (real != NULL) {
        path = arena_printf(arena, "%s/%s", real, slash + 1);
        free(real);
    }
    return path;
}

/* The headers that were read for any ABI, sorted, each once. */
static const char **files_read(struct run *run, size_t *n_files)
{
    const char **files = NULL;
    size_t kept = 0;

    *n_files = 0;
    for (size_t m = 0; m < run->n_models; m++) {
        for (size_t i = 0; i < run->models[m].n_files; i++) {
            *ARENA_APPEND(run->arena, files, *n_files) =
                path_settle(run->arena, run->models[m].files[i]);
        }
    }
    if (*n_files > 0) {
        qsort(files, *n_files, sizeof(*files), model_name_compare);
    }
    for (size_t i = 0; i < *n_files; i++) {
        if (kept == 0 || strcmp(files[kept - 1], files[i]) != 0) {
            files[kept++] = files[i];
        }
    }
    *n_files = kept;
    return files;
}

static void depfile_make(struct run *run)
{
    struct arena *arena = run->arena;
    const char *target = run->options.deptarget;
    struct arena_text text = {0};
    size_t n_files;
    const char **files = files_read(run, &n_files);

    if (target == NULL) {
        target = arena_printf(arena, "%s/%s-%s", run->options.output,
                              run->plan.library, emitters[0].suffix);
    }
    arena_text_add(arena, &text, "%s: \\\n  %s \\\n  %s",
                   make_escape(arena, target),
                   make_escape(arena, run->spec.path),
                   make_escape(arena, run->library.path));
    for (size_t i = 0; i < n_files; i++) {
        arena_text_add(arena, &text, " \\\n  %s", make_escape(arena, files[i]));
    }
    arena_text_add(arena, &text, "\n");
    outfiles_add(arena, &run->outputs, "--depfile", run->options.depfile,
                 arena_text_get(&text), text.length);
}

static void dump(struct run *run)
{
    if (run->options.dump == DUMP_PLAN) {
        dump_plan(run->arena, &run->plan, stdout);
        return;
    }
    for (size_t i = 0; i < run->n_models; i++) {
        dump_model(run->arena, &run->models[i], stdout);
    }
}

/* What the spec leaves out from `first` on, for people. */
static const char *omitted_list(struct run *run, size_t first)
{
    enum { SHOWN = 5 };
    const struct spec *spec = &run->spec;
    const size_t end =
        spec->n_omit - first > SHOWN ? first + SHOWN : spec->n_omit;
    struct arena_text text = {0};

    for (size_t i = first; i < end; i++) {
        arena_text_add(run->arena, &text, "%s%s", i > first ? ", " : "",
                       spec->omit[i].text);
    }
    if (end < spec->n_omit) {
        arena_text_add(run->arena, &text, " and %zu more", spec->n_omit - end);
    }
    return arena_text_get(&text);
}

/* Leaves out what would be refused, as 'omit:' does, unless that is all. More
 * is refused when a function that others need is gone. */
static void refused_omit(struct run *run)
{
    struct spec *spec = &run->spec;
    const size_t before = spec->n_omit;
    struct plan plan = {0};
    struct outputs texts = {0};
    const char **symbols;
    size_t n_symbols;

    do {
        struct diag *trial = diag_new(run->arena);

        plan = (struct plan){0};
        plan_make(run->arena, trial, &run->input, &plan);
        if (!diag_has_refusals(trial)) {
            run->is_verified = texts_make(run, trial, &plan, &texts);
        }
        symbols = diag_omissions(trial, &n_symbols);
        for (size_t i = 0; i < n_symbols; i++) {
            *ARENA_APPEND(run->arena, spec->omit, spec->n_omit) =
                (struct spec_text){symbols[i], spec->library.where};
        }
    } while (n_symbols > 0 && spec->n_omit - before < run->library.n_symbols);
    if (plan.n_functions == 0 && plan.n_data == 0) {
        spec->n_omit = before;
        run->is_verified = false;
    }
    if (spec->n_omit > before) {
        diag_warning(run->diag, spec->library.where, "omitted",
                     "%s: %zu symbols that this spec does not settle are left "
                     "to the guest's own library: %s; 'thunkgen check' tells "
                     "what to write",
                     plan.soname, spec->n_omit - before,
                     omitted_list(run, before));
    }
}

/* From the input to the plan, if it comes that far. */
static void plan_read(struct run *run)
{
    specs_read(run);
    if (run->spec.library.text == NULL) {
        return;
    }
    library_read(run);
    models_read(run);
    if (run->library.n_symbols == 0 || run->n_models == 0) {
        return;
    }
    run->input = (struct plan_input){
        .spec = &run->spec,
        .library = &run->library,
        .models = run->models,
        .n_models = run->n_models,
        .headers = run->options.headers,
        .n_headers = run->options.n_headers,
    };
    if (run->options.omits_refused && !diag_has_errors(run->diag)) {
        refused_omit(run);
    }
    plan_make(run->arena, run->diag, &run->input, &run->plan);
    if (!diag_has_refusals(run->diag) && run->options.dump == DUMP_NONE) {
        (void)texts_make(run, run->diag, &run->plan, &run->texts);
    }
}

static void generate(struct run *run)
{
    plan_read(run);
    if (run->plan.library == NULL) {
        return;
    }
    if (run->options.dump != DUMP_NONE) {
        dump(run);
        return;
    }
    if (diag_has_errors(run->diag)) {
        return;
    }
    outputs_add(run);
    if (run->options.depfile != NULL) {
        depfile_make(run);
    }
    (void)outfiles_write(run->arena, run->diag, &run->outputs);
}

/* What the library, and what it pulls in, have of libc's. */
static void states_read(struct run *run, struct report *report)
{
    const struct options *options = &run->options;
    const char *sysroot =
        isa_option(options->sysroots, options->n_sysroots, NULL);
    const struct elf_places places = {
        .root = sysroot == NULL ? "" : sysroot,
        .isa = run->library.isa,
        .find = library_find,
        .context = run,
    };
    struct elf_imports *libraries;
    size_t n_libraries;

    if (run->library.isa != NULL && options->host != NULL) {
        elf_imports_read(run->arena, run->library.path, run->library.soname,
                         &places, &libraries, &n_libraries);
        report_states_make(run->arena, libraries, n_libraries, report);
    }
}

/* Where all is told on stdout, or on stderr what a program does not read. */
static void check(struct run *run)
{
    const struct options *options = &run->options;
    struct report report = {0};

    for (size_t i = 0; i < options->n_severities; i++) {
        diag_severity(run->diag, options->severities[i].check,
                      options->severities[i].is_error);
    }
    plan_read(run);
    run->input.spec = &run->spec;
    run->input.library = &run->library;
    report_make(run->arena, run->diag, &run->input, &run->plan, &report);
    states_read(run, &report);
    switch (options->format) {
    case FORMAT_TEXT:
        report_write_text(&report, stdout);
        return;
    case FORMAT_JSON:
        report_write_json(&report, stdout);
        break;
    case FORMAT_HTML:
        report_write_html(run->arena, &report, stdout);
        break;
    }
    for (size_t i = 0; i < report.n_messages; i++) {
        diag_message_print(&report.messages[i], "", stderr);
    }
}

int main(int argc, char **argv)
{
    struct run run = {.arena = arena_new()};
    int status = STATUS_GOOD;

    run.diag = diag_new(run.arena);
    if (options_read(run.arena, argc, argv, &run.options, &status)) {
        if (run.options.is_check) {
            check(&run);
        } else {
            generate(&run);
            diag_print(run.diag, stderr);
        }
        status = diag_has_errors(run.diag) ? STATUS_INPUT : STATUS_GOOD;
    }
    arena_free(run.arena);
    return status;
}
