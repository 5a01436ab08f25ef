/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which files the guest's dynamic linker gets: where it opens a library of
 * which there is a thunk it gets the thunk's file, under the library's own
 * path. Nobody else does: what lists, reads, copies or writes libraries sees
 * the real ones.
 */
#ifndef DLCALL_LINKER_H
#define DLCALL_LINKER_H

#include <stdbool.h>
#include <stdint.h>

/* The plugin's options for it, which thunk-run gives:
 *   thunk=FILE   of a thunk, named by the library's soname, with what it needs
 *                of the runtime beside it
 *   own=FILE     the guest's own library for the thunk before; where there is
 *                none, the guest has none
 *   preload=FILE a library that it loads before all others, as if
 *                /etc/ld.so.preload said so
 *   preloads=FILE what that file of the guest's own is
 * False: it is neither of these. */
bool linker_option(const char *option);

/* Tells which guest QEMU emulates. */
void linker_install(const char *target);

/* Whether there is anything to give. */
bool linker_is_active(void);

/* The guest is about to make a system call of Linux, or has made it. `base` is
 * how far its addresses lie from the host's. Both keep errno. */
void linker_see(int64_t number, const uint64_t arguments[6], uint64_t base);
void linker_see_result(int64_t number, int64_t result);

/* The thunk of that soname that the dynamic linker has been given: its file,
 * which stays. NULL: none has. */
const char *linker_thunk(const char *soname);

/* Whether this thread gets the guest's own libraries from now on. */
void linker_own(bool is_own);

#endif
