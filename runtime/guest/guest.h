/* SPDX-License-Identifier: MIT
 * What the files of the guest runtime share among themselves. */
#ifndef THUNK_GUEST_INTERNAL_H
#define THUNK_GUEST_INTERNAL_H

#include <thunk/guest.h>

#include "../common/log.h"

/* The file of the guest's own library, opened if it was not yet; a text that
 * says that there is none otherwise. For messages. */
const char *thunk_guest_real_path(struct thunk_library *library);

/* Opens the instruction door for the library's code, if the plugin has one and
 * the environment's THUNK_DOOR is not "syscall". */
void thunk_guest_door_open(const struct thunk_library *library);

/* Around everything that may call dlopen() or dlsym(), on either side: keeps
 * fork() of other threads out. May be nested. */
void thunk_guest_search_begin(void);
void thunk_guest_search_end(void);

/* Makes this thread's mailbox known, if it is not. False: take the system call.
 */
bool thunk_guest_mailbox_open(void);

/* Runner of a struct thunk_stub_frame: makes a stub that is entered by `code`.
 */
void thunk_guest_stub_make(thunk_function code, struct thunk_frame *frame);

/* Finds the host's function `index`. Returns the word for enter(), or NULL when
 * the guest's own is to be used. */
void *thunk_guest_resolve(struct thunk_library *library, uint32_t index);

#endif
