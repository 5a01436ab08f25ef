/* SPDX-License-Identifier: MIT
 * The checks: the name in brackets at the end of a message, and what it finds.
 */
#ifndef THUNKGEN_CHECKS_H
#define THUNKGEN_CHECKS_H

#include <stdbool.h>
#include <stddef.h>

struct check {
    const char *name;
    const char *about;
};

/* Sorted by name, ended by a name that is NULL. Every check that a message
 * names is there. */
extern const struct check checks[];

bool check_is_known(const char *name);

#endif
