/* SPDX-License-Identifier: MIT
 * Function pointers without a type; see net.c. */
#ifndef THUNK_HOST_NET_H
#define THUNK_HOST_NET_H

#include "host.h"

/* Makes them work, and says how in the attachment. */
void thunk_host_net_start(struct thunk_attachment *attachment);

/* Whether this is the library that stands for them. */
bool thunk_host_net_is(const struct thunk_host_library *library);

/* Proc of a struct thunk_net_fault. */
void thunk_host_net_fault(void *fault, void *unused);

/* What stands for an address to which host code has jumped: a trampoline, if
 * that may be a guest function; else NULL. Called from a signal handler, in the
 * place of the jump. Whether the address really is code, only the guest's own
 * jump to it tells. */
thunk_function thunk_host_net_trampoline(uintptr_t address);

#endif
