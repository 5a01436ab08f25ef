/* SPDX-License-Identifier: MIT
 *
 * The walker of runtime/host/convert.c: what it does at its limits, case by
 * case. convert_random_test.c compares it with a slow one.
 */
#include "convert.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "convert_runtime.h"

#include <cmocka.h>

#include "host.h"
#include "long_double.h"

static const struct thunk_shape numbers_shape;
static const struct thunk_member numbers[] = {
    {.kind = THUNK_LONG_DOUBLE,
     .places = {{0, 128, 1, 0}, {0, 128, 1, 0}, {0, 128, 1, 0}}},
};
static const struct thunk_shape numbers_shape = {
    .members = numbers,
    .member_count = 1,
    .sizes = {16, 16, 16},
    .alike = {0, THUNK_ISA == THUNK_ISA_AARCH64 ? 0 : 1, 0},
};

/* The shape's alike[] is of the host's ISA and of the guest's alone. */
static void alike_is_the_guests_own(void **unused)
{
    struct thunk_host_copies copies;
    const long double one = 1;

    (void)unused;
    thunk_host_guest_isa = THUNK_ISA;
    thunk_host_copies_start(&copies);
    assert_ptr_equal(
        thunk_host_copy(&copies, &numbers_shape, &one, THUNK_IN, 1), &one);
    assert_null(copies.first);
    thunk_host_copies_end(&copies);
    thunk_host_guest_isa = GUEST;
}

static void none_and_null(void **unused)
{
    struct thunk_host_copies copies;
    const long double one = 1;

    (void)unused;
    thunk_host_copies_start(&copies);
    assert_null(
        thunk_host_copy_make(&copies, &numbers_shape, NULL, THUNK_IN, 5));
    assert_null(thunk_host_copy_make(&copies, &numbers_shape, NULL, THUNK_IN,
                                     THUNK_TERMINATED));
    assert_ptr_equal(
        thunk_host_copy_make(&copies, &numbers_shape, &one, THUNK_IN, 0), &one);
    assert_ptr_equal(
        thunk_host_copy_make(&copies, &numbers_shape, &one, THUNK_IN, -3),
        &one);
    thunk_host_copies_end(&copies);
}

/* More than there is memory for ends the call, and nothing else. */
static void too_many(void **unused)
{
    static const int64_t counts[] = {INT64_MAX, INT64_MAX / 16, 1ll << 58,
                                     1ll << 50};

    (void)unused;
    for (volatile size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        struct thunk_host_copies copies;
        const long double one = 1;
        volatile bool is_abandoned = true;

        if (setjmp(convert_abandoned) == 0) {
            thunk_host_copies_start(&copies);
            (void)thunk_host_copy_make(&copies, &numbers_shape, &one, THUNK_IN,
                                       counts[i]);
            is_abandoned = false;
        }
        assert_true(is_abandoned);
        thunk_host_blocks_free(&convert_blocks, NULL);
    }
}

static void given_none(void **unused)
{
    struct thunk_host_copies copies;
    long double list[3] = {1, 2, 0};
    long double *given;

    (void)unused;
    thunk_host_copies_start(&copies);
    assert_null(
        thunk_host_given(&copies, &numbers_shape, NULL, THUNK_INOUT, 5));
    assert_ptr_equal(
        thunk_host_given(&copies, &numbers_shape, list, THUNK_IN, 0), list);
    given = thunk_host_given(&copies, &numbers_shape, list, THUNK_INOUT,
                             THUNK_TERMINATED);
    thunk_host_numbers_take(given, 3);
    assert_true(given[0] == 1 && given[1] == 2 && given[2] == 0);
    thunk_host_numbers_give(given, 3);
    thunk_host_copies_end(&copies);
    assert_true(list[0] == 1 && list[1] == 2 && list[2] == 0);
}

/* Two parameters with the same memory have the same copy. */
static void shared(void **unused)
{
    struct thunk_host_copies copies;
    long double guest[10];
    long double *all, *part, *same;

    (void)unused;
    for (int i = 0; i < 10; i++) {
        guest[i] = i;
    }
    thunk_host_numbers_give(guest, 10);
    thunk_host_copies_start(&copies);
    all = thunk_host_copy_make(&copies, &numbers_shape, guest, THUNK_IN, 10);
    same = thunk_host_copy_make(&copies, &numbers_shape, guest, THUNK_OUT, 10);
    part = thunk_host_copy_make(&copies, &numbers_shape, guest + 3, THUNK_INOUT,
                                7);
    assert_ptr_equal(all, same);
    assert_ptr_equal(part, all + 3);
    part[2] = 77;
    thunk_host_copies_end(&copies);
    thunk_host_numbers_take(guest, 10);
    for (int i = 0; i < 10; i++) {
        assert_true(guest[i] == (i == 5 ? 77 : i));
    }
}

/* An integer that does not fit keeps its lower bits, as C has it; a bool is
 * true. One that the function leaves alone stays whole. */
static void integers_that_do_not_fit(void **unused)
{
    static const struct thunk_member members[] = {
        {.kind = THUNK_INTEGER,
         .places = {[THUNK_ISA] = {0, 16, 1, THUNK_SIGNED},
                    [GUEST] = {0, 64, 1, THUNK_SIGNED}}},
        {.kind = THUNK_INTEGER,
         .places = {[THUNK_ISA] = {16, 8, 1, THUNK_BOOL},
                    [GUEST] = {64, 32, 1, THUNK_SIGNED}}},
        {.kind = THUNK_INTEGER,
         .places = {[THUNK_ISA] = {32, 32, 1, THUNK_UNSIGNED},
                    [GUEST] = {96, 8, 1, THUNK_SIGNED}}},
    };
    static const struct thunk_shape shape = {
        .members = members,
        .member_count = 3,
        .sizes = {[THUNK_ISA] = 8, [GUEST] = 16},
        .alike = {[GUEST] = 1},
    };
    struct {
        int64_t wide;
        int32_t truth;
        int8_t negative;
    } guest = {0x123456789, 0x100, -2};
    struct {
        int16_t narrow;
        bool truth;
        uint32_t negative;
    } * host;
    struct thunk_host_copies copies;

    (void)unused;
    thunk_host_copies_start(&copies);
    host = thunk_host_copy_make(&copies, &shape, &guest, THUNK_INOUT, 1);
    assert_int_equal(host->narrow, 0x6789);
    assert_true(host->truth);
    assert_true(host->negative == (uint32_t)-2);
    host->negative = 300;
    thunk_host_copies_end(&copies);
    assert_true(guest.wide == 0x123456789);
    assert_int_equal(guest.truth, 0x100);
    assert_int_equal(guest.negative, 300 - 256);
    thunk_host_copies_start(&copies);
    host = thunk_host_copy_make(&copies, &shape, &guest, THUNK_OUT, 1);
    thunk_host_copies_end(&copies);
    assert_true(guest.wide == 0x6789 && guest.truth == 1);
}

struct tail_guest {
    int32_t count;
    char values[];
};

static int64_t tail_count(const void *record)
{
    int32_t count;

    memcpy(&count, record, sizeof(count));
    return count;
}

/* A function that writes another count into a record makes no copy longer. */
static void flexible_is_bounded(void **unused)
{
    static const struct thunk_member members[] = {
        {.kind = THUNK_BYTES,
         .places = {{0, 32, 1, 0}, {0, 32, 1, 0}, {0, 32, 1, 0}}},
        {.kind = THUNK_INTEGER,
         .count = tail_count,
         .places = {[THUNK_ISA] = {64, 64, 0, THUNK_SIGNED},
                    [GUEST] = {32, 16, 0, THUNK_SIGNED}}},
    };
    static const struct thunk_shape shape = {
        .members = members,
        .member_count = 2,
        .flexible = &members[1],
        .sizes = {[THUNK_ISA] = 8, [GUEST] = 4},
        .alike = {[GUEST] = 1},
    };
    struct tail_guest *guest = malloc(sizeof(*guest) + 4 * sizeof(int16_t));
    const int16_t before[4] = {5, -6, 7, 8};
    const int16_t after[4] = {5, 66, 7, 8};
    struct {
        int32_t count;
        int32_t padding;
        int64_t values[];
    } * host;
    struct thunk_host_copies copies;

    (void)unused;
    guest->count = 4;
    memcpy(guest->values, before, sizeof(before));
    thunk_host_copies_start(&copies);
    host = thunk_host_copy_make(&copies, &shape, guest, THUNK_INOUT, 1);
    assert_true(host->values[0] == 5 && host->values[1] == -6 &&
                host->values[2] == 7 && host->values[3] == 8);
    host->values[1] = 66;
    host->count = 1000000;
    thunk_host_copies_end(&copies);
    assert_int_equal(guest->count, 1000000);
    assert_memory_equal(guest->values, after, sizeof(after));
    free(guest);
}

static int64_t union_which(const void *record)
{
    int32_t tag;

    memcpy(&tag, record, sizeof(tag));
    return tag;
}

/* The same bytes of the host's as another member are others of the guest's. */
static void union_changes_its_member(void **unused)
{
    static const struct thunk_member alternatives[] = {
        {.kind = THUNK_INTEGER,
         .places = {[THUNK_ISA] = {0, 32, 1, THUNK_SIGNED},
                    [GUEST] = {0, 32, 1, THUNK_SIGNED}}},
        {.kind = THUNK_INTEGER,
         .places = {[THUNK_ISA] = {0, 32, 1, THUNK_SIGNED},
                    [GUEST] = {32, 16, 1, THUNK_SIGNED}}},
    };
    static const struct thunk_shape alternatives_shape = {
        .members = alternatives,
        .member_count = 2,
        .sizes = {[THUNK_ISA] = 4, [GUEST] = 8},
        .alike = {[GUEST] = 1},
    };
    static const struct thunk_member members[] = {
        {.kind = THUNK_BYTES,
         .places = {{0, 32, 1, 0}, {0, 32, 1, 0}, {0, 32, 1, 0}}},
        {.kind = THUNK_UNION,
         .shape = &alternatives_shape,
         .count = union_which,
         .places = {[THUNK_ISA] = {32, 32, 1, 0}, [GUEST] = {32, 64, 1, 0}}},
    };
    static const struct thunk_shape shape = {
        .members = members,
        .member_count = 2,
        .sizes = {[THUNK_ISA] = 8, [GUEST] = 12},
        .alike = {[GUEST] = 1},
    };
    int32_t guest[3] = {1, 5, 0};
    struct thunk_host_copies copies;
    int32_t *host;

    (void)unused;
    thunk_host_copies_start(&copies);
    host = thunk_host_copy_make(&copies, &shape, guest, THUNK_INOUT, 1);
    assert_true(host[0] == 1 && host[1] == 5);
    host[0] = 2;
    thunk_host_copies_end(&copies);
    assert_true(guest[0] == 2 && guest[2] == 5);
    guest[0] = 99; /* no member that is known */
    thunk_host_copies_start(&copies);
    host = thunk_host_copy_make(&copies, &shape, guest, THUNK_INOUT, 1);
    assert_true(host[0] == 99 && host[1] == 0);
    thunk_host_copies_end(&copies);
    assert_true(guest[0] == 99 && guest[1] == 5 && guest[2] == 5);
}

/* ---- a list ---- */

struct node {
    struct node *next;
    long double value;
};

static int64_t one_count(const void *record)
{
    (void)record;
    return 1;
}

static const struct thunk_shape node_shape;
static const struct thunk_member node_members[] = {
    {.kind = THUNK_LONG_DOUBLE,
     .places = {{128, 128, 1, 0}, {128, 128, 1, 0}, {128, 128, 1, 0}}},
    {.kind = THUNK_POINTER,
     .shape = &node_shape,
     .count = one_count,
     .places = {{0, 64, 1, 0}, {0, 64, 1, 0}, {0, 64, 1, 0}}},
};
static const struct thunk_shape node_shape = {
    .members = node_members,
    .member_count = 2,
    .sizes = {32, 32, 32},
    .alike = {[GUEST] = 1},
};

/* Long enough that a walk by recursion would need more than a stack; a ring
 * ends. The function takes one out and turns two around. */
static void list_of_many(void **unused)
{
    enum { NODES = 20000 };
    struct node *guest = calloc(NODES, sizeof(*guest));
    struct thunk_host_copies copies;
    struct node *host, *at;
    int count = 1;

    (void)unused;
    for (int i = 0; i < NODES; i++) {
        guest[i].next = &guest[(i + 1) % NODES];
        guest[i].value = i;
        thunk_host_numbers_give(&guest[i].value, 1);
    }
    thunk_host_copies_start(&copies);
    host = thunk_host_copy_make(&copies, &node_shape, guest, THUNK_INOUT, 1);
    for (at = host->next; at != host; at = at->next) {
        assert_true(at->value == count++);
    }
    assert_int_equal(count, NODES);
    host->next = host->next->next;
    host->next->next->next = NULL;
    thunk_host_copies_end(&copies);
    assert_ptr_equal(guest[0].next, &guest[2]);
    assert_ptr_equal(guest[2].next, &guest[3]);
    assert_null(guest[3].next);
    assert_ptr_equal(guest[4].next, &guest[5]);
    assert_null(convert_blocks);
    free(guest);
}

static int64_t counts_check(void)
{
    return thunk_count_add(1, thunk_count_multiply(2, 3)) -
           thunk_count_divide(9, 2) + thunk_count_subtract(1, 4);
}

static void expressions(void **unused)
{
    (void)unused;
    assert_int_equal(counts_check(), 0);
    assert_true(thunk_count(UINT64_MAX) == INT64_MAX);
    assert_true(thunk_count_add(INT64_MAX, 1) == INT64_MAX);
    assert_true(thunk_count_add(-INT64_MAX, -5) == -INT64_MAX);
    assert_true(thunk_count_subtract(-INT64_MAX, INT64_MAX) == -INT64_MAX);
    assert_true(thunk_count_subtract(5, -INT64_MAX) == INT64_MAX);
    assert_true(thunk_count_multiply(INT64_MAX, 2) == INT64_MAX);
    assert_true(thunk_count_multiply(INT64_MAX, -2) == -INT64_MAX);
    assert_int_equal(thunk_count_divide(5, 0), 0);
    assert_int_equal(thunk_count_divide(5, -1), -5);
    assert_true(thunk_count_divide(INT64_MIN, -1) == INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alike_is_the_guests_own),
        cmocka_unit_test(none_and_null),
        cmocka_unit_test(given_none),
        cmocka_unit_test(too_many),
        cmocka_unit_test(shared),
        cmocka_unit_test(integers_that_do_not_fit),
        cmocka_unit_test(flexible_is_bounded),
        cmocka_unit_test(union_changes_its_member),
        cmocka_unit_test(list_of_many),
        cmocka_unit_test(expressions),
    };

    convert_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
