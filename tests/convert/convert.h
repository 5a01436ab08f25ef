/* SPDX-License-Identifier: MIT
 *
 * Types in memory that are not the same for all ISAs, and functions that read
 * them, write them, or do both. What x86_64 has otherwise than the others is
 * written into the types, so that each case differs where a thunk crosses.
 */
#ifndef CONVERT_H
#define CONVERT_H

#include <stddef.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <wchar.h>

#ifdef __x86_64__
#define X86_64(...) __VA_ARGS__
#define OTHERS(...)
#else
#define X86_64(...)
#define OTHERS(...) __VA_ARGS__
#endif

/* "host" or "guest": whose library it is. */
const char *convert_side(void);

/* ---- numbers ---- */

long double sum_by_length(const long double *values, size_t n);
void double_in_place(long double *values, size_t n);
void count_up(long double *values, size_t n, long double start);
int halve_by_place(long double *values, unsigned *n);
long double sum_area(const long double *values, int w, int h);
long double sum_terminated(const long double *values);
long double sum_one(const long double *value);
void scale_matrix(long double matrix[2][3], long double by);
void conjugate(_Complex long double *values, int n);

/* One may be the other, or a part of it. */
void prefix_sums(const long double *from, long double *to, size_t n);

/* ---- layout ---- */

struct padding_after {
    int a;
    char b;
    OTHERS(char reserved[11];)
};

struct padding_before {
    OTHERS(long reserved;)
    int a;
    char b;
};

struct small_ints {
    X86_64(long last;)
    char c[5];
    short s[3];
    unsigned char u[2];
    OTHERS(long last;)
};

typedef X86_64(long) OTHERS(int) size_dependent_t;
typedef X86_64(unsigned short) OTHERS(unsigned long) size_dependent_u;

struct size_dependent {
    size_dependent_t one;
    size_dependent_u two;
    size_dependent_t row[2][2];
};

struct explicit_alignment {
    char a;
    OTHERS(__attribute__((aligned(16)))) int b;
};

struct alignment_of_parent {
    char before;
    struct explicit_alignment inner;
    char after;
};

struct member_order {
    X86_64(char a; double b; short c;)
    OTHERS(double b; short c; char a;)
};

struct member_size {
    X86_64(short a; int b; long c; signed char d;)
    OTHERS(long a; short b; int c; int d;)
    X86_64(unsigned e : 9; int f : 8; _Bool g;)
    OTHERS(unsigned long e : 40; long f : 13; int g;)
    X86_64(unsigned) OTHERS(int) h;
    char i;
    wchar_t j;
};

struct missing_member {
    int a;
    X86_64(long on_one_side;)
    OTHERS(int on_the_other; short as_well;)
    int b;
};

struct consistent {
    int a;
    long b;
};

struct nested_consistent {
    X86_64(char at;)
    struct consistent in;
    OTHERS(char at;)
};

struct nested_repackable {
    int a;
    struct member_order in[2];
    struct {
        struct padding_before deep;
        char b;
    } unnamed;
};

enum kind { KIND_INTEGER, KIND_NUMBER, KIND_RECORD, KIND_UNKNOWN };

struct union_annotated {
    enum kind kind;
    union {
        size_dependent_t integer;
        long double number;
        struct member_order record;
    } of;
};

struct union_unannotated {
    X86_64(char at;)
    union {
        int i;
        float f;
    } of;
    OTHERS(char at;)
};

struct X86_64(__attribute__((packed))) packed_on_one {
    short a;
    long b;
    char c;
    int d;
};

struct with_long_double {
    char a;
    long double b;
    int c;
};

/* Each function works on `n` of them: gives a number that depends on every
 * member, and changes each, but in constant ones. */
#define CONVERT_EACH(apply)                                                    \
    apply(padding_after) apply(padding_before) apply(small_ints)               \
        apply(size_dependent) apply(explicit_alignment)                        \
            apply(alignment_of_parent) apply(member_order) apply(member_size)  \
                apply(missing_member) apply(nested_consistent)                 \
                    apply(nested_repackable) apply(union_annotated)            \
                        apply(union_unannotated) apply(packed_on_one)          \
                            apply(with_long_double)

#define CONVERT_DECLARE(name)                                                  \
    long read_##name(const struct name *at, int n);                            \
    void write_##name(struct name *at, int n, int seed);                       \
    long change_##name(struct name *at, int n);
CONVERT_EACH(CONVERT_DECLARE)

/* ---- pointers ---- */

struct pointers_to_each {
    const struct padding_after *after;
    struct member_order *order;
    struct with_long_double *numbers;
    int n_numbers;
    const struct consistent *consistent; /* the same for all */
    const long double *terminated;
};
long read_pointers(struct pointers_to_each *at);

struct self_referencing {
    long double value;
    struct self_referencing *next;
};
long double sum_list(const struct self_referencing *first);
void reverse_list(struct self_referencing **first);
void rotate_ring(struct self_referencing *any);

struct circular_one;
struct circular_other {
    X86_64(char at;)
    struct circular_one *one;
    OTHERS(char at;)
};
struct circular_one {
    struct circular_other *other;
    int value;
};
int read_circular(const struct circular_one *one);

long double sum_double_pointer(const struct with_long_double *const *list);
long double sum_rows(const long double *const *rows, int n);

struct flexible {
    int n;
    long double values[];
};
long double sum_flexible(const struct flexible *it);
void double_flexible(struct flexible *it);

/* ---- functions in what is converted ---- */

struct operation {
    X86_64(char at;)
    int (*apply)(int value);
    long double by;
    OTHERS(char at;)
};
int apply_one(const struct operation *operation, int value);
int apply_all(struct operation *operations, unsigned n, int value);

/* ---- callbacks that are given what differs ---- */

typedef long convert_visit(const struct member_order *at, int n, void *context);
typedef void (*convert_fill)(long double *values, unsigned n, void *context);

long visit_all(const struct member_order *list, int n, convert_visit *visit,
               void *context);
long double fill_by(unsigned n, convert_fill fill, void *context);
long change_by(struct with_long_double *at, int n,
               int (*change)(struct with_long_double *one, int place));
void sort_by(struct with_long_double *at, int n,
             int (*compare)(const struct with_long_double *a,
                            const struct with_long_double *b));
long visit_none(convert_visit *visit, void *context);

/* ---- results that point to what differs ---- */

/* The library's own: constants, which it knows again; a buffer of all calls;
 * objects; a list of n, one that ends with zero. */
const struct with_long_double *constant_at(int place);
int constant_place(const struct with_long_double *constant);
struct member_order *order_of(int a, double b);
struct with_long_double *object_new(int a);
long object_add(struct with_long_double *object, int by);
void object_set(struct with_long_double *object, int a);
int object_free(struct with_long_double *object); /* 1: it was one */
const struct small_ints *list_of(int *n);
const long double *series_of(int n);

/* What it is given, or else one of its own. */
struct member_order *self_or_other(struct member_order *at, int is_other);

/* The program's to free. */
struct member_order *rows_made(int n, int seed);
long double *numbers_made(int n);

/* ---- the libc's ---- */

int file_about(const char *path, struct stat *about);
long events_change(struct epoll_event *events, int n);

/* ---- what is left by a longjmp ---- */

typedef void convert_leave(void *context);
long call_with_copy(const long double *values, size_t n, convert_leave *leave,
                    void *context);

#endif
