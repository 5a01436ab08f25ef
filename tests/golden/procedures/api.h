/* Functions that are had by name, exported or not. */
#include <stdarg.h>

typedef void (*named_function)(void);

named_function named_get(void *object, const char *name);
void *named_find(const unsigned char *name);

int named_add(int a, int b);
int named_print(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* That the library does not export. */
struct named_pair {
    long first, second;
};
void named_draw(void *object, const float *vertices, int count);
int named_swap(struct named_pair pair, void (*done)(int result));
double named_flush(void);
void named_end(void) __attribute__((noreturn));

/* Of another kind of name: not to be had. */
void other(void);
