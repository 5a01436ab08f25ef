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

#endif
