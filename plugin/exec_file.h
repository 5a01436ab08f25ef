/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What execve() makes of a file: which program it stands for, with which
 * arguments, and whether that is one of the guest's. Whatever execve() refuses
 * is not looked into further, since the kernel says it best. */
#ifndef DLCALL_EXEC_FILE_H
#define DLCALL_EXEC_FILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "words.h"

/* Where the guest's programs are, and which they are. */
struct exec_world {
    unsigned machine;    /* of the ELF header */
    const char *root;    /* is looked into first; NULL: none */
    const char *program; /* that QEMU is at; NULL: it is not known */
    dev_t own_device[2]; /* files that are never the guest's: QEMU, thunk-run */
    ino_t own_file[2];
};

enum exec_way {
    EXEC_REFUSED, /* execve() fails, or may do so */
    EXEC_NATIVE,  /* it is no program of the guest's */
    EXEC_ALONE,   /* it is one, but only the kernel can start it */
    EXEC_GUEST,
};

struct exec_file {
    /* What the guest asks for. */
    int folder; /* AT_FDCWD: none */
    const char *path;
    int flags;
    struct words arguments; /* become those of the program */

    /* With EXEC_GUEST: what QEMU can open. */
    const char *program;
    int descriptor; /* that `program` leads to; -1: none */

    /* With EXEC_NATIVE and EXEC_ALONE: why it is. */
    const char *reason;
    dev_t device;
    ino_t file;
};

enum exec_way exec_file_find(struct exec_file *file,
                             const struct exec_world *world, struct pool *pool);

#endif
