/* SPDX-License-Identifier: MIT
 *
 * What the generator knows of a library's C interface under one ABI: functions
 * and the types that they reach. header.c fills it from libclang; everything
 * after that works on this alone.
 */
#ifndef THUNKGEN_MODEL_H
#define THUNKGEN_MODEL_H

#include <stdint.h>

#include "diag.h"

enum type_kind {
    TYPE_VOID,
    TYPE_INTEGER, /* _Bool and character types too */
    TYPE_FLOAT,
    TYPE_ENUM,
    TYPE_POINTER,
    TYPE_ARRAY,
    TYPE_RECORD, /* struct or union */
    TYPE_FUNCTION,
    TYPE_TYPEDEF,
    TYPE_VA_LIST,
    TYPE_COMPLEX,
    TYPE_VECTOR,  /* of the compiler's, which processors have registers for */
    TYPE_UNKNOWN, /* C has it, the model does not: name says what */
};

/* What an enum declares, in the order of the source. */
struct enumeration {
    struct enumerator {
        const char *name;
        int64_t value;
    } * constants;
    size_t n_constants;
};

struct parameter {
    const char *name; /* as declared, made unique; never NULL */
    const struct type *type;
    const struct type *declared; /* before an array or function decays */
};

struct type {
    enum type_kind kind;
    bool is_const;
    bool is_volatile;
    bool is_restrict;

    /* How C writes it: builtin types, enums, records ("struct z_stream_s") and
     * typedefs. NULL for a record or enum that C cannot name. */
    const char *name;

    uint64_t size;  /* bytes; 0 when it has none (void, incomplete) */
    uint64_t align; /* bytes */

    bool is_signed;     /* INTEGER, ENUM */
    const char *format; /* FLOAT: "binary64", "x87", "binary128" ... */
    uint64_t count;     /* ARRAY, 0 for a flexible one; VECTOR */
    bool is_variable;   /* ARRAY: its length, or that of what it holds, is an
                         * expression of parameters, as in `double m[n][n]` */
    struct record *record;
    const struct enumeration *enumeration; /* ENUM */

    /* POINTER: what it points to. ARRAY, VECTOR: element. COMPLEX: its parts.
     * FUNCTION: result. TYPEDEF: what it stands for. */
    const struct type *target;

    /* FUNCTION */
    struct parameter *parameters;
    size_t n_parameters;
    bool is_variadic;
    bool has_no_prototype;
    unsigned printf_format; /* as in struct function, where a declaration of a
                             * pointer to it tells */
    unsigned scan_format;

    /* The attribute by which functions of this type are called otherwise than
     * the ABI has it, "ms_abi"; NULL: none. Of a typedef of one as well. */
    const char *convention;
};

struct field {
    const char *name; /* "" for an anonymous member */
    const struct type *type;
    uint64_t offset;    /* bits */
    int64_t width;      /* bits of a bit-field, else -1 */
    bool has_alignment; /* a bit-field's own, by attribute or typedef */
    struct location where;
};

struct record {
    const char *name; /* as struct type's name */
    size_t index;     /* among the records of its model, from 0 */
    bool is_union;
    bool is_complete;
    uint64_t size, align; /* bytes */
    struct field *fields;
    size_t n_fields;
    struct location where;
};

/* What a header has of a function besides declarations. */
enum definition {
    DEFINITION_NONE,
    DEFINITION_INLINE, /* for inlining alone: another source has the function */
    DEFINITION_FULL,   /* each source that includes the header has it */
};

struct function {
    const char *name;        /* the symbol's */
    const char *c_name;      /* how C writes it: another by an __asm__ label */
    const struct type *type; /* FUNCTION */
    struct location where;
    enum definition definition;

    /* The parameter with the printf format, counted from 1, that an attribute
     * of the declaration tells; 0: none does. */
    unsigned format;
    unsigned scan_format; /* likewise of scanf */
    bool is_deprecated;
    bool is_noreturn;
};

struct variable {
    const char *name;   /* the symbol's */
    const char *c_name; /* as a function's */
    const struct type *type;
    struct location where;
};

/* A type that was asked for by its name. */
struct named_type {
    const char *name; /* as it was asked for */
    const struct type *type;
};

struct model {
    const char *isa;            /* "x86_64", "aarch64", "riscv64" */
    bool has_x87;               /* what long double is; else binary128 */
    struct function *functions; /* sorted by name */
    size_t n_functions;
    struct variable *variables; /* likewise */
    size_t n_variables;
    struct named_type *types;
    size_t n_types;
    struct record **records; /* that functions reach, by index */
    size_t n_records;

    /* What the types and constants that the spec names are, by their places
     * there; NULL and 0 where an error was told. A text is 0 as well. */
    const struct type **c_types;
    int64_t *constants;
    bool *is_text;      /* by the index of the constants */
    const char **files; /* that were read */
    size_t n_files;
    const char **features; /* "_GNU_SOURCE 1": those that the headers themselves
                            * define before libc's are read */
    size_t n_features;
    const char **type_names; /* that are those of own_name.h, too: the types
                              * have others here */
    size_t n_type_names;
    const char **macros; /* the names of all, sorted */
    size_t n_macros;
    bool is_broken; /* the headers have errors: functions may be missing */
};

/* Without typedefs. */
const struct type *type_resolve(const struct type *type);

bool type_is_long_double(const struct type *type);

/* The attribute by which functions of that type are called otherwise than the
 * ABI has it; NULL: none, or it is no function. */
const char *type_convention(const struct type *type);

/* Whether it is a pointer to rows of rows whose length only a call tells: to
 * declare it again takes the expressions, so it is a `void *` instead. */
bool type_is_erased(const struct type *type);

/* Whether a declaration of such a function has one of them, also in the types
 * of functions that it takes. */
bool type_has_erased(const struct type *function);

bool type_is_void(const struct type *type);

/* Whether it is const, by a typedef of it, too. */
bool type_is_const(const struct type *type);

/* The function type behind a pointer to a function, else NULL. */
const struct type *type_callback(const struct type *type);

const struct function *model_function(const struct model *model,
                                      const char *name);
const struct variable *model_variable(const struct model *model,
                                      const char *name);

/* NULL: the headers have none of that name. */
const struct type *model_type(const struct model *model, const char *name);

/* Of names, as qsort() and bsearch() want it. */
int model_name_compare(const void *left, const void *right);

/* Whether the headers define a macro of that name. */
bool model_has_macro(const struct model *model, const char *name);

#endif
