/* SPDX-License-Identifier: MIT
 * A library whose functions are handed around where no type tells of them. */
#ifndef WILD_H
#define WILD_H

#include <stddef.h>

struct wild_pair {
    long first, second;
};

/* Functions of the library, for the program to call. */
struct wild_table {
    long (*integers)(long a, long b, long c, long d, long e, long f);
    double (*doubles)(double a, double b, double c, double d, double e,
                      double f, double g, double h);
    float (*floats)(float a, float b);
    double (*mixed)(int a, double b, const char *c, float d, long e, double f);
    char *(*pointer)(char *text, size_t offset);
    int (*negative)(int value);
    unsigned (*large)(unsigned value);
    long (*eight)(long a, long b, long c, long d, long e, long f, long g,
                  long h);
    long (*twelve)(long a, long b, long c, long d, long e, long f, long g,
                   long h, long i, long j, long k, long l);
    struct wild_pair (*pair)(long first, long second);
    int (*fail)(int number);              /* sets errno to it, returns -1 */
    long (*back)(void *function, long n); /* function(n) + 1 */
    long (*add)(long a, long b);
};

/* For the same conventions alone: more than registers carry. */
struct wild_large {
    long values[5];
};

struct wild_more {
    double (*spilled)(double a, double b, double c, double d, double e,
                      double f, double g, double h, double i, double j, long k,
                      long l, long m, long n, long o, long p, long q, long r);
    struct wild_large (*large)(long a, struct wild_large b);
};

/* The table of the library, behind the pointer; and a copy. */
const struct wild_table *wild_table(void);
void wild_fill(struct wild_table *table);
const struct wild_more *wild_more(void);

/* The library calls a function of which it alone knows the type: the same as
 * the member of that place in struct wild_table, with arguments of its own. The
 * outcome as text. */
enum wild_kind {
    WILD_INTEGERS,
    WILD_DOUBLES,
    WILD_FLOATS,
    WILD_MIXED,
    WILD_POINTER,
    WILD_NEGATIVE,
    WILD_LARGE,
    WILD_EIGHT,
    WILD_TWELVE,
    WILD_PAIR,
    WILD_FAIL,
    WILD_BACK,
    WILD_ADD,
    WILD_SPILLED,
    WILD_STRUCT,
};
void wild_call(enum wild_kind kind, void *function, char *text, size_t size);

/* Calls function(n), which a struct of the program's hides. */
long wild_visit(const void *hidden, long n);

/* The sum of function(0, i) for all i below count. */
long wild_loop(void *function, long count);

/* The same with a type that tells. */
long wild_typed(long (*function)(long, long), long count);

/* The same, by a thread of the library's own. */
long wild_thread(void *function, long count);

long wild_add(long a, long b);
void wild_crash(int *address);

#endif
