/* SPDX-License-Identifier: MIT
 *
 * The native allocator, and the heap that the program and the host's libraries
 * have in common by it; see thunk/blocks.h.
 */
#ifndef THUNK_HOST_BLOCKS_H
#define THUNK_HOST_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <thunk/blocks.h>

#include "host.h"

/* Whether the program's malloc() is that heap's: not so where it has one of its
 * own, and where there is no allocator. */
bool thunk_host_heap_is_shared(void);

/* Opens the allocator, once. False: the machine has none. */
bool thunk_host_allocator_start(void);

/* Each makes a block of it, or gives NULL and leaves in thunk_host_units_wanted
 * what would help. The first argument is one of its own: none, none, the
 * alignment (a power of two), the old block, which stays if there is none. */
void *thunk_host_shared_new(uintptr_t unused, size_t size);
void *thunk_host_shared_clear(uintptr_t unused, size_t size);
void *thunk_host_shared_align(uintptr_t alignment, size_t size);
void *thunk_host_shared_resize(uintptr_t block, size_t size);

/* Of a block that thunk_host_units_have(): whether it has been freed; frees it,
 * or false where it has been; and how many bytes of it may be used. */
bool thunk_host_shared_is_free(void *block);
bool thunk_host_shared_end(void *block);
size_t thunk_host_shared_size(const void *block);

/* The procs of struct thunk_blocks. Exported only because the instruction door
 * calls nothing that its library does not list. */
THUNK_EXPORT void dlcall_pure_allocate(void *size, void *frame);
THUNK_EXPORT void dlcall_pure_clear(void *size, void *frame);
THUNK_EXPORT void dlcall_pure_align(void *size, void *frame);
THUNK_EXPORT void dlcall_pure_free(void *block, void *frame);
THUNK_EXPORT void dlcall_pure_resize(void *block, void *frame);
THUNK_EXPORT void dlcall_pure_size(void *block, void *frame);
THUNK_EXPORT void dlcall_pure_collect(void *unused, void *frame);
THUNK_EXPORT void dlcall_pure_give(void *start, void *frame);
THUNK_EXPORT void dlcall_pure_start(void *unused, void *frame);

#endif
