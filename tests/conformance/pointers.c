/* SPDX-License-Identifier: MIT
 * Typed function pointers, in both directions. */
#include "cases.h"
#include "conform.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

static long twice(void *context, long value)
{
    return 2 * value + (context == NULL ? 0 : *(long *)context);
}

static long thrice(void *context, long value)
{
    return 3 * value + (context == NULL ? 0 : *(long *)context);
}

static long offset = 1000;

static void argument(void)
{
    printf("%ld %ld\n", conform_argument(twice, &offset, 4),
           conform_argument_fast(thrice, NULL, 4));
    printf("%ld\n", conform_repeat(twice, NULL, 100));
}

static long square(long value)
{
    return value * value;
}

static int letter(const char *text, int n)
{
    return text[n];
}

static void no_typedef(void)
{
    printf("%ld\n", conform_two(square, letter, 3));
}

static void struct_by_value(void)
{
    const struct conform_hooks hooks = {twice, thrice, &offset};

    printf("%ld\n", conform_by_value(hooks, 5));
}

static void struct_by_pointer(void)
{
    const struct conform_hooks hooks = {thrice, twice, &offset};

    printf("%ld\n", conform_by_pointer(&hooks, 6));
}

static void struct_nested(void)
{
    const struct conform_nest nest = {
        .value = 7, .inner = {{twice, thrice, NULL}, {twice, NULL, thrice}}};

    printf("%ld\n", conform_nested(&nest));
    printf("%ld\n", conform_nested_value(nest));
}

static void double_pointer(void)
{
    conform_visit place = twice;

    printf("%ld %d\n", conform_place(&place, NULL, 8), place == twice);
}

static double mixed(int i1, double d1, short i2, float f1, long i3, double d2,
                    unsigned char i4, double d3, int64_t i5, double d4,
                    signed char i6, double d5, uint32_t i7, double d6,
                    uint16_t i8, double d7, size_t i9, double d8, intptr_t i10,
                    double d9, bool i11, char i12)
{
    printf("%d %g %d %g %ld %g %u %g %lld %g %d %g %u %g %u %g %zu %g %ld %g "
           "%d %c\n",
           i1, d1, i2, (double)f1, i3, d2, i4, d3, (long long)i5, d4, i6, d5,
           i7, d6, i8, d7, i9, d8, (long)i10, d9, i11, i12);
    return d1 + d9;
}

/* Registers and stack, in both directions. */
static void arguments_mixed(void)
{
    printf("%g\n", conform_call_mixed(mixed));
    printf("%g\n",
           conform_mixed_get()(1, 1.5, -2, 2.5F, 3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5,
                               7, 7.5, 8, 8.5, 9, 9.5, 10, 10.5, 1, 2));
}

static signed char negate_char(signed char value)
{
    return (signed char)-value;
}

static unsigned short add_short(unsigned short value)
{
    return (unsigned short)(value + 1);
}

static float halve(float value)
{
    return value / 2;
}

static bool invert(bool value)
{
    return !value;
}

static enum conform_colour other_colour(enum conform_colour value)
{
    return value == CONFORM_RED ? CONFORM_BLUE : CONFORM_RED;
}

static const char *rest(const char *text, size_t *length)
{
    *length = strlen(text);
    return text + 1;
}

static void values_narrow(void)
{
    printf("%ld %ld\n", conform_call_char(negate_char, 127),
           conform_call_char(negate_char, -1));
    printf("%ld %ld\n", conform_call_short(add_short, 65535),
           conform_call_short(add_short, 40000));
    printf("%g %d %d\n", conform_call_float(halve, 5),
           conform_call_bool(invert, 4), conform_call_bool(invert, 0));
    printf("%ld %ld\n", conform_call_enum(other_colour, CONFORM_RED),
           conform_call_enum(other_colour, CONFORM_BLUE));
    printf("%zu\n", conform_call_text(rest, "text"));
}

static struct conform_pair turn(struct conform_pair pair,
                                struct conform_large large)
{
    printf("%ld %g %ld %ld\n", pair.number, pair.real, large.numbers[0],
           large.numbers[8]);
    return (struct conform_pair){large.numbers[4], 2 * pair.real};
}

static struct conform_large fill(struct conform_point point,
                                 struct conform_tiny tiny)
{
    struct conform_large large = {{(long)point.x, (long)point.y, (long)point.z,
                                   tiny.bytes[0], tiny.bytes[1], tiny.bytes[2],
                                   7, 8, 9}};

    return large;
}

static void values_struct(void)
{
    struct conform_pair pair = conform_call_turn(turn, 30);

    printf("%ld %g\n", pair.number, pair.real);
    printf("%ld\n", conform_call_fill(fill));
    pair = conform_turn_get()((struct conform_pair){60, 2},
                              (struct conform_large){{[8] = 7}});
    printf("%ld %g\n", pair.number, pair.real);
}

static struct conform_node added = {5, NULL};

static long walk(struct conform_node *list)
{
    long sum = 0;

    for (struct conform_node *node = list; node != NULL; node = node->next) {
        sum = 10 * sum + node->value;
        node->value++;
        if (node->next == NULL && node != &added) {
            node->next = &added;
        }
    }
    return sum;
}

static void list_linked(void)
{
    struct conform_node own = {30, NULL};

    printf("%ld\n", conform_call_walk(walk, &own));
    printf("%ld %ld %d\n", own.value, added.value, own.next == &added);
}

static int aligned(long depth)
{
    return conform_is_aligned(aligned, depth);
}

static void stack_aligned(void)
{
    printf("%d\n", conform_is_aligned(aligned, 20));
}

static void returned(void)
{
    for (int i = 0; i < 4; i++) {
        conform_visit visit = conform_return(i);

        printf("%ld %d\n", visit(NULL, 1), visit == conform_return(i));
    }
    printf("%d %d\n", conform_return(4) == NULL,
           conform_return(0) == conform_return(1));
}

static void out_parameter(void)
{
    conform_visit found = twice;

    printf("%d %d\n", conform_out(9, &found), found == twice);
    printf("%d", conform_out(2, &found));
    printf(" %ld %d\n", found(NULL, 5), found == conform_return(2));
}

static void returned_struct(void)
{
    struct conform_hooks hooks = conform_hooks_get();

    printf("%ld %ld %d\n", hooks.enter(NULL, 1), hooks.leave(NULL, 1),
           hooks.enter == conform_return(0));
    printf("%ld\n", conform_by_value(hooks, 2));
    printf("%ld\n", conform_by_pointer(&hooks, 2));
}

static long descend(void *context, long depth)
{
    conform_caller caller = *(conform_caller *)context;

    return depth == 0 ? 0 : caller(descend, context, depth - 1);
}

/* A function of the library's that takes one of the program's that calls it. */
static void takes_callback(void)
{
    conform_caller caller = conform_caller_get();

    printf("%ld\n", caller(twice, &offset, 1));
    printf("%ld\n", descend(&caller, 50));
}

static conform_visit choose(conform_visit preset, long value)
{
    printf("preset: %ld %d\n", preset(NULL, 1), preset == conform_return(0));
    return value == 1 ? preset : value == 2 ? twice : conform_return(3);
}

static void returns_callback(void)
{
    for (long i = 1; i <= 3; i++) {
        printf("%ld\n", conform_choose_by(choose, i));
    }
}

static void fill_ours(conform_visit *place)
{
    *place = thrice;
}

static void fill_theirs(conform_visit *place)
{
    *place = conform_return(1);
}

static void fill_nothing(conform_visit *place)
{
    (void)place;
}

static void fill_same(conform_visit *place)
{
    printf("given: %ld", (*place)(NULL, 7)); /* before it is known otherwise */
    printf(" %d\n", *place == conform_return(2));
}

static void fill_other(conform_visit *place)
{
    *place = *place == conform_return(2) ? conform_return(3) : NULL;
}

static void into_callback(void)
{
    printf("%ld\n", conform_refill_by(fill_same, 5));
    printf("%ld\n", conform_refill_by(fill_nothing, 5));
    printf("%ld\n", conform_refill_by(fill_ours, 5));
    printf("%ld\n", conform_refill_by(fill_other, 5));
    printf("%ld\n", conform_refill_by(fill_same, 6));
}

static void out_of_callback(void)
{
    printf("%ld\n", conform_fill_by(fill_ours, 5));
    printf("%ld\n", conform_fill_by(fill_theirs, 5));
    printf("%ld\n", conform_fill_by(fill_nothing, 5));
}

static struct conform_hooks change(struct conform_hooks hooks)
{
    return (struct conform_hooks){hooks.leave, twice, NULL};
}

static void struct_through_callback(void)
{
    printf("%ld\n", conform_change_by(change, 3));
}

/* ---- the pool ---- */

static void round_trip(void)
{
    conform_visit preset = conform_set(twice);

    printf("%ld %ld\n", preset(NULL, 1), conform_use(NULL, 1));
    printf("%d\n", conform_set(preset) == twice);
    printf("%ld\n", conform_use(NULL, 1));
    printf("%d\n", conform_set(NULL) == preset);
    printf("%d\n", conform_set((conform_visit)1) == NULL);
    printf("%d\n", conform_set(preset) == (conform_visit)1);
}

static void exchanged(void)
{
    conform_visit place = twice;

    conform_exchange(&place);
    printf("%ld\n", place(NULL, 1));
    conform_exchange(&place);
    printf("%d %ld\n", place == twice, conform_use(NULL, 1));
}

static void same_pointer(void)
{
    printf("%d %d %d\n", conform_same(twice, twice),
           conform_same(twice, thrice), conform_same(NULL, NULL));
    printf("%d %d\n", conform_same(conform_return(0), conform_return(0)),
           conform_same(conform_return(0), twice));
}

enum { MANY = 20 * 1000, THREADS = 8 };

/* None of them is ever called. */
static conform_visit many(long i)
{
    static char targets[MANY + 1];

    return (conform_visit)(uintptr_t)&targets[i];
}

/* More than one page of the pool holds. */
static void pool_grows(void)
{
    long right = conform_set(many(0)) == conform_return(3);

    for (long i = 1; i < MANY; i++) {
        right += conform_set(many(i)) == many(i - 1);
    }
    for (long i = 0; i < MANY; i += 100) {
        right += conform_same(many(i), many(i));
        right -= conform_same(many(i), many(i + 1));
    }
    printf("%ld\n", right);
}

static void *thread_of_pool(void *argument)
{
    conform_visit *found = argument;
    long right = 0;

    for (int i = 0; i < 4; i++) {
        found[i] = conform_return(i);
        right += found[i](NULL, i) == 100 + 2 * i;
        right += conform_same(found[i], conform_return(i));
    }
    for (int i = 0; i < 1000; i++) {
        right += conform_same(twice, twice);
        right += conform_argument(twice, NULL, i) == 2 * i + 1;
    }
    return (void *)right;
}

static void pool_of_threads(void)
{
    static conform_visit found[THREADS][4];
    pthread_t threads[THREADS];
    int same = 0;

    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, thread_of_pool, found[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        void *right;

        pthread_join(threads[i], &right);
        same += memcmp(found[i], found[0], sizeof(found[i])) == 0;
        printf("%ld\n", (long)right);
    }
    printf("%d\n", same);
}

/* ---- texts ---- */

static int format_list(char *to, size_t size, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = conform_format_list(to, size, format, arguments);
    va_end(arguments);
    return length;
}

#define FORMAT(...)                                                            \
    do {                                                                       \
        char one[200], other[200];                                             \
        int length = conform_format(one, sizeof(one), __VA_ARGS__);            \
                                                                               \
        printf("%d %s|%d %s\n", length, one,                                   \
               format_list(other, sizeof(other), __VA_ARGS__), other);         \
    } while (0)

/* Every length modifier, floats between integers, more than registers hold. */
static void variadic(void)
{
    FORMAT("nothing %%");
    FORMAT("%d %u %x %o %c %s", -1, 4000000000U, 255U, 8U, 'c', "text");
    FORMAT("%hhd %hd %ld %lld %jd %zd %td", (char)-1, (short)-2, -3L, -4LL,
           (intmax_t)-5, (ssize_t)-6, (ptrdiff_t)-7);
    FORMAT("%hhu %hu %lu %llu", 255, 65535, 1UL << 63, ~0ULL);
    FORMAT("%f %e %g %a %Lf", 0.5, 1e10, 1e-10, 1.0, (long double)2.25);
    FORMAT("%d %g %d %g %d %g %d %g %d %g %d %g", 1, 1.5, 2, 2.5, 3, 3.5, 4,
           4.5, 5, 5.5, 6, 6.5);
    FORMAT("%d %d %d %d %d %d %d %d %d %d %d %d", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
           11, 12);
    FORMAT("%*d %-*d %.*s", 5, 1, 5, 2, 2, "three");
}

static int log_list(void *context, const char *format, va_list arguments)
{
    static char text[4000];
    int length = vsnprintf(text, sizeof(text), format, arguments);

    printf("%s %d: ", (const char *)context, length);
    fwrite(text, 1, (size_t)length, stdout);
    putchar('\n');
    return length;
}

static int log_line(void *context, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = log_list(context, format, arguments);
    va_end(arguments);
    return length;
}

static void log_plain(int level, const char *format, ...)
{
    va_list arguments;

    printf("%d ", level);
    va_start(arguments, format);
    log_list("plain", format, arguments);
    va_end(arguments);
}

static void variadic_callback(void)
{
    const struct conform_logger logger = {log_line, "struct"};

    printf("%d\n", conform_call_log(log_line, "log"));
    printf("%d\n", conform_call_log_list(log_list, "list"));
    conform_call_log_plain(log_plain);
    printf("%d\n", conform_logger_use(&logger));
}

static int own_list(conform_log_list log, char *text, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = log(text, format, arguments);
    va_end(arguments);
    return length;
}

static void variadic_returned(void)
{
    char text[200];

    printf("%d", conform_log_get()(text, "%d%% %s %g", 5, "of", 0.5));
    printf(" %s\n", text);
    printf("%d", own_list(conform_log_list_get(), text, "%s %ld", "x", -1L));
    printf(" %s\n", text);
    printf("%d\n", conform_call_log(conform_log_get(), text));
}

static jmp_buf place;

static int log_and_jump(void *context, const char *format, ...)
{
    (void)context;
    (void)format;
    longjmp(place, 1);
}

static void variadic_longjmp(void)
{
    volatile long caught = 0;

    for (volatile int i = 0; i < 1000; i++) {
        if (setjmp(place) == 0) {
            conform_call_log(log_and_jump, NULL);
        } else {
            caught++;
        }
    }
    printf("%ld\n", caught);
}

static long errno_of(void *context, long value)
{
    (void)context;
    printf("errno %d\n", errno);
    errno = (int)value + 1;
    return 0;
}

static void errno_crosses(void)
{
    int after;

    errno = 5;
    after = conform_errno(errno_of, NULL, 20);
    printf("%d %d\n", after, errno);
}

const struct test_case pointer_cases[] = {
    {"argument", argument},
    {"no_typedef", no_typedef},
    {"struct_by_value", struct_by_value},
    {"struct_by_pointer", struct_by_pointer},
    {"struct_nested", struct_nested},
    {"double_pointer", double_pointer},
    {"arguments_mixed", arguments_mixed},
    {"values_narrow", values_narrow},
    {"values_struct", values_struct},
    {"list_linked", list_linked},
    {"stack_aligned", stack_aligned},
    {"returned", returned},
    {"out_parameter", out_parameter},
    {"returned_struct", returned_struct},
    {"takes_callback", takes_callback},
    {"returns_callback", returns_callback},
    {"into_callback", into_callback},
    {"out_of_callback", out_of_callback},
    {"struct_through_callback", struct_through_callback},
    {"round_trip", round_trip},
    {"exchanged", exchanged},
    {"same_pointer", same_pointer},
    {"pool_grows", pool_grows},
    {"pool_of_threads", pool_of_threads},
    {"variadic", variadic},
    {"variadic_callback", variadic_callback},
    {"variadic_returned", variadic_returned},
    {"variadic_longjmp", variadic_longjmp},
    {"errno_crosses", errno_crosses},
    {NULL, NULL},
};
