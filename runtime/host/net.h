/* SPDX-License-Identifier: MIT
 * Function pointers without a type; see net.c. */
#ifndef THUNK_HOST_NET_H
#define THUNK_HOST_NET_H

#include "host.h"

/* Makes them work, and says how in the attachment. */
void thunk_host_net_start(struct thunk_attachment *attachment);

/* Whether this is the library that stands for them. */
bool thunk_host_net_is(const struct thunk_host_library *library);

/* What crosses where no type is known, for people. */
const char *thunk_host_net_carries(void);

/* Proc of a struct thunk_net_fault. */
void thunk_host_net_fault(void *fault, void *unused);

/* Where this thread is to go on when its host code has jumped to an address
 * that is nothing to the host, and nothing known. Called from a signal handler:
 * what the address is, is looked at there. */
thunk_function thunk_host_net_enter(uintptr_t address);

#endif
