/* SPDX-License-Identifier: MIT
 * The command line. */
#ifndef THUNKGEN_OPTIONS_H
#define THUNKGEN_OPTIONS_H

#include "diag.h"
#include "isa.h"

/* Of what `thunkgen check` prints. */
enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_HTML };

enum dump { DUMP_NONE, DUMP_MODEL, DUMP_PLAN };

/* --sysroot and --target: of the host, of one guest ISA, or of all guests where
 * isa is NULL. */
struct isa_option {
    bool is_host;
    const struct isa *isa;
    const char *value;
};

/* -W and -E: what a check finds is a warning, or an error. */
struct severity_option {
    const char *check;
    bool is_error;
};

struct options {
    bool is_check; /* thunkgen check: tell, and write nothing */
    enum format format;
    struct severity_option *severities;
    size_t n_severities;
    const char **headers;
    size_t n_headers;
    const char **specs;
    size_t n_specs;
    const char *output; /* folder */
    const char *library;
    const struct isa *host; /* NULL: this machine, which is none of ours */
    bool is_host_said;      /* the host is said, and may be another machine */
    const struct isa **guests;
    size_t n_guests;
    const char **arguments; /* -I and -D, for the compiler */
    size_t n_arguments;
    struct isa_option *sysroots;
    size_t n_sysroots;
    struct isa_option *targets;
    size_t n_targets;
    const char *depfile;
    const char *deptarget;
    bool omits_refused; /* what the spec does not settle is left out */
    enum dump dump;
};

/* Returns true when there is work to do. Else the process is to end with
 * *status: 0 after --help and --version, 2 after a message on stderr. */
bool options_read(struct arena *arena, int argc, char **argv,
                  struct options *options, int *status);

#endif
