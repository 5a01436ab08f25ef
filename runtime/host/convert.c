/* SPDX-License-Identifier: MIT
 *
 * Copies of the guest's memory in the host's layout; see thunk/convert.h.
 *
 * Whatever the guest says, nothing is written but to copies that were made as
 * large as was counted, and to the guest's memory where the copy came from.
 * That may not be there: then the fault is taken as any other of the call's.
 */
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "convert.h"
#include "host.h"
#include "long_double.h"

enum {
    ALIGNMENT = 16,        /* of every copy: of any type */
    BLOCK_SIZE = 8 * 1024, /* the first on the heap, if that is enough */
    BLOCK_LIMIT = 1024 * 1024,
};

struct thunk_host_copy {
    struct thunk_host_copy *next;
    struct thunk_host_copy *next_in_bucket;
    const struct thunk_shape *shape;
    char *guest;
    char *host;
    char *before; /* the host's as it was at first; NULL: is not looked at */
    int64_t count;
    size_t host_size, guest_size;
    uint64_t flexible; /* elements of a flexible member */
    enum thunk_flow flow;
};

/* What of a long double is its value; the rest is padding. */
static const size_t long_double_sizes[THUNK_ISA_COUNT] = {
    [THUNK_ISA_X86_64] = 10,
    [THUNK_ISA_AARCH64] = THUNK_LONG_DOUBLE_SIZE,
    [THUNK_ISA_RISCV64] = THUNK_LONG_DOUBLE_SIZE,
};

enum thunk_isa thunk_host_guest_isa = THUNK_ISA;

void thunk_host_convert_start(uint64_t machine)
{
    static const uint16_t machines[THUNK_ISA_COUNT] = {
        [THUNK_ISA_X86_64] = EM_X86_64,
        [THUNK_ISA_AARCH64] = EM_AARCH64,
        [THUNK_ISA_RISCV64] = EM_RISCV,
    };

    for (size_t i = 0; i < THUNK_ISA_COUNT; i++) {
        if (machines[i] == machine) {
            thunk_host_guest_isa = (enum thunk_isa)i;
        }
    }
}

/* ---- memory ---- */

void thunk_host_blocks_free(struct thunk_host_block **blocks,
                            struct thunk_host_block *mark)
{
    while (*blocks != mark) {
        struct thunk_host_block *block = *blocks;

        *blocks = block->next;
        free(block);
    }
}

static __attribute__((noreturn, cold)) void memory_fail(size_t size)
{
    thunk_log(THUNK_LOG_ERROR,
              "no memory for the host's copy of %zu bytes of the program's",
              size);
    if (!thunk_host_call_is_running()) {
        abort(); /* of a thread of the host's: nobody waits for it */
    }
    thunk_host_call_abandon();
}

/* Sizes that the guest has a part in. */
static size_t size_of(int64_t count, size_t size)
{
    size_t product;

    if (__builtin_mul_overflow((size_t)count, size, &product) ||
        product > PTRDIFF_MAX - BLOCK_SIZE) {
        memory_fail(SIZE_MAX);
    }
    return product;
}

static void block_get(struct thunk_host_copies *copies, size_t size)
{
    size_t wanted = size > copies->block_size ? size : copies->block_size;
    struct thunk_host_block *block = malloc(sizeof(*block) + wanted);

    if (block == NULL) {
        memory_fail(size);
    }
    block->next = *copies->blocks;
    *copies->blocks = block;
    copies->at = block->memory;
    copies->end = block->memory + wanted;
    if (copies->block_size < BLOCK_LIMIT) {
        copies->block_size *= 2;
    }
}

static void *memory_get(struct thunk_host_copies *copies, size_t size)
{
    char *memory;

    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (size > (size_t)(copies->end - copies->at)) {
        block_get(copies, size);
    }
    memory = copies->at;
    copies->at += size;
    return memory;
}

static void copies_begin(struct thunk_host_copies *copies)
{
    copies->last = &copies->first;
    copies->next = NULL;
    copies->own = NULL;
    copies->blocks = thunk_host_call_blocks();
    if (copies->blocks == NULL) {
        copies->blocks = &copies->own;
    }
    copies->mark = *copies->blocks;
    memset(copies->buckets, 0, sizeof(copies->buckets));
    copies->at = copies->small;
    copies->end = copies->small + sizeof(copies->small);
    copies->block_size = BLOCK_SIZE;
}

static struct thunk_host_copy **bucket_of(struct thunk_host_copies *copies,
                                          const void *guest)
{
    return &copies->buckets[(uintptr_t)guest / ALIGNMENT % THUNK_COPY_BUCKETS];
}

/* ---- numbers ---- */

static const struct thunk_place *place_of(const struct thunk_member *member,
                                          enum thunk_isa isa)
{
    return &member->places[isa];
}

static bool is_word(unsigned bit, unsigned bits)
{
    return bit % 8 == 0 &&
           (bits == 8 || bits == 16 || bits == 32 || bits == 64);
}

static uint64_t bits_get(const char *record, uint64_t bit, unsigned bits)
{
    uint64_t value = 0;

    if (is_word((unsigned)(bit % 8), bits)) {
        memcpy(&value, record + bit / 8, bits / 8);
        return value;
    }
    for (unsigned done = 0, part; done < bits; done += part, bit += part) {
        unsigned shift = (unsigned)(bit % 8);
        unsigned byte = (unsigned char)record[bit / 8];

        part = bits - done < 8 - shift ? bits - done : 8 - shift;
        value |= (uint64_t)((byte >> shift) & ((1u << part) - 1)) << done;
    }
    return value;
}

static void bits_put(char *record, uint64_t bit, unsigned bits, uint64_t value)
{
    if (is_word((unsigned)(bit % 8), bits)) {
        memcpy(record + bit / 8, &value, bits / 8);
        return;
    }
    for (unsigned done = 0, part; done < bits; done += part, bit += part) {
        unsigned shift = (unsigned)(bit % 8);
        unsigned mask;
        unsigned char *byte = (unsigned char *)record + bit / 8;

        part = bits - done < 8 - shift ? bits - done : 8 - shift;
        mask = ((1u << part) - 1) << shift;
        *byte = (unsigned char)((*byte & ~mask) |
                                ((unsigned)(value >> done) << shift & mask));
    }
}

/* As C converts: the value if it fits, else its lower bits. */
static void integer_move(char *to, const struct thunk_place *to_place,
                         uint64_t to_bit, const char *from,
                         const struct thunk_place *from_place,
                         uint64_t from_bit)
{
    uint64_t value = bits_get(from, from_bit, from_place->bits);

    if (from_place->sign == THUNK_SIGNED && from_place->bits < 64 &&
        (value >> (from_place->bits - 1) & 1) != 0) {
        value |= UINT64_MAX << from_place->bits;
    }
    if (to_place->sign == THUNK_BOOL) {
        value = value != 0;
    }
    bits_put(to, to_bit, to_place->bits, value);
}

/* ---- one record ---- */

static uint64_t bit_of(const struct thunk_place *place, uint64_t index)
{
    return place->bit + index * place->bits;
}

/* How many elements a member has in common; those of a flexible one a record of
 * the host's tells, but there are never more than its copy was made for,
 * whatever has been written there since. */
static uint64_t elements(const struct thunk_host_copies *copies,
                         const struct thunk_member *member,
                         const struct thunk_place *host,
                         const struct thunk_place *guest, const char *record)
{
    int64_t count;

    if (host->bits == 0 || guest->bits == 0) {
        return 0;
    }
    if (host->count != 0 || member->count == NULL) {
        return host->count < guest->count ? host->count : guest->count;
    }
    count = member->count(record);
    return count < 0                            ? 0
           : (uint64_t)count < copies->flexible ? (uint64_t)count
                                                : copies->flexible;
}

static bool is_zero(const char *memory, size_t size)
{
    while (size > 0 && *memory == 0) {
        memory++;
        size--;
    }
    return size == 0;
}

/* Whether all members of a record are zero, whatever lies between them. */
static bool record_is_zero(const struct thunk_shape *shape, const char *record,
                           enum thunk_isa isa)
{
    for (size_t m = 0; m < shape->member_count; m++) {
        const struct thunk_member *member = &shape->members[m];
        const struct thunk_place *place = place_of(member, isa);

        for (uint64_t i = 0; place->bits != 0 && i < place->count; i++) {
            uint64_t bit = bit_of(place, i);
            bool is_good;

            switch (member->kind) {
            case THUNK_INTEGER:
                is_good = bits_get(record, bit, place->bits) == 0;
                break;
            case THUNK_RECORD:
                is_good = record_is_zero(member->shape, record + bit / 8, isa);
                break;
            case THUNK_LONG_DOUBLE:
                is_good = is_zero(record + bit / 8, long_double_sizes[isa]);
                break;
            default:
                is_good = is_zero(record + bit / 8, place->bits / 8);
                break;
            }
            if (!is_good) {
                return false;
            }
        }
    }
    return true;
}

static void *copy_add(struct thunk_host_copies *copies,
                      const struct thunk_shape *shape, const void *guest,
                      enum thunk_flow flow, int64_t count);

static void record_take(struct thunk_host_copies *copies,
                        const struct thunk_shape *shape, char *host,
                        const char *guest, enum thunk_flow flow);

/* What a member of the host's points to. Copies that a function only writes
 * have no such members. */
static void pointer_take(struct thunk_host_copies *copies,
                         const struct thunk_member *member, const char *record,
                         char *host, const char *guest)
{
    enum thunk_isa isa = thunk_host_guest_isa;
    void *pointer;

    memcpy(&pointer, guest, sizeof(pointer));
    if (member->shape->alike[isa] != member->shape->alike[THUNK_ISA]) {
        pointer = copy_add(copies, member->shape, pointer,
                           member->is_const ? THUNK_IN : THUNK_INOUT,
                           member->count(record));
    }
    memcpy(host, &pointer, sizeof(pointer));
}

/* The member of a union that is in use, or NULL. */
static const struct thunk_member *union_member(const struct thunk_member *of,
                                               const char *record)
{
    int64_t which = of->count(record);

    return which < 1 || (uint64_t)which > of->shape->member_count
               ? NULL
               : &of->shape->members[which - 1];
}

/* One member, `record` being the host's, by which those are counted that have
 * no number of their own. */
static void member_take(struct thunk_host_copies *copies,
                        const struct thunk_member *member, const char *record,
                        char *host, const char *guest, enum thunk_flow flow)
{
    const struct thunk_place *to = place_of(member, THUNK_ISA);
    const struct thunk_place *from = place_of(member, thunk_host_guest_isa);
    uint64_t count = elements(copies, member, to, from, record);

    for (uint64_t i = 0; i < count; i++) {
        char *host_at = host + bit_of(to, i) / 8;
        const char *guest_at = guest + bit_of(from, i) / 8;
        const struct thunk_member *used;

        switch (member->kind) {
        case THUNK_BYTES: /* all at once */
            memcpy(host_at, guest_at, count * (to->bits / 8));
            return;
        case THUNK_INTEGER:
            integer_move(host, to, bit_of(to, i), guest, from, bit_of(from, i));
            break;
        case THUNK_LONG_DOUBLE:
            memcpy(host_at, guest_at, THUNK_LONG_DOUBLE_SIZE);
            thunk_host_numbers_take(host_at, 1);
            break;
        case THUNK_RECORD:
            record_take(copies, member->shape, host_at, guest_at, flow);
            break;
        case THUNK_UNION:
            used = union_member(member, record);
            if (used != NULL) {
                member_take(copies, used, host_at, host_at, guest_at, flow);
            }
            break;
        case THUNK_POINTER:
            if (flow != THUNK_OUT) {
                pointer_take(copies, member, record, host_at, guest_at);
            }
            break;
        }
    }
}

static void record_take(struct thunk_host_copies *copies,
                        const struct thunk_shape *shape, char *host,
                        const char *guest, enum thunk_flow flow)
{
    for (size_t m = 0; m < shape->member_count; m++) {
        member_take(copies, &shape->members[m], host, host, guest, flow);
    }
}

/* ---- back to the guest ---- */

static void record_give(struct thunk_host_copies *copies,
                        const struct thunk_shape *shape, char *guest,
                        const char *host, const char *before);

/* The guest's address for a pointer that the host has put into a copy: into one
 * of the copies, or to memory of the host's own, which stays as it is. */
static void *address_give(struct thunk_host_copies *copies, char *host)
{
    const struct thunk_host_copy *copy = copies->first;

    for (; copy != NULL; copy = copy->next) {
        size_t step = copy->shape->sizes[THUNK_ISA];
        size_t place = (size_t)((uintptr_t)host - (uintptr_t)copy->host);

        if (host >= copy->host && place < copy->host_size &&
            place % step == 0) {
            return copy->guest +
                   place / step * copy->shape->sizes[thunk_host_guest_isa];
        }
    }
    if (host != NULL) {
        thunk_log(THUNK_LOG_ERROR,
                  "a host function has put %p into a struct, memory of its "
                  "own whose layout the program does not know",
                  (void *)host);
    }
    return host;
}

static void pointer_give(struct thunk_host_copies *copies,
                         const struct thunk_member *member, char *guest,
                         const char *host)
{
    enum thunk_isa isa = thunk_host_guest_isa;
    void *pointer;

    memcpy(&pointer, host, sizeof(pointer));
    if (member->shape->alike[isa] != member->shape->alike[THUNK_ISA]) {
        pointer = address_give(copies, pointer);
    }
    memcpy(guest, &pointer, sizeof(pointer));
}

static void long_double_give(char *guest, const char *host)
{
    char number[THUNK_LONG_DOUBLE_SIZE];

    memcpy(number, host, sizeof(number));
    thunk_host_numbers_give(number, 1);
    memcpy(guest, number, sizeof(number));
}

static size_t value_size(const struct thunk_member *member,
                         const struct thunk_place *place)
{
    return member->kind == THUNK_LONG_DOUBLE ? long_double_sizes[THUNK_ISA]
                                             : place->bits / 8;
}

/* As member_take(); what is as it was `before`, unless that is NULL, is left as
 * the guest has it. */
static void member_give(struct thunk_host_copies *copies,
                        const struct thunk_member *member, const char *record,
                        const char *record_before, char *guest,
                        const char *host, const char *before)
{
    const struct thunk_place *from = place_of(member, THUNK_ISA);
    const struct thunk_place *to = place_of(member, thunk_host_guest_isa);
    uint64_t count = elements(copies, member, from, to, record);

    for (uint64_t i = 0; i < count; i++) {
        uint64_t bit = bit_of(from, i);
        const char *host_at = host + bit / 8;
        const char *before_at = before == NULL ? NULL : before + bit / 8;
        char *guest_at = guest + bit_of(to, i) / 8;
        const struct thunk_member *used;

        switch (member->kind) {
        case THUNK_RECORD:
            record_give(copies, member->shape, guest_at, host_at, before_at);
            continue;
        case THUNK_UNION:
            used = union_member(member, record);
            if (before != NULL && union_member(member, record_before) != used) {
                before_at = NULL;
            }
            if (used != NULL) {
                member_give(copies, used, host_at, before_at, guest_at, host_at,
                            before_at);
            }
            continue;
        case THUNK_INTEGER:
            if (before == NULL || bits_get(host, bit, from->bits) !=
                                      bits_get(before, bit, from->bits)) {
                integer_move(guest, to, bit_of(to, i), host, from, bit);
            }
            continue;
        default:
            break;
        }
        if (before != NULL &&
            memcmp(host_at, before_at, value_size(member, from)) == 0) {
            continue;
        }
        if (member->kind == THUNK_BYTES) {
            memcpy(guest_at, host_at, from->bits / 8);
        } else if (member->kind == THUNK_POINTER) {
            pointer_give(copies, member, guest_at, host_at);
        } else {
            long_double_give(guest_at, host_at);
        }
    }
}

static void record_give(struct thunk_host_copies *copies,
                        const struct thunk_shape *shape, char *guest,
                        const char *host, const char *before)
{
    for (size_t m = 0; m < shape->member_count; m++) {
        member_give(copies, &shape->members[m], host, before, guest, host,
                    before);
    }
}

/* ---- copies ---- */

/* With the last element, which is all zero. */
static int64_t terminated_count(const struct thunk_shape *shape,
                                const char *guest)
{
    size_t size = shape->sizes[thunk_host_guest_isa];
    int64_t count = 1;

    while (!record_is_zero(shape, guest, thunk_host_guest_isa)) {
        guest += size;
        count++;
    }
    return count;
}

/* How much longer one record is by its flexible member. */
static void flexible_measure(struct thunk_host_copies *copies,
                             struct thunk_host_copy *copy)
{
    const struct thunk_shape *shape = copy->shape;
    const struct thunk_member *member = shape->flexible;
    const struct thunk_place *host = place_of(member, THUNK_ISA);
    const struct thunk_place *guest = place_of(member, thunk_host_guest_isa);
    char *head = memory_get(copies, copy->host_size);
    int64_t count;
    size_t size;

    memset(head, 0, copy->host_size);
    for (size_t m = 0; m < shape->member_count; m++) {
        if (&shape->members[m] != member) { /* pointers are not followed */
            member_take(copies, &shape->members[m], head, head, copy->guest,
                        THUNK_OUT);
        }
    }
    count = member->count(head);
    if (count > 0) {
        copy->flexible = (uint64_t)count;
        size = host->bit / 8 + size_of(count, host->bits / 8);
        copy->host_size = size > copy->host_size ? size : copy->host_size;
        size = guest->bit / 8 + size_of(count, guest->bits / 8);
        copy->guest_size = size > copy->guest_size ? size : copy->guest_size;
    }
}

/* One that the memory lies in. */
static struct thunk_host_copy *copy_find(struct thunk_host_copies *copies,
                                         const struct thunk_shape *shape,
                                         const char *guest, int64_t count)
{
    struct thunk_host_copy *copy = *bucket_of(copies, guest);
    size_t size = shape->sizes[thunk_host_guest_isa];

    for (; copy != NULL; copy = copy->next_in_bucket) {
        if (copy->guest == guest && copy->shape == shape &&
            copy->count >= count) {
            return copy;
        }
    }
    /* A part of another is looked for among the parameters alone. */
    copy = copies->next == NULL ? copies->first : NULL;
    for (; copy != NULL; copy = copy->next) {
        size_t place = (size_t)((uintptr_t)guest - (uintptr_t)copy->guest);

        if (copy->shape == shape && shape->flexible == NULL &&
            guest >= copy->guest && place < copy->guest_size &&
            place % size == 0 &&
            (uint64_t)count <= (copy->guest_size - place) / size) {
            return copy;
        }
    }
    return NULL;
}

/* What is there before the function writes. */
static void before_take(struct thunk_host_copies *copies,
                        struct thunk_host_copy *copy)
{
    if (copy->flow == THUNK_INOUT && copy->before == NULL) {
        copy->before = memory_get(copies, copy->host_size);
        memcpy(copy->before, copy->host, copy->host_size);
    }
}

static struct thunk_host_copy *copy_new(struct thunk_host_copies *copies,
                                        const struct thunk_shape *shape,
                                        const void *guest, enum thunk_flow flow,
                                        int64_t count)
{
    struct thunk_host_copy *copy = memory_get(copies, sizeof(*copy));
    struct thunk_host_copy **bucket = bucket_of(copies, guest);

    *copy = (struct thunk_host_copy){
        .next_in_bucket = *bucket,
        .shape = shape,
        .guest = (char *)(uintptr_t)guest,
        .count = count,
        .host_size = size_of(count, shape->sizes[THUNK_ISA]),
        .guest_size = size_of(count, shape->sizes[thunk_host_guest_isa]),
        .flow = flow,
    };
    if (shape->flexible != NULL) {
        flexible_measure(copies, copy);
    }
    copy->host = memory_get(copies, copy->host_size);
    memset(copy->host, 0, copy->host_size);
    *bucket = copy;
    *copies->last = copy;
    copies->last = &copy->next;
    return copy;
}

/* Its contents are taken later, by copies_drain(). */
static void *copy_add(struct thunk_host_copies *copies,
                      const struct thunk_shape *shape, const void *guest,
                      enum thunk_flow flow, int64_t count)
{
    struct thunk_host_copy *copy;
    size_t place;

    if (guest != NULL && count == THUNK_TERMINATED) {
        count = terminated_count(shape, guest);
    }
    if (guest == NULL || count <= 0) {
        return (void *)(uintptr_t)guest;
    }
    copy = copy_find(copies, shape, guest, count);
    if (copy == NULL) {
        copy = copy_new(copies, shape, guest, flow, count);
    }
    copy->flow |= flow;
    place = (size_t)((const char *)guest - copy->guest);
    return copy->host +
           place / shape->sizes[thunk_host_guest_isa] * shape->sizes[THUNK_ISA];
}

/* Takes what is in the copies from `from` on, and in those that this leads to:
 * a long list needs no deep stack. */
static void copies_drain(struct thunk_host_copies *copies,
                         struct thunk_host_copy *from)
{
    const enum thunk_isa isa = thunk_host_guest_isa;

    for (copies->next = from; copies->next != NULL;
         copies->next = copies->next->next) {
        struct thunk_host_copy *copy = copies->next;
        const struct thunk_shape *shape = copy->shape;

        copies->flexible = copy->flexible;
        for (int64_t i = 0; i < copy->count; i++) {
            record_take(
                copies, shape, copy->host + (size_t)i * shape->sizes[THUNK_ISA],
                copy->guest + (size_t)i * shape->sizes[isa], copy->flow);
        }
    }
}

void *thunk_host_copy_make(struct thunk_host_copies *copies,
                           const struct thunk_shape *shape, const void *guest,
                           enum thunk_flow flow, int64_t count)
{
    int error = errno;
    struct thunk_host_copy **end;
    void *host;

    if (copies->first == NULL) {
        copies_begin(copies);
    }
    end = copies->last;
    host = copy_add(copies, shape, guest, flow, count);
    copies_drain(copies, *end);
    for (struct thunk_host_copy *copy = copies->first; copy != NULL;
         copy = copy->next) {
        before_take(copies, copy);
    }
    errno = error;
    return host;
}

void thunk_host_copies_give(struct thunk_host_copies *copies)
{
    int error = errno;
    const enum thunk_isa isa = thunk_host_guest_isa;

    for (struct thunk_host_copy *copy = copies->first; copy != NULL;
         copy = copy->next) {
        const struct thunk_shape *shape = copy->shape;

        copies->flexible = copy->flexible;
        for (int64_t i = 0; (copy->flow & THUNK_OUT) && i < copy->count; i++) {
            size_t at = (size_t)i * shape->sizes[THUNK_ISA];

            record_give(copies, shape,
                        copy->guest + (size_t)i * shape->sizes[isa],
                        copy->host + at,
                        copy->before == NULL ? NULL : copy->before + at);
        }
    }
    thunk_host_blocks_free(copies->blocks, copies->mark);
    copies->first = NULL;
    errno = error;
}
