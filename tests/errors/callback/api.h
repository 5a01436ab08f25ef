int f(int a);
#include <stdarg.h>
void g(void (*hook)(const char *, ...));
struct table {
    void (*take)(void (*hook)());
    void (*(*give)(void))(int, ...);
};
void h(struct table *it);
void i(struct table *it);
void j(int (*list)(va_list arguments));
int (*k(void))(const char *, ...);
void l(int (**out)(va_list arguments));
