#include <stdarg.h>
int f(const char *format, va_list list);
