/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which signals the program handles, and a library of the host's that is told
 * when that may have changed: see THUNK_SIGNALS_SYMBOL.
 */
#ifndef DLCALL_SIGNALS_H
#define DLCALL_SIGNALS_H

#include <stdbool.h>
#include <stdint.h>

/* Tells which guest QEMU emulates. */
void signals_install(const char *target);

/* A library was opened, which may be the one to be told; `handle` may be NULL.
 */
void signals_start(void *handle);

/* A library was closed: it may have been that one. */
void signals_forget(void);

/* This thread makes system calls of the guest's. */
void signals_vcpu(void);

/* The guest is about to make a system call of Linux, or has made it. `base` is
 * how far its addresses lie from the host's. Both keep errno. */
void signals_see(int64_t number, const uint64_t arguments[6], uint64_t base);
void signals_see_result(int64_t number, int64_t result);

#endif
