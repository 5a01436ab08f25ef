/* SPDX-License-Identifier: MIT
 * A library that exports more than its thunk carries: the spec omits some, and
 * no header declares what is in inside.h. */
#ifndef FORWARD_H
#define FORWARD_H

struct forward_big {
    double numbers[5];
    long last;
};

/* Only the library knows what is in it. */
struct forward_object;

/* ---- carried ---- */
const char *forward_side(void);
int forward_counted(void);
int forward_level_get(void);
int forward_depth_get(void);
struct forward_object *forward_object_new(int value);
int forward_object_value(const struct forward_object *object);

/* ---- omitted ---- */

/* Writes who does it and all it was given. */
int forward_own(char *to, unsigned long size, int a, long b, short c, int d,
                float e, double f, double g, double h, double i, double j,
                double k, double l, double m, double n, struct forward_big big,
                long p, signed char q);
struct forward_big forward_own_big(double number, long last);
int forward_own_text(char *to, unsigned long size, const char *format, ...);
int forward_own_rate(int value);
extern int forward_mode;
extern const char *forward_words[3];
int forward_own_mode(void);

/* Objects of the host's library are no good to the guest's own. */
int forward_object_add(struct forward_object *object, int value);

#endif
