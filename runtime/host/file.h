/* SPDX-License-Identifier: MIT
 * Streams of the host that stand for the guest's: see file.c. */
#ifndef THUNK_HOST_FILE_H
#define THUNK_HOST_FILE_H

#include "host.h"

/* The guest's stdin, stdout and stderr, which attaching tells. With the lock
 * held. */
void thunk_host_files_start(void *const streams[3]);

/* Once the library is open: has it flush the program's streams by fflush(),
 * and if its spec says so have them for its stdin, stdout and stderr. */
void thunk_host_files_settle_library(struct thunk_host_library *library);

#endif
