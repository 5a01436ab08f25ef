/* SPDX-License-Identifier: MIT
 *
 * The files of a run. They are collected and then all written, or none: each
 * to a temporary file beside its place, and when all are there, renamed. A file
 * that has the same content already is left alone, time stamp and all. The
 * only module that writes files.
 */
#ifndef THUNKGEN_OUTFILE_H
#define THUNKGEN_OUTFILE_H

#include "diag.h"

struct outfile;

struct outfiles {
    struct outfile *files;
    size_t n_files;
    char **folders; /* that the run has made */
    size_t n_folders;
};

/* `option` is what names the place on the command line, for messages. */
void outfiles_add(struct arena *arena, struct outfiles *files,
                  const char *option, const char *path, const char *text,
                  size_t length);

/* False after an error; then nothing has changed. */
bool outfiles_write(struct arena *arena, struct diag *diag,
                    struct outfiles *files);

#endif
