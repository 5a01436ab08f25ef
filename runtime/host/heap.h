/* SPDX-License-Identifier: MIT
 *
 * Memory that one side allocates and the other frees, and exit(): see heap.c.
 */
#ifndef THUNK_HOST_HEAP_H
#define THUNK_HOST_HEAP_H

#include "host.h"

/* Has that runner, which is the guest runtime's, do what only the guest can.
 * With the lock held. */
void thunk_host_heap_start(thunk_runner *heap);

/* Puts the runtime's functions in place of those that the host's library calls,
 * once it is open: exit(), and free() and realloc() if it takes the program's
 * blocks. With the lock held. */
void thunk_host_heap_settle(const struct thunk_host_library *library);

#endif
