/* SPDX-License-Identifier: MIT
 * A library with symbols of every kind. Each function tells which one was
 * called: by its thousands. */
#ifndef SYMBOLS_H
#define SYMBOLS_H

typedef int (*symbols_step)(int value);

int symbols_rate(int value);                    /* in three versions */
int symbols_each(symbols_step step, int value); /* in two */
int symbols_gone(int value);                    /* in an old version alone */
int symbols_add(int value);
int symbols_sum(int value);  /* an alias of symbols_add */
int symbols_weak(int value); /* weak */
int symbols_pick(int value); /* an IFUNC */
int symbols_text(char *to, unsigned long size, const char *format, ...)
    __attribute__((format(printf, 3, 4))); /* in two versions */
const char *symbols_side(void);

#endif
