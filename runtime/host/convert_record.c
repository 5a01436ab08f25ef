/* SPDX-License-Identifier: MIT
 *
 * One record in the layouts of host and guest; see thunk/convert.h. Both ways
 * are alike but for what tells of the rest: which member of a union is in use,
 * and how many elements there are, is always asked of the host's record.
 */
#include <string.h>

#include "convert.h"
#include "host.h"
#include "long_double.h"

/* What of a long double is its value; the rest is padding. */
static const size_t long_double_sizes[THUNK_ISA_COUNT] = {
    [THUNK_ISA_X86_64] = 10,
    [THUNK_ISA_AARCH64] = THUNK_LONG_DOUBLE_SIZE,
    [THUNK_ISA_RISCV64] = THUNK_LONG_DOUBLE_SIZE,
};

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

bool thunk_record_is_zero(const struct thunk_shape *shape, const char *record,
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
                is_good =
                    thunk_record_is_zero(member->shape, record + bit / 8, isa);
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

/* What a member of the host's points to. Copies that a function only writes
 * have no such members. */
static void pointer_take(struct thunk_host_copies *copies,
                         const struct thunk_member *member, const char *record,
                         char *host, const char *guest, enum thunk_flow flow)
{
    enum thunk_isa isa = thunk_host_guest_isa;
    void *pointer;

    memcpy(&pointer, guest, sizeof(pointer));
    if (member->shape->alike[isa] != member->shape->alike[THUNK_ISA]) {
        flow =
            (flow & THUNK_KEEPS) | (member->is_const ? THUNK_IN : THUNK_INOUT);
        pointer = thunk_copy_add(copies, member->shape, pointer, flow,
                                 member->count(record));
    }
    memcpy(host, &pointer, sizeof(pointer));
}

/* The same of memory of the host's own, into which it goes back. */
static void pointer_return(const struct thunk_host_copies *copies,
                           const struct thunk_member *member,
                           const char *record, char *host, const char *guest)
{
    enum thunk_isa isa = thunk_host_guest_isa;
    void *pointer;

    memcpy(&pointer, guest, sizeof(pointer));
    if (member->shape->alike[isa] == member->shape->alike[THUNK_ISA] ||
        thunk_copy_return(copies, member, record, &pointer)) {
        memcpy(host, &pointer, sizeof(pointer));
    }
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

static bool is_unchanged(const struct thunk_member *member,
                         const struct thunk_place *place, enum thunk_isa isa,
                         const char *record, const char *before, uint64_t bit)
{
    if (before == NULL) {
        return false;
    }
    if (member->kind == THUNK_INTEGER) {
        return bits_get(record, bit, place->bits) ==
               bits_get(before, bit, place->bits);
    }
    return memcmp(record + bit / 8, before + bit / 8,
                  member->kind == THUNK_LONG_DOUBLE ? long_double_sizes[isa]
                                                    : place->bits / 8) == 0;
}

/* One member, `record` being the host's, by which those are counted that have
 * no number of their own. What is as it was `before`, unless that is NULL, is
 * left as the host has it. */
static void member_take(struct thunk_host_copies *copies,
                        const struct thunk_member *member, const char *record,
                        char *host, const char *guest, const char *before,
                        enum thunk_flow flow)
{
    const struct thunk_place *to = place_of(member, THUNK_ISA);
    const struct thunk_place *from = place_of(member, thunk_host_guest_isa);
    uint64_t count = elements(copies, member, to, from, record);

    for (uint64_t i = 0; i < count; i++) {
        uint64_t bit = bit_of(from, i);
        char *host_at = host + bit_of(to, i) / 8;
        const char *guest_at = guest + bit / 8;
        const char *before_at = before == NULL ? NULL : before + bit / 8;
        const struct thunk_member *used;

        switch (member->kind) {
        case THUNK_RECORD:
            thunk_record_take(copies, member->shape, host_at, guest_at,
                              before_at, flow);
            continue;
        case THUNK_UNION: /* of which another member may be in use by now */
            used = union_member(member, record);
            if (used != NULL) {
                member_take(copies, used, host_at, host_at, guest_at, NULL,
                            flow);
            }
            continue;
        default:
            break;
        }
        if (is_unchanged(member, from, thunk_host_guest_isa, guest, before,
                         bit)) {
            continue;
        }
        if (member->kind == THUNK_POINTER && copies->is_back) {
            pointer_return(copies, member, record, host_at, guest_at);
        } else if (member->kind == THUNK_POINTER) {
            if ((flow & THUNK_IN) != 0) {
                pointer_take(copies, member, record, host_at, guest_at, flow);
            }
        } else if (member->kind == THUNK_BYTES) {
            memcpy(host_at, guest_at, to->bits / 8);
        } else if (member->kind == THUNK_INTEGER) {
            integer_move(host, to, bit_of(to, i), guest, from, bit);
        } else {
            memcpy(host_at, guest_at, THUNK_LONG_DOUBLE_SIZE);
            thunk_host_numbers_take(host_at, 1);
        }
    }
}

void thunk_record_take(struct thunk_host_copies *copies,
                       const struct thunk_shape *shape, char *host,
                       const char *guest, const char *before,
                       enum thunk_flow flow)
{
    for (size_t m = 0; m < shape->member_count; m++) {
        member_take(copies, &shape->members[m], host, host, guest, before,
                    flow);
    }
}

/* ---- back to the guest ---- */

static void pointer_give(struct thunk_host_copies *copies,
                         const struct thunk_member *member, const char *record,
                         char *guest, const char *host)
{
    enum thunk_isa isa = thunk_host_guest_isa;
    void *pointer;

    memcpy(&pointer, host, sizeof(pointer));
    if (member->shape->alike[isa] != member->shape->alike[THUNK_ISA]) {
        pointer = thunk_copy_lead(copies, member, record, pointer);
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
            thunk_record_give(copies, member->shape, guest_at, host_at,
                              before_at);
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
        default:
            break;
        }
        if (is_unchanged(member, from, THUNK_ISA, host, before, bit)) {
            continue;
        }
        if (member->kind == THUNK_BYTES) {
            memcpy(guest_at, host_at, from->bits / 8);
        } else if (member->kind == THUNK_INTEGER) {
            integer_move(guest, to, bit_of(to, i), host, from, bit);
        } else if (member->kind == THUNK_POINTER) {
            pointer_give(copies, member, record, guest_at, host_at);
        } else {
            long_double_give(guest_at, host_at);
        }
    }
}

void thunk_record_give(struct thunk_host_copies *copies,
                       const struct thunk_shape *shape, char *guest,
                       const char *host, const char *before)
{
    for (size_t m = 0; m < shape->member_count; m++) {
        member_give(copies, &shape->members[m], host, before, guest, host,
                    before);
    }
}

/* ---- within the guest's layout ---- */

/* One element of what is no record. */
static void element_merge(const struct thunk_member *member,
                          const struct thunk_place *place, char *to,
                          const char *from, const char *before, uint64_t bit)
{
    enum thunk_isa isa = thunk_host_guest_isa;

    if (is_unchanged(member, place, isa, from, before, bit) ||
        is_unchanged(member, place, isa, from, to, bit)) {
        return;
    }
    if (member->kind == THUNK_INTEGER) {
        bits_put(to, bit, place->bits, bits_get(from, bit, place->bits));
    } else {
        memcpy(to + bit / 8, from + bit / 8, place->bits / 8);
    }
}

/* A union is one piece: which of its members is in use may have changed. */
void thunk_record_merge(const struct thunk_shape *shape, char *to,
                        const char *from, const char *before, uint64_t flexible)
{
    for (size_t m = 0; m < shape->member_count; m++) {
        const struct thunk_member *member = &shape->members[m];
        const struct thunk_place *place =
            place_of(member, thunk_host_guest_isa);
        uint64_t count = place->count == 0 ? flexible : place->count;

        if (place->bits == 0 || member->places[THUNK_ISA].bits == 0) {
            continue;
        }
        if (member->places[THUNK_ISA].count < count && place->count != 0) {
            count = member->places[THUNK_ISA].count;
        }
        for (uint64_t i = 0; i < count; i++) {
            uint64_t at = bit_of(place, i) / 8;

            if (member->kind == THUNK_RECORD) {
                thunk_record_merge(member->shape, to + at, from + at,
                                   before == NULL ? NULL : before + at, 0);
            } else {
                element_merge(member, place, to, from, before,
                              bit_of(place, i));
            }
        }
    }
}
