/* SPDX-License-Identifier: MIT
 *
 * Guest side of the loopback tests, in place of the one under runtime/arch: the
 * request goes to door.c in this very process, and so does the knock.
 */
#ifndef THUNK_ARCH_GUEST_H
#define THUNK_ARCH_GUEST_H

#include <stdint.h>

int64_t thunk_syscall(int64_t number, uint64_t a1, uint64_t a2, uint64_t a3,
                      uint64_t a4);
void thunk_knock(void);

#endif
