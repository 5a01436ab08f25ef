/* SPDX-License-Identifier: MIT
 * Compiled with LOOP_SIDE, "host" or "guest". */
#include "loop.h"

#include <errno.h>
#include <execinfo.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aligned.h"

const char *loop_side(void)
{
    return LOOP_SIDE;
}

#ifdef LOOP_IS_GUEST
int loop_guest_only(int value)
{
    return value + 1;
}
#endif

long loop_add(long a, long b)
{
    return a + b;
}

double loop_mix(int i1, double d1, short i2, float f1, long i3, double d2,
                unsigned char i4, double d3, long i5, double d4, long i6,
                double d5, long i7, double d6, long i8, double d7, long i9,
                double d8, long i10, double d9)
{
    return i1 * d1 + i2 * (double)f1 + (double)i3 * d2 + i4 * d3 +
           (double)i5 * d4 + (double)i6 * d5 + (double)i7 * d6 +
           (double)i8 * d7 + (double)i9 * d8 + (double)i10 * d9;
}

struct loop_pair loop_swap(struct loop_pair pair, struct loop_large large)
{
    return (struct loop_pair){
        .number = (long)pair.real + large.numbers[8],
        .real = (double)pair.number,
    };
}

struct loop_large loop_fill(long first)
{
    struct loop_large large;

    for (int i = 0; i < 9; i++) {
        large.numbers[i] = first + i;
    }
    return large;
}

int loop_errno(int value)
{
    int found = errno;

    if (value != 0) {
        errno = value;
    }
    return found;
}

long loop_call(loop_visit visit, void *context, long value)
{
    return visit(context, value) + 1;
}

long loop_repeat(loop_visit visit, void *context, long count)
{
    long sum = 0;

    for (long i = 0; i < count; i++) {
        sum += visit(context, i);
    }
    return sum;
}

double loop_call_mixed(loop_mixed mixed)
{
    return mixed(1, 1.5, -2, 2.5F, 3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7, 7.5, 8,
                 8.5, 9, 9.5, 10, 10.5);
}

struct loop_pair loop_call_turn(loop_turn turn, long first)
{
    struct loop_pair pair = {.number = first, .real = 0.5};

    return turn(pair, loop_fill(first));
}

int loop_call_errno(loop_visit visit, void *context, int before)
{
    errno = before;
    visit(context, before);
    return errno;
}

struct loop_crew {
    long threads;
    long count;
    loop_visit visit;
    void *context;
    struct loop_member {
        pthread_t thread;
        struct loop_crew *crew;
        long number;
        long mistakes;
    } members[];
};

static __thread long crew_number = -1;

static void *crew_main(void *argument)
{
    struct loop_member *member = argument;
    const struct loop_crew *crew = member->crew;

    crew_number = member->number;
    for (long i = 0; i < crew->count; i++) {
        errno = (int)(i % 100 + 1);
        crew->visit(crew->context, i);
        member->mistakes += errno != i % 50 + 1;
    }
    return NULL;
}

struct loop_crew *loop_crew_start(long threads, long count, loop_visit visit,
                                  void *context)
{
    struct loop_crew *crew =
        calloc(1, sizeof(*crew) + (size_t)threads * sizeof(*crew->members));

    crew->threads = threads;
    crew->count = count;
    crew->visit = visit;
    crew->context = context;
    for (long i = 0; i < threads; i++) {
        crew->members[i].crew = crew;
        crew->members[i].number = i;
        if (pthread_create(&crew->members[i].thread, NULL, crew_main,
                           &crew->members[i]) != 0) {
            abort();
        }
    }
    return crew;
}

long loop_crew_join(struct loop_crew *crew)
{
    long mistakes = 0;

    for (long i = 0; i < crew->threads; i++) {
        pthread_join(crew->members[i].thread, NULL);
        mistakes += crew->members[i].mistakes;
    }
    free(crew);
    return mistakes;
}

long loop_crew_self(void)
{
    return crew_number;
}

int loop_same(loop_visit one, loop_visit two)
{
    return one == two;
}

long loop_operate(const struct loop_operations *operations, long value)
{
    return operations->visit(operations->context, value) + 1;
}

static long loop_preset(void *context, long value)
{
    (void)context;
    if (!stack_is_aligned()) {
        return -1;
    }
    return value + (LOOP_SIDE[0] == 'h' ? LOOP_PRESET_HOST : LOOP_PRESET_GUEST);
}

static loop_visit kept = loop_preset;

loop_visit loop_set(loop_visit visit)
{
    loop_visit before = kept;

    kept = visit;
    return before;
}

long loop_use(void *context, long value)
{
    return kept(context, value);
}

int loop_is_preset(void)
{
    return kept == loop_preset;
}

static struct loop_pair swap(struct loop_pair pair, struct loop_large large)
{
    return loop_swap(pair, large);
}

loop_mixed loop_get_mixed(void)
{
    return loop_mix;
}

loop_turn loop_get_turn(void)
{
    return swap;
}

loop_error loop_get_errno(void)
{
    return loop_errno;
}

loop_caller loop_get_caller(void)
{
    return loop_call;
}

#define MANY(number)                                                           \
    static long many_##number(void *context, long value)                       \
    {                                                                          \
        (void)context;                                                         \
        return 10 * value + number;                                            \
    }                                                                          \
    static long many_##number(void *context, long value)

MANY(0);
MANY(1);
MANY(2);
MANY(3);
MANY(4);
MANY(5);
MANY(6);
MANY(7);

loop_visit loop_get_many(int which)
{
    static const loop_visit many[LOOP_MANY] = {many_0, many_1, many_2, many_3,
                                               many_4, many_5, many_6, many_7};

    return many[which];
}

static long named_0(long value)
{
    return value + 100;
}

static long named_1(long value)
{
    return value + 101;
}

/* "loop_add" is what is exported, "loop_swap" is not. "loop_unheard" is in no
 * header, "loop_format" is printf-like. */
loop_function loop_procedure(int object, const char *name)
{
    const struct {
        const char *name;
        loop_function function;
    } named[] = {
        {"loop_add", (loop_function)loop_add},
        {"loop_format", (loop_function)loop_format},
        {"loop_named", (loop_function)(object == 0 ? named_0 : named_1)},
        {"loop_named_as_well", (loop_function)named_1},
        {"loop_procedure", (loop_function)loop_procedure},
        {"loop_swap", (loop_function)swap},
        {"loop_unheard", (loop_function)named_0},
    };

    for (size_t i = 0; name != NULL && i < sizeof(named) / sizeof(named[0]);
         i++) {
        if (strcmp(name, named[i].name) == 0) {
            return named[i].function;
        }
    }
    return NULL;
}

long loop_choose_by(loop_choose choose, void *context, long value)
{
    return choose(loop_preset, value)(context, value);
}

long loop_fill_by(loop_filler fill, void *context, long value)
{
    loop_visit visit = loop_preset;

    fill(&visit);
    return visit(context, value);
}

int loop_find(enum loop_which which, loop_visit *found)
{
    if (which == LOOP_NEITHER) {
        return -1;
    }
    *found = which == LOOP_PRESET ? loop_preset : kept;
    return 0;
}

void loop_exchange(loop_visit *visit)
{
    *visit = loop_set(*visit);
}

long loop_each(const loop_visit *visits, int count, void *context, long value)
{
    long sum = 0;

    for (int i = 0; i < count; i++) {
        sum += visits[i](context, value);
    }
    return sum;
}

struct loop_set_of loop_get_set(void)
{
    return (struct loop_set_of){loop_preset, {{kept, kept}}};
}

long loop_change_by(loop_change change, void *context, long value)
{
    struct loop_set_of set = change(loop_get_set());

    return set.preset(context, value) + set.inner.kept[0](context, value) +
           set.inner.kept[1](context, value);
}

static struct loop_set_of change(struct loop_set_of set)
{
    loop_visit first = set.inner.kept[0];

    return (struct loop_set_of){first, {{first, first}}};
}

loop_change loop_get_change(void)
{
    return change;
}

void loop_prepare(struct loop_operations *operations)
{
    operations->visit = loop_preset;
}

loop_visit loop_visit_of(const struct loop_operations *operations)
{
    return operations->visit;
}

loop_visit loop_visit_at(const void *address)
{
    return (loop_visit)(uintptr_t)address;
}

long loop_call_hidden(const void *visit, void *context, long value)
{
    return loop_call((loop_visit)(size_t)visit, context, value);
}

double loop_call_hidden_mixed(const void *mixed)
{
    return loop_call_mixed((loop_mixed)(size_t)mixed);
}

struct loop_pair loop_call_hidden_turn(const void *turn, long first)
{
    return loop_call_turn((loop_turn)(size_t)turn, first);
}

const void *loop_hidden(enum loop_hidden which)
{
    const size_t functions[LOOP_HIDDEN_COUNT] = {
        (size_t)kept,      (size_t)loop_add,  (size_t)loop_mix,
        (size_t)loop_fill, (size_t)loop_swap, (size_t)loop_errno,
    };

    return (const void *)functions[which];
}

void loop_crash(int *address)
{
    stack_misalign_and_write(address);
}

/* Each level looks at the block of the one above, so that all are there. */
static long deep(long kibibytes, const volatile char *above)
{
    volatile char block[1024];

    memset((char *)block, above[0], sizeof(block));
    return kibibytes <= 1 ? block[1]
                          : deep(kibibytes - 1, block) + (above[1] == block[1]);
}

long loop_deep(long kibibytes)
{
    const volatile char first[2] = {1, 1};

    return deep(kibibytes, first);
}

int loop_backtrace(void)
{
    void *frames[200];

    return backtrace(frames, 200);
}

int loop_is_aligned(void)
{
    return stack_is_aligned();
}

enum loop_colour loop_paint(enum loop_colour colour, loop_direction direction,
                            enum loop_mask mask, _Bool is_bright, char mark)
{
    (void)direction, (void)mask, (void)is_bright, (void)mark;
    return colour;
}

enum loop_tiny loop_shrink(enum loop_tiny tiny, enum loop_wide wide)
{
    (void)wide;
    return tiny;
}

unsigned long loop_widths(signed char i1, unsigned char i2, short i3,
                          unsigned short i4, int i5, unsigned i6, long i7,
                          unsigned long i8)
{
    (void)i1, (void)i2, (void)i3, (void)i4, (void)i5, (void)i6, (void)i7;
    return i8;
}

double loop_reals(float one, double two)
{
    return (double)one * two;
}

void loop_nothing(void)
{
}

const char *loop_echo(const char *text)
{
    return text;
}

char *loop_buffer(char *text)
{
    return text;
}

long loop_read(const long *address)
{
    return *address;
}

int loop_format(char *text, size_t size, const char *format, ...)
{
    va_list arguments;
    int length;

    if (format == NULL) {
        return -7;
    }
    va_start(arguments, format);
    length = vsnprintf(text, size, format, arguments);
    va_end(arguments);
    return length;
}

int loop_format_list(char *text, size_t size, const char *format, va_list list)
{
    return vsnprintf(text, size, format, list);
}

int loop_words_list(char *text, size_t size, const char *format, va_list list)
{
    return vsnprintf(text, size, format, list);
}

int loop_words(char *text, size_t size, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(text, size, format, arguments);
    va_end(arguments);
    return length;
}

int loop_scan_list(const char *text, const char *format, va_list list)
{
    return vsscanf(text, format, list);
}

int loop_scan(const char *text, const char *format, ...)
{
    va_list arguments;
    int count;

    va_start(arguments, format);
    count = vsscanf(text, format, arguments);
    va_end(arguments);
    return count;
}

long loop_sum(loop_visit visit, ...)
{
    va_list list;
    long sum = 0;

    va_start(list, visit);
    for (long value = va_arg(list, long); value != 0;
         value = va_arg(list, long)) {
        sum += value + visit(NULL, value);
    }
    va_end(list);
    return sum;
}

FILE *loop_open(const char *path, const char *mode)
{
    return fopen(path, mode);
}

int loop_open_at(const char *path, const char *mode, FILE **stream)
{
    *stream = fopen(path, mode);
    return *stream == NULL ? -1 : 0;
}

int loop_put(FILE *stream, const char *text)
{
    return fputs(text, stream) < 0 ? -1 : 0;
}

int loop_get(FILE *stream)
{
    return getc(stream);
}

int loop_push(FILE *stream, int byte)
{
    return ungetc(byte, stream);
}

long loop_tell(FILE *stream)
{
    return ftell(stream);
}

int loop_end(FILE *stream)
{
    return feof(stream) != 0;
}

int loop_close(FILE *stream)
{
    return fclose(stream);
}

long loop_peek_by(FILE *stream, loop_visit visit, void *context)
{
    int byte = getc(stream);
    long result = visit(context, byte);

    ungetc(byte, stream);
    return result;
}

int loop_same_stream(FILE *one, FILE *other)
{
    return one == other;
}
