/* SPDX-License-Identifier: MIT */
#include "header.h"

#include "header_text.h"

#include <clang-c/Index.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A record that was read, found again by what declares it. */
struct known_record {
    struct known_record *next;
    CXCursor cursor;
    struct record *record;
};

/* Likewise an enum. */
struct known_enum {
    struct known_enum *next;
    CXCursor cursor;
    struct enumeration enumeration;
};

enum { N_BUCKETS = 1024 };

struct reader {
    struct arena *arena;
    struct diag *diag;
    const struct header_input *input;
    struct model *model;
    struct known_record *records[N_BUCKETS];
    struct known_enum *enums[N_BUCKETS];
    const char **names; /* of the functions wanted, sorted */
    size_t n_names;
    struct function *functions; /* by the place in names */
    struct variable *variables; /* likewise */
    bool *is_macro;             /* likewise: function-like or not */
    const char **macros;        /* the names of all */
    size_t n_macros;
    bool has_x87; /* what long double is */
};

static const struct type *type_read(struct reader *reader, CXType from,
                                    CXCursor declaration);

static const char *string_take(struct reader *reader, CXString string)
{
    const char *text = clang_getCString(string);
    const char *copy = arena_strdup(reader->arena, text == NULL ? "" : text);

    clang_disposeString(string);
    return copy;
}

static struct location location_read(struct reader *reader,
                                     CXSourceLocation from)
{
    struct location where = {.file = "<builtin>", .line = 1, .column = 1};
    CXFile file;

    clang_getExpansionLocation(from, &file, &where.line, &where.column, NULL);
    if (file == NULL) {
        where.line = where.column = 1;
    } else {
        where.file = string_take(reader, clang_getFileName(file));
    }
    return where;
}

static int name_compare(const void *key, const void *element)
{
    return strcmp(key, *(const char *const *)element);
}

/* The name's place in names; NULL when it is not wanted. */
static const char *const *name_find(const struct reader *reader,
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
    struct reader *reader = data;
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
static void names_collect(struct reader *reader, CXTranslationUnit unit)
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

/* Children of one kind, in the order of the source. */
struct children {
    struct arena *arena;
    enum CXCursorKind kind;
    CXCursor *cursors;
    size_t n_cursors;
};

static enum CXChildVisitResult child_take(CXCursor cursor, CXCursor parent,
                                          CXClientData data)
{
    struct children *children = data;

    (void)parent;
    if (clang_getCursorKind(cursor) == children->kind) {
        *ARENA_APPEND(children->arena, children->cursors, children->n_cursors) =
            cursor;
    }
    return CXChildVisit_Continue;
}

static struct children children_read(struct reader *reader, CXCursor parent,
                                     enum CXCursorKind kind)
{
    struct children children = {.arena = reader->arena, .kind = kind};

    if (!clang_Cursor_isNull(parent)) {
        clang_visitChildren(parent, child_take, &children);
    }
    return children;
}

/* What an array holds; a qualifier of the array is one of its elements (C11
 * 6.7.3p9). */
static const struct type *element_of(struct reader *reader,
                                     const struct type *type)
{
    bool is_const = type->is_const, is_volatile = type->is_volatile;
    struct type *element;

    while (type->kind == TYPE_TYPEDEF) {
        type = type->target;
        is_const |= type->is_const;
        is_volatile |= type->is_volatile;
    }
    element = arena_alloc(reader->arena, sizeof(*element));
    *element = *type->target;
    element->is_const |= is_const;
    element->is_volatile |= is_volatile;
    return element;
}

/* A parameter's type is what it decays to (C11 6.7.6.3p7, p8). A va_list stays
 * one, although it is an array on x86_64. */
static const struct type *type_decay(struct reader *reader,
                                     const struct type *type)
{
    const struct type *resolved = type_resolve(type);
    struct type *pointer;

    if (resolved->kind != TYPE_ARRAY && resolved->kind != TYPE_FUNCTION) {
        return type;
    }
    pointer = arena_alloc(reader->arena, sizeof(*pointer));
    pointer->kind = TYPE_POINTER;
    pointer->size = pointer->align = 8;
    pointer->target =
        resolved->kind == TYPE_ARRAY ? element_of(reader, type) : type;
    return pointer;
}

/* Gives names to parameters without one. */
static void parameters_name(struct reader *reader, struct type *type)
{
    for (size_t i = 0; i < type->n_parameters; i++) {
        struct parameter *parameter = &type->parameters[i];

        if (parameter->name[0] != '\0') {
            continue;
        }
        parameter->name = arena_printf(reader->arena, "arg%zu", i + 1);
        for (size_t other = 0; other < type->n_parameters; other++) {
            if (other != i &&
                strcmp(type->parameters[other].name, parameter->name) == 0) {
                parameter->name =
                    arena_printf(reader->arena, "%s_", parameter->name);
                other = (size_t)-1; /* once more */
            }
        }
    }
}

/* `declaration` is what declares the function or a pointer to it: its
 * parameters have the names, if as many as the type has. */
static void parameters_read(struct reader *reader, struct type *type,
                            CXType from, CXCursor declaration)
{
    struct children names =
        children_read(reader, declaration, CXCursor_ParmDecl);
    size_t count = (size_t)clang_getNumArgTypes(from);
    bool has_names = names.n_cursors == count;

    for (size_t i = 0; i < count; i++) {
        struct parameter *parameter =
            ARENA_APPEND(reader->arena, type->parameters, type->n_parameters);
        CXType argument = has_names ? clang_getCursorType(names.cursors[i])
                                    : clang_getArgType(from, (unsigned)i);

        parameter->name =
            has_names
                ? string_take(reader, clang_getCursorSpelling(names.cursors[i]))
                : "";
        parameter->declared =
            type_read(reader, argument,
                      has_names ? names.cursors[i] : clang_getNullCursor());
        parameter->type = type_decay(reader, parameter->declared);
    }
    parameters_name(reader, type);
}

/* The parameter that __attribute__((format(printf, ...))) names, or another
 * than printf; else 0. */
static unsigned format_read(const char *declaration, const char *wanted)
{
    const char *attribute = strstr(declaration, "format(");

    for (; attribute != NULL; attribute = strstr(attribute + 1, "format(")) {
        char kind[16];
        unsigned format;

        if (sscanf(attribute, "format(%15[a-z_], %u,", kind, &format) == 2 &&
            strstr(kind, wanted) != NULL) {
            return format;
        }
    }
    return 0;
}

/* libclang tells of attributes no more than that they are there; but it writes
 * declarations out with them, and with macros expanded. */
static const char *declaration_text(struct reader *reader, CXCursor cursor)
{
    CXPrintingPolicy policy = clang_getCursorPrintingPolicy(cursor);
    const char *text =
        string_take(reader, clang_getCursorPrettyPrinted(cursor, policy));

    clang_PrintingPolicy_dispose(policy);
    return text;
}

static void function_read(struct reader *reader, struct type *type, CXType from,
                          CXCursor declaration)
{
    enum CXCursorKind kind = clang_getCursorKind(declaration);

    type->kind = TYPE_FUNCTION;
    type->is_variadic = clang_isFunctionTypeVariadic(from) != 0;
    type->has_no_prototype =
        clang_getCanonicalType(from).kind == CXType_FunctionNoProto;
    type->target =
        type_read(reader, clang_getResultType(from), clang_getNullCursor());
    if (!type->has_no_prototype) {
        parameters_read(reader, type, from, declaration);
    }
    if (kind == CXCursor_TypedefDecl || kind == CXCursor_ParmDecl ||
        kind == CXCursor_FieldDecl) {
        const char *text = declaration_text(reader, declaration);

        type->printf_format = format_read(text, "printf");
        type->scan_format = format_read(text, "scanf");
    }
}

static enum CXVisitorResult field_take(CXCursor cursor, CXClientData data)
{
    struct children *children = data;

    *ARENA_APPEND(children->arena, children->cursors, children->n_cursors) =
        cursor;
    return CXVisit_Continue;
}

static bool bit_field_is_aligned(struct reader *reader, CXCursor cursor)
{
    CXType type = clang_getCursorType(cursor);

    return children_read(reader, cursor, CXCursor_AlignedAttr).n_cursors > 0 ||
           clang_Type_getAlignOf(type) !=
               clang_Type_getAlignOf(clang_getCanonicalType(type));
}

static void fields_read(struct reader *reader, struct record *record,
                        CXType from)
{
    struct children fields = {.arena = reader->arena};

    clang_Type_visitFields(from, field_take, &fields);
    for (size_t i = 0; i < fields.n_cursors; i++) {
        struct field *field =
            ARENA_APPEND(reader->arena, record->fields, record->n_fields);
        CXCursor cursor = fields.cursors[i];

        field->name = string_take(reader, clang_getCursorSpelling(cursor));
        field->offset = (uint64_t)clang_Cursor_getOffsetOfField(cursor);
        field->width = clang_Cursor_isBitField(cursor)
                           ? clang_getFieldDeclBitWidth(cursor)
                           : -1;
        field->has_alignment =
            field->width >= 0 && bit_field_is_aligned(reader, cursor);
        field->where = location_read(reader, clang_getCursorLocation(cursor));
        field->type = type_read(reader, clang_getCursorType(cursor), cursor);
    }
}

/* Each record once, so that one which points to itself has an end. */
static struct record *record_read(struct reader *reader, CXType from)
{
    CXCursor cursor = clang_getTypeDeclaration(from);
    CXCursor canonical = clang_getCanonicalCursor(cursor);
    struct known_record **bucket =
        &reader->records[clang_hashCursor(canonical) % N_BUCKETS];
    long long size = clang_Type_getSizeOf(from);
    struct known_record *known;
    struct record *record;
    const char *name;

    for (known = *bucket; known != NULL; known = known->next) {
        if (clang_equalCursors(known->cursor, canonical)) {
            return known->record;
        }
    }
    record = arena_alloc(reader->arena, sizeof(*record));
    known = arena_alloc(reader->arena, sizeof(*known));
    *known = (struct known_record){*bucket, canonical, record};
    *bucket = known;
    record->index = reader->model->n_records;
    *ARENA_APPEND(reader->arena, reader->model->records,
                  reader->model->n_records) = record;
    record->where = location_read(reader, clang_getCursorLocation(cursor));
    record->is_union = clang_getCursorKind(cursor) == CXCursor_UnionDecl;
    name = string_take(reader,
                       clang_getTypeSpelling(clang_getCanonicalType(from)));
    /* "struct (unnamed at FILE:LINE:COL)" */
    record->name = strchr(name, '(') == NULL ? name : NULL;
    record->is_complete = size >= 0;
    if (record->is_complete) {
        record->size = (uint64_t)size;
        record->align = (uint64_t)clang_Type_getAlignOf(from);
        fields_read(reader, record, from);
    }
    return record;
}

/* Each enum once. */
static const struct enumeration *enum_read(struct reader *reader,
                                           CXCursor declaration, bool is_signed)
{
    CXCursor canonical = clang_getCanonicalCursor(declaration);
    struct known_enum **bucket =
        &reader->enums[clang_hashCursor(canonical) % N_BUCKETS];
    struct known_enum *known = *bucket;
    struct children constants;

    while (known != NULL && !clang_equalCursors(known->cursor, canonical)) {
        known = known->next;
    }
    if (known != NULL) {
        return &known->enumeration;
    }
    known = arena_alloc(reader->arena, sizeof(*known));
    *known = (struct known_enum){*bucket, canonical, {NULL, 0}};
    *bucket = known;
    constants = children_read(reader, declaration, CXCursor_EnumConstantDecl);
    for (size_t i = 0; i < constants.n_cursors; i++) {
        CXCursor cursor = constants.cursors[i];

        *ARENA_APPEND(reader->arena, known->enumeration.constants,
                      known->enumeration.n_constants) = (struct enumerator){
            .name = string_take(reader, clang_getCursorSpelling(cursor)),
            .value =
                is_signed
                    ? clang_getEnumConstantDeclValue(cursor)
                    : (long long)clang_getEnumConstantDeclUnsignedValue(cursor),
        };
    }
    return &known->enumeration;
}

static bool name_is_va_list(const char *name)
{
    return strcmp(name, "va_list") == 0 ||
           strcmp(name, "__gnuc_va_list") == 0 ||
           strcmp(name, "__builtin_va_list") == 0;
}

static const char *float_format(const struct reader *reader, CXType from)
{
    switch (from.kind) {
    case CXType_Half:
    case CXType_Float16:
        return "binary16";
    case CXType_Float:
        return "binary32";
    case CXType_Double:
        return "binary64";
    case CXType_LongDouble:
        return reader->has_x87 ? "x87" : "binary128";
    default:
        return "binary128";
    }
}

static void builtin_read(struct reader *reader, struct type *type, CXType from)
{
    switch (from.kind) {
    case CXType_Void:
        type->kind = TYPE_VOID;
        break;
    case CXType_Char_S: /* plain char where it is signed */
    case CXType_SChar:
    case CXType_WChar:
    case CXType_Short:
    case CXType_Int:
    case CXType_Long:
    case CXType_LongLong:
    case CXType_Int128:
        type->kind = TYPE_INTEGER;
        type->is_signed = true;
        break;
    case CXType_Bool:
    case CXType_Char_U: /* plain char where it is not */
    case CXType_UChar:
    case CXType_Char16:
    case CXType_Char32:
    case CXType_UShort:
    case CXType_UInt:
    case CXType_ULong:
    case CXType_ULongLong:
    case CXType_UInt128:
        type->kind = TYPE_INTEGER;
        break;
    case CXType_Half:
    case CXType_Float16:
    case CXType_Float:
    case CXType_Double:
    case CXType_LongDouble:
    case CXType_Float128:
        type->kind = TYPE_FLOAT;
        type->format = float_format(reader, from);
        break;
    default:
        type->kind = TYPE_UNKNOWN; /* _BitInt, __bf16, ... */
        break;
    }
}

/* The type without _Atomic, in the place that it has with it. */
static void atomic_read(struct reader *reader, struct type *type, CXType from)
{
    const struct type atomic = *type;

    *type = *type_resolve(type_read(reader, clang_Type_getValueType(from),
                                    clang_getNullCursor()));
    type->name = atomic.name;
    type->size = atomic.size;
    type->align = atomic.align;
    type->is_const = atomic.is_const;
    type->is_volatile = atomic.is_volatile;
    type->is_restrict = atomic.is_restrict;
}

static void type_read_kind(struct reader *reader, struct type *type,
                           CXType from, CXCursor declaration)
{
    CXCursor named = clang_getTypeDeclaration(from);

    switch (from.kind) {
    case CXType_Typedef:
        type->kind = name_is_va_list(type->name) ? TYPE_VA_LIST : TYPE_TYPEDEF;
        type->target =
            type_read(reader, clang_getTypedefDeclUnderlyingType(named), named);
        break;
    case CXType_Pointer:
        type->kind = TYPE_POINTER;
        type->target =
            type_read(reader, clang_getPointeeType(from), declaration);
        break;
    case CXType_ConstantArray:
    case CXType_IncompleteArray:
    case CXType_VariableArray: /* of a parameter: decays */
        type->kind = TYPE_ARRAY;
        type->count = from.kind == CXType_ConstantArray
                          ? (uint64_t)clang_getArraySize(from)
                          : 0;
        type->target =
            type_read(reader, clang_getArrayElementType(from), declaration);
        break;
    case CXType_Complex:
    case CXType_Vector:
    case CXType_ExtVector:
        type->kind = from.kind == CXType_Complex ? TYPE_COMPLEX : TYPE_VECTOR;
        type->count = from.kind == CXType_Complex
                          ? 2
                          : (uint64_t)clang_getNumElements(from);
        type->target = type_read(reader, clang_getElementType(from),
                                 clang_getNullCursor());
        break;
    case CXType_Atomic:
        atomic_read(reader, type, from);
        break;
    case CXType_Record:
        type->kind = TYPE_RECORD;
        type->record = record_read(reader, from);
        type->name = type->record->name;
        break;
    case CXType_Enum: {
        CXType integer =
            clang_getCanonicalType(clang_getEnumDeclIntegerType(named));

        builtin_read(reader, type, integer);
        type->kind = TYPE_ENUM;
        type->enumeration = enum_read(reader, named, type->is_signed);
        if (strchr(type->name, '(') != NULL) {
            type->name = NULL;
        }
        break;
    }
    case CXType_FunctionProto:
    case CXType_FunctionNoProto:
        function_read(reader, type, from, declaration);
        break;
    default:
        builtin_read(reader, type, from);
        break;
    }
}

/* Layers of the source that C's types do not have: "struct x" for x, attributes
 * and parentheses. libclang calls the last of them unexposed, but answers for a
 * function inside all the same, and with its typedefs. */
static CXType type_strip(CXType from)
{
    for (;;) {
        CXType inner;

        switch (from.kind) {
        case CXType_Elaborated:
            inner = clang_Type_getNamedType(from);
            break;
        case CXType_Attributed:
            inner = clang_Type_getModifiedType(from);
            break;
        case CXType_Unexposed:
            inner = clang_getCanonicalType(from);
            if (inner.kind == CXType_FunctionProto ||
                inner.kind == CXType_FunctionNoProto) {
                from.kind = inner.kind;
                return from;
            }
            break;
        default:
            return from;
        }
        if (inner.kind == CXType_Invalid || inner.kind == from.kind) {
            return clang_getCanonicalType(from);
        }
        from = inner;
    }
}

/* `declaration` declares something of this type; may be null. */
static const struct type *type_read(struct reader *reader, CXType from,
                                    CXCursor declaration)
{
    struct type *type = arena_alloc(reader->arena, sizeof(*type));
    bool is_const = clang_isConstQualifiedType(from) != 0;
    bool is_volatile = clang_isVolatileQualifiedType(from) != 0;
    bool is_restrict = clang_isRestrictQualifiedType(from) != 0;
    CXType bare = type_strip(from);
    long long size = clang_Type_getSizeOf(bare);

    type->size = size > 0 ? (uint64_t)size : 0;
    type->align = size > 0 ? (uint64_t)clang_Type_getAlignOf(bare) : 0;
    if (bare.kind == CXType_Typedef) {
        type->name = string_take(reader, clang_getTypedefName(bare));
    } else {
        type->name = string_take(
            reader, clang_getTypeSpelling(clang_getCanonicalType(bare)));
        /* Without the qualifiers, which are told apart. */
        while (strncmp(type->name, "const ", 6) == 0 ||
               strncmp(type->name, "volatile ", 9) == 0) {
            type->name = strchr(type->name, ' ') + 1;
        }
    }
    type->is_const = is_const;
    type->is_volatile = is_volatile;
    type->is_restrict = is_restrict;
    type_read_kind(reader, type, bare, declaration);
    return type;
}

static void attributes_read(struct reader *reader, struct function *function,
                            CXCursor cursor)
{
    const char *text = declaration_text(reader, cursor);

    if (function->format == 0) {
        function->format = format_read(text, "printf");
    }
    if (function->scan_format == 0) {
        function->scan_format = format_read(text, "scanf");
    }
    /* The keyword belongs to the function, the attribute to its type. */
    function->is_noreturn |=
        strstr(text, "_Noreturn") != NULL ||
        strstr(string_take(reader,
                           clang_getTypeSpelling(clang_getCursorType(cursor))),
               "noreturn") != NULL;
    function->is_deprecated |=
        clang_getCursorAvailability(cursor) == CXAvailability_Deprecated;
}

/* The last declaration of a function is the one that stays: it is the composite
 * of all before it (C11 6.7.6.3p15). Attributes add up. */
static void function_take(struct reader *reader, CXCursor cursor,
                          struct function *function)
{
    function->where = location_read(reader, clang_getCursorLocation(cursor));
    function->type = type_read(reader, clang_getCursorType(cursor), cursor);
    attributes_read(reader, function, cursor);
}

/* The declaration that says most: an array may get its length later. */
static void variable_take(struct reader *reader, CXCursor cursor,
                          const char *name, struct variable *variable)
{
    if (variable->name == NULL || variable->type->size == 0) {
        variable->name = name;
        variable->where =
            location_read(reader, clang_getCursorLocation(cursor));
        variable->type = type_read(reader, clang_getCursorType(cursor), cursor);
    }
}

static void spec_type_take(struct reader *reader, CXCursor cursor)
{
    const char *name = string_take(reader, clang_getCursorSpelling(cursor));
    size_t length = strlen(HEADER_TYPE_PREFIX);

    if (strncmp(name, HEADER_TYPE_PREFIX, length) == 0) {
        size_t place = strtoul(name + length, NULL, 10);

        if (place < reader->input->n_c_types) { /* else it is the header's */
            reader->model->c_types[place] = type_read(
                reader, clang_getTypedefDeclUnderlyingType(cursor), cursor);
        }
    }
}

static void constant_take(struct reader *reader, CXCursor declaration)
{
    struct children constants =
        children_read(reader, declaration, CXCursor_EnumConstantDecl);
    const size_t length = strlen(HEADER_CONSTANT_PREFIX);
    const size_t text_length = strlen(HEADER_TEXT_PREFIX);

    for (size_t i = 0; i < constants.n_cursors; i++) {
        CXCursor cursor = constants.cursors[i];
        const char *name = string_take(reader, clang_getCursorSpelling(cursor));
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
static void type_take(struct reader *reader, CXCursor cursor)
{
    enum CXCursorKind kind = clang_getCursorKind(cursor);
    const struct header_input *input = reader->input;
    const char *name;

    if (input->n_types == 0) {
        return;
    }
    name = string_take(reader, clang_getCursorSpelling(cursor));
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
                .type = type_read(reader, clang_getCursorType(cursor), cursor),
            };
        }
    }
}

static enum CXChildVisitResult top_level_take(CXCursor cursor, CXCursor parent,
                                              CXClientData data)
{
    struct reader *reader = data;
    enum CXCursorKind kind = clang_getCursorKind(cursor);
    const char *const *name;
    CXString spelling;
    size_t place;

    (void)parent;
    switch (kind) {
    case CXCursor_FunctionDecl:
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
static void functions_settle(struct reader *reader)
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
static void spec_text_refuse(struct reader *reader, const struct spec_text *of,
                             const char *what, const char *problem)
{
    if (reader->input->tells_spec) {
        diag_error(reader->diag, of->where, "spec-c",
                   "'%s' is no %s that the headers know (%s): write it as C "
                   "does, with names that they declare",
                   of->text, what, problem);
    }
}

static void diagnostics_take(struct reader *reader, CXTranslationUnit unit)
{
    const struct spec_text *refused = NULL; /* it stands in its line twice */

    for (unsigned i = 0; i < clang_getNumDiagnostics(unit); i++) {
        CXDiagnostic diagnostic = clang_getDiagnostic(unit, i);
        struct location where =
            location_read(reader, clang_getDiagnosticLocation(diagnostic));

        if (clang_getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error) {
            const char *text =
                string_take(reader, clang_getDiagnosticSpelling(diagnostic));

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

static CXTranslationUnit unit_parse(struct reader *reader, CXIndex index)
{
    const struct header_input *input = reader->input;
    const char **arguments = NULL;
    size_t n_arguments = 0;
    struct arena_text text = {0};
    struct CXUnsavedFile file = {.Filename = HEADER_TEXT_NAME};
    CXTranslationUnit unit = NULL;

    *ARENA_APPEND(reader->arena, arguments, n_arguments) = "-std=gnu11";
    *ARENA_APPEND(reader->arena, arguments, n_arguments) = "-ferror-limit=0";
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
    file.Contents = arena_text_get(&text);
    file.Length = text.length;
    (void)clang_parseTranslationUnit2(
        index, HEADER_TEXT_NAME, arguments, (int)n_arguments, &file, 1,
        CXTranslationUnit_SkipFunctionBodies |
            CXTranslationUnit_DetailedPreprocessingRecord |
            CXTranslationUnit_KeepGoing,
        &unit);
    return unit;
}

static void file_take(CXFile file, CXSourceLocation *stack, unsigned depth,
                      CXClientData data)
{
    struct reader *reader = data;

    (void)stack;
    if (depth > 0) { /* not the input itself */
        *ARENA_APPEND(reader->arena, reader->model->files,
                      reader->model->n_files) =
            string_take(reader, clang_getFileName(file));
    }
}

void header_parse(struct arena *arena, struct diag *diag,
                  const struct header_input *input, struct model *model)
{
    struct reader reader = {
        .arena = arena,
        .diag = diag,
        .input = input,
        .model = model,
        .has_x87 = strcmp(input->isa, "x86_64") == 0,
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
        functions_settle(&reader);
        model_macros_mark(model, reader.macros, reader.n_macros);
        clang_getInclusions(unit, file_take, &reader);
        clang_disposeTranslationUnit(unit);
    }
    clang_disposeIndex(index);
}
