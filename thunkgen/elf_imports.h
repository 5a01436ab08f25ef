/* SPDX-License-Identifier: MIT
 *
 * Reads what a shared library, and each that it pulls in, needs of others.
 * Beside elf_library.h the only module that knows libelf.
 */
#ifndef THUNKGEN_ELF_IMPORTS_H
#define THUNKGEN_ELF_IMPORTS_H

#include <stdbool.h>

#include "arena.h"

struct elf_import {
    const char *name;
    const char *from; /* the soname whose version it has; NULL: none */
    bool is_weak;     /* the library can do without */
};

struct elf_imports {
    const char *soname; /* by which it is needed */
    bool is_found;
    struct elf_import *symbols;
    size_t n_symbols;
    const char **exports; /* all that it defines for others, sorted */
    size_t n_exports;
    const char **needed; /* sonames */
    size_t n_needed;
    const char **folders; /* where it has its own looked for first */
    size_t n_folders;
};

/* Where libraries are. */
struct elf_places {
    const char *root; /* above the folders that libraries name, or "" */
    const char *isa;
    const char *(*find)(void *context, const char *soname); /* or NULL */
    void *context;
};

/* The library of that file, which is of that soname (NULL: has none), then all
 * that it pulls in, each once, sorted. */
void elf_imports_read(struct arena *arena, const char *path, const char *soname,
                      const struct elf_places *places,
                      struct elf_imports **libraries, size_t *n_libraries);

/* Whether it defines a symbol of that name for others. */
bool elf_imports_exports(const struct elf_imports *library, const char *name);

#endif
