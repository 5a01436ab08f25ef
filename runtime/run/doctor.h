/* SPDX-License-Identifier: MIT
 *
 * thunk-run --doctor: what is there and what of it works, as it is seen when it
 * is tried.
 */
#ifndef THUNK_RUN_DOCTOR_H
#define THUNK_RUN_DOCTOR_H

#include "run.h"

/* `prefix` is where thunk-run is installed, `argv` the program's command line,
 * which may be empty. Gives the exit status: 0 if programs, or this one, can be
 * run thunked, else 1. */
int doctor_run(const struct options *options, const char *prefix,
               const char *version, char **argv);

#endif
