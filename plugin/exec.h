/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Children stay: where the guest would become another of its programs, which
 * the kernel would run without QEMU or not at all, this process becomes a
 * thunk-run for it. */
#ifndef DLCALL_EXEC_H
#define DLCALL_EXEC_H

#include <stdbool.h>
#include <stdint.h>

/* The plugin's options for it, which thunk-run gives:
 *   exec=WORD       of thunk-run's command line, one after the other; without
 *                   any, programs are left to the kernel
 *   program=FILE    that QEMU runs, for /proc/self/exe
 *   root=FOLDER     the guest's root
 *   close=NUMBER    of a descriptor that only QEMU itself has needed
 * False: it is none of these. */
bool exec_option(const char *option);

/* Tells which guest QEMU emulates, and what is called before the process
 * becomes another program. */
void exec_install(const char *target, void (*leave)(void));

/* The guest is about to make a system call of Linux. `base` is how far its
 * addresses lie from the host's. Keeps errno. */
void exec_see(int64_t number, const uint64_t arguments[6], uint64_t base);

#endif
