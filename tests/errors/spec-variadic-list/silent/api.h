#include <stdarg.h>
#include <stdio.h>

#define KEY   "key"
#define OTHER "other"

enum { ONE = 1, TWO = 2, TEN = 10 };
struct pair {
    long x, y, z;
};
typedef void (*handler)(void);

int each(int count, ...);
int both(int count, ...);
int first(int count, ...);
int plain(int count, ...);
int lists(int count, va_list list);
int text(unsigned long count, ...);
int scanned(const char *format, ...);
long real(int count, ...);
int record(int count, ...);
int place(int count, ...);
int keys(int count, ...);
int numbers(int count, ...);
int ends(int count, ...);
int floats(int count, ...);
int start(int name, ...);
int ranges(int count, ...);
int many(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j,
         int k, int l, int m, int n, int o, int p, ...);
