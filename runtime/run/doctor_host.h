/* SPDX-License-Identifier: MIT
 *
 * What the doctor tries out: QEMU with the plugin, and the host's libraries.
 */
#ifndef THUNK_RUN_DOCTOR_HOST_H
#define THUNK_RUN_DOCTOR_HOST_H

#include "child.h"
#include "run.h"

/* "7.2.22", say; NULL: it does not tell. */
const char *qemu_version(const char *qemu);

/* What the guest's probe (thunk-probe.c) has seen. */
struct probe {
    bool is_there;     /* there is a probe for that guest */
    const char *fault; /* why no call came through; NULL: they do */
    const char *api;   /* QEMU's plugin API; NULL: not told */
    const char *mode;  /* the plugin's: it observes or filters system calls */
    bool has_instruction_door;
    bool has_memory; /* the guest's system calls can have host memory */
};

struct probe probe_run(const struct isa *isa, const char *qemu,
                       const char *plugin_option, const char *probe);

/* A library of this machine's. */
struct host_library {
    const char *path;  /* its file, by its last name; NULL: there is none */
    const char *fault; /* why */
};

/* Opens it in a process of its own. */
struct host_library host_library_open(const char *path);

/* Looks for it as a thunk of `home` does. */
struct host_library host_library_find(const char *home, const char *soname);

#endif
