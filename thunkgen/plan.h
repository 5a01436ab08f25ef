/* SPDX-License-Identifier: MIT
 *
 * What is to be generated: every decision about every function, parameter and
 * callback, made from the model, the spec and the library's symbols. The
 * emitters only print it.
 */
#ifndef THUNKGEN_PLAN_H
#define THUNKGEN_PLAN_H

#include "elf_library.h"
#include "isa.h"
#include "model.h"
#include "spec.h"

enum pass {
    PASS_VALUE,     /* as it is */
    PASS_CALLBACK,  /* a function pointer: the host gets a trampoline, the guest
                     * a stub */
    PASS_ADOPT,     /* a record that may hold guest functions, or a pointer to
                     * one: the host learns their types and the rest is as is */
    PASS_OUT,       /* a pointer to what the function only writes: as it is,
                     * but for function pointers, as in PASS_PLACE */
    PASS_FORMAT,    /* a printf format: the guest formats */
    PASS_ARGUMENTS, /* the va_list of that format: does not cross */
    PASS_PLACE,     /* a pointer to a function pointer: the host learns the type
                     * of what lies there, and what it writes the guest gets
                     * for a guest function */
    PASS_FILE,      /* a FILE *: the host gets a stream that stands for it */
    PASS_CONVERT,   /* a pointer to what a guest has in another layout: the host
                     * gets a copy in its own */
    PASS_FILE_PLACE, /* a pointer to one: the host gets a place of its own, with
                      * its own stream in it, as `flow` says */
};

/* Which way what a pointer points to goes. */
enum plan_flow { FLOW_IN, FLOW_OUT, FLOW_INOUT };

/* What tells how many elements there are, or which member of a union is in
 * use: a function of the host's half. */
struct plan_counter {
    const char *name;   /* "count_list_items", "which_event_of" */
    const char *record; /* that tells it, in C; NULL: a constant does */
    const char *count;  /* C; NULL: of a union: */
    const char *by;     /* the member that tells */
    struct plan_which {
        const char *constant;
        size_t member; /* of the shape, from 1 */
    } * cases;
    size_t n_cases;
};

/* A type whose layout differs, for thunk/convert.h, which tells of each. */
enum shape_kind {
    SHAPE_BYTES,
    SHAPE_INTEGER,
    SHAPE_LONG_DOUBLE,
    SHAPE_RECORD,
    SHAPE_UNION,
    SHAPE_POINTER,
};

struct plan_place {
    uint64_t bit, bits, count; /* bits is 0 where an ISA has no such member */
    enum shape_sign { SHAPE_UNSIGNED, SHAPE_SIGNED, SHAPE_BOOL } sign;
};

struct plan_shape {
    const char *name;        /* of its tables: "long_double", "struct_point" */
    const char *of;          /* for people: "struct point" */
    const struct type *type; /* the host's, of a struct; else NULL */
    struct plan_shape_member {
        const char *name;
        enum shape_kind kind;
        bool is_const;
        const struct plan_shape *shape;
        const struct plan_counter *counter; /* NULL: none */
        struct plan_place places[ISA_COUNT];
    } * members;
    size_t n_members;
    bool is_flexible;  /* the last member is */
    bool has_pointers; /* that are converted */
    uint64_t sizes[ISA_COUNT];
    uint64_t alignments[ISA_COUNT];
    unsigned alike[ISA_COUNT]; /* one number: one layout */
};

/* Whether a function has one layout for all. */
enum plan_layout {
    LAYOUT_IDENTICAL,
    LAYOUT_CONVERTED,
    LAYOUT_NEEDS_SPEC,
    LAYOUT_IMPOSSIBLE,
    LAYOUT_COUNT,
};

/* A record whose layout differs: what each ISA has, NULL where it was not asked
 * about or does not have it. */
struct plan_pin {
    const struct record *of[ISA_COUNT];
};

/* A call of a function that the host has beside the library's own: one that
 * finds a side's own object for the other side's, which is its first argument,
 * or one that runs before or after a function. */
struct plan_aside {
    const char *name;
    const char **others; /* further arguments: parameters, as planned */
    size_t n_others;
};

/* A record that crosses to the host as a copy, with the host's handles and
 * streams in it. */
struct plan_copy {
    const char *name; /* for the function's name: "_XrmValue" */
    const struct record *record;
    struct plan_copy_member {
        const char *name;
        const char *to_host; /* NULL: it is a stream */
    } * members;
    size_t n_members;
    bool has_files;
};

/* Where something holds long doubles, in a row: "" (itself), ".a[1].b". */
struct plan_number {
    const char *path;
    uint64_t count;
};

/* Those that the host converts, since a guest has another format. */
struct plan_numbers {
    struct plan_number *items;
    size_t n_items;
};

/* A type of functions that cross. */
struct plan_callback {
    const char *name;
    const struct type *pointer;         /* as C writes it */
    const struct type *function;        /* what it points to */
    struct plan_parameter *parameters;  /* function->n_parameters */
    const struct plan_callback *result; /* NULL: no function pointer */
    const struct plan_record *record;   /* the result; NULL: has none in it */
    const struct plan_record *stubs;    /* behind the result, for the guest */
    struct plan_numbers numbers;        /* in the result */
    bool result_is_file;                /* a FILE *: each side gets its own */
    const struct plan_aside *result_to_host;  /* a handle; NULL: is none */
    const struct plan_aside *result_to_guest; /* when the guest calls */
    bool has_result;
    bool is_variadic;    /* "..." with a format */
    bool is_va_list;     /* a va_list with a format */
    const char *failure; /* with a format: the result when that fails */
    bool is_callback;    /* the host calls guest functions of it */
    bool has_copies;     /* parameters with PASS_CONVERT, for the guest */

    /* The guest calls with a copy of the frame: a QEMU (10.0) lets no x87
     * instruction of its guest touch memory of the host. */
    bool is_copied;
    uint64_t frame_size;
    const char *trace;
    bool is_stub; /* the guest calls host functions of it */
    bool is_fast; /* and does so through the instruction door */
    uint64_t stub_size;
    const char *stub_trace;
    const struct function *origin; /* that made the type known */
};

/* An enum whose values --trace shows by name. */
struct plan_enum {
    const char *name; /* for its table: "VkResult", "enum_color" */
    const struct enumeration *enumeration;
};

/* Where a record holds a function pointer: ".ops.read", "[i]" for every element
 * of an array. */
struct plan_member {
    const char *path;
    uint64_t count; /* elements; 0: no array */
    const struct type *pointer;
    const struct plan_callback *callback;
    const struct plan_record *follow; /* instead: what the member points to */
    const char *condition; /* C, for a member of a union; NULL: always */
    bool is_object;        /* declared as a pointer to something else */
};

/* What may hang on a record: structs that begin like it, each with a member
 * that points to the next and one that tells which it is. */
struct plan_chain {
    const char *next, *by;
    struct plan_link {
        const char *constant;
        const struct plan_record *record;
    } * links;
    size_t n_links;
};

/* A record with function pointers in it. */
struct plan_record {
    const char *name; /* for the function's name: "z_stream_s" */
    const struct record *record;
    bool is_adopted; /* the host finds guest functions in it */
    bool is_given;   /* the guest gets a copy with the host's */
    bool is_stubbed; /* what the host puts there is made the guest's in place */
    bool is_lent;    /* and the host's again, while that reads it */
    struct plan_member *members;
    size_t n_members;
    const struct plan_chain *chain; /* NULL: none */
};

struct plan_parameter {
    const char *name; /* none that the generated function needs itself */
    const struct type *type;
    enum pass pass;
    const struct plan_callback *callback; /* PASS_CALLBACK, _PLACE, _OUT */
    const struct plan_record *record;     /* PASS_ADOPT */
    bool is_pointer;                      /* PASS_ADOPT: to the record */
    struct plan_numbers numbers;
    bool is_filled; /* PASS_ADOPT: a guest function may write there */
    const struct plan_record *given;   /* to a callback, by value; or NULL */
    const struct plan_record *stubs;   /* whose functions the guest calls, as
                                        * `flow` says; or NULL */
    const struct plan_aside *to_host;  /* a handle; NULL: is none */
    const struct plan_aside *to_guest; /* of a callback */
    const struct plan_copy *copy;      /* of what it points to; or NULL */
    const char *copied;                /* the variable for the copy */

    /* A place that the function may write: the variable for what was there */
    const char *before;

    /* PASS_CONVERT; the flow of PASS_FILE_PLACE, too */
    const struct plan_shape *shape;
    enum plan_flow flow;
    bool keeps; /* what pointers there are let point to stays the library's; of
                 * what a callback is given, it itself does */
    const char *count; /* C, of elements */
};

/* What follows in a list of arguments, as places among a function's items. */
struct plan_list_case {
    const char *first; /* C, a number or a text; NULL: all others */
    const char *last;  /* NULL: the same */
    size_t *items;
    size_t n_items;
};

/* A list of arguments that the guest takes apart by tables. */
struct plan_list {
    const char *form;    /* "UNTIL", "COUNT" or "BY", as in thunk/list.h */
    const char *until;   /* C, a number */
    const char *decides; /* the parameter that counts or tells; or NULL */
    bool has_first;      /* that one is the first group's first */
    bool has_texts;      /* for keys */
    struct plan_list_case each;
    struct plan_list_case *cases; /* the last is for all others */
    size_t n_cases;
};

struct plan_function {
    const char *name;
    const char *symbol;  /* another name if it is one case of a function */
    const char *real;    /* how C names the library's function or variable */
    const char *c_name;  /* and what the guest's half has for it */
    bool is_labelled;    /* that one has another type for C, and the symbol as
                          * its label */
    const char *version; /* NULL: none */
    bool is_exported;    /* else it is had by name alone */
    bool is_old;       /* programs that are linked today have another version */
    bool is_procedure; /* it can be had by name */
    bool is_wrapped;   /* the guest's half has what programs call, around it */

    /* The symbol is a variable with a pointer to such a function: the guest's
     * points to this one, which calls what the host's points to. */
    bool is_variable;
    const struct function *function;
    struct plan_parameter *parameters;
    size_t n_parameters;
    bool has_result;
    const struct plan_callback *result; /* NULL: no function pointer */
    const struct plan_record *record;   /* the result; NULL: has none in it */
    const struct plan_record *stubs;    /* behind the result; or NULL */
    struct plan_numbers numbers;        /* in the result */
    bool result_is_file; /* a FILE *: the guest gets one that stands for it */
    const struct plan_aside *result_to_guest; /* a handle; NULL: is none */
    const struct plan_aside *before;          /* NULL: nothing */
    const struct plan_aside *after;
    bool is_freed; /* the result's copy, by the program */

    /* The result points to memory whose layout differs: its shape, and how many
     * there are, in C. NULL: it does not. */
    const struct plan_shape *result_shape;
    const char *result_count;
    bool result_is_filled; /* anew by each call, in the same place */
    const char *procedure; /* the parameter that names the result, or NULL */
    bool is_variadic;      /* "..." with a format */
    bool is_va_list;       /* a va_list with a format */
    const char *failure;   /* with a format: the result when that fails */

    /* A format that the host works out: its own conversions, each a letter and
     * 'i', 'd' or 'p' for what it takes; else NULL. */
    const char *conversions;
    const char *format; /* then: the parameter with it; of scanf, too */
    bool is_scan;       /* a scanf format */
    const struct plan_list *list; /* no format, but that */
    struct plan_parameter *items; /* of the list: what they are to the host */
    size_t n_items;
    bool has_words;  /* any of these: the list crosses as words */
    bool is_fast;    /* through the instruction door */
    bool is_leaf;    /* and on the caller's stack */
    bool may_read;   /* a stream of the guest's */
    bool has_copies; /* parameters with PASS_CONVERT */
    uint64_t frame_size;
    const char *trace; /* the frame, as thunk/host.h describes it */

    /* How its layout is for the guests, and what decides that, unless it is
     * identical. */
    enum plan_layout layout;
    struct location decided;
    const char *difference;
};

/* A variable of the library. */
struct plan_datum {
    const struct symbol *symbol;
    const char *name;
    const char *version; /* NULL: none */
    uint64_t size, align;
    enum plan_datum_kind {
        DATUM_START,    /* copied at the start */
        DATUM_BOTH,     /* both sides write it */
        DATUM_FUNCTION, /* likewise: a function pointer, converted */
        DATUM_FILE,     /* likewise: a FILE * */
        DATUM_ONE,      /* the host's library uses the guest's */
        DATUM_OWN,      /* the guest's own library does; the host's does not */
    } kind;
    bool is_thread; /* each thread has its own: of START and BOTH */
    const struct plan_callback *callback; /* of FUNCTION */

    /* Stands for it in messages; NULL: of one that is not carried by its type.
     */
    const struct function *accessor;
};

/* What the library exports and the thunk does not carry. */
struct plan_forward {
    const struct symbol *symbol;
    bool is_untyped; /* calls go to the host's, all registers as they are; else
                      * to the guest's own */
};

/* What the thunk cannot even forward: a program that needs it has the guest's
 * own library in place of the thunk. */
struct plan_lack {
    const struct symbol *symbol;
    const char *reason;
};

/* An older version of an exported function that is that function itself. */
struct plan_alias {
    const char *symbol;
    const char *c_name; /* how C names the function */
    const char *version;
    const char *newest; /* the function's own version */
};

/* A variadic function that looks at a parameter and goes on as one of several.
 */
struct plan_dispatch {
    const char *name;
    const char *c_name; /* how C names the function */
    const char *version;
    const struct function *function;
    bool is_wrapped; /* as a function is */
    const char *by;
    struct plan_case {
        const char *tag;  /* NULL: all others */
        const char *last; /* of a range from tag on; NULL: it is none */
        const char *name; /* of the plan_function */
    } * cases;
    size_t n_cases;
};

/* A function that the guest's half has from sources of its own. */
struct plan_own {
    const char *name;
    const char *version; /* NULL: none */
};

struct plan {
    const char *library;
    const char *soname;
    const char *spec; /* file name, without folders */
    const char *const *headers;
    size_t n_headers;
    const char **defines;
    size_t n_defines;

    /* As the model has them; what of the headers' macros is to be undone,
     * sorted, and types and symbols that have another name in the generated
     * code. */
    const char **features;
    size_t n_features;
    const char **hidden;
    size_t n_hidden;
    const char **type_names;
    size_t n_type_names;
    struct plan_name {
        const char *c_name, *symbol;
    } * names;
    size_t n_names;
    bool has_rows;    /* whose length only a call tells */
    const char *isas; /* for which it was proved: "x86_64, aarch64" */
    uint64_t hash;
    bool is_fast;     /* any function is */
    bool has_threads; /* of its own, which call back */
    bool has_files;   /* streams that cross */

    /* Those that are exported and those that are not, each sorted by name */
    struct plan_function *functions;
    size_t n_functions;
    struct plan_datum *data; /* likewise */
    size_t n_data;
    struct plan_alias *aliases; /* likewise, then by version */
    size_t n_aliases;
    bool has_shared_data; /* that are no threads' */
    size_t n_thread_data; /* that are, and shared */
    size_t n_exported;
    struct plan_own *own; /* sorted by name */
    size_t n_own;
    struct plan_forward *forwards; /* likewise, then by version */
    size_t n_forwards;
    struct plan_lack *lacks; /* likewise */
    size_t n_lacks;
    bool has_procedures;
    bool has_exports; /* the host can find the guest's own functions */
    struct plan_dispatch *dispatches; /* sorted by name */
    size_t n_dispatches;
    struct plan_callback **callbacks; /* sorted by name */
    size_t n_callbacks;
    size_t n_stubs;               /* callbacks with is_stub */
    struct plan_record **records; /* sorted by name */
    size_t n_records;
    struct plan_enum *enums; /* sorted by name */
    size_t n_enums;
    const char *start;         /* what the guest runs once attached; or NULL */
    struct plan_copy **copies; /* sorted by name */
    size_t n_copies;
    const struct record **pinned; /* complete records that C can name */
    size_t n_pinned;
    struct plan_pin *pins; /* those that differ, in the order of their names */
    size_t n_pins;
    bool is_asked[ISA_COUNT];   /* about that ISA */
    struct plan_shape **shapes; /* in the order in which they were met */
    size_t n_shapes;
    struct plan_counter **counters; /* likewise */
    size_t n_counters;
    const struct version *versions;
    size_t n_versions;
};

struct plan_input {
    const struct spec *spec;
    const struct elf_library *library;
    const struct model *models; /* the host's first, then the guests' */
    size_t n_models;
    const char *const *headers;
    size_t n_headers;
};

/* Where the spec leaves a symbol out, in all versions or in this one; NULL:
 * nowhere. */
const struct spec_text *plan_omission_find(struct arena *arena,
                                           const struct spec *spec,
                                           const struct symbol *symbol);

/* Where the spec says that an older version has the type that the header
 * declares; NULL: nowhere, or it is no older one. */
const struct spec_text *plan_version_find(const struct spec *spec,
                                          const struct symbol *symbol);

void plan_make(struct arena *arena, struct diag *diag,
               const struct plan_input *input, struct plan *plan);

#endif
