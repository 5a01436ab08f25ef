/* SPDX-License-Identifier: MIT
 * Numbers that trampoline.c and the assembly of every ISA share. */
#ifndef THUNK_TRAMPOLINE_H
#define THUNK_TRAMPOLINE_H

/* Bytes of code, and bytes of data, of one trampoline. */
#define THUNK_TRAMPOLINE_SIZE 16

/* From a trampoline to its data. A multiple of every page size that our hosts
 * have (4, 16 and 64 KiB). */
#define THUNK_TRAMPOLINE_SPAN 0x10000

/* Offset of `code` in struct thunk_host_target. */
#define THUNK_TARGET_CODE 24

#endif
