/* SPDX-License-Identifier: MIT
 *
 * A library whose functions take lists of arguments, each kind of list that
 * there is: as "..." and as a va_list. What they were given they tell in a
 * text.
 */
#ifndef VARY_H
#define VARY_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

/* "host" or "guest": who does the work. */
const char *vary_side(void);

/* ---- formats ---- */

/* snprintf(), whose format the guest works out. */
int vary_print(char *to, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int vary_print_list(char *to, size_t size, const char *format, va_list list);

/* snprintf(), whose format the host works out, since the spec says that there
 * were conversions of the library's own. */
int vary_words(char *to, size_t size, const char *format, ...);
int vary_words_list(char *to, size_t size, const char *format, va_list list);

/* sscanf() and fscanf() */
int vary_scan(const char *text, const char *format, ...)
    __attribute__((format(scanf, 2, 3)));
int vary_scan_list(const char *text, const char *format, va_list list);
int vary_scan_file(FILE *file, const char *format, ...)
    __attribute__((format(scanf, 2, 3)));

/* The same with a conversion of its own, "%W": a word, in capital letters. */
int vary_pick(const char *text, const char *format, ...);

/* A stream of the library's own: reads on where the last call has ended. */
struct vary_stream;
struct vary_stream *vary_open(const char *text);
int vary_read(struct vary_stream *stream, const char *format, ...);
void vary_close(struct vary_stream *stream);

/* The library's own, under a name of the C library's: formats the text that
 * vary_logged() gives. */
void syslog(int priority, const char *format, ...);
const char *vary_logged(void);

/* ---- lists ---- */

/* All of them, with '/' between, up to a NULL; the number of them. */
int vary_join(char *to, size_t size, const char *first, ...);
int vary_join_list(char *to, size_t size, va_list list);

/* Keys with values, up to a NULL. */
#define VARY_NAME  "name"  /* const char * */
#define VARY_SCALE "scale" /* double */
#define VARY_VISIT "visit" /* vary_visit, void *: called */
#define VARY_HOOKS "hooks" /* const struct vary_hooks *: called */
#define VARY_POINT "point" /* int, long, int */
#define VARY_WIDE  "wide"  /* long double */
#define VARY_FILE  "file"  /* FILE *: a line is read from it */
#define VARY_OTHER "other" /* void *, as of all other keys */

typedef long (*vary_visit)(void *context, long value);

struct vary_hooks {
    vary_visit enter;
    vary_visit leave;
    void *context;
};

int vary_set(char *to, size_t size, ...);
int vary_set_list(char *to, size_t size, va_list list);

/* Numbers up to -1. */
long vary_sum(int first, ...);

/* `count` times an int and a double. */
int vary_mix(char *to, size_t size, unsigned count, ...);

/* `count` long doubles. */
int vary_wide(char *to, size_t size, int count, ...);

/* By a number: 0 to 99 a long, but a double for 50; 100 to 199 a text; 200 to
 * 299 a vary_visit; nothing else for others. */
enum vary_option {
    VARY_LONGS = 0,
    VARY_DOUBLE = 50,
    VARY_TEXTS = 100,
    VARY_VISITS = 200,
    VARY_OTHERS = 300,
};

int vary_option(char *to, size_t size, int option, ...);
int vary_option_list(char *to, size_t size, int option, va_list list);

#endif
