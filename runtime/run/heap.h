/* SPDX-License-Identifier: MIT
 *
 * Whether a program's heap is the one that it has in common with the host's
 * libraries (thunk/blocks.h).
 */
#ifndef THUNK_RUN_HEAP_H
#define THUNK_RUN_HEAP_H

#include "libraries.h"

/* The name of it for --without. */
#define HEAP_NAME "heap"

/* The library below `home` that has the program's malloc(), for the dynamic
 * linker to load before all others; NULL: the program keeps its own, for a
 * reason that THUNK_LOG=info tells. `own` are its libraries without thunks. */
const char *heap_choose(const struct options *options, const char *home,
                        const struct guest *guest, const struct closure *own);

#endif
