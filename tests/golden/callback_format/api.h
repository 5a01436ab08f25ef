#include <stdarg.h>

#define LIKE_PRINTF(m, n) __attribute__((format(printf, m, n)))

typedef int (*logger)(void *context, const char *format, ...) LIKE_PRINTF(2, 3);
typedef void (*list_logger)(const char *format, va_list list) LIKE_PRINTF(1, 0);
typedef int (*plain_logger)(int level, const char *format, ...);

struct operations {
    int (*warn)(void *, const char *text, ...) LIKE_PRINTF(2, 3);
};

int take(logger log, list_logger list);
void take_inline(void (*log)(const char *format, ...) LIKE_PRINTF(1, 2));
void look_into(const struct operations *operations);
logger exchange(plain_logger log);
list_logger give(void);
