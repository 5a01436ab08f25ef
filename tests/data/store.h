/* SPDX-License-Identifier: MIT
 * A library that exports variables of every kind that crosses. */
#ifndef STORE_H
#define STORE_H

#include <stdio.h>

struct store_state {
    short first;
    long second;
};

extern int store_level;                /* both sides write it */
extern struct store_state store_state; /* likewise */
extern long store_counters[3];         /* likewise */
extern char *store_text;               /* likewise: a pointer */
extern char **store_environ;           /* likewise: each side replaces it */
extern const char store_version[];     /* constants */
extern const int store_table[2][3];
extern const char *const store_names[];
extern const struct store_state store_preset;
extern const char *store_title; /* keeps its first value */
/* Of each thread. */
extern _Thread_local int store_errno;    /* both sides write it */
extern _Thread_local char *store_locale; /* likewise: a pointer */
extern _Thread_local long store_seed;    /* begins as 41 */

/* Programs call what it points to. */
extern long (*store_scale)(long value);

/* Both sides set them. */
extern long (*store_hook)(long value); /* at first store_half */
extern FILE *store_out;                /* NULL: set to stdout when needed */

/* Both sides use the same one. */
struct store_entry {
    char kind;
    long (*function)(long value);
};
extern struct store_entry store_entries[2];
extern struct store_entry *store_current;

long store_half(long value);
long store_hooked(long value);   /* by store_hook */
void store_hook_set(int number); /* 0: none, 1: store_half, 2: another */
void store_print(const char *text);
long store_enter(int number, long value); /* by store_entries */
void store_enter_set(int number);         /* to store_half */

char *store_copy(const char *text); /* the program frees it */
void store_forget(char *text);      /* which the program has allocated */

/* A variable of the environment, whose it is: as one or another way finds or
 * changes it. */
enum store_way {
    STORE_GET,
    STORE_SECURE_GET,
    STORE_ENVIRON,
    STORE_SET, /* if there is none */
    STORE_PUT,
    STORE_UNSET,
    STORE_CLEAR
};
const char *store_variable(enum store_way way, const char *name);
int store_hour(void); /* of the first second of 1970, where the process is */

int store_sum(void);      /* of all that both sides write */
void store_raise(int by); /* writes to all of it */
int store_visit(void (*visit)(int level));
const char *store_side(void);

/* What store_environ has for the name; adds to it, which makes a new one. */
const char *store_getenv(const char *name);
int store_putenv(char *text);

int store_fail(int by); /* adds to store_errno, and takes a step in the name of
                         * store_locale */
int store_fail_visit(void (*visit)(int value));  /* adds 1, calls back, and
                                                  * returns it */
void store_scale_set(long (*scale)(long value)); /* NULL: as at the start */

#endif
