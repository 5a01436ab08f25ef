/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Functions inside QEMU that its plugin API does not have. */
#ifndef DLCALL_QEMU_SYMBOLS_H
#define DLCALL_QEMU_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>

/* The addresses of `count` functions of QEMU's, by their names: from what it
 * exports, else from the symbol table of its file. False if one is missing. */
bool qemu_symbols_find(const char *const names[], void *addresses[],
                       size_t count);

#endif
