#include <stdarg.h>

char *quote(const char *format, ...);
void say(int level, const char *format, ...);
int quote_list(char *to, const char *format, va_list list);
