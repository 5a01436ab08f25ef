#include <stdarg.h>
#include <stdio.h>

/* By attribute, by spec, by name. */
int told(const char *text, const char *format, ...)
    __attribute__((format(scanf, 2, 3)));
int tell(FILE *stream, const char *format, ...);
int tell_list(const char *format, unsigned more, va_list list);
int own(const char *text, const char *format, ...);
int vsscanf(const char *text, const char *format, va_list list);
void syslog(int priority, const char *format, ...);
