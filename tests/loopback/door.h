/* SPDX-License-Identifier: MIT
 * What tests know of the door beyond thunk_syscall(). */
#ifndef DOOR_H
#define DOOR_H

#include <stdbool.h>
#include <stdint.h>

/* Requests to call something, so far. */
uint64_t door_count(void);

/* Without it the door is a kernel's: it knows no such system call. */
void door_set_present(bool is_present);

#endif
