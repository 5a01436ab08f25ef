/* SPDX-License-Identifier: MIT
 *
 * The guest's side of GMP: its memory. The host's GMP may be QEMU's as well,
 * and then GnuTLS has set functions that are its own. With GMP's, which call
 * malloc(), a program may free by free(), as GMP's manual lets it while it has
 * set no functions, or by what mp_get_memory_functions() gives.
 */
#include "thunk_gmp.h"

void thunk_gmp_start(void)
{
    mp_set_memory_functions(NULL, NULL, NULL);
}
