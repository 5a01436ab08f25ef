#include <stdarg.h>
struct pair {
    int a, b;
};
int f(const char *format, int level, ...);
int g(const char *format);
int h(const char *format, va_list one, va_list two);
struct pair i(const char *format, ...);
