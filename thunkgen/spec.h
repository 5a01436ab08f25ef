/* SPDX-License-Identifier: MIT
 *
 * Reads a library's YAML spec: what neither its headers nor its ELF file tell.
 * docs/spec.md describes every key. The only module that knows libyaml.
 */
#ifndef THUNKGEN_SPEC_H
#define THUNKGEN_SPEC_H

#include "diag.h"

/* A text together with its place. */
struct spec_text {
    const char *text; /* NULL: not given */
    struct location where;
};

/* A name and what is said of it. */
struct spec_pair {
    struct spec_text name;
    struct spec_text value;
    size_t type; /* the value as one of the spec's types */
};

/* What a list of arguments holds in one case. */
struct spec_case {
    struct spec_text tag;  /* as it is written; "default" for all others */
    struct spec_text last; /* of a range, "FIRST ... LAST"; else not given */
    size_t constant;       /* the tag as one of the spec's constants */
    size_t last_constant;
    size_t *types; /* of the spec's */
    size_t n_types;
};

/* What 'variadic' says, of "..." or of a va_list. */
struct spec_variadic {
    enum spec_variadic_form {
        VARIADIC_NONE, /* nothing; or there was an error */
        VARIADIC_BY,   /* a parameter tells the case */
        VARIADIC_COUNT,
        VARIADIC_UNTIL,
    } form;
    struct spec_text key;    /* 'variadic' itself; NULL: not given */
    struct spec_text by;     /* the parameter that decides */
    struct spec_text count;  /* the one that counts groups */
    struct spec_text until;  /* the constant that ends the groups */
    struct spec_text first;  /* the parameter that is the first one's first */
    size_t until_constant;   /* of the spec's */
    struct spec_case each;   /* a group, which has no tag */
    struct spec_case *cases; /* by the parameter, or by a group's first */
    size_t n_cases;
};

/* A handle: a type of which guest and host each have an object, and the name
 * of the functions that find one side's for the other's. */
struct spec_handle {
    struct spec_text of;   /* the type, "Display *"; or a parameter's name */
    struct spec_text name; /* "x11_display" */
};

/* A conversion that C does not have: what stands for it in a format, and "int",
 * "long", "double" or "pointer" for each argument that it takes. */
struct spec_conversion {
    struct spec_text name;
    struct spec_text *takes;
    size_t n_takes;
};

struct spec_function {
    struct spec_text name;
    struct spec_text format; /* 'printf:': the parameter with the format */
    struct spec_conversion *conversions; /* of that format, besides C's */
    size_t n_conversions;
    struct spec_pair *callbacks; /* parameters that are functions */
    size_t n_callbacks;
    struct spec_text scan; /* 'scanf:': the parameter with the format */
    struct spec_variadic variadic;
    struct spec_text door;   /* "fast" or "syscall" */
    struct spec_text leaf;   /* "true" or "false" */
    struct spec_text guest;  /* "true": the guest's half has it; or "wrap" */
    struct spec_text before; /* what the host runs before it */
    struct spec_text after;  /* and after it */
    struct spec_text *frees; /* of what the program gets a copy: "result" */
    size_t n_frees;
    struct spec_text *keeps; /* what stays the library's: "result" */
    size_t n_keeps;
    struct spec_text *in; /* parameters that are only read through */
    size_t n_in;
    struct spec_text *out; /* only written through */
    size_t n_out;
    struct spec_text *inout; /* both */
    size_t n_inout;
    struct spec_pair *lengths; /* of what parameters point to */
    size_t n_lengths;
    struct spec_handle *handles; /* of parameters */
    size_t n_handles;
    struct spec_text procedure; /* the parameter that names the result */
};

/* A struct of a chain, and the value by which the program tells it. */
struct spec_link {
    struct spec_text constant;
    struct spec_text type;
};

/* A union in a record, and the member that tells which of it is in use. */
struct spec_union {
    struct spec_text name;
    struct spec_text by;
    struct spec_pair *cases; /* constant: member of the union */
    size_t n_cases;
};

/* What only the library knows of a type. */
struct spec_type {
    struct spec_text name;  /* "struct x", or a typedef's name */
    size_t c_type;          /* of the spec's */
    struct spec_text chain; /* the member that points to the next struct */
    struct spec_text by;    /* the one that tells what struct it is */
    struct spec_link *links;
    size_t n_links;
    struct spec_pair *callbacks; /* members that are functions */
    size_t n_callbacks;
    struct spec_text *follow; /* pointers to records that hold functions */
    size_t n_follow;
    struct spec_text *filled_by; /* callbacks that put functions there */
    size_t n_filled_by;
    struct spec_union *unions;
    size_t n_unions;
    struct spec_pair *lengths; /* of what members point to, or are */
    size_t n_lengths;
    struct spec_text single; /* "true": pointers to it are to one of it */
    struct spec_text opaque; /* "true" or "false": nothing to be found in it */
    struct spec_text stubs;  /* likewise: the library puts functions there that
                              * the program calls */
};

/* A callback type that is printf-like, and its parameter. */
struct spec_format {
    struct spec_text callback;
    struct spec_text parameter;
};

struct spec {
    const char *path;
    struct spec_text library; /* short name, for files and symbols */
    struct spec_text soname;
    struct spec_text door;    /* of functions that say nothing else */
    struct spec_text threads; /* "true" or "false": of its own, calling back */
    struct spec_text start;   /* what the guest runs once it is attached */
    struct spec_handle *handles; /* of types */
    size_t n_handles;
    struct spec_pair *libc; /* its types: whose objects they are */
    size_t n_libc;
    struct spec_text *defines;
    size_t n_defines;
    struct spec_text *omit; /* names, or patterns as the shell has them */
    size_t n_omit;
    struct spec_text undeclared; /* what becomes of what no header declares */
    struct spec_text *versions;  /* whose older versions have the same type */
    size_t n_versions;
    struct spec_datum {
        struct spec_text name;
        struct spec_text copy; /* "both", "one" or "start" */
    } * data;
    size_t n_data;
    /* C types and constants that are named anywhere, for header.c. */
    struct spec_text *c_types;
    size_t n_c_types;
    struct spec_text *constants;
    size_t n_constants;
    struct spec_text *procedures; /* patterns of names, as of files */
    size_t n_procedures;
    struct spec_function *functions;
    size_t n_functions;
    struct spec_function *callbacks; /* types, by the names of the plan */
    size_t n_callbacks;
    struct spec_format *formats; /* 'printf:' of callbacks */
    size_t n_formats;
    struct spec_type *types;
    size_t n_types;
};

void spec_read(struct arena *arena, struct diag *diag, const char *path,
               struct spec *spec);

/* Whether it is a pattern of names, as of files. */
bool spec_is_pattern(const char *name);

/* What the first pattern of `functions` that fits says of them; or NULL. */
const struct spec_function *spec_function_match(const struct spec *spec,
                                                const char *name);

/* NULL when the spec does not mention it. */
const struct spec_function *spec_function_find(const struct spec *spec,
                                               const char *name);

/* The same of a callback type. */
const struct spec_function *spec_callback_find(const struct spec *spec,
                                               const char *name);

/* What the spec says of a variable; NULL: nothing. */
const struct spec_text *spec_datum_find(const struct spec *spec,
                                        const char *name);

/* What the first pattern of `data` that fits says of those that are no
 * constants; NULL: nothing. */
const struct spec_text *spec_datum_match(const struct spec *spec,
                                         const char *name);

const struct spec_format *spec_format_find(const struct spec *spec,
                                           const char *callback);

/* What these texts mean; not given means false. */
bool spec_door_is_fast(const struct spec_text *door);
bool spec_is_true(const struct spec_text *text);

/* Whether the guest's half has a function around the one that is generated. */
bool spec_is_wrapped(const struct spec_function *function);

/* Whether functions of that name can be had by it. */
bool spec_names_procedure(const struct spec *spec, const char *name);
/* Where the spec says that the symbol is left out; NULL: nowhere. */
const struct spec_text *spec_omission_find(const struct spec *spec,
                                           const char *name);

bool spec_omits(const struct spec *spec, const char *name);

/* What becomes of what the library exports and no header declares. */
enum spec_undeclared {
    UNDECLARED_REFUSE,
    UNDECLARED_OMIT,    /* as if 'omit:' named it */
    UNDECLARED_UNTYPED, /* carried without a type */
};
enum spec_undeclared spec_undeclared(const struct spec *spec);

/* Whether an entry of 'omit:' means this symbol. */
bool spec_text_matches(const struct spec_text *pattern, const char *name);

#endif
