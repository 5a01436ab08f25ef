/* SPDX-License-Identifier: MIT
 *
 * Types of libc's that are no mere data: what such an object means only the
 * libc knows that made it, and guest and host each have one. What is data
 * (struct tm, struct stat, sigset_t) is not among them: there the layout
 * decides.
 */
#ifndef THUNKGEN_LIBC_OBJECT_H
#define THUNKGEN_LIBC_OBJECT_H

#include "model.h"

/* Who uses the objects of a type that a library's interface has, as the spec
 * tells; to the other side each is mere memory. */
enum libc_owner { LIBC_UNSETTLED, LIBC_LIBRARY, LIBC_PROGRAM };

struct libc_object {
    const char *name; /* of the type, as programs and specs write it */

    /* The struct or union that it is or points to, where that has a name of its
     * own; NULL: the typedef is all there is to know it by. */
    const char *record;

    /* The value leads to what lies elsewhere, so it can be copied; else the
     * object is the memory itself, in its place. */
    bool is_handle;

    /* Who mostly uses those that a library's interface has: the library, or the
     * program. */
    enum libc_owner usual;
};

/* The end has no name. */
extern const struct libc_object libc_objects[];

enum { LIBC_OBJECT_COUNT = 44 };

/* Which of them a type is, by the outermost of its names that is one; NULL:
 * none. A pointer to an object is none, but for a type that is one in C. */
const struct libc_object *libc_object_find(const struct type *type);

/* The one of that name; NULL: there is none. */
const struct libc_object *libc_object_named(const char *name);

size_t libc_object_index(const struct libc_object *object);

#endif
