#include <stdarg.h>
#include <stddef.h>

typedef enum { GOOD, BAD } outcome;

int say(void *to, const char *format, ...);
int say_list(void *to, const char *format, va_list list);
void say_nothing(const char *format, ...);
void say_nothing_list(va_list list, const char *format);
char *say_text(const char *, ...);
unsigned long say_length(char *to, size_t size, const char *text, ...);
outcome say_outcome(const char *format, ...);

/* The format is not the last before the dots. */
int say_first(const char *format, int level, ...);

#define LIKE_PRINTF(m, n) __attribute__((__format__(__printf__, m, n)))
int say_attribute(int level, const char *format, ...) LIKE_PRINTF(2, 3);
int say_attribute_list(const char *format, va_list list) LIKE_PRINTF(1, 0);
