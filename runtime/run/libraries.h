/* SPDX-License-Identifier: MIT
 *
 * Which files the guest's dynamic linker takes for the libraries that a program
 * is linked with, and theirs (ld.so(8), glibc's dl-load.c). They are looked for
 * as the guest sees them: below the sysroot first, as QEMU does. For some of
 * them it gets thunks from the plugin (plugin/linker.h).
 */
#ifndef THUNK_RUN_LIBRARIES_H
#define THUNK_RUN_LIBRARIES_H

#include "elf_file.h"
#include "run.h"

struct thunk;
struct thunks;

struct guest {
    const struct isa *isa;
    const char *program;      /* its file on this machine */
    const char *sysroot;      /* NULL: none */
    const char *library_path; /* LD_LIBRARY_PATH; NULL: none */
    const char *preload;      /* LD_PRELOAD; NULL: none */
    struct span cache;        /* ld.so.cache */
};

struct library {
    const char *name; /* as the first that needs it has it */
    const char *path; /* as the guest opens it */
    const struct elf_file *file;
    const struct thunk *thunk; /* that it gets instead; NULL: none */
    size_t loader;             /* the first that needs it */
};

/* The program and its libraries in the order in which symbols are looked for,
 * and the names of those that were not found. */
struct closure {
    struct library *items;
    size_t count;
    struct list missing;
};

/* What that QEMU, without a sysroot in the options, looks at. */
void guest_open(struct guest *guest, const struct options *options,
                const struct program *program, const char *qemu);

/* What QEMU opens for a path of the guest's. */
const char *guest_path(const struct guest *guest, const char *path);

/* Works it out with thunks, or NULL. Nothing is in it if the program is no ELF
 * file or has no dynamic linker. */
void closure_find(struct closure *closure, const struct guest *guest,
                  const struct thunks *thunks);

/* By the name that it is needed by, or its soname; NULL: it is not there. */
struct library *closure_library(const struct closure *closure,
                                const char *name);

bool closure_has_file(const struct closure *closure,
                      const struct elf_file *file);

/* What the program would get by dlopen() of that name, without thunks; false:
 * nothing. Of `library` path and file are set. */
bool library_find(const struct guest *guest, const struct closure *closure,
                  const char *name, struct library *library);

/* For messages: the soname, or the last part of the path. */
const char *library_name(const struct library *library);

#endif
