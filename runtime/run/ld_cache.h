/* SPDX-License-Identifier: MIT
 *
 * What ldconfig has written down: ld.so.cache, as glibc's dl-cache.h has it.
 */
#ifndef THUNK_RUN_LD_CACHE_H
#define THUNK_RUN_LD_CACHE_H

#include <stddef.h>

#include "span.h"

/* Gives the paths that the cache has for a library one by one, NULL after the
 * last; *at is 0 at first. They may be for other machines. What is only for
 * some processors is left out: there is another for all. */
const char *ld_cache_next(struct span cache, const char *library, size_t *at);

#endif
