/* SPDX-License-Identifier: MIT
 * What the header says; for the guests' own library and for the host's. */
#include "convert.h"

#include <complex.h>

#include "cases.h"

const char *convert_side(void)
{
    return CONVERT_SIDE;
}

/* ---- numbers ---- */

long double sum_by_length(const long double *values, size_t n)
{
    long double sum = 0;

    for (size_t i = 0; i < n; i++) {
        sum += values[i];
    }
    return sum;
}

void double_in_place(long double *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        values[i] *= 2;
    }
}

void count_up(long double *values, size_t n, long double start)
{
    for (size_t i = 0; i < n; i++) {
        values[i] = start + i;
    }
}

/* Half as many are left, of which *n tells. */
int halve_by_place(long double *values, unsigned *n)
{
    if (values == NULL || n == NULL) {
        return -1;
    }
    for (unsigned i = 0; i < *n / 2; i++) {
        values[i] = values[2 * i] + values[2 * i + 1];
    }
    *n /= 2;
    return (int)*n;
}

long double sum_area(const long double *values, int w, int h)
{
    return sum_by_length(values, (size_t)(w * h + (w + 7) / 8));
}

long double sum_terminated(const long double *values)
{
    size_t n = 0;

    while (values != NULL && values[n] != 0) {
        n++;
    }
    return sum_by_length(values, n);
}

long double sum_one(const long double *value)
{
    return value == NULL ? -1 : *value;
}

void scale_matrix(long double matrix[2][3], long double by)
{
    for (int i = 0; i < 6; i++) {
        matrix[i / 3][i % 3] *= by;
    }
}

void conjugate(_Complex long double *values, int n)
{
    for (int i = 0; i < n; i++) {
        values[i] = conjl(values[i]);
    }
}

void prefix_sums(const long double *from, long double *to, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        to[i] = from[i] + (i == 0 ? 0 : to[i - 1]);
    }
}

/* ---- layout ---- */

/* MEMBERS_name(apply) applies it to every member that all ISAs have; values are
 * those that the narrowest holds. */
#define MEMBERS_padding_after(x)  x(a) x(b)
#define MEMBERS_padding_before(x) x(a) x(b)
#define MEMBERS_small_ints(x)                                                  \
    x(last) x(c[0]) x(c[1]) x(c[4]) x(s[0]) x(s[2]) x(u[0]) x(u[1])
#define MEMBERS_size_dependent(x)                                              \
    x(one) x(two) x(row[0][0]) x(row[0][1]) x(row[1][0]) x(row[1][1])
#define MEMBERS_explicit_alignment(x)  x(a) x(b)
#define MEMBERS_alignment_of_parent(x) x(before) x(inner.a) x(inner.b) x(after)
#define MEMBERS_member_order(x)        x(a) x(b) x(c)
#define MEMBERS_member_size(x)         x(a) x(b) x(c) x(d) x(e) x(f) x(h) x(i) x(j)
#define MEMBERS_missing_member(x)      x(a) x(b)
#define MEMBERS_nested_consistent(x)   x(at) x(in.a) x(in.b)
#define MEMBERS_nested_repackable(x)                                           \
    x(a) x(in[0].a) x(in[0].b) x(in[0].c) x(in[1].a) x(in[1].b) x(in[1].c)     \
        x(unnamed.deep.a) x(unnamed.deep.b) x(unnamed.b)
#define MEMBERS_union_unannotated(x) x(at) x(of.i)
#define MEMBERS_packed_on_one(x)     x(a) x(b) x(c) x(d)
#define MEMBERS_with_long_double(x)  x(a) x(b) x(c)

#define DEFINE(name) DEFINE_AS(name, MEMBERS_##name)

DEFINE(padding_after)
DEFINE(padding_before)
DEFINE(small_ints)
DEFINE(size_dependent)
DEFINE(explicit_alignment)
DEFINE(alignment_of_parent)
DEFINE(member_order)
DEFINE(member_size)
DEFINE(missing_member)
DEFINE(nested_consistent)
DEFINE(nested_repackable)
DEFINE(union_unannotated)
DEFINE(packed_on_one)
DEFINE(with_long_double)

static long read_union(const struct union_annotated *at)
{
    switch (at->kind) {
    case KIND_INTEGER:
        return at->of.integer;
    case KIND_NUMBER:
        return (long)(at->of.number * 4);
    case KIND_RECORD:
        return read_member_order(&at->of.record, 1);
    default:
        return -1;
    }
}

long read_union_annotated(const struct union_annotated *at, int n)
{
    long sum = 7;

    for (int i = 0; i < n; i++) {
        sum = sum * 31 + read_union(&at[i]) + at[i].kind;
    }
    return sum;
}

void write_union_annotated(struct union_annotated *at, int n, int seed)
{
    for (int i = 0; i < n; i++) {
        at[i].kind = (enum kind)((seed + i) % 3);
        if (at[i].kind == KIND_INTEGER) {
            at[i].of.integer = -seed;
        } else if (at[i].kind == KIND_NUMBER) {
            at[i].of.number = seed + 0.25L;
        } else {
            write_member_order(&at[i].of.record, 1, seed);
        }
    }
}

/* Each becomes one of another kind. */
long change_union_annotated(struct union_annotated *at, int n)
{
    long sum = read_union_annotated(at, n);

    for (int i = 0; i < n; i++) {
        write_union_annotated(&at[i], 1, (int)at[i].kind + 1);
    }
    return sum;
}

/* ---- pointers ---- */

/* Reads all, and changes what is not constant. */
long read_pointers(struct pointers_to_each *at)
{
    long sum = read_padding_after(at->after, at->after != NULL) +
               change_member_order(at->order, at->order != NULL) +
               change_with_long_double(at->numbers, at->n_numbers);

    if (at->consistent != NULL) {
        sum += at->consistent->a + at->consistent->b;
    }
    return sum + (long)sum_terminated(at->terminated);
}

long double sum_list(const struct self_referencing *first)
{
    long double sum = 0;

    for (; first != NULL; first = first->next) {
        sum += first->value;
    }
    return sum;
}

void reverse_list(struct self_referencing **first)
{
    struct self_referencing *rest = *first;

    *first = NULL;
    while (rest != NULL) {
        struct self_referencing *next = rest->next;

        rest->next = *first;
        *first = rest;
        rest = next;
    }
}

/* Each gets the value of the next. */
void rotate_ring(struct self_referencing *any)
{
    long double first = any->value;
    struct self_referencing *at = any;

    for (; at->next != any; at = at->next) {
        at->value = at->next->value;
    }
    at->value = first;
}

int read_circular(const struct circular_one *one)
{
    return one->value + one->other->at + (one->other->one == one ? 1000 : 0);
}

long double sum_double_pointer(const struct with_long_double *const *list)
{
    long double sum = 0;

    for (; *list != NULL; list++) {
        sum += (*list)->a + (*list)->b + (*list)->c;
    }
    return sum;
}

long double sum_rows(const long double *const *rows, int n)
{
    long double sum = 0;

    for (int i = 0; i < n; i++) {
        sum += sum_by_length(rows[i], rows[i] == NULL ? 0 : 3);
    }
    return sum;
}

long double sum_flexible(const struct flexible *it)
{
    return it == NULL ? -1 : sum_by_length(it->values, (size_t)it->n);
}

void double_flexible(struct flexible *it)
{
    double_in_place(it->values, (size_t)it->n);
    it->n--;
}

/* ---- functions in what is converted ---- */

int apply_one(const struct operation *operation, int value)
{
    return operation->apply(value) * (int)operation->by + operation->at;
}

/* The guest jumps there, and its ISA may know no odd addresses. */
__attribute__((aligned(16))) static int double_it(int value)
{
    return 2 * value;
}

/* Leaves a function of its own in each. */
int apply_all(struct operation *operations, unsigned n, int value)
{
    for (unsigned i = 0; i < n; i++) {
        value = apply_one(&operations[i], value);
        operations[i].apply = double_it;
    }
    return value;
}

/* ---- callbacks that are given what differs ---- */

long visit_all(const struct member_order *list, int n, convert_visit *visit,
               void *context)
{
    return visit(list, n / 2, context) +
           visit(list + n / 2, n - n / 2, context);
}

/* More than is copied on a stack. */
long double fill_by(unsigned n, convert_fill fill, void *context)
{
    long double values[200] = {0};

    n = n < 200 ? n : 200;
    values[0] = 1000;
    fill(values, n, context);
    return sum_by_length(values, 200);
}

long change_by(struct with_long_double *at, int n,
               int (*change)(struct with_long_double *one, int place))
{
    long sum = 0;

    for (int i = 0; i < n; i++) {
        at[i].c += 1;
        sum += change(&at[i], i) * read_with_long_double(&at[i], 1);
    }
    return sum;
}

void sort_by(struct with_long_double *at, int n,
             int (*compare)(const struct with_long_double *a,
                            const struct with_long_double *b))
{
    for (int i = 1; i < n; i++) {
        for (int j = i; j > 0 && compare(&at[j - 1], &at[j]) > 0; j--) {
            struct with_long_double swap = at[j];

            at[j] = at[j - 1];
            at[j - 1] = swap;
        }
    }
}

long visit_none(convert_visit *visit, void *context)
{
    return visit(NULL, 3, context);
}

/* ---- results that point to what differs ---- */

static struct with_long_double constants[3];

const struct with_long_double *constant_at(int place)
{
    if (place < 0 || place > 2) {
        return NULL;
    }
    write_with_long_double(&constants[place], 1, place * 7);
    return &constants[place];
}

int constant_place(const struct with_long_double *constant)
{
    return constant >= constants && constant < constants + 3
               ? (int)(constant - constants)
               : -1;
}

struct member_order *order_of(int a, double b)
{
    static struct member_order buffer;

    buffer.a = (char)a;
    buffer.b = b;
    buffer.c++;
    return &buffer;
}

static struct with_long_double *objects[4];

struct with_long_double *object_new(int a)
{
    for (int i = 0; i < 4; i++) {
        if (objects[i] == NULL) {
            objects[i] = calloc(1, sizeof(*objects[i]));
            write_with_long_double(objects[i], 1, a);
            return objects[i];
        }
    }
    return NULL;
}

static int object_find(const struct with_long_double *object)
{
    for (int i = 0; i < 4; i++) {
        if (object != NULL && objects[i] == object) {
            return i;
        }
    }
    return -1;
}

long object_add(struct with_long_double *object, int by)
{
    if (object_find(object) < 0) {
        return -1;
    }
    object->c += by;
    return read_with_long_double(object, 1);
}

void object_set(struct with_long_double *object, int a)
{
    if (object_find(object) >= 0) {
        write_with_long_double(object, 1, a);
    }
}

int object_free(struct with_long_double *object)
{
    int place = object_find(object);

    if (place < 0) {
        return 0;
    }
    free(object);
    objects[place] = NULL;
    return 1;
}

const struct small_ints *list_of(int *n)
{
    static struct small_ints list[5];

    *n = *n > 5 ? 5 : *n;
    write_small_ints(list, *n, *n);
    return *n < 0 ? NULL : list;
}

const long double *series_of(int n)
{
    static long double series[6];

    for (int i = 0; i < n && i < 5; i++) {
        series[i] = 1.0L / (i + 3);
        series[i + 1] = 0;
    }
    return series;
}

struct member_order *self_or_other(struct member_order *at, int is_other)
{
    static struct member_order other = {.a = 1, .b = 2, .c = 3};

    at->c++;
    return is_other ? &other : at;
}

struct member_order *rows_made(int n, int seed)
{
    struct member_order *rows =
        n < 0 ? NULL : calloc((size_t)n + 1, sizeof(*rows));

    if (rows != NULL) {
        write_member_order(rows, n, seed);
    }
    return rows;
}

long double *numbers_made(int n)
{
    long double *numbers = calloc((size_t)n + 1, sizeof(*numbers));

    for (int i = 0; i < n; i++) {
        numbers[i] = i + 0.5L;
    }
    return numbers;
}

/* ---- the libc's ---- */

int file_about(const char *path, struct stat *about)
{
    return stat(path, about);
}

long events_change(struct epoll_event *events, int n)
{
    long sum = 7;

    for (int i = 0; i < n; i++) {
        sum = sum * 31 + events[i].events + (long)events[i].data.u64;
        events[i].events++;
        events[i].data.u64 += 2;
    }
    return sum;
}

/* ---- what is left by a longjmp ---- */

long call_with_copy(const long double *values, size_t n, convert_leave *leave,
                    void *context)
{
    leave(context);
    return (long)sum_by_length(values, n);
}
