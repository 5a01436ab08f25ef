/* SPDX-License-Identifier: MIT
 *
 * What the plugin is told, so that the program's own children run as the
 * program does: it has thunk-run started in their place, with the options of
 * the first one, made independent of folder and environment. Its options are in
 * plugin/exec.h.
 */
#ifndef THUNK_RUN_CHILDREN_H
#define THUNK_RUN_CHILDREN_H

#include "run.h"
#include "thunks.h"

/* What a thunk-run has decided. */
struct choice {
    const char *prefix;
    const char *qemu;
    const char *root;    /* the guest's; NULL: none */
    const char *program; /* its file */
    const char *heap;    /* the library of its malloc(); NULL: its own */
    const char *preload; /* the guest's ld.so.preload; NULL: none */
    const struct thunks *thunks;
};

/* Sets what the first thunk-run's environment had and the program's lacks, and
 * has QEMU hide from the program what only QEMU and the host want. */
void children_inherit(const struct options *options, struct list *command);

/* Says which process THUNK_LOG's lines need no number for: this one. */
void children_log_start(void);

/* The plugin's option with all that. */
const char *children_plugin_option(const struct options *options,
                                   const struct choice *choice);

#endif
