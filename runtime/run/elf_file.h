/* SPDX-License-Identifier: MIT
 *
 * What a dynamic linker reads of an ELF file, for those who only want to know:
 * needs, folders, symbols and versions (ELF gABI; for versions LSB "Symbol
 * Versioning"). The files are the guest's and may be broken or meant badly:
 * whatever lies outside of the file is not there.
 */
#ifndef THUNK_RUN_ELF_FILE_H
#define THUNK_RUN_ELF_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "span.h"

/* One of the versions that a file defines, or needs of another one. */
struct elf_version {
    const char *name;
    const char *file; /* by soname; NULL: this file defines it */
    bool is_weak;     /* the need of it */
    bool is_base;     /* not a version: the soname */
};

struct elf_file {
    dev_t device;
    ino_t inode;
    unsigned machine;
    bool is_dynamic;

    /* NULL: none. */
    const char *interpreter;
    const char *soname;
    const char *rpath;
    const char *runpath;

    const char **needed;
    size_t n_needed;
    uint64_t flags; /* DT_FLAGS_1 */

    /* By the number that symbols have of them; one that has no name is none. */
    struct elf_version *versions;
    size_t n_versions;
    bool has_definitions; /* of versions */

    struct span symbols;
    struct span symbol_versions;
    struct span texts;
    struct span hash;        /* DT_GNU_HASH */
    struct span old_hash;    /* DT_HASH */
    struct span relocations; /* but for those without a symbol, in front */
};

/* A symbol that a file wants from another one. */
struct elf_need {
    const char *name;
    const char *version; /* NULL: any */
};

/* The same file each time. NULL: it cannot be read, is not for a 64-bit
 * little-endian machine, or is neither a program nor a library. */
const struct elf_file *elf_file_open(const char *path);

/* DT_GNU_HASH's number for a name. */
uint32_t elf_name_hash(const char *name);

/* Whether others get a symbol from this file. */
bool elf_file_exports(const struct elf_file *file, const struct elf_need *need,
                      uint32_t hash);

/* Gives the file's needs one by one, but for those that it can do without; *at
 * is 0 at first. */
bool elf_file_next_need(const struct elf_file *file, size_t *at,
                        struct elf_need *need);

/* Whether it defines a version of that name. */
bool elf_file_defines(const struct elf_file *file, const char *version);

#endif
