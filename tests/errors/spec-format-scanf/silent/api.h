#include <stdarg.h>

int both(const char *text, const char *format, ...);
int none(const char *text, const char *format, va_list list);
int number(int text, const char *format, ...);
int real(float *text, const char *format, ...);
int two(const char *format, va_list list);
int absent(const char *format, ...);
