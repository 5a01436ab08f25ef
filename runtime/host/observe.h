/* SPDX-License-Identifier: MIT
 *
 * What --stats and --trace see of calls. Nothing of it is in the way of a call
 * that is not observed: the guest then has other procs to enter by.
 *
 * The environment decides, once for each process:
 *   THUNK_STATS   report at exit: "" or "-" on stderr, else the file's name;
 *                 as JSON when it ends in ".json"
 *   THUNK_TRACE   a line for every call of a function that one of these
 *                 patterns matches, comma between them ("*": all)
 *   THUNK_LOG     "info" or "debug": a line for each library at exit
 */
#ifndef THUNK_OBSERVE_H
#define THUNK_OBSERVE_H

#include "host.h"

enum { THUNK_TRACE_TEXT = 480 };

/* One call, while it is under way; part of struct thunk_host_call. */
struct thunk_observation {
    const struct thunk_host_entry *entry; /* NULL: it is not observed */
    struct thunk_frame *frame;
    enum thunk_way way;
    int depth;      /* of --trace's indentation */
    bool is_told;   /* --trace has printed its first half */
    uint64_t since; /* ns; start of the host code that runs; 0: guest code */
    uint64_t spent; /* ns of host code before that */
    char text[THUNK_TRACE_TEXT]; /* its first half */
};

/* Reports what has been counted, and counts anew. */
void thunk_observe_leave_process(void);

/* Whether calls are observed in this process: then entries come with procs that
 * do it. Decides that at the first call; a lock must not be held. */
bool thunk_observe_is_wanted(void);

/* Joins a library to the report. False: no memory. May be called again. */
bool thunk_observe_library(struct thunk_host_library *library);

/* Whether stderr is what it was when the first library was attached. A program
 * may close it, and a file of its own then has the number 2: nothing is told
 * there. */
bool thunk_observe_stderr_is_same(void);

/* Whether --trace wants calls of a function of that name. */
bool thunk_observe_is_traced(const char *name);

/* The host code of a call starts, stops for a callback (`target` runs with
 * `frame`; NULL: for a signal), goes on after it, and ends. Each on the thread
 * that runs it. */
void thunk_observe_start(struct thunk_observation *observation,
                         const struct thunk_host_entry *entry,
                         struct thunk_frame *frame, enum thunk_way way);
void thunk_observe_suspend(struct thunk_observation *observation,
                           const struct thunk_host_target *target,
                           const struct thunk_frame *frame);
void thunk_observe_resume(struct thunk_observation *observation,
                          const struct thunk_host_target *target,
                          const struct thunk_frame *frame);
void thunk_observe_end(struct thunk_observation *observation, bool is_done);

/* A fault has led to a callback. Called from a signal handler. */
void thunk_observe_fault(struct thunk_observation *observation);

/* A thread of the host's own calls back. */
void thunk_observe_thread_callback(struct thunk_host_library *library);

/* A thread ends: it is not watched any more. */
void thunk_observe_leave(void);

#endif
