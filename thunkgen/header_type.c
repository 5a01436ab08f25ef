/* SPDX-License-Identifier: MIT
 *
 * Types: from libclang's to the model's. Records and enums are read once each.
 */
#include "header_reader.h"

#include <stdio.h>
#include <string.h>

#include "header_text.h"
#include "own_name.h"

const char *header_string_take(struct header_reader *reader, CXString string)
{
    const char *text = clang_getCString(string);
    const char *copy = arena_strdup(reader->arena, text == NULL ? "" : text);

    clang_disposeString(string);
    return copy;
}

struct location header_location_read(struct header_reader *reader,
                                     CXSourceLocation from)
{
    struct location where = {.file = "<builtin>", .line = 1, .column = 1};
    CXFile file;

    clang_getExpansionLocation(from, &file, &where.line, &where.column, NULL);
    if (file == NULL) {
        where.line = where.column = 1;
    } else {
        where.file = header_string_take(reader, clang_getFileName(file));
    }
    return where;
}

static enum CXChildVisitResult child_take(CXCursor cursor, CXCursor parent,
                                          CXClientData data)
{
    struct header_children *children = data;

    (void)parent;
    if (clang_getCursorKind(cursor) == children->kind) {
        *ARENA_APPEND(children->arena, children->cursors, children->n_cursors) =
            cursor;
    }
    return CXChildVisit_Continue;
}

struct header_children header_children_read(struct header_reader *reader,
                                            CXCursor parent,
                                            enum CXCursorKind kind)
{
    struct header_children children = {.arena = reader->arena, .kind = kind};

    if (!clang_Cursor_isNull(parent)) {
        clang_visitChildren(parent, child_take, &children);
    }
    return children;
}

static enum CXChildVisitResult label_take(CXCursor cursor, CXCursor parent,
                                          CXClientData data)
{
    (void)parent;
    if (clang_getCursorKind(cursor) != CXCursor_AsmLabelAttr) {
        return CXChildVisit_Continue;
    }
    *(CXCursor *)data = cursor;
    return CXChildVisit_Break;
}

/* Of `#pragma redefine_extname` clang makes such an attribute as well. */
const char *header_symbol_read(struct header_reader *reader, CXCursor cursor)
{
    CXCursor label = clang_getNullCursor();

    clang_visitChildren(cursor, label_take, &label);
    return header_string_take(
        reader,
        clang_getCursorSpelling(clang_Cursor_isNull(label) ? cursor : label));
}

/* Whether a macro's definition is in a file, and not the compiler's own. */
bool header_is_in_file(CXCursor cursor)
{
    CXFile file;

    clang_getExpansionLocation(clang_getCursorLocation(cursor), &file, NULL,
                               NULL, NULL);
    return file != NULL;
}

/* A macro as it is defined: "_XOPEN_SOURCE 700". */
const char *header_macro_text(struct header_reader *reader, CXCursor cursor)
{
    CXTranslationUnit unit = clang_Cursor_getTranslationUnit(cursor);
    struct arena_text text = {0};
    CXToken *tokens = NULL;
    unsigned n_tokens = 0;

    clang_tokenize(unit, clang_getCursorExtent(cursor), &tokens, &n_tokens);
    for (unsigned i = 0; i < n_tokens; i++) {
        arena_text_add(reader->arena, &text, "%s%s", i == 0 ? "" : " ",
                       header_string_take(
                           reader, clang_getTokenSpelling(unit, tokens[i])));
    }
    clang_disposeTokens(unit, tokens, n_tokens);
    return arena_text_get(&text);
}

/* What an array holds; a qualifier of the array is one of its elements (C11
 * 6.7.3p9). */
static const struct type *element_of(struct header_reader *reader,
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
static const struct type *type_decay(struct header_reader *reader,
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
static void parameters_name(struct header_reader *reader, struct type *type)
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
static void parameters_read(struct header_reader *reader, struct type *type,
                            CXType from, CXCursor declaration)
{
    struct header_children names =
        header_children_read(reader, declaration, CXCursor_ParmDecl);
    size_t count = (size_t)clang_getNumArgTypes(from);
    bool has_names = names.n_cursors == count;

    for (size_t i = 0; i < count; i++) {
        struct parameter *parameter =
            ARENA_APPEND(reader->arena, type->parameters, type->n_parameters);
        CXType argument = has_names ? clang_getCursorType(names.cursors[i])
                                    : clang_getArgType(from, (unsigned)i);

        parameter->name =
            has_names ? header_string_take(
                            reader, clang_getCursorSpelling(names.cursors[i]))
                      : "";
        parameter->declared = header_type_read(
            reader, argument,
            has_names ? names.cursors[i] : clang_getNullCursor());
        parameter->type = type_decay(reader, parameter->declared);
        if (type_resolve(parameter->declared)->is_variable ||
            type_is_erased(parameter->type)) {
            parameter->declared = parameter->type;
        }
    }
    parameters_name(reader, type);
}

unsigned header_format_read(const char *declaration, const char *wanted)
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

const char *header_declaration_text(struct header_reader *reader,
                                    CXCursor cursor)
{
    CXPrintingPolicy policy = clang_getCursorPrintingPolicy(cursor);
    const char *text = header_string_take(
        reader, clang_getCursorPrettyPrinted(cursor, policy));

    clang_PrintingPolicy_dispose(policy);
    return text;
}

static void function_read(struct header_reader *reader, struct type *type,
                          CXType from, CXCursor declaration)
{
    enum CXCursorKind kind = clang_getCursorKind(declaration);

    type->kind = TYPE_FUNCTION;
    type->has_no_prototype =
        clang_getCanonicalType(from).kind == CXType_FunctionNoProto;
    type->is_variadic =
        !type->has_no_prototype && clang_isFunctionTypeVariadic(from) != 0;
    type->target = header_type_read(reader, clang_getResultType(from),
                                    clang_getNullCursor());
    if (!type->has_no_prototype) {
        parameters_read(reader, type, from, declaration);
    }
    if (kind == CXCursor_TypedefDecl || kind == CXCursor_ParmDecl ||
        kind == CXCursor_FieldDecl) {
        const char *text = header_declaration_text(reader, declaration);

        type->printf_format = header_format_read(text, "printf");
        type->scan_format = header_format_read(text, "scanf");
    }
}

static enum CXVisitorResult field_take(CXCursor cursor, CXClientData data)
{
    struct header_children *children = data;

    *ARENA_APPEND(children->arena, children->cursors, children->n_cursors) =
        cursor;
    return CXVisit_Continue;
}

static bool bit_field_is_aligned(struct header_reader *reader, CXCursor cursor)
{
    CXType type = clang_getCursorType(cursor);

    return header_children_read(reader, cursor, CXCursor_AlignedAttr)
                   .n_cursors > 0 ||
           clang_Type_getAlignOf(type) !=
               clang_Type_getAlignOf(clang_getCanonicalType(type));
}

static void fields_read(struct header_reader *reader, struct record *record,
                        CXType from)
{
    struct header_children fields = {.arena = reader->arena};

    clang_Type_visitFields(from, field_take, &fields);
    for (size_t i = 0; i < fields.n_cursors; i++) {
        struct field *field =
            ARENA_APPEND(reader->arena, record->fields, record->n_fields);
        CXCursor cursor = fields.cursors[i];

        field->name =
            header_string_take(reader, clang_getCursorSpelling(cursor));
        /* From libclang 16 on an unnamed one is "s::(anonymous at ...)". */
        if (strchr(field->name, '(') != NULL) {
            field->name = "";
        }
        field->offset = (uint64_t)clang_Cursor_getOffsetOfField(cursor);
        field->width = clang_Cursor_isBitField(cursor)
                           ? clang_getFieldDeclBitWidth(cursor)
                           : -1;
        field->has_alignment =
            field->width >= 0 && bit_field_is_aligned(reader, cursor);
        field->where =
            header_location_read(reader, clang_getCursorLocation(cursor));
        field->type =
            header_type_read(reader, clang_getCursorType(cursor), cursor);
    }
}

/* What a type is called in the generated code. */
static const char *type_name_settle(struct header_reader *reader,
                                    const char *name)
{
    struct model *model = reader->model;
    bool is_known = false;

    if (!own_name_of_any(name)) {
        return name;
    }
    for (size_t i = 0; i < model->n_type_names; i++) {
        is_known |= strcmp(model->type_names[i], name) == 0;
    }
    if (!is_known) {
        *ARENA_APPEND(reader->arena, model->type_names, model->n_type_names) =
            name;
    }
    return arena_printf(reader->arena, OWN_NAME_TYPE "%s", name);
}

/* Each record once, so that one which points to itself has an end. */
static struct record *record_read(struct header_reader *reader, CXType from)
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
    record->where =
        header_location_read(reader, clang_getCursorLocation(cursor));
    record->is_union = clang_getCursorKind(cursor) == CXCursor_UnionDecl;
    name = header_string_take(
        reader, clang_getTypeSpelling(clang_getCanonicalType(from)));
    /* "struct (unnamed at FILE:LINE:COL)" */
    record->name =
        strchr(name, '(') == NULL ? type_name_settle(reader, name) : NULL;
    record->is_complete = size >= 0;
    if (record->is_complete) {
        record->size = (uint64_t)size;
        record->align = (uint64_t)clang_Type_getAlignOf(from);
        fields_read(reader, record, from);
    }
    return record;
}

/* Each enum once. */
static const struct enumeration *enum_read(struct header_reader *reader,
                                           CXCursor declaration, bool is_signed)
{
    CXCursor canonical = clang_getCanonicalCursor(declaration);
    struct known_enum **bucket =
        &reader->enums[clang_hashCursor(canonical) % N_BUCKETS];
    struct known_enum *known = *bucket;
    struct header_children constants;

    while (known != NULL && !clang_equalCursors(known->cursor, canonical)) {
        known = known->next;
    }
    if (known != NULL) {
        return &known->enumeration;
    }
    known = arena_alloc(reader->arena, sizeof(*known));
    *known = (struct known_enum){*bucket, canonical, {NULL, 0}};
    *bucket = known;
    constants =
        header_children_read(reader, declaration, CXCursor_EnumConstantDecl);
    for (size_t i = 0; i < constants.n_cursors; i++) {
        CXCursor cursor = constants.cursors[i];

        *ARENA_APPEND(reader->arena, known->enumeration.constants,
                      known->enumeration.n_constants) = (struct enumerator){
            .name = header_string_take(reader, clang_getCursorSpelling(cursor)),
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

static const char *float_format(const struct header_reader *reader, CXType from)
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

static void builtin_read(struct header_reader *reader, struct type *type,
                         CXType from)
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
static void atomic_read(struct header_reader *reader, struct type *type,
                        CXType from)
{
    const struct type atomic = *type;

    *type = *type_resolve(header_type_read(
        reader, clang_Type_getValueType(from), clang_getNullCursor()));
    type->name = atomic.name;
    type->size = atomic.size;
    type->align = atomic.align;
    type->is_const = atomic.is_const;
    type->is_volatile = atomic.is_volatile;
    type->is_restrict = atomic.is_restrict;
}

static void type_read_kind(struct header_reader *reader, struct type *type,
                           CXType from, CXCursor declaration)
{
    CXCursor named = clang_getTypeDeclaration(from);

    switch (from.kind) {
    case CXType_Typedef:
        type->kind = name_is_va_list(type->name) ? TYPE_VA_LIST : TYPE_TYPEDEF;
        type->target = header_type_read(
            reader, clang_getTypedefDeclUnderlyingType(named), named);
        break;
    case CXType_Pointer:
        type->kind = TYPE_POINTER;
        type->target =
            header_type_read(reader, clang_getPointeeType(from), declaration);
        break;
    case CXType_ConstantArray:
    case CXType_IncompleteArray:
    case CXType_VariableArray: /* of a parameter, or behind one */
        type->kind = TYPE_ARRAY;
        type->is_variable = from.kind == CXType_VariableArray;
        type->count = from.kind == CXType_ConstantArray
                          ? (uint64_t)clang_getArraySize(from)
                          : 0;
        type->target = header_type_read(reader, clang_getArrayElementType(from),
                                        declaration);
        type->is_variable |= type->target->is_variable;
        break;
    case CXType_Complex:
    case CXType_Vector:
    case CXType_ExtVector:
        type->kind = from.kind == CXType_Complex ? TYPE_COMPLEX : TYPE_VECTOR;
        type->count = from.kind == CXType_Complex
                          ? 2
                          : (uint64_t)clang_getNumElements(from);
        type->target = header_type_read(reader, clang_getElementType(from),
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
        type->name = strchr(type->name, '(') == NULL
                         ? type_name_settle(reader, type->name)
                         : NULL;
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

/* The attribute by which functions of a type are called in another way than the
 * ABI's; NULL: in none. What libclang has as a type of its own is the type with
 * the attribute, and what that is of has none. */
static const char *convention_read(CXType from)
{
    CXType function = clang_getCanonicalType(from);

    if (function.kind != CXType_FunctionProto &&
        function.kind != CXType_FunctionNoProto) {
        return NULL;
    }
    switch (clang_getFunctionTypeCallingConv(function)) {
    case CXCallingConv_Default:
    case CXCallingConv_C:
    case CXCallingConv_AAPCS:
    case CXCallingConv_AAPCS_VFP:
    case CXCallingConv_Invalid:
        return NULL;
    case CXCallingConv_Win64:
        return "ms_abi";
    case CXCallingConv_X86_64SysV:
        return "sysv_abi";
    case CXCallingConv_X86StdCall:
        return "stdcall";
    case CXCallingConv_X86FastCall:
        return "fastcall";
    case CXCallingConv_X86ThisCall:
        return "thiscall";
    case CXCallingConv_X86Pascal:
        return "pascal";
    case CXCallingConv_X86RegCall:
        return "regcall";
    case CXCallingConv_X86VectorCall:
        return "vectorcall";
    case CXCallingConv_AArch64VectorCall:
        return "aarch64_vector_pcs";
    case CXCallingConv_IntelOclBicc:
        return "intel_ocl_bicc";
    case CXCallingConv_Swift:
        return "swiftcall";
    case CXCallingConv_SwiftAsync:
        return "swiftasynccall";
    case CXCallingConv_PreserveMost:
        return "preserve_most";
    case CXCallingConv_PreserveAll:
        return "preserve_all";
    default:
        return "of a calling convention";
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

const struct type *header_type_read(struct header_reader *reader, CXType from,
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
        type->name = type_name_settle(
            reader, header_string_take(reader, clang_getTypedefName(bare)));
    } else {
        type->name = header_string_take(
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
    type->convention = convention_read(from);
    if (bare.kind == CXType_Typedef &&
        strcmp(type->name, HEADER_FLOAT128) == 0) {
        type->kind = TYPE_FLOAT; /* no long double, though it may be one here */
        type->format = "binary128";
        return type;
    }
    type_read_kind(reader, type, bare, declaration);
    return type;
}
