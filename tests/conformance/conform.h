/* SPDX-License-Identifier: MIT
 *
 * A library with one function for each way in which control can cross between
 * a program and a library. It does little: what matters is who calls whom.
 * tests/conformance/program.c uses all of it.
 */
#ifndef CONFORM_H
#define CONFORM_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* How a function pointer is declared; or, where the header shall not tell what
 * it is, as a mere pointer. */
#ifdef CONFORM_UNTYPED
#define CONFORM_POINTER(result, name, parameters) void *name
#else
#define CONFORM_POINTER(result, name, parameters) result(*name) parameters
#endif

typedef CONFORM_POINTER(long, conform_visit, (void *context, long value));

/* ---- function pointers that go to the library ---- */

/* visit(context, value) + 1 */
long conform_argument(conform_visit visit, void *context, long value);

/* The same through the instruction door. */
long conform_argument_fast(conform_visit visit, void *context, long value);

/* The sum of visit(context, i) for i below count. */
long conform_repeat(conform_visit visit, void *context, long count);

/* Without a typedef: the sum of what both give for `value`. */
long conform_two(CONFORM_POINTER(long, first, (long)),
                 CONFORM_POINTER(int, second, (const char *text, int n)),
                 long value);

struct conform_hooks {
    conform_visit enter;
    conform_visit leave;
    void *context;
};

struct conform_nest {
    long value;
    struct {
        struct conform_hooks hooks;
        conform_visit all[3];
    } inner;
};

/* enter(context, value) + 10 * leave(context, value), by each way. In a nest,
 * with 100 * the sum of all. */
long conform_by_value(struct conform_hooks hooks, long value);
long conform_by_pointer(const struct conform_hooks *hooks, long value);
long conform_nested(const struct conform_nest *nest);
long conform_nested_value(struct conform_nest nest);

/* (*place)(context, value) */
long conform_place(const conform_visit *place, void *context, long value);

/* More arguments of both kinds than registers hold, and all their widths. */
typedef CONFORM_POINTER(double, conform_mixed,
                        (int i1, double d1, short i2, float f1, long i3,
                         double d2, unsigned char i4, double d3, int64_t i5,
                         double d4, signed char i6, double d5, uint32_t i7,
                         double d6, uint16_t i8, double d7, size_t i9,
                         double d8, intptr_t i10, double d9, bool i11,
                         char i12));
double conform_call_mixed(conform_mixed mixed);

/* Each gives what the guest's function of that width gives, widened. */
typedef CONFORM_POINTER(signed char, conform_char, (signed char value));
typedef CONFORM_POINTER(unsigned short, conform_short, (unsigned short value));
typedef CONFORM_POINTER(float, conform_float, (float value));
typedef CONFORM_POINTER(bool, conform_bool, (bool value));
enum conform_colour { CONFORM_RED = -1, CONFORM_BLUE = 2000000000 };
typedef CONFORM_POINTER(enum conform_colour, conform_enum,
                        (enum conform_colour value));
typedef CONFORM_POINTER(const char *, conform_text,
                        (const char *text, size_t *length));
long conform_call_char(conform_char function, int value);
long conform_call_short(conform_short function, int value);
double conform_call_float(conform_float function, double value);
int conform_call_bool(conform_bool function, int value);
long conform_call_enum(conform_enum function, enum conform_colour value);
size_t conform_call_text(conform_text function, const char *text);

/* Structs by value: in two registers, in floating ones, in memory. */
struct conform_pair {
    long number;
    double real;
};

struct conform_point {
    float x, y, z;
};

struct conform_large {
    long numbers[9];
};

struct conform_tiny {
    char bytes[3];
};

typedef CONFORM_POINTER(struct conform_pair, conform_turn,
                        (struct conform_pair pair, struct conform_large large));
typedef CONFORM_POINTER(struct conform_large, conform_fill,
                        (struct conform_point point, struct conform_tiny tiny));
struct conform_pair conform_call_turn(conform_turn turn, long first);
long conform_call_fill(conform_fill fill);

/* A list that the callback walks, and adds to at its end. */
struct conform_node {
    long value;
    struct conform_node *next;
};

typedef CONFORM_POINTER(long, conform_walk, (struct conform_node * list));
long conform_call_walk(conform_walk walk, struct conform_node *own);

/* Whether the stack is aligned as the ABI says, `depth` callbacks deep. */
typedef CONFORM_POINTER(int, conform_aligned, (long depth));
int conform_is_aligned(conform_aligned aligned, long depth);

/* ---- function pointers that come from the library ---- */

/* Its own functions: value + 100 + which. 0 to 3. */
conform_visit conform_return(int which);

/* The same by the way of an out parameter; -1 and nothing written where there
 * is none. */
int conform_out(int which, conform_visit *found);

/* Numbers 0 and 1, by value. */
struct conform_hooks conform_hooks_get(void);

/* A function of another type: conform_argument itself, as the library has it.
 */
typedef CONFORM_POINTER(long, conform_caller,
                        (conform_visit visit, void *context, long value));
conform_caller conform_caller_get(void);
conform_mixed conform_mixed_get(void);
conform_turn conform_turn_get(void);

/* What choose(number 0, value) returns is called with it. */
typedef CONFORM_POINTER(conform_visit, conform_choose,
                        (conform_visit preset, long value));
long conform_choose_by(conform_choose choose, long value);

/* What fill() has written is called with `value`. */
typedef CONFORM_POINTER(void, conform_filler, (conform_visit * place));
long conform_fill_by(conform_filler fill, long value);

/* The same with a function of the library's there before. 1000 more: it is
 * still there. */
long conform_refill_by(conform_filler fill, long value);

/* What change() makes of numbers 0 and 1 is called. */
typedef CONFORM_POINTER(struct conform_hooks, conform_change,
                        (struct conform_hooks hooks));
long conform_change_by(conform_change change, long value);

/* ---- one function that is kept ---- */

/* Sets it, and gives the one before; number 3 is preset. */
conform_visit conform_set(conform_visit visit);
long conform_use(void *context, long value);
void conform_exchange(conform_visit *place);

/* The same as conform_use(), but its spec lies: it calls it a leaf. */
long conform_use_leaf(long value);

/* How often two of the pointers were the same, as the library sees them. */
int conform_same(conform_visit one, conform_visit two);

/* ---- what is kept with its owner ---- */

struct conform_operations {
    CONFORM_POINTER(long, read, (void *context, char *to, long size));
    CONFORM_POINTER(int, seek, (void *context, long to));
    CONFORM_POINTER(void, close, (void *context));
};

/* Keeps the pointer to the operations, or a copy of them. */
struct conform_stream;
struct conform_stream *conform_open(const struct conform_operations *operations,
                                    void *context);
struct conform_stream *
conform_open_copy(const struct conform_operations *operations, void *context);

/* The sum of the bytes that read() gives, from `from` on. */
long conform_sum(struct conform_stream *stream, long from);

/* Calls close() where there is one. */
void conform_close(struct conform_stream *stream);

/* Calls visit(context, value) when a stream is closed; not the stream's. */
void conform_on_close(conform_visit visit, void *context);

/* ---- texts ---- */

#define CONFORM_PRINTF(m, n) __attribute__((format(printf, m, n)))

/* snprintf() */
int conform_format(char *to, size_t size, const char *format, ...)
    CONFORM_PRINTF(3, 4);
int conform_format_list(char *to, size_t size, const char *format,
                        va_list arguments) CONFORM_PRINTF(3, 0);

/* The library logs a few lines with what the program gives it, and adds up what
 * that returns. The last type's format only the spec tells. */
typedef int (*conform_log)(void *context, const char *format, ...)
    CONFORM_PRINTF(2, 3);
typedef int (*conform_log_list)(void *context, const char *format,
                                va_list arguments) CONFORM_PRINTF(2, 0);
typedef void (*conform_log_plain)(int level, const char *format, ...);
int conform_call_log(conform_log log, void *context);
int conform_call_log_list(conform_log_list log, void *context);
void conform_call_log_plain(conform_log_plain log);

struct conform_logger {
    int (*warn)(void *context, const char *format, ...) CONFORM_PRINTF(2, 3);
    void *context;
};

int conform_logger_use(const struct conform_logger *logger);

/* The library's own: writes to a text of 200 bytes. */
conform_log conform_log_get(void);
conform_log_list conform_log_list_get(void);

/* ---- what no type tells, but the spec ---- */

/* conform_set() and conform_use() of another one, whose first is number 2; all
 * of them functions of type conform_visit. */
void *conform_data_set(void *visit);
long conform_data_use(void *context, long value);

/* A struct that the library puts functions into, for the program to call, with
 * one that each does something else; the program may put its own there. */
struct conform_tool {
    long factor;
    struct {
        CONFORM_POINTER(long, run, (struct conform_tool * tool, long value));
        CONFORM_POINTER(double, scale,
                        (struct conform_tool * tool, double real, float value));
        CONFORM_POINTER(struct conform_tool *, copy,
                        (struct conform_tool * tool, long factor));
        CONFORM_POINTER(void, end, (struct conform_tool * tool));
    } f;
    conform_visit steps[3];
};

/* A new one, which `f.end` frees; and one in memory of the program's. */
struct conform_tool *conform_tool_new(long factor);
void conform_tool_start(struct conform_tool *tool, long factor);

/* What all but the last two of `f` give for that value, in a sum. */
long conform_tool_use(struct conform_tool *tool, long value);

/* Hands one of the library's own to the program, twice, and gives what
 * conform_tool_use() gives then, and 1000 if its functions are the library's.
 */
typedef CONFORM_POINTER(void, conform_tool_visit,
                        (struct conform_tool * tool, void *context));
long conform_tool_lend(conform_tool_visit visit, void *context);

/* How many of the functions in it are the library's, as the library sees it. */
int conform_tool_count(struct conform_tool *tool);

/* A function of another type than it says: ((conform_visit)function)(NULL,
 * value) */
long conform_cast(CONFORM_POINTER(void, function, (void)), long value);

/* scale(real, value), by way of a mere pointer in a struct. */
typedef CONFORM_POINTER(double, conform_scale, (double real, float value));
struct conform_scaler {
    double real;
    void *scale;
};

double conform_scaler_use(const struct conform_scaler *scaler, float value);

/* A function as `kind` tells, or data. */
enum conform_kind { CONFORM_NUMBER, CONFORM_CALL, CONFORM_SCALE };

struct conform_event {
    enum conform_kind kind;
    union {
        long number;
        conform_visit call;
        struct {
            double real;
            conform_scale scale;
        } scaled;
    } of;
};

/* What it calls gives, or the number, plus `value`; by each way. */
long conform_event_send(const struct conform_event *event, long value);
long conform_event_value(struct conform_event event, long value);

/* The sum of what all of an array give, each called in its turn. */
long conform_each(const conform_visit *visits, size_t count, void *context,
                  long value);

/* The same for hooks that a list of pointers leads to; NULL ends it. */
long conform_all(const struct conform_hooks *const *list, long value);

/* A file, as sqlite3 has them: open() leaves the table of its functions in it.
 */
struct conform_table {
    CONFORM_POINTER(double, scale, (double real, float value));
    CONFORM_POINTER(long, visit, (void *context, long value));
};

struct conform_file {
    const struct conform_table *table;
    long value;
};

typedef CONFORM_POINTER(int, conform_opener,
                        (struct conform_file * file, const char *name));

struct conform_device {
    conform_opener open;
};

/* Opens one and calls both, with half its value and its value. */
long conform_device_use(const struct conform_device *device, const char *name);

/* Sets what the option says, with what follows it; -1 for one that there is
 * not. */
enum conform_option {
    CONFORM_OPTION_NUMBERS, /* long, double, int */
    CONFORM_OPTION_VISIT,   /* conform_visit, void *: calls it with 1 */
    CONFORM_OPTION_HOOKS,   /* const struct conform_hooks *: so, too */
    CONFORM_OPTION_TEXT,    /* const char * */
    CONFORM_OPTION_NOTHING,
    CONFORM_OPTION_LONG, /* long, as all others */
};

long conform_option_set(const char *name, enum conform_option option, ...);

/* snprintf() with conversions of its own: %q, a text in quotes; %r, an int as
 * 1st, 2nd; %D, a double in degrees. */
int conform_words(char *to, size_t size, const char *format, ...);
int conform_words_list(char *to, size_t size, const char *format,
                       va_list arguments);

/* ---- streams ---- */

/* Writes the text and its length, by several functions of stdio. */
int conform_file_write(FILE *file, const char *text);

/* Reads a line, or as many bytes, or one that it puts back; -1 at the end. */
int conform_file_line(FILE *file, char *line, size_t size);
long conform_file_read(FILE *file, char *to, size_t size);
int conform_file_peek(FILE *file);

/* Copies the rest of one to the other: the number of bytes. */
long conform_file_copy(FILE *from, FILE *to);

/* How many characters the text has, in the locale that the library sees. */
long conform_characters(const char *text);

/* ---- memory ---- */

/* That many x, for the program to free(). */
char *conform_letters(size_t length);

/* Likewise, as a member; and the struct as well. With `length` over a million
 * the first leaves it as it is. */
struct conform_poster {
    size_t length;
    char *text;
};
int conform_poster_get(struct conform_poster *poster, size_t length);
struct conform_poster *conform_poster_new(size_t length);

/* Likewise, in one place or, unless that is NULL, the other. */
int conform_texts(char **text, char **error, int is_good);

/* calloc(), realloc() and free(), of whosever blocks. */
void *conform_block(size_t size);
void *conform_grow(void *block, size_t size);
void conform_free(void *block);

/* Ends the process as exit() does. */
void conform_exit(int status);

/* ---- errno ---- */

/* errno is `before` in the callback; gives what it is afterwards, and leaves
 * that. */
int conform_errno(conform_visit visit, void *context, int before);

/* ---- the library's own threads ---- */

/* Each calls visit(context, number * calls + i) for i below calls; the program
 * asks until they are done, and then gets the sum of what was returned. */
struct conform_crew;
struct conform_crew *conform_crew_start(long threads, long calls,
                                        conform_visit visit, void *context);
int conform_crew_is_done(struct conform_crew *crew);
long conform_crew_join(struct conform_crew *crew);

/* The number of the thread that this is; -1: none of these. */
long conform_crew_self(void);

/* ---- waiting ---- */

/* Reads one byte: 0 to 255, -1 at the end, or -errno. */
int conform_read(int file);

/* The same until there is one, however often it is interrupted. */
int conform_read_on(int file);

/* The same, after it has computed that long without a system call. */
int conform_read_late(int file, long milliseconds);

/* Sleeps that long; 0 or -errno. */
int conform_sleep(long milliseconds);

/* Waits until conform_post() was called as often. */
void conform_wait(void);
void conform_post(void);

/* Works that long; a number that depends on nothing else. */
long conform_work(long rounds);

#endif
