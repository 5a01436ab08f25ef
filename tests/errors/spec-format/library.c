#include "api.h"
int f(const char *format, int level, ...)
{
    return format == 0 ? level : 0;
}
int g(const char *format)
{
    return format == 0;
}
int h(const char *format, va_list one, va_list two)
{
    (void)one;
    (void)two;
    return format == 0;
}
struct pair i(const char *format, ...)
{
    return (struct pair){format == 0, 1};
}
