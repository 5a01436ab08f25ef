/* SPDX-License-Identifier: MIT
 *
 * A function for each construct of the ground that no other test has under its
 * name; ground.txt lists all and where they are. Those of which the spec has
 * nothing to say come first. What x86_64 has otherwise than the others is
 * written into the types.
 */
#ifndef GROUND_H
#define GROUND_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __x86_64__
#define X86_64(...) __VA_ARGS__
#define OTHERS(...)
#else
#define X86_64(...)
#define OTHERS(...) __VA_ARGS__
#endif

/* "host" or "guest": whose library it is. */
const char *ground_side(void);

/* ---- functions ---- */

int trivial_function(int value);
double several_parameters(signed char a, unsigned short b, int c, long d,
                          float e, double f, const char *g,
                          unsigned long long h, long double i);

typedef int ground_step(int value);
int function_pointer_typedef(ground_step *step, int value);
int function_pointer_parameter(int (*step)(int value), int value);
ground_step *function_pointer_returned(int by);
int variadic_unannotated(int count, ...);

/* ---- integers that are a guest's own ---- */

size_t integers_by_value(size_t size, long number, intptr_t place,
                         ptrdiff_t difference, ssize_t signed_size);
void integers_by_pointer(size_t *size, long *number, intptr_t *place,
                         ptrdiff_t *difference, ssize_t *signed_size);

/* ---- pointers ---- */

struct layout_compatible_type {
    int a;
    double b;
    const char *c;
    struct {
        short d, e;
    };
};
long layout_compatible(struct layout_compatible_type *at, int n);

struct pointer_member {
    char a;
    int *to;
    struct layout_compatible_type *record;
};
long pointer_member_unannotated(struct pointer_member *at);

/* Only the library knows what it is. */
struct opaque_type;
struct opaque_holder {
    int n;
    struct opaque_type *inside;
    unsigned char room[24];
};
struct opaque_type *opaque_types(int value);
void opaque_member_set(struct opaque_holder *holder,
                       struct opaque_type *inside);
long opaque_member(const struct opaque_holder *holder);
void opaque_end(struct opaque_type *inside);

/* What is there, as so many bytes. */
long void_pointer_unannotated(const void *at, size_t size);
/* What it is given, now and by the next call. */
void *void_pointer_passed_through(void *at);

/* ---- records ---- */

struct by_value {
    short a;
    float b;
    long c[3];
};
struct by_value struct_by_value(struct by_value in, int by);
void struct_by_pointer(const struct by_value *in, struct by_value *out);

struct ground_rows {
    int row[2][3][4];
    signed char last[3][5];
};
unsigned long multi_dimensional(int rows[][3][4], int n,
                                const struct ground_rows *more);

/* binary128, as gcc calls it: the same for all ABIs, also where the long double
 * beside it is not. */
__extension__ typedef _Float128 ground_wide;

struct float128_type {
    ground_wide wide;
    int small;
};
ground_wide float128(ground_wide a, int b, double c);
long double float128_beside(struct float128_type *at, long double by);

/* Of a buffer that the next call overwrites. */
const char *static_buffer(int value);

/* A function that the program has itself, too, and calls by RTLD_NEXT. */
int rtld_next(int value);

/* ---- by spec, or refused ---- */

struct repackable {
    X86_64(char a; int b; short c;)
    OTHERS(int b; long c; char a;)
};
long layout_repackable(const struct repackable *at, int n);

/* It depends on `kind` what it is. */
struct incompatible {
    int kind;
    union {
        X86_64(short) OTHERS(long) number;
        long double real;
    } of;
};
enum { INCOMPATIBLE_NUMBER, INCOMPATIBLE_REAL };
long layout_incompatible(struct incompatible *at, int n);

struct pointer_repackable {
    int n;
    struct repackable *to;
};
long pointer_member_annotated(const struct pointer_repackable *at);

int variadic_annotated(int count, ...);

/* void * that really is a function: the spec tells the type. */
int void_pointer_assumed(void *step, int value);

#endif
