/* SPDX-License-Identifier: GPL-2.0-or-later
 * The guest's SIGSEGV, which a handler of the client's gets first. */
#ifndef DLCALL_SEGV_H
#define DLCALL_SEGV_H

#include <stdbool.h>
#include <stdint.h>

void segv_install(const char *target);

/* Starts, with a struct thunk_segv of the guest's. False: there is no memory,
 * or another one is served already. */
bool segv_set(uint64_t segv);

/* Whether SIGSEGV was blocked for this thread of the program. `how` is enum
 * thunk_block_segv. */
bool segv_block(uint64_t how);

/* Before QEMU does a system call of this thread, and afterwards. */
void segv_see(int64_t number, const uint64_t arguments[4]);
void segv_see_result(int64_t number, int64_t result);

#endif
