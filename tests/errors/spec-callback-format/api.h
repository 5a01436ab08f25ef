#include <stdarg.h>
typedef void (*logger)(int level, const char *format, ...);
typedef void (*plain)(int level);
int f(logger log, plain no_log);
int g(void (*list)(const char *format, va_list arguments));
