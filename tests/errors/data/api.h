#include <stdio.h>

struct hooks {
    int a;
    int (*run[2])(void);
};
int f(int a);
extern int plain;
extern const char *text;
extern struct hooks hooks;
extern const int longer[4];
extern _Thread_local int local;
extern _Thread_local void (*hook_local)(int a);
extern const long double exact;
extern void (*hook)(int a);
typedef __builtin_va_list list_of_any;
extern void (*hook_list)(const char *format, list_of_any list)
    __attribute__((format(printf, 1, 0)));
extern FILE *stream;
extern int (*short_hook)(void);
