/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Copies of memory that may be the guest's, and so may be none at all. */
#ifndef DLCALL_COPY_H
#define DLCALL_COPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { COPY_PAGE = 4096 }; /* divides every page size that Linux has */

/* Either side may be such. False: not all of it is there. */
bool copy_memory(void *to, const void *from, size_t size);

/* Copies a string, and reads no further than the page that ends it. False: it
 * does not end within `size`, or is not there. */
bool copy_string(char *text, size_t size, uint64_t from);

#endif
