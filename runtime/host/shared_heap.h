/* SPDX-License-Identifier: MIT
 *
 * The heap that the program and the host's libraries have in common; see
 * thunk/blocks.h.
 */
#ifndef THUNK_HOST_BLOCKS_H
#define THUNK_HOST_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <thunk/blocks.h>

#include "imports.h"

/* Whether the program's malloc() is that heap's: not so where it has one of its
 * own, and where there is no allocator. */
bool thunk_host_heap_is_shared(void);

/* What has an object of the host's libraries allocate and free there, and one
 * that QEMU is linked with free and grow its blocks as well; nothing where the
 * heap is not shared. */
struct thunk_imports thunk_host_shared_imports(void);
struct thunk_imports thunk_host_shared_imports_own(void);

/* malloc() and free() of that heap, where it is shared. Freeing also takes what
 * the host's libc has allocated. */
void *thunk_host_shared_allocate(size_t size);
void thunk_host_shared_free(void *block);

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
