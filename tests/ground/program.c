/* SPDX-License-Identifier: MIT
 * A case for each function of the library, under its name. */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "ground.h"

static int twice(int value)
{
    return 2 * value;
}

static void case_functions(void)
{
    printf("trivial_function: %d\n", trivial_function(-7));
    printf("several_parameters: %.17g\n",
           several_parameters(-3, 65535, -100000, 1l << 40, 0.25f, -2.5, "four",
                              1ull << 33, 1.5L));
    printf("function_pointer_typedef: %d\n",
           function_pointer_typedef(twice, 21));
    printf("function_pointer_parameter: %d\n",
           function_pointer_parameter(twice, 5));
    printf("function_pointer_returned: %d %d %d\n",
           function_pointer_returned(1)(5), function_pointer_returned(10)(5),
           function_pointer_returned(2) == NULL);
    printf("variadic_unannotated: %d %d\n", variadic_unannotated(0),
           variadic_unannotated(4, 1, 2, 3, 4));
    printf("variadic_annotated: %d\n",
           variadic_annotated(3, 1, 10.5L, 2, -3.25L, 3, 1e3L));
}

static void case_integers(void)
{
    size_t size = 1ul << 63;
    long number = -5;
    intptr_t place = (intptr_t)0xffff0000ffff;
    ptrdiff_t difference = -(1l << 40);
    ssize_t signed_size = -1;

    printf("integers_by_value: %zx\n",
           integers_by_value(size, number, place, difference, signed_size));
    integers_by_pointer(&size, &number, &place, &difference, &signed_size);
    printf("integers_by_pointer: %zx %ld %lx %td %zd\n", size, number,
           (long)place, difference, signed_size);
}

static void case_pointers(void)
{
    struct layout_compatible_type records[2] = {{1, 2.5, "three", {4, 5}},
                                                {6, 7.5, "", {8, 9}}};
    int number = 41;
    struct pointer_member member = {'a', &number, &records[1]};
    struct opaque_type *opaque = opaque_types(7);
    struct opaque_holder holder = {.n = 3};
    double bytes = 0.1;
    int first, second;

    printf("layout_compatible: %ld %d\n", layout_compatible(records, 2),
           records[1].e);
    printf("pointer_member_unannotated: %ld %d %d\n",
           pointer_member_unannotated(&member), number, records[1].e);
    opaque_member_set(&holder, opaque);
    printf("opaque_types: %d\n", holder.inside == opaque);
    printf("opaque_member: %ld\n", opaque_member(&holder));
    opaque_end(opaque);
    printf("void_pointer_unannotated: %ld\n",
           void_pointer_unannotated(&bytes, sizeof(bytes)));
    printf("void_pointer_passed_through: %d",
           void_pointer_passed_through(&first) == &first);
    printf(" %d", void_pointer_passed_through(&second) == &first);
    printf(" %d\n", void_pointer_passed_through(NULL) == &second);
    printf("void_pointer_assumed: %d\n",
           void_pointer_assumed((void *)(uintptr_t)twice, 8));
}

static void case_records(void)
{
    struct by_value in = {-2, 1.5f, {1, 2, 3}}, out;
    struct ground_rows more;
    int rows[2][3][4];
    const char *text;

    out = struct_by_value(in, 4);
    printf("struct_by_value: %d %g %ld %ld, %d\n", out.a, (double)out.b,
           out.c[0], out.c[2], in.a);
    struct_by_pointer(&in, &out);
    printf("struct_by_pointer: %d %g %ld %ld\n", out.a, (double)out.b, out.c[1],
           out.c[2]);
    memset(&more, 1, sizeof(more));
    memset(rows, 0, sizeof(rows));
    rows[1][2][3] = 77;
    printf("multi_dimensional: %lx", multi_dimensional(rows, 2, &more));
    printf(" %d %d\n", rows[1][2][3], rows[0][1][2]);
    text = static_buffer(1);
    printf("static_buffer: %s", text);
    printf(" %d", text == static_buffer(22));
    printf(" %s\n", text);
}

/* All bits of a number: printf() has no way to show it. */
static void show_wide(const char *what, ground_wide number)
{
    uint64_t parts[2];

    memcpy(parts, &number, sizeof(parts));
    printf("%s: %016lx%016lx\n", what, (unsigned long)parts[1],
           (unsigned long)parts[0]);
}

static void case_wide(void)
{
    struct float128_type at = {(ground_wide)1 / 3, 3};

    show_wide("float128", float128(at.wide, -7, 1e-20));
    printf("float128_beside: %.3Lf\n", float128_beside(&at, 0.5L));
    show_wide("float128_beside", at.wide);
}

/* In place of the library's. */
int rtld_next(int value)
{
    void *found = dlsym(RTLD_NEXT, "rtld_next");
    int (*next)(int value);

    memcpy(&next, &found, sizeof(next));
    return next == NULL ? -1 : next(value) + 1;
}

static void case_layouts(void)
{
    struct repackable at[3] = {
        {.a = 1, .b = -2, .c = 3}, {.a = 4, .b = 5, .c = -6}, {.b = 100000}};
    struct incompatible either[2] = {{.kind = INCOMPATIBLE_NUMBER},
                                     {.kind = INCOMPATIBLE_REAL}};
    struct pointer_repackable pointer = {2, at};

    printf("layout_repackable: %ld %ld\n", layout_repackable(at, 3),
           layout_repackable(NULL, 0));
    either[0].of.number = 17;
    either[1].of.real = 0.25L;
    printf("layout_incompatible: %ld", layout_incompatible(either, 2));
    printf(" %d %.3Lg %d %ld\n", either[0].kind, either[0].of.real,
           either[1].kind, (long)either[1].of.number);
    printf("pointer_member_annotated: %ld\n",
           pointer_member_annotated(&pointer));
}

int main(void)
{
    fprintf(stderr, "side: %s\n", ground_side());
    case_functions();
    case_integers();
    case_pointers();
    case_records();
    case_layouts();
    case_wide();
    printf("rtld_next: %d\n", rtld_next(5));
    return 0;
}
