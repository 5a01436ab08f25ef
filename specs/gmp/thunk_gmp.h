/* SPDX-License-Identifier: MIT
 *
 * gmp.h with all that it declares, and what the spec names.
 */
#ifndef THUNK_GMP_H
#define THUNK_GMP_H

#include <stdarg.h>
#include <stdio.h>

#include <gmp.h>

/* The guest's: has the host's library allocate with the program's malloc(),
 * unless the program has given it functions. Called once the host is attached,
 * before the first call. */
void thunk_gmp_start(void);

#endif
