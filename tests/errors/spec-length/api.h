#include <stddef.h>
struct pair { long double a, b; };
struct list { int n; double f; struct pair *pairs; int *same; long double tail[]; };
struct ended { int n; long double tail[]; };
int ended(const struct ended *it);
int f(const struct pair *at, size_t n, double d, int *place, int value);
struct rows { struct pair **rows; struct pair *one; };
int rows(const struct rows *of);
int rows_told(const struct rows *of);
struct pair *made(int n);
struct pair **all(void);
int g(const struct list *it);
int h(struct pair **rows, int n);
int out(struct list *it, int *n, long double *to);
int visit(int (*each)(const struct pair *at, unsigned n, int *place));
