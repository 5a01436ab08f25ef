/* SPDX-License-Identifier: MIT
 * Calls every function of the library with values that all ISAs hold exactly,
 * and prints what comes of it: what is in memory afterwards, too. */
#include <complex.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cases.h"
#include "convert.h"

static void print_all(const char *name, const long double *values, size_t n)
{
    printf("%s:", name);
    for (size_t i = 0; i < n; i++) {
        printf(" %.10Lg", values[i]);
    }
    printf("\n");
}

static void numbers_fill(long double *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        values[i] = random_small() + 0.125L;
    }
}

/* ---- numbers ---- */

static void numbers_by_length(void)
{
    long double values[LONG + 1];

    numbers_fill(values, LONG);
    printf("sum_by_length: %.10Lg %.10Lg %.10Lg %.10Lg\n",
           sum_by_length(values, LONG), sum_by_length(values, 1),
           sum_by_length(values, 0), sum_by_length(NULL, 0));
    double_in_place(values, LONG); /* more than a leaf's stack has room for */
    printf("double_in_place: %.10Lg\n", values[LONG - 1]);
    for (int i = 0; i < LONG; i++) {
        values[i] /= 2;
    }
    double_in_place(values, 4);
    print_all("double_in_place", values, 5);
    values[3] = -77;
    count_up(values, 3, 41.5L);
    print_all("count_up", values, 4);
    count_up(values, 0, 1);
    print_all("count_up of none", values, 2);
    printf("sum_area: %.10Lg\n", sum_area(values, 9, 3));
    printf("sum_one: %.10Lg %.10Lg\n", sum_one(&values[7]), sum_one(NULL));
}

/* What a function leaves alone stays as it is, to the last bit; natively, too.
 */
static void numbers_kept(void)
{
    long double exact[2] = {1.0L / 3, 1.0L / 7};
    long double before[2];
    unsigned n = 0;

    memcpy(before, exact, sizeof(exact));
    printf("halve_by_place: %d, ", halve_by_place(exact, &n));
    n = 1;
    printf("%d, ", halve_by_place(exact, &n));
    printf("kept: %d\n", before[0] == exact[0] && before[1] == exact[1]);
}

static void numbers_by_place(void)
{
    long double values[7];
    unsigned n = 7;

    numbers_fill(values, 7);
    while (n > 1) {
        int left = halve_by_place(values, &n);

        printf("halve_by_place: %d %u\n", left, n);
        print_all(" ", values, 7);
    }
    printf("halve_by_place: %d %d\n", halve_by_place(values, NULL),
           halve_by_place(NULL, &n));
}

static void numbers_others(void)
{
    long double list[] = {1, 2, 4.5L, 0, 8};
    long double matrix[2][3] = {{1, 2, 3}, {4, 5, 6}};
    _Complex long double both[2] = {1 + 2 * I, -3 - 4.5L * I};
    long double sums[6] = {1, 2, 3, 4, 5, 6};

    printf("sum_terminated: %.10Lg %.10Lg %.10Lg\n", sum_terminated(list),
           sum_terminated(list + 3), sum_terminated(NULL));
    scale_matrix(matrix, 0.5L);
    print_all("scale_matrix", matrix[0], 6);
    conjugate(both, 2);
    print_all("conjugate", (const long double *)both, 4);
    prefix_sums(sums, sums, 6);
    print_all("prefix_sums in place", sums, 6);
    prefix_sums(sums, list, 3);
    print_all("prefix_sums", list, 5);
    count_up((long double[4]){0}, 4, 1);
}

/* Values of both formats that are no common numbers. */
static void numbers_special(void)
{
    long double values[6] = {__builtin_infl(),   -__builtin_infl(),
                             __builtin_nanl(""), -0.0L,
                             0x1p-16400L,        0x1.8p16383L};
    long double halves[6];

    memcpy(halves, values, sizeof(values));
    double_in_place(halves, 6);
    for (int i = 0; i < 6; i++) {
        printf("special %d: %d %d %d\n", i, halves[i] == values[i] + values[i],
               halves[i] != halves[i], __builtin_signbit(halves[i]) != 0);
    }
}

/* ---- layout: all members of a record, one by one ---- */

#define MEMBERS_padding_after(x)  x(a) x(b)
#define MEMBERS_padding_before(x) x(a) x(b) OTHERS(x(reserved))
#define MEMBERS_small_ints(x)                                                  \
    x(last) x(c[0]) x(c[1]) x(c[2]) x(c[3]) x(c[4]) x(s[0]) x(s[1]) x(s[2])    \
        x(u[0]) x(u[1])
#define MEMBERS_size_dependent(x)                                              \
    x(one) x(two) x(row[0][0]) x(row[0][1]) x(row[1][0]) x(row[1][1])
#define MEMBERS_explicit_alignment(x)  x(a) x(b)
#define MEMBERS_alignment_of_parent(x) x(before) x(inner.a) x(inner.b) x(after)
#define MEMBERS_member_order(x)        x(a) x(b) x(c)
#define MEMBERS_member_size(x)         x(a) x(b) x(c) x(d) x(e) x(f) x(h) x(i) x(j)
#define MEMBERS_missing_member(x)                                              \
    x(a) x(b) OTHERS(x(on_the_other) x(as_well)) X86_64(x(on_one_side))
#define MEMBERS_nested_consistent(x) x(at) x(in.a) x(in.b)
#define MEMBERS_nested_repackable(x)                                           \
    x(a) x(in[0].a) x(in[0].b) x(in[0].c) x(in[1].a) x(in[1].b) x(in[1].c)     \
        x(unnamed.deep.a) x(unnamed.deep.b) x(unnamed.b)
#define MEMBERS_union_unannotated(x) x(at) x(of.i)
#define MEMBERS_packed_on_one(x)     x(a) x(b) x(c) x(d)
#define MEMBERS_with_long_double(x)  x(a) x(b) x(c)

CASE(padding_after, MEMBERS_padding_after)
CASE(padding_before, MEMBERS_padding_before)
CASE(small_ints, MEMBERS_small_ints)
CASE(size_dependent, MEMBERS_size_dependent)
CASE(explicit_alignment, MEMBERS_explicit_alignment)
CASE(alignment_of_parent, MEMBERS_alignment_of_parent)
CASE(member_order, MEMBERS_member_order)
CASE(member_size, MEMBERS_member_size)
CASE(missing_member, MEMBERS_missing_member)
CASE(nested_consistent, MEMBERS_nested_consistent)
CASE(nested_repackable, MEMBERS_nested_repackable)
CASE(union_unannotated, MEMBERS_union_unannotated)
CASE(packed_on_one, MEMBERS_packed_on_one)
CASE(with_long_double, MEMBERS_with_long_double)

static void print_union(const char *what, const struct union_annotated *at)
{
    printf("%s union_annotated %d:", what, (int)at->kind);
    if (at->kind == KIND_INTEGER) {
        printf(" %ld\n", (long)at->of.integer);
    } else if (at->kind == KIND_NUMBER) {
        printf(" %.10Lg\n", at->of.number);
    } else if (at->kind == KIND_RECORD) {
        printf(" %d %g %d\n", at->of.record.a, at->of.record.b,
               at->of.record.c);
    } else {
        printf(" ?\n");
    }
}

static void case_union_annotated(void)
{
    struct union_annotated at[4];

    memset(at, 0, sizeof(at));
    at[0].of.integer = -12345;
    at[1].kind = KIND_NUMBER;
    at[1].of.number = 2.75L;
    at[2].kind = KIND_RECORD;
    at[2].of.record = (struct member_order){.a = 1, .b = 2.5, .c = 3};
    at[3].kind = KIND_UNKNOWN;
    printf("read union_annotated: %ld\n", read_union_annotated(at, 4));
    printf("change union_annotated: %ld\n", change_union_annotated(at, 3));
    for (int i = 0; i < 4; i++) {
        print_union("change", &at[i]);
    }
    memset(at, 0x5a, sizeof(at)); /* 'out' looks at nothing of that */
    write_union_annotated(at, 4, 7);
    for (int i = 0; i < 4; i++) {
        print_union("write", &at[i]);
    }
}

/* ---- pointers ---- */

static void case_pointers_to_each(void)
{
    const struct padding_after after = {.a = 3, .b = 4};
    const struct consistent consistent = {5, 6};
    const long double list[] = {1, 2, 3, 0};
    struct member_order order = {.a = 10, .b = 20.5, .c = 30};
    struct with_long_double numbers[3] = {{1, 2.5L, 3}, {4, 5, 6}, {7, 8, 9}};
    struct pointers_to_each at = {&after, &order,      numbers,
                                  3,      &consistent, list};
    struct pointers_to_each none = {NULL, NULL, NULL, 0, NULL, NULL};

    printf("pointers_to_each: %ld %ld\n", read_pointers(&at),
           read_pointers(&none));
    printf("pointers_to_each: %d %g %d\n", order.a, order.b, order.c);
    for (int i = 0; i < 3; i++) {
        printf("pointers_to_each: %d %.10Lg %d\n", numbers[i].a, numbers[i].b,
               numbers[i].c);
    }
    printf("pointers_to_each kept: %d\n",
           at.after == &after && at.order == &order && at.numbers == numbers &&
               at.consistent == &consistent && at.terminated == list);
}

static void case_self_referencing(void)
{
    enum { NODES = 5000 };
    static struct self_referencing nodes[NODES];
    struct self_referencing *first = &nodes[0];
    bool is_reversed = true;

    for (int i = 0; i < NODES; i++) {
        nodes[i].value = i;
        nodes[i].next = i + 1 < NODES ? &nodes[i + 1] : NULL;
    }
    printf("self_referencing: %.10Lg %.10Lg\n", sum_list(first),
           sum_list(NULL));
    reverse_list(&first);
    for (int i = 0; i < NODES; i++) {
        is_reversed &= nodes[i].next == (i == 0 ? NULL : &nodes[i - 1]);
    }
    printf("self_referencing reversed: %d %d %.10Lg\n", is_reversed,
           first == &nodes[NODES - 1], sum_list(first));
}

static void case_circularly_referencing(void)
{
    struct self_referencing ring[3] = {
        {1, &ring[1]}, {2, &ring[2]}, {4, &ring[0]}};
    struct circular_one one = {.value = 7};
    struct circular_other other = {.at = 3, .one = &one};

    rotate_ring(&ring[1]);
    printf("circular: %.10Lg %.10Lg %.10Lg %d\n", ring[0].value, ring[1].value,
           ring[2].value,
           ring[0].next == &ring[1] && ring[1].next == &ring[2] &&
               ring[2].next == &ring[0]);
    one.other = &other;
    printf("circular: %d\n", read_circular(&one));
}

static void case_double_pointers(void)
{
    const struct with_long_double a = {1, 2.5L, 3}, b = {4, 5, 6};
    const struct with_long_double *const list[] = {&a, &b, &a, NULL};
    const long double one[] = {1, 2, 3}, other[] = {10, 20, 30};
    const long double *const rows[] = {one, NULL, other};

    printf("double_pointers: %.10Lg %.10Lg\n", sum_double_pointer(list),
           sum_rows(rows, 3));
}

static void case_flexible(void)
{
    struct flexible *it = malloc(sizeof(*it) + LONG * sizeof(long double));

    it->n = LONG;
    numbers_fill(it->values, LONG);
    printf("flexible: %.10Lg %.10Lg\n", sum_flexible(it), sum_flexible(NULL));
    double_flexible(it);
    printf("flexible: %d %.10Lg\n", it->n, sum_flexible(it));
    it->n = 0;
    printf("flexible: %.10Lg\n", sum_flexible(it));
    free(it);
}

/* ---- functions in what is converted ---- */

static int add_one(int value)
{
    return value + 1;
}

static int square(int value)
{
    return value * value;
}

static void case_operations(void)
{
    struct operation operations[3] = {{.apply = add_one, .by = 2, .at = 1},
                                      {.apply = square, .by = 1, .at = 2},
                                      {.apply = add_one, .by = 3, .at = 3}};

    printf("operations: %d %d %d\n", apply_one(&operations[1], 5),
           apply_all(operations, 3, 4), apply_all(operations, 0, 4));
    printf("operations: %d %d\n", operations[1].apply(21),
           apply_all(operations, 3, 4));
}

/* ---- callbacks that are given what differs ---- */

static long visit(const struct member_order *at, int n, void *context)
{
    long sum = *(int *)context;

    printf("visit:");
    for (int i = 0; at != NULL && i < n; i++) {
        printf(" %d %g %d", at[i].a, at[i].b, at[i].c);
        sum = sum * 31 + at[i].a + (long)at[i].b + at[i].c;
    }
    printf("\n");
    return sum;
}

/* An x86_64 guest has the host's own memory here, which a QEMU (10.0) lets no
 * x87 instruction touch. */
static void put(long double *place, long double value)
{
    __asm__ volatile("" : "+m"(value)); /* in memory, from which it is copied */
    memcpy(place, &value, sizeof(value));
}

static void fill(long double *values, unsigned n, void *context)
{
    for (unsigned i = 0; i < n; i++) {
        put(&values[i], i + *(int *)context + 0.5L);
    }
}

/* Calls the library with what it is given. */
static int change(struct with_long_double *one, int place)
{
    one->b += place + change_with_long_double(one, 1) % 10;
    return place + 1;
}

static int compare(const struct with_long_double *a,
                   const struct with_long_double *b)
{
    return a->b < b->b ? -1 : a->b > b->b;
}

static jmp_buf back_home;

static void leave_filling(long double *values, unsigned n, void *context)
{
    put(&values[n - 1], 1);
    ++*(int *)context;
    longjmp(back_home, 1);
}

static void case_callbacks(void)
{
    struct member_order list[5] = {{.a = 1, .b = 2.5, .c = 3},
                                   {.a = 4, .b = 5.5, .c = 6},
                                   {.a = 7, .b = 8.5, .c = 9},
                                   {.a = 10, .b = 11.5, .c = 12},
                                   {.a = 13, .b = 14.5, .c = 15}};
    struct with_long_double at[7];
    int seven = 7;

    printf("visit_all: %ld\n", visit_all(list, 5, visit, &seven));
    printf("visit_all: %ld\n", visit_all(list, 1, visit, &seven));
    printf("visit_none: %ld\n", visit_none(visit, &seven));
    printf("fill_by: %.10Lg %.10Lg %.10Lg\n", fill_by(3, fill, &seven),
           fill_by(200, fill, &seven), fill_by(0, fill, &seven));
    for (int i = 0; i < 7; i++) {
        at[i] = (struct with_long_double){(char)i, random_small() + 0.25L,
                                          random_small()};
    }
    printf("change_by: %ld\n", change_by(at, 7, change));
    sort_by(at, 7, compare);
    for (int i = 0; i < 7; i++) {
        printf("sort_by: %d %.10Lg %d\n", at[i].a, at[i].b, at[i].c);
    }
    for (seven = 0; seven < 300;) {
        if (setjmp(back_home) == 0) {
            (void)fill_by(200, leave_filling, &seven);
        }
    }
    printf("fill_by, left: %d %.10Lg\n", seven, fill_by(2, fill, &seven));
}

/* ---- the libc's ---- */

static void case_libc(void)
{
    struct stat about, same;
    struct epoll_event events[3] = {
        {1, {.u64 = 1}}, {2, {.u64 = 1ul << 40}}, {4, {.u64 = 3}}};

    memset(&about, 0, sizeof(about));
    memset(&same, 0, sizeof(same));
    printf("stat: %d %d\n", file_about("/etc/passwd", &about),
           stat("/etc/passwd", &same));
    printf("stat: %d\n",
           about.st_ino == same.st_ino && about.st_size == same.st_size &&
               about.st_mode == same.st_mode && about.st_uid == same.st_uid &&
               about.st_nlink == same.st_nlink &&
               about.st_blksize == same.st_blksize &&
               about.st_mtim.tv_sec == same.st_mtim.tv_sec &&
               about.st_mtim.tv_nsec == same.st_mtim.tv_nsec &&
               about.st_size > 0);
    printf("stat: %d\n", file_about("/nowhere", &about));
    printf("epoll_event: %ld\n", events_change(events, 3));
    for (int i = 0; i < 3; i++) {
        printf("epoll_event: %u %lu\n", events[i].events,
               (unsigned long)events[i].data.u64);
    }
}

/* ---- memory ---- */

static void leave(void *context)
{
    longjmp(*(jmp_buf *)context, 1);
}

static void stay(void *context)
{
    ++*(int *)context;
}

/* KiB of memory that the process has, QEMU's and the host's, too. */
static long resident(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long size = 0, pages = 0;

    if (file != NULL && fscanf(file, "%ld %ld", &size, &pages) != 2) {
        pages = 0;
    }
    if (file != NULL) {
        fclose(file);
    }
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* Copies of a mebibyte that nobody ends, hundreds of times: as many as would be
 * missed. */
static void case_abandoned(void)
{
    enum { LARGE = 65536 };
    long before = resident();
    long double *values = calloc(LARGE, sizeof(*values));
    volatile int count = 0;
    int calls = 0;
    jmp_buf back;

    while (count < 400) {
        count = count + 1;
        if (setjmp(back) == 0) {
            call_with_copy(values, LARGE, leave, &back);
        }
    }
    printf("abandoned: %s\n",
           resident() - before < 250 * 1024 ? "freed" : "kept");
    values[LARGE - 1] = 42;
    printf("abandoned: %d, then %ld %d\n", count,
           call_with_copy(values, LARGE, stay, &calls), calls);
    free(values);
}

/* At the end of a page, with nothing behind it; each in one of its own, since
 * the bytes that a long double does not need may hold anything. */
static sigjmp_buf beyond;

static void caught(int signal)
{
    siglongjmp(beyond, signal);
}

/* What the program does not have is its SIGSEGV, in leafs and others. */
static void case_beyond(void)
{
    char *memory =
        mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    const long double one = 1.5L;

    signal(SIGSEGV, caught);
    for (volatile int i = 0; i < 3; i++) {
        if (sigsetjmp(beyond, 1) == 0) {
            printf("beyond: %Lg\n", sum_one((void *)memory));
        } else if (sigsetjmp(beyond, 1) == 0) {
            printf("beyond: %Lg\n", sum_by_length((void *)memory, 2));
        } else {
            printf("beyond: caught, %Lg\n", sum_one(&one));
        }
    }
    signal(SIGSEGV, SIG_DFL);
    munmap(memory, 4096);
}

static void case_edge(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *memory = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct packed_on_one *at =
        (void *)(memory + page - 2 * sizeof(struct packed_on_one));
    long double *values = (void *)(memory + 3 * page - 2 * sizeof(*values));

    mprotect(memory + page, page, PROT_NONE);
    mprotect(memory + 3 * page, page, PROT_NONE);
    write_packed_on_one(at, 2, 9);
    printf("edge: %ld\n", change_packed_on_one(at, 2));
    count_up(values, 2, 5);
    printf("edge: %.10Lg\n", sum_by_length(values, 2));
    mprotect(memory, page, PROT_READ); /* what is not written is not touched */
    mprotect(memory + 2 * page, page, PROT_READ);
    printf("edge: %ld %.10Lg\n", read_packed_on_one(at, 2),
           sum_by_length(values, 2));
    munmap(memory, 4 * page);
}

static void results_kept(void)
{
    const struct with_long_double *constant = constant_at(1);
    struct member_order *order, mine = {.a = 9, .b = 8, .c = 7};
    struct with_long_double *one, *two;
    const struct small_ints *list;
    const long double *series;
    int n = 3;

    printf("constants: %ld %d %d %d %d\n", read_with_long_double(constant, 1),
           constant == constant_at(1), constant_at(0) != constant_at(2),
           constant_at(9) == NULL, constant_place(constant));
    printf("constants: %d %d\n", constant_place(constant_at(2)),
           constant_place(NULL));
    order = order_of(1, 2.5);
    printf("buffer: %d %g %d", order->a, order->b, order->c);
    printf(" %d", order == order_of(3, 4.5));
    printf(" %d %g %d\n", order->a, order->b, order->c);
    one = object_new(5);
    two = object_new(6);
    printf("objects: %d %d", one != two, (int)one->a);
    one->a = 20; /* the library sees it, since it is its object */
    printf(" %ld", object_add(one, 3));
    printf(" %d %ld", (int)one->c, object_add(two, 1));
    object_set(one, 30);
    printf(" %d %.5Lg", (int)one->a, one->b);
    printf(" %ld", object_add((struct with_long_double[1]){*one}, 1));
    printf(" %d %d\n", object_free(one), object_free(two));
    printf("objects: %d\n", object_free((struct with_long_double[1]){{0}}));
    list = list_of(&n);
    printf("list: %d %ld", n, read_small_ints(list, n));
    n = 9;
    list = list_of(&n);
    printf(" %d %ld", n, read_small_ints(list, n));
    n = -1;
    printf(" %d\n", list_of(&n) == NULL);
    series = series_of(3);
    printf("series: %.10Lg %.10Lg %.10Lg %Lg", series[0], series[1], series[2],
           series[3]);
    series = series_of(5);
    printf(" %.10Lg %Lg\n", series[4], series[5]);
    printf("self: %d", self_or_other(&mine, 0) == &mine);
    printf(" %d", mine.c);
    printf(" %d\n", self_or_other(&mine, 1)->c);
}

static void results_freed(void)
{
    for (int n = 0; n < 200; n += 40) {
        struct member_order *rows = rows_made(n, n);
        long double *numbers = numbers_made(n);

        printf("freed: %ld", read_member_order(rows, n));
        rows = realloc(rows, sizeof(*rows) * 1000);
        printf(" %ld %.4Lg\n", read_member_order(rows, n), numbers[n / 2]);
        free(numbers);
        free(rows);
    }
    printf("freed: %d\n", rows_made(-1, 0) == NULL);
}

int main(void)
{
    fprintf(stderr, "side: %s\n", convert_side());
    numbers_by_length();
    numbers_kept();
    numbers_by_place();
    numbers_others();
    numbers_special();
    case_padding_after();
    case_padding_before();
    case_small_ints();
    case_size_dependent();
    case_explicit_alignment();
    case_alignment_of_parent();
    case_member_order();
    case_member_size();
    case_missing_member();
    case_nested_consistent();
    case_nested_repackable();
    case_union_annotated();
    case_union_unannotated();
    case_packed_on_one();
    case_with_long_double();
    case_pointers_to_each();
    case_self_referencing();
    case_circularly_referencing();
    case_double_pointers();
    case_flexible();
    case_operations();
    case_callbacks();
    results_kept();
    results_freed();
    case_libc();
    case_abandoned();
    case_edge();
    case_beyond();
    return 0;
}
