#include <stdio.h>

typedef int (*compare)(const void *a, const void *b);
struct exact {
    int digits;
    long double value;
};
union either {
    int digits;
    long double value;
};

int add(int a, int b);
void sort(void *base, size_t count, compare order);
int say(const char *text, ...);
int print(const char *text, ...);
double round_off(struct exact *number);
int dump(FILE *to);
double average(const long double *numbers, unsigned count);
union either *visit(int n);
int older(int a);
int unused(int a);
extern int level;
extern int shared;
extern const char name[5];
