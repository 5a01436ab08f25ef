/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The guest's system calls on host memory. QEMU refuses addresses that the
 * guest did not map itself; this has QEMU know those of the host. */
#ifndef DLCALL_MEMORY_H
#define DLCALL_MEMORY_H

#include <stdint.h>

enum { MEMORY_ARGUMENTS = 6 };

/* Tells which guest QEMU emulates ("x86_64" ...). */
void memory_install(const char *target);

/* A host library has been loaded: from now on the guest may have pointers into
 * host memory. `guest` is an address that it can read. Later calls do nothing.
 */
void memory_start(uint64_t guest);

/* The library of that handle has been loaded: it is told of memory_owner(), if
 * it wants to know. */
void memory_tell(void *handle);

/* enum thunk_owner of the memory at the address. */
uint64_t memory_owner(uint64_t address);

/* The guest is about to make a system call of Linux. Keeps errno. */
void memory_see(int64_t number, const uint64_t arguments[MEMORY_ARGUMENTS]);

#endif
