/* SPDX-License-Identifier: MIT
 *
 * Which thunks fit the guest's libraries. One that lacks what the program, or
 * a library of it, is linked with would keep it from starting; one that is
 * older than the guest's library may do so to what the program opens later.
 * They are left to the guest.
 */
#ifndef THUNK_RUN_FIT_H
#define THUNK_RUN_FIT_H

#include "libraries.h"
#include "thunks.h"

/* Leaves those to the guest that do not fit. `own` are the program's libraries
 * without thunks, `with` becomes what they are with those that stay. */
void thunks_fit(struct thunks *thunks, const struct guest *guest,
                const struct closure *own, struct closure *with);

/* Says which of the program's libraries are left, and why; of others, and of
 * those that the user has named, only THUNK_LOG=info tells, as it does of which
 * are thunked. */
void thunks_tell(const struct thunks *thunks, const struct closure *with,
                 const char *program);

/* Why a thunk, or another library of the runtime, cannot be with the program's
 * libc: it, which messages call `what`, or what lies beside it, needs a newer
 * one; NULL: it can. */
const char *runtime_reason(const char *what, const char *path,
                           const struct closure *own);

/* The program's dynamic linker if it is none of glibc, which thunks are linked
 * with; NULL: it is. */
const char *linker_foreign(const struct closure *own);

#endif
