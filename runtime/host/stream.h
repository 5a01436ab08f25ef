/* SPDX-License-Identifier: MIT
 * Streams of the host's that the guest has one for: see stream.c. */
#ifndef THUNK_HOST_STREAM_H
#define THUNK_HOST_STREAM_H

#include "host.h"

/* Tells the guest how its streams reach the host's. */
void thunk_host_streams_start(struct thunk_attachment *attachment);

/* Once the library is open: has it tell when it closes one. */
void thunk_host_streams_settle_library(const struct thunk_host_library *of);

/* The guest's stream for one of the host's that stands for none. NULL: no
 * memory. May suspend the host call for the guest to make it. */
FILE *thunk_host_stream_lend(struct thunk_host_library *of, uint32_t index,
                             FILE *host);

/* The host's own stream for which this one of the guest's stands, or NULL. */
FILE *thunk_host_stream_own(const FILE *guest);

/* fclose() and pclose() of a stream of the host's, as libraries call them: the
 * program's own for it, if it has one, comes to its end as well. */
int thunk_host_stream_close(FILE *host);

/* The same for one that the program has none of: what popen() gave is a pipe to
 * a child of the guest's (children.c). */
int thunk_host_pipe_close(FILE *stream);

#endif
