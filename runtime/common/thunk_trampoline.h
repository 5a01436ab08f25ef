/* SPDX-License-Identifier: MIT
 * Numbers that C and the assembly of every ISA share: for trampolines of the
 * host, and for stubs, which are the guest's. */
#ifndef THUNK_TRAMPOLINE_H
#define THUNK_TRAMPOLINE_H

/* Bytes of code, and bytes of data, of one trampoline. */
#define THUNK_TRAMPOLINE_SIZE 16

/* From a trampoline to its data. A multiple of every page size that our hosts
 * and guests have (4, 16 and 64 KiB). */
#define THUNK_TRAMPOLINE_SPAN 0x10000

/* Offset of `code` in struct thunk_host_target. */
#define THUNK_TARGET_CODE 24

/* Offsets in struct stub_target of guest/stub.c. */
#define THUNK_STUB_FUNCTION 0
#define THUNK_STUB_CODE     8

/* Bytes of the slots of struct thunk_guest_ring, a power of two. */
#define THUNK_STUB_RING_SIZE 64

#endif
