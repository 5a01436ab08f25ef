/* SPDX-License-Identifier: MIT
 *
 * Has libclang read the generated texts as a compiler will, before anything is
 * written: what thunkgen believes of C is not to come out in somebody's build.
 */
#ifndef THUNKGEN_VERIFY_H
#define THUNKGEN_VERIFY_H

#include "output.h"

/* What a half is compiled for; a host's may be a guest's as well. */
struct verify_target {
    const char *isa;
    const char *target;     /* "x86_64-linux-gnu" ... */
    const char **arguments; /* -I, -D, --sysroot */
    size_t n_arguments;
    bool is_host, is_guest;
};

/* Tells all errors, each with the function or variable that it comes from and
 * what leaves that out. False: there are some. */
bool verify_outputs(struct arena *arena, struct diag *diag,
                    const struct plan_input *input, const struct plan *plan,
                    const struct outputs *outputs,
                    const struct verify_target *targets, size_t n_targets);

#endif
