/* SPDX-License-Identifier: GPL-2.0-or-later
 * The guest's actions for SIGSEGV, of which the client's comes first. */
#ifndef DLCALL_SEGV_H
#define DLCALL_SEGV_H

#include <stdbool.h>
#include <stdint.h>

void segv_install(const char *target);

/* Starts, with a struct thunk_segv of the guest's. False: there is no memory,
 * or another one is served already. */
bool segv_set(uint64_t segv);

/* Before QEMU does a system call of this thread, and afterwards. */
void segv_see(int64_t number, const uint64_t arguments[4]);
void segv_see_result(int64_t number, int64_t result);

#endif
