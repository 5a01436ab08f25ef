/* SPDX-License-Identifier: MIT
 * The kinds of calls that calls.c and threads.c measure. */
#ifndef KINDS_H
#define KINDS_H

#include <stddef.h>

struct kind {
    const char *name;
    void (*run)(int count); /* that many calls */
    int count;              /* enough for a measurement */
};

extern const struct kind kinds[];
extern const size_t kind_count;

/* Kinds that make calls inside of calls, nested_depth deep; per level. */
extern const struct kind nested_kinds[];
extern const size_t nested_kind_count;
extern int nested_depth;

/* NULL: there is none of that name. */
const struct kind *kind_find(const char *name);

/* Nanoseconds, of the monotonic clock. */
double now(void);

/* Sorts the numbers. */
double median(double *numbers, size_t count);

/* The nanoseconds that one call takes. */
double kind_measure(const struct kind *kind);

/* The modes of threads.c; each prints its rows. */
void threads_scale(int rounds);
void threads_begin(const struct kind *kind);

#endif
