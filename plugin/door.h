/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The instruction door: see struct thunk_mailbox in thunk/protocol.h. */
#ifndef DLCALL_DOOR_H
#define DLCALL_DOOR_H

#include "qemu_api.h"

/* Tells which guest QEMU emulates ("x86_64" ...) and its API. False: there is
 * no door for that guest, and door_open() will refuse. */
bool door_install(const char *target, int api);

/* Adds a range of guest code to those that are watched. True unless there are
 * too many; a range that is watched already is fine. */
bool door_open(uint64_t start, uint64_t end);

/* Watches one range more until the next call; none: start and end are the same.
 * False: there is no door. */
bool door_watch(uint64_t start, uint64_t end);

/* Whether any range is watched. */
bool door_is_open(void);

/* Sets the mailbox of a vCPU; NULL when its thread ends. False when there are
 * too many vCPUs. */
struct thunk_mailbox;
bool door_mailbox_set(unsigned vcpu, struct thunk_mailbox *mailbox);

/* The guest is about to make a system call of Linux. Forgets the mailboxes in
 * memory that it takes away. */
void door_see(int64_t number, const uint64_t arguments[4]);

/* A host library has been unloaded. Forgets the mailboxes in its memory. */
void door_forget(void);

/* QEMU has translated a block: finds the knocks in it. */
void door_scan(const struct qemu_plugin_tb *tb);

#endif
