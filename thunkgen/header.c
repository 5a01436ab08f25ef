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
    const char *name;

    (void)parent;
    if (clang_getCursorKind(cursor) != CXCursor_FunctionDecl ||
        clang_getCursorLinkage(cursor) != CXLinkage_External) {
        return CXChildVisit_Continue;
    }
    name = header_symbol_read(reader, cursor);
    if (name_is_like(reader->input, name)) {
        *ARENA_APPEND(reader->arena, reader->names, reader->n_names) = name;
    }
    return CXChildVisit_Continue;
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
          model_name_compare);
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

/* Whether other sources that include the header have the function, too (C11
 * 6.7.4p7; with gnu_inline it is the other way round). */
static void definition_take(struct header_reader *reader, CXCursor cursor,
                            struct declared_function *declared)
{
    bool is_inline = clang_Cursor_isFunctionInlined(cursor) != 0;
    bool is_extern = clang_Cursor_getStorageClass(cursor) == CX_SC_Extern;
    bool is_gnu = is_inline && strstr(header_declaration_text(reader, cursor),
                                      "gnu_inline") != NULL;

    if (is_gnu) {
        declared->function.definition =
            is_extern ? DEFINITION_INLINE : DEFINITION_FULL;
        return;
    }
    declared->is_plain |= !is_inline || is_extern;
    if (is_inline) { /* libclang does not tell of bodies that it skips */
        declared->function.definition = DEFINITION_INLINE;
    }
    if (declared->function.definition == DEFINITION_INLINE &&
        declared->is_plain) {
        declared->function.definition = DEFINITION_FULL;
    }
}

/* The one of that name in C among those of a symbol. */
static struct declared_function *declared_find(struct header_reader *reader,
                                               size_t place, const char *symbol,
                                               const char *c_name)
{
    struct declared_function **end = &reader->functions[place];

    while (*end != NULL) {
        if (strcmp((*end)->function.c_name, c_name) == 0) {
            return *end;
        }
        end = &(*end)->next;
    }
    *end = arena_alloc(reader->arena, sizeof(**end));
    (*end)->function.name = symbol;
    (*end)->function.c_name =
        strcmp(symbol, c_name) == 0 ? symbol : c_name; /* mostly */
    return *end;
}

/* The last declaration of a function is the one that stays: it is the composite
 * of all before it (C11 6.7.6.3p15). Attributes add up. */
static void function_take(struct header_reader *reader, CXCursor cursor,
                          struct declared_function *declared)
{
    struct function *function = &declared->function;
    const struct type *type =
        header_type_read(reader, clang_getCursorType(cursor), cursor);

    function->where =
        header_location_read(reader, clang_getCursorLocation(cursor));
    /* A typedef of a function type declares one, too (C11 6.9.1p2). */
    function->type = type_resolve(type);
    if (type_convention(type) != NULL) {
        struct type *called = arena_alloc(reader->arena, sizeof(*called));

        *called = *function->type;
        called->convention = type_convention(type);
        function->type = called;
    }
    if (function->format == 0) {
        function->format = function->type->printf_format;
    }
    if (function->scan_format == 0) {
        function->scan_format = function->type->scan_format;
    }
    attributes_read(reader, function, cursor);
    definition_take(reader, cursor, declared);
}

/* The declaration that says most: an array may get its length later. */
static void variable_take(struct header_reader *reader, CXCursor cursor,
                          const char *name, struct variable *variable)
{
    if (variable->name == NULL || variable->type->size == 0) {
        variable->name = name;
        variable->c_name =
            header_string_take(reader, clang_getCursorSpelling(cursor));
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

/* Whether it ends a header, and which. */
static bool is_end(CXCursor cursor, size_t *header)
{
    const size_t length = strlen(HEADER_END);
    CXString name = clang_getCursorSpelling(cursor);
    bool is_it = strncmp(clang_getCString(name), HEADER_END, length) == 0;

    if (is_it) {
        *header = strtoul(clang_getCString(name) + length, NULL, 10);
    }
    clang_disposeString(name);
    return is_it;
}

/* Macros that make libc's headers show more count where they are defined before
 * any of these is read, as some libraries do themselves. */
static void macro_take(struct header_reader *reader, CXCursor cursor)
{
    static const char *const features[] = {
        "_GNU_SOURCE",         "_DEFAULT_SOURCE",
        "_BSD_SOURCE",         "_SVID_SOURCE",
        "_XOPEN_SOURCE",       "_XOPEN_SOURCE_EXTENDED",
        "_POSIX_SOURCE",       "_POSIX_C_SOURCE",
        "_ISOC99_SOURCE",      "_ISOC11_SOURCE",
        "_ATFILE_SOURCE",      "_LARGEFILE_SOURCE",
        "_LARGEFILE64_SOURCE", "_FILE_OFFSET_BITS",
        "_TIME_BITS",          "_DYNAMIC_STACK_SIZE_SOURCE",
        "_REENTRANT",          "_THREAD_SAFE",
    };
    struct model *model = reader->model;
    const char *name;

    if (!header_is_in_file(cursor)) {
        return;
    }
    name = header_string_take(reader, clang_getCursorSpelling(cursor));
    *ARENA_APPEND(reader->arena, model->macros, model->n_macros) = name;
    reader->has_features |= strcmp(name, "_FEATURES_H") == 0;
    for (size_t i = 0; !reader->has_features && name[0] == '_' &&
                       i < sizeof(features) / sizeof(features[0]);
         i++) {
        if (strcmp(name, features[i]) == 0) {
            *ARENA_APPEND(reader->arena, model->features, model->n_features) =
                header_macro_text(reader, cursor);
        }
    }
}

static enum CXChildVisitResult top_level_take(CXCursor cursor, CXCursor parent,
                                              CXClientData data)
{
    struct header_reader *reader = data;
    enum CXCursorKind kind = clang_getCursorKind(cursor);
    const char *const *name;
    const char *symbol;
    size_t place, header;

    (void)parent;
    switch (kind) {
    case CXCursor_MacroDefinition:
        macro_take(reader, cursor);
        return CXChildVisit_Continue;
    case CXCursor_FunctionDecl:
        reader->last = cursor;
        break;
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
        if (is_end(cursor, &header) && header == reader->n_ends) {
            reader->n_ends++;
            return CXChildVisit_Continue;
        }
        if (kind == CXCursor_TypedefDecl && reader->input->n_c_types > 0) {
            spec_type_take(reader, cursor);
        }
        type_take(reader, cursor);
        return CXChildVisit_Continue;
    default:
        return CXChildVisit_Continue;
    }
    symbol = header_symbol_read(reader, cursor);
    name = name_find(reader, symbol);
    if (name == NULL) {
        return CXChildVisit_Continue;
    }
    place = (size_t)(name - reader->names);
    if (kind == CXCursor_VarDecl) {
        variable_take(reader, cursor, *name, &reader->variables[place]);
    } else if (clang_getCursorLinkage(cursor) == CXLinkage_External) {
        function_take(
            reader, cursor,
            declared_find(
                reader, place, *name,
                header_string_take(reader, clang_getCursorSpelling(cursor))));
    }
    return CXChildVisit_Continue;
}

/* Of several names in C for one symbol, one that the header does not define,
 * and rather the symbol's own. */
static const struct function *
declared_choose(const struct declared_function *first)
{
    const struct declared_function *best = first;

    for (const struct declared_function *other = first->next; other != NULL;
         other = other->next) {
        const struct function *a = &best->function, *b = &other->function;

        if (b->definition < a->definition ||
            (b->definition == a->definition && b->c_name == b->name)) {
            best = other;
        }
    }
    return &best->function;
}

/* What was found goes into the model, which is sorted as the names are. */
static void functions_settle(struct header_reader *reader)
{
    struct model *model = reader->model;

    for (size_t i = 0; i < reader->n_names; i++) {
        if (reader->functions[i] != NULL) {
            *ARENA_APPEND(reader->arena, model->functions, model->n_functions) =
                *declared_choose(reader->functions[i]);
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

/* The end of the header that line `line` of the input includes. */
struct header_end {
    struct header_reader *reader;
    CXTranslationUnit unit;
    unsigned line;
    struct location where;
};

static void header_end_take(CXFile file, CXSourceLocation *stack,
                            unsigned depth, CXClientData data)
{
    struct header_end *end = data;
    struct location from;
    const char *text;
    size_t size;

    if (depth != 1) {
        return;
    }
    from = header_location_read(end->reader, stack[0]);
    text = clang_getFileContents(end->unit, file, &size);
    if (strcmp(from.file, HEADER_TEXT_NAME) != 0 || from.line != end->line ||
        text == NULL) {
        return;
    }
    end->where = (struct location){
        header_string_take(end->reader, clang_getFileName(file)), 1, 1};
    for (size_t i = 0; i + 1 < size; i++) { /* the last line's own does not */
        end->where.line += text[i] == '\n';
    }
}

/* An error in the input itself. False: a header has not come to its end, so
 * what follows is not what it looks like. */
static bool input_error_tell(struct header_reader *reader,
                             CXTranslationUnit unit, unsigned line,
                             const char *text)
{
    struct header_end end = {
        .reader = reader,
        .unit = unit,
        .line = line - 1,
        .where = header_text_header(reader->input, line),
    };

    if (!header_text_is_end(reader->input, line)) {
        return true;
    }
    clang_getInclusions(unit, header_end_take, &end);
    diag_error(reader->diag, end.where, "header-syntax",
               "the header ends in the middle of something: %s (target %s): "
               "correct the header, or give the one that it needs before it",
               text, reader->input->target);
    return false;
}

static void header_error_tell(struct header_reader *reader,
                              struct location where, const char *text)
{
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

/* False: what follows is not to be told. */
static bool diagnostic_take(struct header_reader *reader,
                            CXTranslationUnit unit, CXDiagnostic diagnostic,
                            const struct spec_text **refused)
{
    struct location where =
        header_location_read(reader, clang_getDiagnosticLocation(diagnostic));
    bool is_input = strcmp(where.file, HEADER_TEXT_NAME) == 0;
    const char *what, *text;
    const struct spec_text *of =
        is_input ? header_text_spec(reader->input, where.line, &what) : NULL;

    if (clang_getDiagnosticSeverity(diagnostic) < CXDiagnostic_Error) {
        return true;
    }
    text = header_string_take(reader, clang_getDiagnosticSpelling(diagnostic));
    if (header_text_is_harmless(text)) {
        return true;
    }
    reader->model->is_broken = true;
    if (of != NULL) {
        if (of != *refused) {
            spec_text_refuse(reader, of, what, text);
        }
        *refused = of;
        return true;
    }
    if (is_input && !input_error_tell(reader, unit, where.line, text)) {
        return false;
    }
    header_error_tell(
        reader,
        is_input ? header_text_header(reader->input, where.line) : where, text);
    return true;
}

static void diagnostics_take(struct header_reader *reader,
                             CXTranslationUnit unit)
{
    const struct spec_text *refused = NULL; /* it stands in its line twice */
    bool goes_on = true;

    for (unsigned i = 0; goes_on && i < clang_getNumDiagnostics(unit); i++) {
        CXDiagnostic diagnostic = clang_getDiagnostic(unit, i);

        goes_on = diagnostic_take(reader, unit, diagnostic, &refused);
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
            CXTranslationUnit_KeepGoing |
            CXTranslationUnit_VisitImplicitAttributes,
        &unit);
    return unit;
}

/* Bodies of functions are skipped, and with one that is open all that follows.
 */
static void end_check(struct header_reader *reader)
{
    struct location where;

    if (reader->n_ends == reader->input->n_headers ||
        reader->model->is_broken) {
        return;
    }
    where = header_location_read(reader, clang_getCursorLocation(reader->last));
    reader->model->is_broken = true;
    diag_error(reader->diag, where, "header-syntax",
               "the body of this function has no end (target %s): correct the "
               "header",
               reader->input->target);
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
        clang_visitChildren(clang_getTranslationUnitCursor(unit),
                            top_level_take, &reader);
        end_check(&reader);
        functions_settle(&reader);
        if (model->n_macros > 0) {
            qsort(model->macros, model->n_macros, sizeof(*model->macros),
                  model_name_compare);
        }
        clang_getInclusions(unit, file_take, &reader);
        clang_disposeTranslationUnit(unit);
    }
    clang_disposeIndex(index);
}
