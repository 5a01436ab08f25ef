/* SPDX-License-Identifier: MIT
 *
 * mpfr.h with all that it declares, and what the spec names.
 */
#ifndef THUNK_MPFR_H
#define THUNK_MPFR_H

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <mpfr.h>

/* Exported for mpfr_dump(), and declared in MPFR's own headers alone. */
void mpfr_fdump(FILE *stream, mpfr_srcptr number);

/* The guest's: has the host's GMP, by which MPFR allocates, know the program's
 * malloc(). Called once the host is attached, before the first call. */
void thunk_mpfr_start(void);

#endif
