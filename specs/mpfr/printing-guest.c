/* SPDX-License-Identifier: MIT
 *
 * The guest's side of MPFR: its memory, and the functions that print to stdout,
 * which only the guest's libc knows.
 */
#include <thunk/frame.h>

#include "thunk_mpfr.h"

/* Any call of GMP's thunk attaches that, and then it says where memory comes
 * from. It must not be later than MPFR's first block, which may be freed by the
 * program, or by GMP. */
void thunk_mpfr_start(void)
{
    mp_get_memory_functions(NULL, NULL, NULL);
}

THUNK_EXPORT int mpfr_vprintf(const char *format, va_list list)
{
    return mpfr_vfprintf(stdout, format, list);
}

THUNK_EXPORT int mpfr_printf(const char *format, ...)
{
    va_list list;
    int result;

    va_start(list, format);
    result = mpfr_vfprintf(stdout, format, list);
    va_end(list);
    return result;
}

THUNK_EXPORT void mpfr_dump(mpfr_srcptr number)
{
    mpfr_fdump(stdout, number);
}
