/* SPDX-License-Identifier: MIT
 *
 * The functions of GMP that print to stdout and read from stdin: the program's,
 * which only the guest's libc knows.
 */
#include <thunk/frame.h>

#include "thunk_gmp.h"

THUNK_EXPORT int gmp_vprintf(const char *format, va_list list)
{
    return gmp_vfprintf(stdout, format, list);
}

THUNK_EXPORT int gmp_printf(const char *format, ...)
{
    va_list list;
    int result;

    va_start(list, format);
    result = gmp_vfprintf(stdout, format, list);
    va_end(list);
    return result;
}

THUNK_EXPORT int gmp_vscanf(const char *format, va_list list)
{
    return gmp_vfscanf(stdin, format, list);
}

THUNK_EXPORT int gmp_scanf(const char *format, ...)
{
    va_list list;
    int result;

    va_start(list, format);
    result = gmp_vfscanf(stdin, format, list);
    va_end(list);
    return result;
}
