/* SPDX-License-Identifier: MIT
 *
 * The heap of the host's libraries, which is the program's: see heap.c.
 */
#ifndef THUNK_HOST_HEAP_H
#define THUNK_HOST_HEAP_H

#include <thunk/heap.h>

#include "host.h"
#include "imports.h"

/* Has that runner, which is the guest runtime's, do what only the guest can.
 * With the lock held. */
void thunk_host_heap_start(thunk_runner *heap);

/* What has an object of the host's libraries allocate and free in the program's
 * heap, and one that QEMU is linked with free and grow its blocks as well. */
struct thunk_imports thunk_host_heap_imports(void);
struct thunk_imports thunk_host_heap_imports_own(void);

/* libc_blocks.c: what libc allocates for who calls it. */
struct thunk_imports thunk_host_libc_blocks_imports(void);

/* malloc() and realloc() as host libraries have them. */
void *thunk_host_block_allocate(size_t size);
void *thunk_host_block_resize(void *block, size_t size);

/* Called by the plugin. */
THUNK_EXPORT thunk_owners dlcall_owners;

/* Whether guest and host have a libc each: not so in tests where the guest is
 * native code as well. */
bool thunk_host_heap_is_apart(void);

/* Has the guest do what the frame says. May suspend the host call. */
void thunk_host_heap_ask(struct thunk_heap_frame *frame);

/* For --stats: the memory that the allocator has got, in bytes, and the
 * callbacks into the program's own malloc() and its family. */
struct thunk_heap_use {
    bool is_shared;
    size_t size;
    uint64_t callbacks;
};

struct thunk_heap_use thunk_host_heap_use(void);

/* Whether the guest can be asked now: not so in a thread of the host's own that
 * has not called back, nor where the guest is native code as well, as in tests.
 */
bool thunk_host_heap_has_guest(void);

#endif
