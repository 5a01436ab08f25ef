#include "api.h"
int f(logger log, plain no_log)
{
    return log == 0 || no_log == 0;
}
int g(void (*list)(const char *format, va_list arguments))
{
    return list == 0;
}
