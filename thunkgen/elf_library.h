/* SPDX-License-Identifier: MIT
 *
 * Reads what a shared library exports from its ELF file. Beside
 * elf_imports.h the only module that knows libelf.
 */
#ifndef THUNKGEN_ELF_LIBRARY_H
#define THUNKGEN_ELF_LIBRARY_H

#include <stdint.h>

#include "diag.h"

enum symbol_kind { SYMBOL_FUNCTION, SYMBOL_DATA, SYMBOL_TLS };

struct symbol {
    const char *name;
    const char *version; /* NULL: none */
    bool is_default;     /* name@@version, or without version */
    enum symbol_kind kind;
    uint64_t size;    /* of a variable, bytes */
    uint64_t address; /* in the file's own terms */

    /* Of a variable: nobody writes it once it is relocated; the library itself
     * finds it by its relocations, and so may have a program's in its place. */
    bool is_constant, is_imported;

    /* Of an older version: it is the same function as the default one. */
    bool is_alias;
};

/* A version node of the library. */
struct version {
    const char *name;
    const char **parents;
    size_t n_parents;
};

struct elf_library {
    const char *path;
    const char *soname; /* NULL: none */
    const char *isa;
    struct symbol *symbols; /* sorted by name, default version first */
    size_t n_symbols;
    struct version *versions; /* in the file's order */
    size_t n_versions;
};

/* `where` is the place to blame: what named the library. */
void elf_library_read(struct arena *arena, struct diag *diag,
                      struct location where, const char *path,
                      struct elf_library *library);

/* How messages call it: "deflate"; "deflate@ZLIB_1.1" for what programs can
 * only be linked with of old. */
const char *symbol_title(struct arena *arena, const struct symbol *symbol);

/* The file of a soname on this machine's own search path, or NULL. */
const char *elf_library_find(struct arena *arena, const char *soname);

/* The same for another machine's libraries, in the folders below a root that
 * Debian and others have for a target; "" is this machine's root. */
const char *elf_library_find_below(struct arena *arena, const char *soname,
                                   const char *root, const char *target);

#endif
