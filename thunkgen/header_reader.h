/* SPDX-License-Identifier: MIT
 *
 * What header.c and header_type.c share: only these two and verify.c see
 * libclang.
 */
#ifndef THUNKGEN_HEADER_READER_H
#define THUNKGEN_HEADER_READER_H

#include "header.h"

#include <clang-c/Index.h>

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

/* What the headers declare as one symbol under one of its names in C. */
struct declared_function {
    struct declared_function *next;
    struct function function;
    bool is_plain; /* by a declaration that is not for inlining alone */
};

enum { N_BUCKETS = 1024 };

struct header_reader {
    struct arena *arena;
    struct diag *diag;
    const struct header_input *input;
    struct model *model;
    struct known_record *records[N_BUCKETS];
    struct known_enum *enums[N_BUCKETS];
    const char **names; /* of the functions wanted, sorted */
    size_t n_names;
    struct declared_function **functions; /* by the place in names */
    struct variable *variables;           /* likewise */
    bool has_x87;                         /* what long double is */
    bool has_features; /* libc's <features.h> has been read */
    size_t n_ends;     /* of HEADER_END that were found */
    CXCursor last;     /* of functions before the next that was not */
};

/* Children of one kind, in the order of the source. */
struct header_children {
    struct arena *arena;
    enum CXCursorKind kind;
    CXCursor *cursors;
    size_t n_cursors;
};

/* What libclang gives belongs to libclang; this copies it, and gives it back.
 */
const char *header_string_take(struct header_reader *reader, CXString string);

struct location header_location_read(struct header_reader *reader,
                                     CXSourceLocation from);

/* None of a null cursor. */
struct header_children header_children_read(struct header_reader *reader,
                                            CXCursor parent,
                                            enum CXCursorKind kind);

/* `declaration` declares something of this type; may be null. */
const struct type *header_type_read(struct header_reader *reader, CXType from,
                                    CXCursor declaration);

/* libclang tells of attributes no more than that they are there; but it writes
 * declarations out with them, and with macros expanded. */
const char *header_declaration_text(struct header_reader *reader,
                                    CXCursor cursor);

/* What the linker calls it: an __asm__ label, or its name. */
const char *header_symbol_read(struct header_reader *reader, CXCursor cursor);

bool header_is_in_file(CXCursor cursor);
const char *header_macro_text(struct header_reader *reader, CXCursor cursor);

/* The parameter that __attribute__((format(printf, ...))) names in such a text,
 * or another than printf, as `wanted` says; else 0. */
unsigned header_format_read(const char *declaration, const char *wanted);

#endif
