/* SPDX-License-Identifier: MIT
 *
 * What the random library has besides the types that make.py makes: lists of
 * arguments, handles, variables.
 */
#ifndef FIXED_H
#define FIXED_H

#include <stdarg.h>
#include <stdint.h>

#ifdef __x86_64__
#define RANDOM_X(...) __VA_ARGS__
#define RANDOM_O(...)
#else
#define RANDOM_X(...)
#define RANDOM_O(...) __VA_ARGS__
#endif

enum { RANDOM_MANY = 21 };
enum random_kind {
    RANDOM_INTEGER,
    RANDOM_NUMBER,
    RANDOM_VALUE,
    RANDOM_NOTHING,
};

/* "host" or "guest": whose library it is. */
const char *random_side(void);
/* Which of the two layouts it has; it is told the program's. */
int random_layout(int of_program);
/* How much the library has found wrong in what it was given by value. */
int random_found(void);

/* ---- lists of arguments; what they hold follows from the seed ---- */

/* int, double, long double, unsigned long, `count` times */
typedef int (*random_visit)(long value, uint64_t seed);
int list_counted(uint64_t seed, int from, unsigned count, ...);
int list_counted_list(uint64_t seed, int from, unsigned count, va_list list);

/* long, up to 0 */
int list_ended(uint64_t seed, int from, long first, ...);

/* Keys with values, up to 0. */
enum random_key {
    RANDOM_KEY_END,
    RANDOM_KEY_LONG,   /* long */
    RANDOM_KEY_DOUBLE, /* double */
    RANDOM_KEY_WIDE,   /* long double */
    RANDOM_KEY_MIXED,  /* unsigned, long double, void *, double */
    RANDOM_KEY_CALL,   /* random_visit, long: what it is called with */
};
int list_keys(uint64_t seed, int from, ...);
int list_keys_list(uint64_t seed, int from, va_list list);

/* By a parameter: the same values as of a key, or a record. */
struct random_record {
    int number;
    long double real;
};
enum { RANDOM_KEY_RECORD = 9 };
int list_by(uint64_t seed, int from, int key, ...);
int list_by_list(uint64_t seed, int from, int key, va_list list);

/* ---- handles: each side's token is the other's but for a few bits ---- */

typedef uint64_t token;

struct tokens {
    int before;
    token of;
    uint64_t after;
};

typedef token token_visit(token one, uint64_t seed);

token token_turn(token one, int a, token other, uint64_t seed);
int token_behind(const struct tokens *tokens, uint64_t seed);
int token_call(token_visit *visit, uint64_t seed);

/* What the host has beside it. */
token random_token_to_host(token guest);
token random_token_to_guest(token host);

/* ---- variables, which both sides write ---- */

struct random_values {
    signed char small;
    float real;
    __int128 wide;
    unsigned bits : 13;
    double other;
    void *pointer;
};

extern long variable_long;
extern double variable_real;
extern struct random_values variable_values[3];
extern _Thread_local unsigned short variable_own;
extern _Thread_local double variable_own_real;

/* That they are of `seed`; makes them those of `by`. */
int variables_turn(uint64_t seed, uint64_t by);
/* The same, with the turn of the program in a callback between them. */
typedef void variables_visit(uint64_t seed, uint64_t by);
int variables_call(variables_visit *visit, uint64_t seed, uint64_t by);

#endif
