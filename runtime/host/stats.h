/* SPDX-License-Identifier: MIT
 *
 * The figures of --stats, one struct for each function of a library. Any thread
 * adds to them; a forked child starts from 0.
 */
#ifndef THUNK_STATS_H
#define THUNK_STATS_H

#include "host.h"

struct thunk_host_stats {
    uint64_t calls[THUNK_WAY_COUNT]; /* started, by enum thunk_way */
    uint64_t time;                   /* ns of host code, callbacks not in it */
    uint64_t longest;                /* ns of the call with most of it */
    uint64_t callbacks;
    uint64_t faults; /* callbacks through a pointer that faulted */
    bool is_told;    /* that a call is too long for its door */
};

static inline void thunk_stats_add(uint64_t *figure, uint64_t value)
{
    __atomic_fetch_add(figure, value, __ATOMIC_RELAXED);
}

/* One call's host code has taken that long in all. */
void thunk_stats_add_time(struct thunk_host_stats *stats, uint64_t time);

/* Sets all figures to 0. */
void thunk_stats_clear(struct thunk_host_library *first);

/* Whether there is anything to tell. */
bool thunk_stats_has_calls(const struct thunk_host_library *first);

/* Writes the report of all libraries, linked by `next`: to the file, or to
 * stderr if `path` is "" or "-". The file is added to, for processes that are
 * forked have a report each. */
void thunk_stats_report(const struct thunk_host_library *first,
                        const char *path);

/* One line for each library, by thunk_log(). */
void thunk_stats_log(const struct thunk_host_library *first);

#endif
