int f(int a);
#include <stdarg.h>
void g(void (*hook)(const char *, ...));
struct table {
    void (*take)(void (*hook)(void));
    void (*(*give)(void))(void);
};
void h(struct table *it);
void i(struct table *it);
void j(int (*list)(va_list arguments));
