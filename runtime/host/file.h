/* SPDX-License-Identifier: MIT
 * Streams of the host that stand for the guest's: see file.c. */
#ifndef THUNK_HOST_FILE_H
#define THUNK_HOST_FILE_H

#include "host.h"
#include "imports.h"

/* The guest's stdin, stdout and stderr, and the runner for streams, which
 * attaching tells. With the lock held. */
void thunk_host_files_start(void *const streams[3], thunk_runner *runner);

/* What stands for those on the host; and makes it, once, without the lock.
 * False: there is no memory for it. */
extern FILE *thunk_host_file_standard[3];
bool thunk_host_file_standard_start(void);

/* What has objects use these for theirs. */
struct thunk_imports thunk_host_standard_imports(void);

/* The guest's stream for which this one of the host's stands, or NULL: nothing
 * is made, and nobody asked. */
FILE *thunk_host_file_known(FILE *host);

/* fflush() as libraries call it: of a stream that stands for the guest's the
 * host's has nothing in it, but the guest's may. */
int thunk_host_file_flush(FILE *host);

/* Once the library is open: has it flush the program's streams by fflush(), and
 * tell when it closes one of its own that the program has. With the lock held,
 * before any thread calls it. */
void thunk_host_files_settle_library(const struct thunk_host_library *library);

#endif
