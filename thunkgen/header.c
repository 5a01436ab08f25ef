/* SPDX-License-Identifier: MIT */
#include "header.h"

#include "header_reader.h"
#include "header_text.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

static int name_compare(const void *key, const void *element)
{
    return strcmp(key, *(const char *const *)element);
}

/* The name's place in names; NULL when it is not wanted. */
static const char *const *name_find(const struct header_reader *reader,
                                    const char *name)
{
    if (reader->n_names == 0) {
        return NULL;
    }
    return bsearch(name, reader->names, reader->n_names, sizeof(*reader->names),
                   name_compare);
}

static bool name_is_like(const struct header_input *input, const char *name)
{
    for (size_t i = 0; i < input->n_patterns; i++) {
        if (fnmatch(input->patterns[i], name, 0) == 0) {
            return true;
        }
    }
    return false;
}

static enum CXChildVisitResult name_take(CXCursor cursor, CXCursor parent,
                                         CXClientData data)
{
    struct header_reader *reader = data;
    CXString spelling;
    const char *name;

    (void)parent;
    if (clang_getCursorKind(cursor) != CXCursor_FunctionDecl ||
        clang_getCursorLinkage(cursor) != CXLinkage_External) {
        return CXChildVisit_Continue;
    }
    spelling = clang_getCursorSpelling(cursor);
    name = clang_getCString(spelling);
    if (name_is_like(reader->input, name)) {
        *ARENA_APPEND(reader->arena, reader->names, reader->n_names) =
            arena_strdup(reader->arena, name);
    }
    clang_disposeString(spelling);
    return CXChildVisit_Continue;
}

static int names_compare(const void *left, const void *right)
{
    const char *const *a = left, *const *b = right;

    return strcmp(*a, *b);
}

/* The names that are asked for, and those that are like a pattern. */
static void names_collect(struct header_reader *reader, CXTranslationUnit unit)
{
    const struct header_input *input = reader->input;
    size_t kept = 0;

    for (size_t i = 0; i < input->n_names; i++) {
        *ARENA_APPEND(reader->arena, reader->names, reader->n_names) =
            input->names[i];
    }
    if (input->n_patterns == 0) {
        return;
    }
    clang_visitChildren(clang_getTranslationUnitCursor(unit), name_take,
                        reader);
    qsort(reader->names, reader->n_names, sizeof(*reader->names),
          names_compare);
    for (size_t i = 0; i < reader->n_names; i++) {
        if (kept == 0 ||
            strcmp(reader->names[kept - 1], reader->names[i]) != 0) {
            reader->names[kept++] = reader->names[i];
        }
    }
    reader->n_names = kept;
}

static void attributes_read(struct header_reader *reader,
                            struct function *function, CXCursor cursor)
{
    const char *text = header_declaration_text(reader, cursor);

    if (function->format == 0) {
        function->format = header_format_read(text, "printf");
    }
    if (function->scan_format == 0) {
        function->scan_format = header_format_read(text, "scanf");
    }
    /* The keyword belongs to the function, the attribute to its type. */
    function->is_noreturn |=
        strstr(text, "_Noreturn") != NULL ||
        strstr(header_string_take(
                   reader, clang_getTypeSpelling(clang_getCursorType(cursor))),
               "noreturn") != NULL;
    function->is_deprecated |=
        clang_getCursorAvailability(cursor) == CXAvailability_Deprecated;
}

/* The last declaration of a function is the one that stays: it is the composite
 * of all before it (C11 6.7.6.3p15). Attributes add up. */
static void function_take(struct header_reader *reader, CXCursor cursor,
                          struct function *function)
{
    function->where =
        header_location_read(reader, clang_getCursorLocation(cursor));
    function->type =
        header_type_read(reader, clang_getCursorType(cursor), cursor);
    attributes_read(reader, function, cursor);
}

/* The declaration that says most: an array may get its length later. */
static void variable_take(struct header_reader *reader, CXCursor cursor,
                          const char *name, struct variable *variable)
{
    if (variable->name == NULL || variable->type->size == 0) {
        variable->name = name;
        variable->where =
            header_location_read(reader, clang_getCursorLocation(cursor));
        variable->type =
            header_type_read(reader, clang_getCursorType(cursor), cursor);
    }
}

static void spec_type_take(struct header_reader *reader, CXCursor cursor)
{
    const char *name =
        header_string_take(reader, clang_getCursorSpelling(cursor));
    size_t length = strlen(HEADER_TYPE_PREFIX);

    if (strncmp(name, HEADER_TYPE_PREFIX, length) == 0) {
        size_t place = strtoul(name + length, NULL, 10);

        if (place < reader->input->n_c_types) { /* else it is the header's */
            reader->model->c_types[place] = header_type_read(
                reader, clang_getTypedefDeclUnderlyingType(cursor), cursor);
        }
    }
}

static void constant_take(struct header_reader *reader, CXCursor declaration)
{
    struct header_children constants =
        header_children_read(reader, declaration, CXCursor_EnumConstantDecl);
    const size_t length = strlen(HEADER_CONSTANT_PREFIX);
    const size_t text_length = strlen(HEADER_TEXT_PREFIX);

    for (size_t i = 0; i < constants.n_cursors; i++) {
        CXCursor cursor = constants.cursors[i];
        const char *name =
            header_string_take(reader, clang_getCursorSpelling(cursor));
        int64_t value = clang_getEnumConstantDeclValue(cursor);

        if (strncmp(name, HEADER_CONSTANT_PREFIX, length) == 0) {
            size_t place = strtoul(name + length, NULL, 10);

            if (place < reader->input->n_constants) { /* else the header's */
                reader->model->constants[place] = value;
            }
        } else if (strncmp(name, HEADER_TEXT_PREFIX, text_length) == 0) {
            size_t place = strtoul(name + text_length, NULL, 10);

            if (place < reader->input->n_constants) {
                reader->model->is_text[place] = value != 0;
            }
        }
    }
}

/* A type that is asked for by its name. */
static void type_take(struct header_reader *reader, CXCursor cursor)
{
    enum CXCursorKind kind = clang_getCursorKind(cursor);
    const struct header_input *input = reader->input;
    const char *name;

    if (input->n_types == 0) {
        return;
    }
    name = header_string_take(reader, clang_getCursorSpelling(cursor));
    if (kind != CXCursor_TypedefDecl) {
        name = arena_printf(reader->arena, "%s %s",
                            kind == CXCursor_StructDecl ? "struct" : "union",
                            name);
    }
    for (size_t i = 0; i < input->n_types; i++) {
        if (strcmp(input->types[i], name) == 0 &&
            model_type(reader->model, name) == NULL) {
            *ARENA_APPEND(reader->arena, reader->model->types,
                          reader->model->n_types) = (struct named_type){
                .name = name,
                .type = header_type_read(reader, clang_getCursorType(cursor),
                                         cursor),
            };
        }
    }
}

static bool is_end(CXCursor cursor)
{
    CXString name = clang_getCursorSpelling(cursor);
    bool is_it = strcmp(clang_getCString(name), HEADER_END) == 0;

    clang_disposeString(name);
    return is_it;
}

static enum CXChildVisitResult top_level_take(CXCursor cursor, CXCursor parent,
                                              CXClientData data)
{
    struct header_reader *reader = data;
    enum CXCursorKind kind = clang_getCursorKind(cursor);
    const char *const *name;
    CXString spelling;
    size_t place;

    (void)parent;
    switch (kind) {
    case CXCursor_FunctionDecl:
        reader->last = cursor;
        break;
    case CXCursor_MacroDefinition:
    case CXCursor_VarDecl:
        break;
    case CXCursor_EnumDecl:
        if (reader->input->n_constants > 0) {
            constant_take(reader, cursor);
        }
        return CXChildVisit_Continue;
    case CXCursor_StructDecl:
    case CXCursor_TypedefDecl:
    case CXCursor_UnionDecl:
        reader->has_end |= is_end(cursor);
        if (kind == CXCursor_TypedefDecl && reader->input->n_c_types > 0) {
            spec_type_take(reader, cursor);
        }
        type_take(reader, cursor);
        return CXChildVisit_Continue;
    default:
        return CXChildVisit_Continue;
    }
    spelling = clang_getCursorSpelling(cursor);
    name = name_find(reader, clang_getCString(spelling));
    if (kind == CXCursor_MacroDefinition) {
        *ARENA_APPEND(reader->arena, reader->macros, reader->n_macros) =
            arena_strdup(reader->arena, clang_getCString(spelling));
    }
    clang_disposeString(spelling);
    if (name == NULL) {
        return CXChildVisit_Continue;
    }
    place = (size_t)(name - reader->names);
    if (kind == CXCursor_MacroDefinition) {
        reader->is_macro[place] = true;
    } else if (kind == CXCursor_VarDecl) {
        variable_take(reader, cursor, *name, &reader->variables[place]);
    } else if (clang_getCursorLinkage(cursor) == CXLinkage_External) {
        function_take(reader, cursor, &reader->functions[place]);
        reader->functions[place].name = *name;
    }
    return CXChildVisit_Continue;
}

/* What was found goes into the model, which is sorted as the names are. */
static void functions_settle(struct header_reader *reader)
{
    struct model *model = reader->model;

    for (size_t i = 0; i < reader->n_names; i++) {
        if (reader->functions[i].name != NULL) {
            struct function *function = ARENA_APPEND(
                reader->arena, model->functions, model->n_functions);

            *function = reader->functions[i];
            function->is_macro = reader->is_macro[i];
        }
        if (reader->variables[i].name != NULL) {
            *ARENA_APPEND(reader->arena, model->variables, model->n_variables) =
                reader->variables[i];
        }
    }
}

/* Once, whatever number of ABIs the headers are read for. */
static void spec_text_refuse(struct header_reader *reader,
                             const struct spec_text *of, const char *what,
                             const char *problem)
{
    if (reader->input->tells_spec) {
        diag_error(reader->diag, of->where, "spec-c",
                   "'%s' is no %s that the headers know (%s): write it as C "
                   "does, with names that they declare",
                   of->text, what, problem);
    }
}

static void diagnostics_take(struct header_reader *reader,
                             CXTranslationUnit unit)
{
    const struct spec_text *refused = NULL; /* it stands in its line twice */

    for (unsigned i = 0; i < clang_getNumDiagnostics(unit); i++) {
        CXDiagnostic diagnostic = clang_getDiagnostic(unit, i);
        struct location where = header_location_read(
            reader, clang_getDiagnosticLocation(diagnostic));

        if (clang_getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error) {
            const char *text = header_string_take(
                reader, clang_getDiagnosticSpelling(diagnostic));

            const char *what;
            const struct spec_text *of =
                strcmp(where.file, HEADER_TEXT_NAME) == 0
                    ? header_text_spec(reader->input, where.line, &what)
                    : NULL;

            reader->model->is_broken = true;
            if (of != NULL) {
                if (of != refused) {
                    spec_text_refuse(reader, of, what, text);
                }
                refused = of;
                clang_disposeDiagnostic(diagnostic);
                continue;
            }
            if (strcmp(where.file, HEADER_TEXT_NAME) == 0) {
                where = header_text_header(reader->input, where.line);
            }
            if (strstr(text, "file not found") != NULL) {
                diag_error(reader->diag, where, "header-missing",
                           "%s (target %s): give the folder that it is in "
                           "with -I, or the root of all headers with --sysroot",
                           text, reader->input->target);
            } else {
                diag_error(reader->diag, where, "header-syntax",
                           "%s (target %s): a macro that the header needs can "
                           "be set with -D or under 'defines:' in the spec",
                           text, reader->input->target);
            }
        }
        clang_disposeDiagnostic(diagnostic);
    }
}

static CXTranslationUnit unit_parse(struct header_reader *reader, CXIndex index)
{
    const struct header_input *input = reader->input;
    const char **arguments = NULL;
    size_t n_arguments = 0;
    struct arena_text text = {0};
    struct CXUnsavedFile files[] = {
        {.Filename = HEADER_TEXT_NAME},
        {.Filename = HEADER_FLOATS_NAME,
         .Contents = HEADER_FLOATS,
         .Length = sizeof(HEADER_FLOATS) - 1},
    };
    CXTranslationUnit unit = NULL;

    *ARENA_APPEND(reader->arena, arguments, n_arguments) = "-std=gnu11";
    *ARENA_APPEND(reader->arena, arguments, n_arguments) = "-ferror-limit=0";
    *ARENA_APPEND(reader->arena, arguments, n_arguments) = "-include";
    *ARENA_APPEND(reader->arena, arguments, n_arguments) = HEADER_FLOATS_NAME;
    *ARENA_APPEND(reader->arena, arguments, n_arguments) =
        arena_printf(reader->arena, "--target=%s", input->target);
    for (size_t i = 0; i < input->n_defines; i++) {
        *ARENA_APPEND(reader->arena, arguments, n_arguments) =
            arena_printf(reader->arena, "-D%s", input->defines[i]);
    }
    for (size_t i = 0; i < input->n_arguments; i++) {
        *ARENA_APPEND(reader->arena, arguments, n_arguments) =
            input->arguments[i];
    }
    header_text_write(reader->arena, input, &text);
    files[0].Contents = arena_text_get(&text);
    files[0].Length = text.length;
    (void)clang_parseTranslationUnit2(
        index, HEADER_TEXT_NAME, arguments, (int)n_arguments, files,
        sizeof(files) / sizeof(files[0]),
        CXTranslationUnit_SkipFunctionBodies |
            CXTranslationUnit_DetailedPreprocessingRecord |
            CXTranslationUnit_KeepGoing,
        &unit);
    return unit;
}

static void file_take(CXFile file, CXSourceLocation *stack, unsigned depth,
                      CXClientData data)
{
    struct header_reader *reader = data;
    const char *name = header_string_take(reader, clang_getFileName(file));

    (void)stack;
    if (depth > 0 && strcmp(name, HEADER_FLOATS_NAME) != 0) { /* not ours */
        *ARENA_APPEND(reader->arena, reader->model->files,
                      reader->model->n_files) = name;
    }
}

void header_parse(struct arena *arena, struct diag *diag,
                  const struct header_input *input, struct model *model)
{
    struct header_reader reader = {
        .arena = arena,
        .diag = diag,
        .input = input,
        .model = model,
        .has_x87 = strcmp(input->isa, "x86_64") == 0,
        .last = clang_getNullCursor(),
    };
    CXIndex index = clang_createIndex(0, 0);
    CXTranslationUnit unit = unit_parse(&reader, index);

    model->isa = input->isa;
    model->has_x87 = reader.has_x87;
    model->c_types =
        arena_alloc(arena, input->n_c_types * sizeof(*model->c_types));
    model->constants =
        arena_alloc(arena, input->n_constants * sizeof(*model->constants));
    model->is_text =
        arena_alloc(arena, input->n_constants * sizeof(*model->is_text));
    if (unit == NULL) {
        struct location where = {input->headers[0], 1, 1};

        model->is_broken = true;
        diag_error(diag, where, "header-syntax",
                   "libclang cannot read it for target %s", input->target);
    } else {
        diagnostics_take(&reader, unit);
        names_collect(&reader, unit);
        reader.functions =
            arena_alloc(arena, reader.n_names * sizeof(*reader.functions));
        reader.variables =
            arena_alloc(arena, reader.n_names * sizeof(*reader.variables));
        reader.is_macro =
            arena_alloc(arena, reader.n_names * sizeof(*reader.is_macro));
        clang_visitChildren(clang_getTranslationUnitCursor(unit),
                            top_level_take, &reader);
        if (!reader.has_end && !model->is_broken) {
            model->is_broken = true;
            diag_error(diag,
                       header_location_read(
                           &reader, clang_getCursorLocation(reader.last)),
                       "header-syntax",
                       "the body of this function has no end (target %s): "
                       "correct the header",
                       input->target);
        }
        functions_settle(&reader);
        model_macros_mark(model, reader.macros, reader.n_macros);
        clang_getInclusions(unit, file_take, &reader);
        clang_disposeTranslationUnit(unit);
    }
    clang_disposeIndex(index);
}
