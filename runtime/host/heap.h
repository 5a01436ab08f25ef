/* SPDX-License-Identifier: MIT
 *
 * Memory that one side allocates and the other frees: see heap.c.
 */
#ifndef THUNK_HOST_HEAP_H
#define THUNK_HOST_HEAP_H

#include <stdio.h>
#include <thunk/heap.h>

#include "host.h"

/* Has that runner, which is the guest runtime's, do what only the guest can.
 * With the lock held. */
void thunk_host_heap_start(thunk_runner *heap);

/* Puts the runtime's functions in place of those that the host's library calls,
 * once it is open: free() and realloc() if it takes the program's blocks, and
 * malloc() if its heap is the program's. With the lock held. */
void thunk_host_heap_settle(const struct thunk_host_library *library);

/* Whether guest and host have a libc each: not so in tests where the guest is
 * native code as well. */
bool thunk_host_heap_is_apart(void);

/* False, with errno: there is no memory of so many bytes. */
bool thunk_host_array_fits(size_t count, size_t size);

/* getdelim() into a block that `resize` can grow: the host's libc would give
 * its own realloc() the guest's. */
ssize_t thunk_host_line_read(char **line, size_t *size, int end, FILE *stream,
                             void *(*resize)(void *block, size_t size));

/* Has the guest do what the frame says. May suspend the host call. */
void thunk_host_heap_ask(struct thunk_heap_frame *frame);

/* Whether the guest can be asked now. A thread of the host's own that has not
 * called back is none of the program's and frees nothing of it; and where the
 * guest is native code as well, as in tests, there is one heap for both. */
bool thunk_host_heap_has_guest(void);

#endif
