#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#define KEY_NAME  "name"
#define KEY_SCALE "scale"
#define KEY_CALL  "call"
#define KEY_HOOKS "hooks"
#define KEY_PLACE "place"

enum { SIZE = 5, FIRST = 0, MIDDLE = 99, LAST = 199 };

typedef int (*visit)(void *context, int value);
struct hooks {
    void *context;
    visit enter;
};

/* Until a constant; keys with values; a given number; by a parameter. */
int strings(const char *first, ...);
bool pairs(visit first, ...);
bool pairs_list(FILE *stream, va_list list);
void count(unsigned n, ...);
int option(int option, ...);
int option_list(int option, va_list list);
