#ifndef GREET_H
#define GREET_H

/* Calls `say` once for each of `count` greetings; returns what it returned in
 * all. */
int greet_all(const char *name, int count, int (*say)(const char *text));

/* Which process's code this is: the file that it was loaded from. */
const char *greet_origin(void);

#endif
