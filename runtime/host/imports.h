/* SPDX-License-Identifier: MIT
 *
 * What a library of the host's imports, and where it finds its own variables.
 */
#ifndef THUNK_HOST_IMPORTS_H
#define THUNK_HOST_IMPORTS_H

#include <link.h>
#include <stddef.h>
#include <thunk/frame.h>

struct thunk_import {
    const char *name;
    thunk_function function; /* to be called in its place */
};

struct thunk_imports {
    const struct thunk_import *items;
    size_t count;
};

/* Has the library of that dlopen() handle, and no other, call these functions
 * by those names. Names that it does not import do no harm; nor does a second
 * time. */
void thunk_host_imports_set(void *handle, const struct thunk_import *imports,
                            size_t count);

/* The same by several tables of an object that has come with a library: `scope`
 * is the handle of that one. */
void thunk_host_imports_set_of(const struct link_map *map, void *scope,
                               const struct thunk_imports *tables,
                               size_t count);

/* Tells of each symbol that an object imports, may do without (it is weak) and
 * has not got. The name stays as long as the object. */
void thunk_host_imports_missing(const struct link_map *map,
                                void (*tell)(const struct link_map *map,
                                             const char *name));

/* Has the library find its own variable `name` at `to` instead of `from`, as if
 * the program had a copy of it there. How many places knew of it: none, if the
 * library was linked to know its own variables by itself. */
size_t thunk_host_imports_move(void *handle, const char *name, const void *from,
                               const void *to);

#endif
