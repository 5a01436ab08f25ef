/* SPDX-License-Identifier: MIT
 * The test library: one function for each thing that a call can do. */
#ifndef LOOP_H
#define LOOP_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

/* "host" or "guest": two builds of the library play the two sides'. */
const char *loop_side(void);

/* The host's build lacks it. */
int loop_guest_only(int value);

long loop_add(long a, long b);

/* More of both kinds than there are argument registers. */
double loop_mix(int i1, double d1, short i2, float f1, long i3, double d2,
                unsigned char i4, double d3, long i5, double d4, long i6,
                double d5, long i7, double d6, long i8, double d7, long i9,
                double d8, long i10, double d9);

struct loop_pair {
    long number;
    double real;
};

struct loop_large {
    long numbers[9];
};

struct loop_pair loop_swap(struct loop_pair pair, struct loop_large large);
struct loop_large loop_fill(long first);

/* Sets errno to `value` unless that is 0; returns errno as it found it. */
int loop_errno(int value);

typedef long (*loop_visit)(void *context, long value);
typedef double (*loop_mixed)(int i1, double d1, short i2, float f1, long i3,
                             double d2, unsigned char i4, double d3, long i5,
                             double d4, long i6, double d5, long i7, double d6,
                             long i8, double d7, long i9, double d8, long i10,
                             double d9);
typedef struct loop_pair (*loop_turn)(struct loop_pair pair,
                                      struct loop_large large);

/* visit(context, value) + 1 */
long loop_call(loop_visit visit, void *context, long value);

/* The sum of visit(context, i) for i below count. */
long loop_repeat(loop_visit visit, void *context, long count);

double loop_call_mixed(loop_mixed mixed);
struct loop_pair loop_call_turn(loop_turn turn, long first);

/* Sets errno to `before`, calls, and returns errno as it is then. */
int loop_call_errno(loop_visit visit, void *context, int before);

/* Threads of the library's own. Each calls visit(context, i) for i below count,
 * with errno i % 100 + 1, and wants to find i % 50 + 1 after it. */
struct loop_crew;
struct loop_crew *loop_crew_start(long threads, long count, loop_visit visit,
                                  void *context);

/* Waits for them; gives how often errno was something else. */
long loop_crew_join(struct loop_crew *crew);

/* Which of them this is; -1: none. */
long loop_crew_self(void);

/* Whether the two are the same pointer, as the host sees them. */
int loop_same(loop_visit one, loop_visit two);

struct loop_operations {
    loop_visit visit;
    void *context;
};

/* Puts loop_preset there. */
void loop_prepare(struct loop_operations *operations);

/* As loop_call() with what is in the struct. */
long loop_operate(const struct loop_operations *operations, long value);

/* The library keeps a function, at first its own loop_preset, which adds
 * LOOP_PRESET_HOST or LOOP_PRESET_GUEST to the value. Sets it and returns the
 * one before. */
#define LOOP_PRESET_HOST  1000
#define LOOP_PRESET_GUEST 2000
loop_visit loop_set(loop_visit visit);

/* What the function that it keeps returns, and whether it is loop_preset. */
long loop_use(void *context, long value);
int loop_is_preset(void);

/* The library's own functions of other types; the last is loop_call. */
typedef int (*loop_error)(int value);
typedef long (*loop_caller)(loop_visit visit, void *context, long value);
loop_mixed loop_get_mixed(void);
loop_turn loop_get_turn(void);
loop_error loop_get_errno(void);
loop_caller loop_get_caller(void);
loop_visit loop_get_many(int which);

enum { LOOP_MANY = 8 };

/* Gives out functions by name, "loop_side" to what comes here; what nothing
 * exports is another function for each object, 0 or 1. NULL: there is none. */
typedef void (*loop_function)(void);
loop_function loop_procedure(int object, const char *name);

/* object + a name's number + value; the second is the first of object 1, too.
 */
long loop_named(long value);
long loop_named_as_well(long value);

/* Calls what choose(loop_preset, value) returns. */
typedef loop_visit (*loop_choose)(loop_visit preset, long value);
long loop_choose_by(loop_choose choose, void *context, long value);

/* Calls what fill() has written, which finds loop_preset there. */
typedef void (*loop_filler)(loop_visit *visit);
long loop_fill_by(loop_filler fill, void *context, long value);

/* Writes loop_preset, or the function that it keeps. Else it leaves the place
 * as it is and returns -1. */
enum loop_which { LOOP_NEITHER, LOOP_PRESET, LOOP_KEPT };
int loop_find(enum loop_which which, loop_visit *found);

/* The same the other way round: keeps what lies there, and writes what it kept.
 */
void loop_exchange(loop_visit *visit);

/* The sum of what each returns. */
long loop_each(const loop_visit *visits, int count, void *context, long value);

/* Structs of them, by value: loop_preset, and what it keeps, twice. */
struct loop_set_of {
    loop_visit preset;
    struct {
        loop_visit kept[2];
    } inner;
};
struct loop_set_of loop_get_set(void);

/* Calls change() with that, and then all three of what it returns. */
typedef struct loop_set_of (*loop_change)(struct loop_set_of set);
long loop_change_by(loop_change change, void *context, long value);

/* A function of the library's that puts its first kept one in all places. */
loop_change loop_get_change(void);

/* Function pointers that the host has from the guest as they are. */
loop_visit loop_visit_of(const struct loop_operations *operations);
loop_visit loop_visit_at(const void *address);

/* Functions of which no type tells: as loop_call(), loop_call_mixed() and
 * loop_call_turn(); and some of the library's own: the one that it keeps, and
 * others of what is above. */
long loop_call_hidden(const void *visit, void *context, long value);
double loop_call_hidden_mixed(const void *mixed);
struct loop_pair loop_call_hidden_turn(const void *turn, long first);
enum loop_hidden {
    LOOP_HIDDEN_KEPT,
    LOOP_HIDDEN_ADD,
    LOOP_HIDDEN_MIX,
    LOOP_HIDDEN_FILL,
    LOOP_HIDDEN_SWAP,
    LOOP_HIDDEN_ERRNO,
    LOOP_HIDDEN_COUNT
};
const void *loop_hidden(enum loop_hidden which);

/* Writes to address, with the stack off its alignment. */
void loop_crash(int *address);

/* Uses that many KiB of stack. */
long loop_deep(long kibibytes);

/* How many frames backtrace() finds, 200 at most. */
int loop_backtrace(void);

/* Whether the stack of a host function is aligned, and that of a callback. */
int loop_is_aligned(void);

/* For what --trace shows: values of every kind, and a name for some of them. */
enum loop_colour { LOOP_RED = -1, LOOP_GREEN, LOOP_BLUE = 2000000000 };
typedef enum { LOOP_DOWN = 1, LOOP_UP = 2 } loop_direction;
__extension__ enum loop_mask { LOOP_NONE, LOOP_ALL = 0xffffffffu };

enum __attribute__((packed)) loop_tiny { LOOP_TINY = 1, LOOP_HUGE = 200 };
__extension__ enum loop_wide { LOOP_WIDE = 0x7fffffffffffffff };

enum loop_tiny loop_shrink(enum loop_tiny tiny, enum loop_wide wide);

/* `colour` */
enum loop_colour loop_paint(enum loop_colour colour, loop_direction direction,
                            enum loop_mask mask, _Bool is_bright, char mark);

/* `i8` */
unsigned long loop_widths(signed char i1, unsigned char i2, short i3,
                          unsigned short i4, int i5, unsigned i6, long i7,
                          unsigned long i8);

double loop_reals(float one, double two);
void loop_nothing(void);

/* Both give `text` back. */
const char *loop_echo(const char *text);
char *loop_buffer(char *text);

/* *address; a leaf */
long loop_read(const long *address);

/* snprintf(); -7 without a format */
int loop_format(char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

int loop_format_list(char *text, size_t size, const char *format, va_list list);

/* The same, worked out by the host. */
int loop_words(char *text, size_t size, const char *format, ...);
int loop_words_list(char *text, size_t size, const char *format, va_list list);

/* sscanf() */
int loop_scan(const char *text, const char *format, ...)
    __attribute__((format(scanf, 2, 3)));
int loop_scan_list(const char *text, const char *format, va_list list);

/* Streams of the library's own, and what it does with any. */
FILE *loop_open(const char *path, const char *mode);
int loop_open_at(const char *path, const char *mode, FILE **stream);
int loop_put(FILE *stream, const char *text);
int loop_get(FILE *stream);
int loop_push(FILE *stream, int byte);
long loop_tell(FILE *stream);
int loop_end(FILE *stream); /* feof() */
int loop_close(FILE *stream);
/* Reads a byte and puts it back after visit(context, byte), whose result it
 * gives. */
long loop_peek_by(FILE *stream, loop_visit visit, void *context);
int loop_same_stream(FILE *one, FILE *other);

/* The sum of what follows up to a 0, and of what visit makes of it. */
long loop_sum(loop_visit visit, ...);

#endif
