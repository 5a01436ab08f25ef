/* SPDX-License-Identifier: MIT
 *
 * The walker of runtime/host/convert.c with random shapes and values: what it
 * makes of the guest's memory, and what it leaves there, is compared bit by bit
 * with what a slow reader of the same tables finds. The guest's memory is just
 * as large as it has to be, for the address sanitizer.
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

enum {
    SHAPES = 3000,
    DEPTH = 3,
    MEMBERS = 6,
    LEAVES = 40000,
};

/* ---- random shapes ---- */

static uint64_t state = 88172645463325252u;

static uint64_t random_word(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static unsigned random_below(unsigned limit)
{
    return (unsigned)(random_word() >> 20) % limit;
}

static int64_t counter_1(const void *record)
{
    (void)record;
    return 1;
}

static int64_t counter_2(const void *record)
{
    (void)record;
    return 2;
}

struct made {
    struct thunk_shape shape;
    struct thunk_member members[MEMBERS];
    struct made *next;
};

static struct made *all_made;
static bool is_flat; /* no pointers */

static const struct thunk_shape *shape_make(unsigned depth);

static struct thunk_place place_make(enum thunk_kind kind, uint32_t bits)
{
    struct thunk_place place = {.bits = bits, .count = 1};

    if (kind == THUNK_INTEGER) {
        static const uint32_t words[] = {8, 16, 32, 64};

        place.sign = random_below(2) == 0 ? THUNK_SIGNED : THUNK_UNSIGNED;
        place.bits = random_below(3) == 0 ? 1 + random_below(64)
                                          : words[random_below(4)];
    }
    if (place.bits % 8 == 0) {
        place.count = 1 + random_below(3);
    }
    return place;
}

static void member_make(struct thunk_member *member, unsigned depth)
{
    static const enum thunk_isa isas[] = {THUNK_ISA, GUEST};
    uint32_t bits = 8 * (1 + random_below(5));

    member->kind = (enum thunk_kind)random_below(depth == 0 ? 3
                                                 : is_flat  ? 5
                                                            : 6);
    if (member->kind >= THUNK_RECORD) {
        member->shape = shape_make(depth - 1);
    }
    if (member->kind == THUNK_UNION || member->kind == THUNK_POINTER) {
        member->count = random_below(2) == 0 ? counter_1 : counter_2;
    }
    for (size_t i = 0; i < 2; i++) {
        if (member->kind == THUNK_LONG_DOUBLE) {
            bits = 128;
        } else if (member->kind == THUNK_POINTER) {
            bits = 64;
        } else if (member->kind != THUNK_BYTES &&
                   member->kind != THUNK_INTEGER) {
            bits = 8 * member->shape->sizes[isas[i]];
        }
        member->places[isas[i]] = place_make(member->kind, bits);
    }
    if (random_below(10) == 0) { /* only one side has it */
        member->places[isas[random_below(2)]].bits = 0;
    }
}

/* One after the other in random order, with holes between them. */
static void places_lay(struct made *made, enum thunk_isa isa)
{
    size_t order[MEMBERS];
    uint32_t end = 0;

    for (size_t i = 0; i < made->shape.member_count; i++) {
        size_t other = random_below((unsigned)i + 1);

        order[i] = i;
        order[i] = order[other];
        order[other] = i;
    }
    for (size_t i = 0; i < made->shape.member_count; i++) {
        struct thunk_place *place = &made->members[order[i]].places[isa];

        end += random_below(3) * 4;
        if (place->bits % 8 == 0) {
            end = (end + 7) / 8 * 8;
        }
        place->bit = end;
        end += place->bits * place->count;
    }
    made->shape.sizes[isa] = (end + 7) / 8 + random_below(3) + 1;
}

static const struct thunk_shape *shape_make(unsigned depth)
{
    struct made *made = calloc(1, sizeof(*made));

    made->next = all_made;
    all_made = made;
    made->shape.members = made->members;
    made->shape.member_count = 2 + random_below(MEMBERS - 1);
    made->shape.alike[GUEST] = 1;
    made->shape.has_pointers = true;
    for (size_t i = 0; i < made->shape.member_count; i++) {
        member_make(&made->members[i], depth);
    }
    places_lay(made, THUNK_ISA);
    places_lay(made, GUEST);
    return &made->shape;
}

static void shapes_free(void)
{
    while (all_made != NULL) {
        struct made *made = all_made;

        all_made = made->next;
        free(made);
    }
}

/* ---- the slow reader ---- */

static uint64_t slow_get(const char *memory, uint64_t bit, uint32_t bits)
{
    uint64_t value = 0;

    for (uint32_t i = 0; i < bits; i++, bit++) {
        value |= (uint64_t)((unsigned char)memory[bit / 8] >> bit % 8 & 1) << i;
    }
    return value;
}

static void slow_put(char *memory, uint64_t bit, uint32_t bits, uint64_t value)
{
    for (uint32_t i = 0; i < bits; i++, bit++) {
        unsigned char mask = (unsigned char)(1u << bit % 8);

        memory[bit / 8] = (char)(((unsigned char)memory[bit / 8] & ~mask) |
                                 ((value >> i & 1) != 0 ? mask : 0));
    }
}

/* One number on both sides. */
struct leaf {
    const struct thunk_member *member;
    char *guest, *host;
    uint64_t guest_bit, host_bit;
};

struct leaves {
    struct leaf items[LEAVES];
    size_t count;
    char *allocated[LEAVES], *hosts[LEAVES];
    size_t n_allocated, n_hosts;
    bool is_new;      /* the guest's memory is to be made */
    bool is_host_new; /* or the host's, as the guest's is */
};

static char *guest_make(struct leaves *leaves, size_t size)
{
    char *memory = malloc(size);

    assert_true(leaves->n_allocated < LEAVES);
    for (size_t i = 0; i < size; i++) {
        memory[i] = (char)random_word();
    }
    leaves->allocated[leaves->n_allocated++] = memory;
    return memory;
}

static void leaves_find(struct leaves *leaves, const struct thunk_shape *shape,
                        char *guest, char *host);

/* Its target, on both sides; the host's only once it is there. */
static void pointer_find(struct leaves *leaves,
                         const struct thunk_member *member, char *guest,
                         char *host)
{
    int64_t count = member->count(NULL);
    char *to = NULL, *to_host = NULL;

    if (leaves->is_new) {
        to = random_below(4) == 0
                 ? NULL
                 : guest_make(leaves,
                              (size_t)count * member->shape->sizes[GUEST]);
        memcpy(guest, &to, sizeof(to));
    }
    memcpy(&to, guest, sizeof(to));
    if (leaves->is_host_new && to != NULL) {
        to_host = calloc((size_t)count, member->shape->sizes[THUNK_ISA]);
        memcpy(host, &to_host, sizeof(to_host));
        assert_true(leaves->n_hosts < LEAVES);
        leaves->hosts[leaves->n_hosts++] = to_host;
    }
    if (host != NULL) {
        memcpy(&to_host, host, sizeof(to_host));
        assert_true((to == NULL) == (to_host == NULL));
    }
    for (int64_t i = 0; to != NULL && i < count; i++) {
        leaves_find(
            leaves, member->shape, to + (size_t)i * member->shape->sizes[GUEST],
            host == NULL
                ? NULL
                : to_host + (size_t)i * member->shape->sizes[THUNK_ISA]);
    }
}

static void member_find(struct leaves *leaves,
                        const struct thunk_member *member, char *guest,
                        char *host)
{
    const struct thunk_place *from = &member->places[GUEST];
    const struct thunk_place *to = &member->places[THUNK_ISA];
    uint32_t count = from->count < to->count ? from->count : to->count;

    for (uint32_t i = 0; from->bits != 0 && to->bits != 0 && i < count; i++) {
        uint64_t guest_bit = from->bit + i * from->bits;
        uint64_t host_bit = to->bit + i * to->bits;
        char *guest_at = guest + guest_bit / 8;
        char *host_at = host == NULL ? NULL : host + host_bit / 8;

        if (member->kind == THUNK_RECORD) {
            leaves_find(leaves, member->shape, guest_at, host_at);
        } else if (member->kind == THUNK_UNION) {
            member_find(leaves,
                        &member->shape->members[member->count(NULL) - 1],
                        guest_at, host_at);
        } else if (member->kind == THUNK_POINTER) {
            pointer_find(leaves, member, guest_at, host_at);
        } else {
            assert_true(leaves->count < LEAVES);
            leaves->items[leaves->count++] =
                (struct leaf){member, guest, host, guest_bit, host_bit};
        }
    }
}

static void leaves_find(struct leaves *leaves, const struct thunk_shape *shape,
                        char *guest, char *host)
{
    for (size_t i = 0; i < shape->member_count; i++) {
        member_find(leaves, &shape->members[i], guest, host);
    }
}

/* ---- values ---- */

struct value {
    uint64_t word;
    long double number;
};

/* One that both sides hold. */
static struct value value_make(const struct leaf *leaf)
{
    const struct thunk_place *guest = &leaf->member->places[GUEST];
    const struct thunk_place *host = &leaf->member->places[THUNK_ISA];
    uint32_t guest_bits = guest->bits - (guest->sign == THUNK_SIGNED);
    uint32_t host_bits = host->bits - (host->sign == THUNK_SIGNED);
    uint32_t both = guest_bits < host_bits ? guest_bits : host_bits;
    uint32_t bits = both > 64 ? 64 : both;
    struct value value = {.word = bits == 0 ? 0 : random_word() >> (64 - bits)};

    if (guest->sign == THUNK_SIGNED && host->sign == THUNK_SIGNED &&
        random_below(2) == 0) {
        value.word = ~value.word;
    }
    value.number = (long double)(int64_t)random_word() / 1024;
    return value;
}

static uint64_t mask_of(uint32_t bits)
{
    return bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

static void value_put(const struct leaf *leaf, bool is_guest,
                      const struct value *value)
{
    enum thunk_isa isa = is_guest ? GUEST : THUNK_ISA;
    const struct thunk_place *place = &leaf->member->places[isa];
    char *memory = is_guest ? leaf->guest : leaf->host;
    uint64_t bit = is_guest ? leaf->guest_bit : leaf->host_bit;
    long double number = value->number;
    uint64_t word = value->word;

    switch (leaf->member->kind) {
    case THUNK_LONG_DOUBLE:
        if (is_guest) {
            thunk_host_numbers_give(&number, 1);
        }
        memcpy(memory + bit / 8, &number, sizeof(number));
        return;
    case THUNK_BYTES:
        for (uint32_t i = 0; i < place->bits; i += 8, word = word * 31 + 7) {
            slow_put(memory, bit + i, 8, word);
        }
        return;
    default:
        slow_put(memory, bit, place->bits, word);
        return;
    }
}

static bool value_is(const struct leaf *leaf, bool is_guest,
                     const struct value *value)
{
    enum thunk_isa isa = is_guest ? GUEST : THUNK_ISA;
    const struct thunk_place *place = &leaf->member->places[isa];
    const char *memory = is_guest ? leaf->guest : leaf->host;
    uint64_t bit = is_guest ? leaf->guest_bit : leaf->host_bit;
    uint64_t word = value->word;
    long double number;

    switch (leaf->member->kind) {
    case THUNK_LONG_DOUBLE:
        memcpy(&number, memory + bit / 8, sizeof(number));
        if (is_guest) {
            thunk_host_numbers_take(&number, 1);
        }
        return number == value->number;
    case THUNK_BYTES:
        for (uint32_t i = 0; i < place->bits; i += 8, word = word * 31 + 7) {
            if (slow_get(memory, bit + i, 8) != (word & 0xff)) {
                return false;
            }
        }
        return true;
    default:
        return slow_get(memory, bit, place->bits) ==
               (word & mask_of(place->bits));
    }
}

/* ---- tests ---- */

static struct leaves leaves, again;
static struct value values[LEAVES];

static void leaves_free(void)
{
    for (size_t i = 0; i < leaves.n_allocated; i++) {
        free(leaves.allocated[i]);
    }
    leaves.n_allocated = 0;
}

/* The guest's memory for `count` records, with values in it. */
static char *guest_start(const struct thunk_shape *shape, int64_t count)
{
    char *guest;

    leaves.count = 0;
    leaves.is_new = true;
    guest = guest_make(&leaves, (size_t)count * shape->sizes[GUEST]);
    for (int64_t i = 0; i < count; i++) {
        leaves_find(&leaves, shape, guest + (size_t)i * shape->sizes[GUEST],
                    NULL);
    }
    for (size_t i = 0; i < leaves.count; i++) {
        values[i] = value_make(&leaves.items[i]);
        value_put(&leaves.items[i], true, &values[i]);
    }
    return guest;
}

static void both_find(const struct thunk_shape *shape, char *guest, char *host,
                      int64_t count)
{
    again.count = 0;
    for (int64_t i = 0; i < count; i++) {
        leaves_find(&again, shape, guest + (size_t)i * shape->sizes[GUEST],
                    host + (size_t)i * shape->sizes[THUNK_ISA]);
    }
    assert_int_equal(again.count, leaves.count);
}

/* What the walker may not touch: all that is no leaf's. */
static void padding_check(const char *before, const char *after, size_t size,
                          const char *guest)
{
    char *mask = calloc(1, size);

    for (size_t i = 0; i < again.count; i++) {
        const struct leaf *leaf = &again.items[i];
        uint64_t start = (uint64_t)(leaf->guest - guest) * 8 + leaf->guest_bit;
        uint32_t bits = leaf->member->places[GUEST].bits;

        if (leaf->guest >= guest && leaf->guest < guest + size) {
            for (uint32_t b = 0; b < bits; b++) {
                slow_put(mask, start + b, 1, 1);
            }
        }
    }
    for (size_t i = 0; i < size; i++) {
        assert_int_equal(before[i] & ~mask[i], after[i] & ~mask[i]);
    }
    free(mask);
}

/* A round trip; a function that reads and writes changes some values, one that
 * writes all of them. */
static void round_trip(const struct thunk_shape *shape, enum thunk_flow flow,
                       int64_t count)
{
    struct thunk_host_copies copies;
    size_t size = (size_t)count * shape->sizes[GUEST];
    char *guest = guest_start(shape, count);
    char *before = malloc(size);
    char *host;

    memcpy(before, guest, size);
    thunk_host_copies_start(&copies);
    host = thunk_host_copy(&copies, shape, guest, flow, count);
    assert_ptr_not_equal(host, guest);
    both_find(shape, guest, host, count);
    for (size_t i = 0; i < again.count; i++) {
        assert_true(value_is(&again.items[i], false, &values[i]));
        if (flow != THUNK_IN && random_below(2) == 0) {
            values[i] = value_make(&again.items[i]);
            value_put(&again.items[i], false, &values[i]);
        }
    }
    assert_memory_equal(before, guest, size); /* not before it ends */
    thunk_host_copies_end(&copies);
    for (size_t i = 0; i < again.count; i++) {
        assert_true(value_is(&again.items[i], true, &values[i]));
    }
    padding_check(before, guest, size, guest);
    assert_null(convert_blocks);
    free(before);
    leaves_free();
}

static void random_round_trips(void **unused)
{
    (void)unused;
    for (int i = 0; i < SHAPES; i++) {
        const struct thunk_shape *shape = shape_make(DEPTH);

        round_trip(shape, THUNK_INOUT, 1 + random_below(4));
        round_trip(shape, THUNK_IN, 1 + random_below(4));
        shapes_free();
    }
}

/* Without pointers, which nobody only writes. */
static void random_out(void **unused)
{
    (void)unused;
    for (int i = 0; i < SHAPES; i++) {
        round_trip(shape_make(0), THUNK_OUT, 1 + random_below(40));
        shapes_free();
    }
}

/* The host's memory for a callback, and what the callback leaves. */
static void given_round_trip(const struct thunk_shape *shape,
                             enum thunk_flow flow, int64_t count)
{
    size_t size = (size_t)count * shape->sizes[THUNK_ISA];
    struct thunk_host_copies copies;
    char *host = calloc(1, size);
    char *before = malloc(size);
    char *guest = guest_start(shape, count); /* for what it leads to, too */

    again.is_host_new = true;
    both_find(shape, guest, host, count);
    again.is_host_new = false;
    for (size_t i = 0; i < again.count; i++) {
        value_put(&again.items[i], false, &values[i]);
    }
    memcpy(before, host, size);
    thunk_host_copies_start(&copies);
    guest = thunk_host_given(&copies, shape, host, flow, count);
    assert_ptr_not_equal(host, guest);
    both_find(shape, guest, host, count);
    for (size_t i = 0; i < again.count; i++) {
        assert_true(value_is(&again.items[i], true, &values[i]));
        if (flow != THUNK_IN && random_below(2) == 0) {
            values[i] = value_make(&again.items[i]);
            value_put(&again.items[i], true, &values[i]);
        }
    }
    assert_memory_equal(before, host, size);
    thunk_host_copies_end(&copies);
    for (size_t i = 0; i < again.count; i++) {
        assert_true(value_is(&again.items[i], false, &values[i]));
    }
    assert_null(convert_blocks);
    while (again.n_hosts > 0) {
        free(again.hosts[--again.n_hosts]);
    }
    free(before);
    free(host);
    leaves_free();
}

static void random_given(void **unused)
{
    static const enum thunk_flow flows[] = {THUNK_IN, THUNK_OUT, THUNK_INOUT};

    (void)unused;
    for (int i = 0; i < SHAPES; i++) {
        is_flat = i % 3 != 2; /* what only is written leads nowhere */
        given_round_trip(shape_make(2), flows[i % 3], 1 + random_below(5));
        shapes_free();
    }
    is_flat = false;
}

/* What a result points to, and the same as a parameter. Its memory is never
 * freed, as the guest's never is. */
static void kept_round_trip(const struct thunk_shape *shape, int64_t count,
                            char *host)
{
    struct thunk_host_copies copies;
    char *guest = guest_start(shape, count); /* for what it leads to, too */

    again.is_host_new = true;
    both_find(shape, guest, host, count);
    again.is_host_new = false;
    again.n_hosts = 0; /* which are never freed */
    for (size_t i = 0; i < again.count; i++) {
        value_put(&again.items[i], false, &values[i]);
    }
    leaves_free();
    guest = thunk_host_result_keep(NULL, shape, host, count, THUNK_INOUT);
    assert_ptr_not_equal(host, guest);
    both_find(shape, guest, host, count);
    for (size_t i = 0; i < again.count; i++) {
        assert_true(value_is(&again.items[i], true, &values[i]));
        if (random_below(2) == 0) { /* by the program */
            values[i] = value_make(&again.items[i]);
            value_put(&again.items[i], true, &values[i]);
        }
    }
    thunk_host_copies_start(&copies);
    assert_ptr_equal(thunk_host_copy(&copies, shape, guest, THUNK_INOUT, count),
                     host);
    for (size_t i = 0; i < again.count; i++) {
        assert_true(value_is(&again.items[i], false, &values[i]));
        if (random_below(2) == 0) { /* by the library */
            values[i] = value_make(&again.items[i]);
            value_put(&again.items[i], false, &values[i]);
        }
    }
    thunk_host_copies_end(&copies);
    for (size_t i = 0; i < again.count; i++) {
        assert_true(value_is(&again.items[i], true, &values[i]));
    }
    assert_ptr_equal(
        thunk_host_result_keep(NULL, shape, host, count, THUNK_INOUT), guest);
    for (size_t i = 0; i < again.count; i++) { /* in the same places */
        assert_true(value_is(&again.items[i], true, &values[i]));
    }
    assert_null(convert_blocks);
}

static void random_kept(void **unused)
{
    static char *hosts[SHAPES];

    (void)unused;
    for (int i = 0; i < SHAPES; i++) {
        const struct thunk_shape *shape;
        int64_t count = 1 + random_below(5);

        is_flat = i % 2 == 0;
        shape = shape_make(2);
        hosts[i] = calloc((size_t)count, shape->sizes[THUNK_ISA]);
        kept_round_trip(shape, count, hosts[i]);
        shapes_free();
    }
    is_flat = false;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_round_trips),
        cmocka_unit_test(random_out),
        cmocka_unit_test(random_given),
        cmocka_unit_test(random_kept),
    };

    convert_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
