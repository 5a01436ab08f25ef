#include <stdarg.h>
int f(const char *format, va_list list)
{
    (void)list;
    return format == 0;
}
