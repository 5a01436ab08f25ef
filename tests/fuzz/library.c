/* SPDX-License-Identifier: MIT
 * Nothing of it is ever called: its names count. */
#include "api.h"

int fuzz_level;
const char *const fuzz_names[3] = {"a", "b", "c"};
_Thread_local int fuzz_own = 1;
fuzz_step fuzz_hook;
FILE *fuzz_out;
struct fuzz_table fuzz_tables[2];

#define EXPORT(name)                                                           \
    __asm__(".globl " name "\n.type " name ", @function\n" name ":\n.byte 0\n" \
            ".size " name ", 1")

__asm__(".text");
EXPORT("fuzz_start");
EXPORT("fuzz_table");
EXPORT("fuzz_find");
EXPORT("fuzz_by_name");
EXPORT("fuzz_print");
EXPORT("fuzz_vprint");
EXPORT("fuzz_option");
EXPORT("fuzz_exact");
EXPORT("fuzz_result");
EXPORT("fuzz_nodes");
EXPORT("fuzz_stream");
EXPORT("fuzz_old_1");
EXPORT("fuzz_old_2");
__asm__(".symver fuzz_old_1, fuzz_old@FUZZ_1, remove");
__asm__(".symver fuzz_old_2, fuzz_old@@FUZZ_2, remove");
