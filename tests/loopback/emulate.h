/* SPDX-License-Identifier: MIT
 *
 * Guest code that the host cannot execute: addresses in pages without that
 * right. A handler for SIGSEGV, installed before the runtime's, stands for
 * QEMU: it "translates" a jump there outside of host code.
 */
#ifndef EMULATE_H
#define EMULATE_H

#include <stddef.h>
#include <stdint.h>

#include "loop.h"

/* Makes `size` addresses that behave like visit(); call it before the first
 * call through the door. Returns the first one. */
char *emulate_guest_code(size_t size, loop_visit visit);

/* How many such jumps there were, and the address of the last. */
uint64_t emulate_count(void);
char *emulate_last(void);

#endif
