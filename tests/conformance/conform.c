/* SPDX-License-Identifier: MIT
 * Function pointers in all directions. */
#include "conform.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT 16

static long number_0(void *context, long value)
{
    (void)context;
    return value + 100;
}

static long number_1(void *context, long value)
{
    (void)context;
    return value + 101;
}

static long number_2(void *context, long value)
{
    (void)context;
    return value + 102;
}

static long number_3(void *context, long value)
{
    (void)context;
    return value + 103;
}

static const conform_visit numbers[] = {number_0, number_1, number_2, number_3};

static conform_visit kept = number_3;

long conform_argument(conform_visit visit, void *context, long value)
{
    return visit(context, value) + 1;
}

long conform_argument_fast(conform_visit visit, void *context, long value)
{
    return visit(context, value) + 1;
}

long conform_repeat(conform_visit visit, void *context, long count)
{
    long sum = 0;

    for (long i = 0; i < count; i++) {
        sum += visit(context, i);
    }
    return sum;
}

long conform_two(long (*first)(long), int (*second)(const char *text, int n),
                 long value)
{
    return first(value) + second("conform", (int)value);
}

long conform_by_value(struct conform_hooks hooks, long value)
{
    return hooks.enter(hooks.context, value) +
           10 * hooks.leave(hooks.context, value);
}

long conform_by_pointer(const struct conform_hooks *hooks, long value)
{
    return conform_by_value(*hooks, value);
}

long conform_nested(const struct conform_nest *nest)
{
    long sum = 0;

    for (size_t i = 0; i < 3; i++) {
        if (nest->inner.all[i] != NULL) {
            sum += nest->inner.all[i](nest->inner.hooks.context, nest->value);
        }
    }
    return conform_by_value(nest->inner.hooks, nest->value) + 100 * sum;
}

long conform_nested_value(struct conform_nest nest)
{
    return conform_nested(&nest);
}

long conform_place(const conform_visit *place, void *context, long value)
{
    return (*place)(context, value);
}

double conform_call_mixed(conform_mixed mixed)
{
    return mixed(-1, 1.5, -2, 2.5F, 1L << 40, 3.5, 250, 4.5, -(1LL << 50), 5.5,
                 -100, 6.5, 4000000000U, 7.5, 65000, 8.5, (size_t)1 << 60, 9.5,
                 -3, 10.5, 1, 'x');
}

long conform_call_char(conform_char function, int value)
{
    return function((signed char)value);
}

long conform_call_short(conform_short function, int value)
{
    return function((unsigned short)value);
}

double conform_call_float(conform_float function, double value)
{
    return (double)function((float)value);
}

int conform_call_bool(conform_bool function, int value)
{
    return function(value != 0);
}

long conform_call_enum(conform_enum function, enum conform_colour value)
{
    return (long)function(value);
}

size_t conform_call_text(conform_text function, const char *text)
{
    size_t length = 0;
    const char *result = function(text, &length);

    return result == NULL ? 0 : 100 * length + strlen(result);
}

struct conform_pair conform_call_turn(conform_turn turn, long first)
{
    struct conform_large large;

    for (long i = 0; i < 9; i++) {
        large.numbers[i] = first + i;
    }
    return turn((struct conform_pair){.number = first, .real = 0.5}, large);
}

long conform_call_fill(conform_fill fill)
{
    struct conform_large large = fill((struct conform_point){1.0F, 2.0F, 3.0F},
                                      (struct conform_tiny){{4, 5, 6}});
    long sum = 0;

    for (size_t i = 0; i < 9; i++) {
        sum = 10 * sum + large.numbers[i];
    }
    return sum;
}

long conform_call_walk(conform_walk walk, struct conform_node *own)
{
    struct conform_node second = {20, own};
    struct conform_node first = {10, &second};
    long sum = walk(&first);

    for (struct conform_node *node = &first; node != NULL; node = node->next) {
        sum += node->value;
    }
    return sum;
}

int conform_is_aligned(conform_aligned aligned, long depth)
{
    struct {
        char bytes[ALIGNMENT];
    } __attribute__((aligned(ALIGNMENT))) volatile object;
    volatile uintptr_t address = (uintptr_t)&object;

    object.bytes[0] = 0;
    return address % ALIGNMENT == 0 && (depth == 0 || aligned(depth - 1));
}

conform_visit conform_return(int which)
{
    return which < 0 || which > 3 ? NULL : numbers[which];
}

int conform_out(int which, conform_visit *found)
{
    if (which < 0 || which > 3) {
        return -1;
    }
    *found = numbers[which];
    return 0;
}

struct conform_hooks conform_hooks_get(void)
{
    return (struct conform_hooks){number_0, number_1, NULL};
}

conform_caller conform_caller_get(void)
{
    return conform_argument;
}

static double mix(int i1, double d1, short i2, float f1, long i3, double d2,
                  unsigned char i4, double d3, int64_t i5, double d4,
                  signed char i6, double d5, uint32_t i7, double d6,
                  uint16_t i8, double d7, size_t i9, double d8, intptr_t i10,
                  double d9, bool i11, char i12)
{
    return i1 * d1 + i2 * (double)f1 + (double)i3 * d2 + i4 * d3 +
           (double)i5 * d4 + i6 * d5 + i7 * d6 + i8 * d7 + (double)i9 * d8 +
           (double)i10 * d9 + i11 + i12;
}

conform_mixed conform_mixed_get(void)
{
    return mix;
}

static struct conform_pair turn(struct conform_pair pair,
                                struct conform_large large)
{
    return (struct conform_pair){(long)pair.real + large.numbers[8],
                                 (double)pair.number};
}

conform_turn conform_turn_get(void)
{
    return turn;
}

long conform_choose_by(conform_choose choose, long value)
{
    return choose(number_0, value)(NULL, value);
}

long conform_fill_by(conform_filler fill, long value)
{
    conform_visit place = NULL;

    fill(&place);
    return place == NULL ? -1 : place(NULL, value);
}

long conform_refill_by(conform_filler fill, long value)
{
    const conform_visit before = conform_return(2);
    conform_visit place = before;

    fill(&place);
    return (place == before) * 1000 + place(NULL, value);
}

long conform_change_by(conform_change change, long value)
{
    return conform_by_value(change(conform_hooks_get()), value);
}

conform_visit conform_set(conform_visit visit)
{
    conform_visit before = kept;

    kept = visit;
    return before;
}

long conform_use(void *context, long value)
{
    return kept(context, value);
}

long conform_use_leaf(long value)
{
    return kept(NULL, value);
}

void conform_exchange(conform_visit *place)
{
    *place = conform_set(*place);
}

int conform_same(conform_visit one, conform_visit two)
{
    return one == two;
}

struct conform_stream {
    const struct conform_operations *operations;
    struct conform_operations copy;
    void *context;
};

static conform_visit on_close;
static void *on_close_context;

struct conform_stream *conform_open(const struct conform_operations *operations,
                                    void *context)
{
    struct conform_stream *stream = malloc(sizeof(*stream));

    if (stream != NULL) {
        stream->operations = operations;
        stream->context = context;
    }
    return stream;
}

struct conform_stream *
conform_open_copy(const struct conform_operations *operations, void *context)
{
    struct conform_stream *stream = conform_open(operations, context);

    if (stream != NULL) {
        stream->copy = *operations;
        stream->operations = &stream->copy;
    }
    return stream;
}

long conform_sum(struct conform_stream *stream, long from)
{
    char bytes[16];
    long sum = 0;
    long got;

    if (stream->operations->seek == NULL ||
        stream->operations->seek(stream->context, from) != 0) {
        return -1;
    }
    while ((got = stream->operations->read(stream->context, bytes,
                                           sizeof(bytes))) > 0) {
        for (long i = 0; i < got; i++) {
            sum += bytes[i];
        }
    }
    return sum;
}

void conform_close(struct conform_stream *stream)
{
    if (stream->operations->close != NULL) {
        stream->operations->close(stream->context);
    }
    free(stream);
    if (on_close != NULL) {
        on_close(on_close_context, 1);
    }
}

void conform_on_close(conform_visit visit, void *context)
{
    on_close = visit;
    on_close_context = context;
}

int conform_format_list(char *to, size_t size, const char *format,
                        va_list arguments)
{
    return vsnprintf(to, size, format, arguments);
}

int conform_format(char *to, size_t size, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = conform_format_list(to, size, format, arguments);
    va_end(arguments);
    return length;
}

/* Every length modifier, floats between integers, more than registers hold,
 * and a text that is longer than most. */
int conform_call_log(conform_log log, void *context)
{
    char longest[3000];
    int sum = log(context, "nothing %%");

    sum += log(context, "%d %u %x %o %c %s", -1, 4000000000U, 255U, 8U, 'c',
               "100 % sure");
    sum += log(context, "%hhd %hd %ld %lld %jd %zu %td", (char)-1, (short)-2,
               -3L, -4LL, (intmax_t)-5, (size_t)6, (ptrdiff_t)-7);
    sum += log(context, "%f %e %g %a %Lf", 0.5, 1e10, 1e-10, 1.0,
               (long double)2.25);
    sum += log(context, "%d %g %d %g %d %g %d %g %d %g %d %g", 1, 1.5, 2, 2.5,
               3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5);
    sum += log(context, "a NUL:%c.", '\0');
    memset(longest, 'x', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    return sum + log(context, "%s", longest);
}

static int list_of(conform_log_list log, void *context, const char *format, ...)
    CONFORM_PRINTF(3, 4);

static int list_of(conform_log_list log, void *context, const char *format, ...)
{
    va_list arguments;
    int result;

    va_start(arguments, format);
    result = log(context, format, arguments);
    va_end(arguments);
    return result;
}

int conform_call_log_list(conform_log_list log, void *context)
{
    return list_of(log, context, "%s %d %g", "list", 5, 0.5) +
           list_of(log, context, "100 %%");
}

void conform_call_log_plain(conform_log_plain log)
{
    log(3, "%s: %ld", "plain", 1L << 40);
}

int conform_logger_use(const struct conform_logger *logger)
{
    return logger->warn(logger->context, "%d of %d", 1, 2);
}

enum { LOG_SIZE = 200 };

static int log_own_list(void *context, const char *format, va_list arguments)
{
    return vsnprintf(context, LOG_SIZE, format, arguments);
}

static int log_own(void *context, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = log_own_list(context, format, arguments);
    va_end(arguments);
    return length;
}

conform_log conform_log_get(void)
{
    return log_own;
}

conform_log_list conform_log_list_get(void)
{
    return log_own_list;
}

int conform_errno(conform_visit visit, void *context, int before)
{
    errno = before;
    visit(context, before);
    return errno;
}
