/* SPDX-License-Identifier: MIT
 *
 * What becomes of a program's libraries.
 */
#ifndef THUNK_RUN_DOCTOR_PROGRAM_H
#define THUNK_RUN_DOCTOR_PROGRAM_H

#include "doctor_host.h"
#include "libraries.h"
#include "report.h"
#include "thunks.h"

/* Reports of a program; `libraries` are this machine's for the thunks, in their
 * order. Adds to `cures` what stands in the way. Gives whether the program can
 * be run thunked. */
bool program_report(struct report *parent, struct list *cures,
                    const struct guest *guest, struct thunks *thunks,
                    const struct host_library *libraries);

#endif
