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
#include <string.h>

#include "convert.h"
#include "host.h"

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

/* ---- how much there is ---- */

int64_t thunk_terminated_count(const struct thunk_shape *shape,
                               const char *record, enum thunk_isa isa)
{
    int64_t count = 1;

    while (!thunk_record_is_zero(shape, record, isa)) {
        record += shape->sizes[isa];
        count++;
    }
    return count;
}

/* How much longer a copy is by its flexible member, of which a record of the
 * host's tells. */
static void flexible_measure(struct thunk_host_copy *copy, const char *record)
{
    const struct thunk_member *member = copy->shape->flexible;
    const struct thunk_place *host = &member->places[THUNK_ISA];
    const struct thunk_place *guest = &member->places[thunk_host_guest_isa];
    int64_t count = member->count(record);
    size_t size;

    if (count > 0) {
        copy->flexible = (uint64_t)count;
        size = host->bit / 8 + thunk_copies_size(count, host->bits / 8);
        copy->host_size = size > copy->host_size ? size : copy->host_size;
        size = guest->bit / 8 + thunk_copies_size(count, guest->bits / 8);
        copy->guest_size = size > copy->guest_size ? size : copy->guest_size;
    }
}

/* One of so many elements. */
static struct thunk_host_copy copy_start(const struct thunk_shape *shape,
                                         int64_t count)
{
    return (struct thunk_host_copy){
        .shape = shape,
        .count = count,
        .host_size = thunk_copies_size(count, shape->sizes[THUNK_ISA]),
        .guest_size =
            thunk_copies_size(count, shape->sizes[thunk_host_guest_isa]),
    };
}

struct thunk_host_copy thunk_copy_of_host(const struct thunk_shape *shape,
                                          const char *host, int64_t count)
{
    struct thunk_host_copy copy = copy_start(shape, count);

    copy.host = (char *)(uintptr_t)host;
    if (shape->flexible != NULL) {
        flexible_measure(&copy, host);
    }
    return copy;
}

/* One of memory of the guest's: by a head of the host's, for which pointers are
 * not followed. */
static struct thunk_host_copy guest_start(struct thunk_host_copies *copies,
                                          const struct thunk_shape *shape,
                                          const char *guest, int64_t count)
{
    struct thunk_host_copy copy = copy_start(shape, count);
    char *head;

    copy.guest = (char *)(uintptr_t)guest;
    if (shape->flexible != NULL) {
        head = thunk_copies_scratch(copies, copy.host_size);
        copies->flexible = 0; /* all but that member */
        thunk_record_take(copies, shape, head, guest, NULL, THUNK_OUT);
        flexible_measure(&copy, head);
    }
    return copy;
}

/* ---- all elements of a copy ---- */

static void copy_take(struct thunk_host_copies *copies,
                      const struct thunk_host_copy *copy, const char *guest,
                      const char *before, enum thunk_flow flow)
{
    const struct thunk_shape *shape = copy->shape;

    copies->flexible = copy->flexible;
    for (int64_t i = 0; i < copy->count; i++) {
        size_t at = (size_t)i * shape->sizes[thunk_host_guest_isa];

        thunk_record_take(
            copies, shape, copy->host + (size_t)i * shape->sizes[THUNK_ISA],
            guest + at, before == NULL ? NULL : before + at, flow);
    }
}

static void copy_give(struct thunk_host_copies *copies,
                      const struct thunk_host_copy *copy, char *guest,
                      const char *before)
{
    const struct thunk_shape *shape = copy->shape;

    copies->flexible = copy->flexible;
    for (int64_t i = 0; i < copy->count; i++) {
        size_t at = (size_t)i * shape->sizes[THUNK_ISA];

        thunk_record_give(copies, shape,
                          guest +
                              (size_t)i * shape->sizes[thunk_host_guest_isa],
                          copy->host + at, before == NULL ? NULL : before + at);
    }
}

/* ---- what pointers of the host's lead to ---- */

void thunk_copy_follow_own(struct thunk_host_copies *copies,
                           struct thunk_host_copy *copy)
{
    if (!copy->is_led && copies->lead != THUNK_LEAD_KNOWN) {
        copy->is_led = true;
        *copies->led_last = copy;
        copies->led_last = &copy->next_led;
    }
}

/* The memory has room for as many elements at its end as it was made with. */
static void copy_keep(struct thunk_host_copy *copy,
                      const struct thunk_kept *kept)
{
    copy->guest = kept->guest;
    copy->host = kept->host;
    copy->alike = kept->alike;
    copy->flexible = kept->flexible;
    copy->is_kept = true;
}

static struct thunk_host_copy *kept_add(struct thunk_host_copies *copies,
                                        const struct thunk_shape *shape,
                                        const char *host, int64_t count)
{
    struct thunk_host_copy copy = thunk_copy_of_host(shape, host, count);
    struct thunk_kept kept;

    if (copies->lead == THUNK_LEAD_KEPT) {
        thunk_kept_get(shape, host, &copy, &kept);
    } else if (!thunk_kept_find(shape, host, copy.host_size, &kept)) {
        return NULL;
    }
    copy_keep(&copy, &kept);
    copy.flow = THUNK_IN;
    return thunk_copies_add(copies, &copy);
}

/* For the time of a callback. */
static struct thunk_host_copy *given_add(struct thunk_host_copies *copies,
                                         const struct thunk_shape *shape,
                                         const char *host, int64_t count)
{
    struct thunk_host_copy copy = thunk_copy_of_host(shape, host, count);

    copy.is_given = true;
    copy.guest = thunk_copies_get_aligned(copies, shape, thunk_host_guest_isa,
                                          copy.guest_size);
    memset(copy.guest, 0, copy.guest_size);
    return thunk_copies_add(copies, &copy);
}

struct thunk_host_copy *thunk_copy_follow(struct thunk_host_copies *copies,
                                          const struct thunk_shape *shape,
                                          const char *host, int64_t count)
{
    struct thunk_host_copy *copy;

    if (host != NULL && count == THUNK_TERMINATED) {
        count = thunk_terminated_count(shape, host, THUNK_ISA);
    }
    if (host == NULL || count <= 0) {
        return NULL;
    }
    copy = thunk_copies_find_host(copies, shape, host, count);
    if (copy == NULL || (copies->is_given &&
                         copy->is_kept != (copies->lead == THUNK_LEAD_KEPT))) {
        copy = copies->lead == THUNK_LEAD_GIVEN
                   ? given_add(copies, shape, host, count)
                   : kept_add(copies, shape, host, count);
    }
    if (copy != NULL) {
        thunk_copy_follow_own(copies, copy);
    }
    return copy;
}

void *thunk_copy_lead(struct thunk_host_copies *copies,
                      const struct thunk_member *member, const char *record,
                      char *host)
{
    enum thunk_lead lead = copies->lead;
    struct thunk_host_copy *copy;
    char *guest;

    if (host == NULL) {
        return NULL;
    }
    if (!copies->is_given) {
        guest = thunk_copies_guest(copies, host);
        if (guest != NULL) {
            return guest;
        }
    }
    copies->lead = lead == THUNK_LEAD_NOWHERE ? THUNK_LEAD_KNOWN : lead;
    copy =
        thunk_copy_follow(copies, member->shape, host, member->count(record));
    copies->lead = lead;
    if (copy == NULL) {
        if (lead == THUNK_LEAD_NOWHERE) {
            thunk_log(THUNK_LOG_ERROR,
                      "a host function has put %p into a struct, memory of "
                      "its own whose layout the program does not know",
                      (void *)host);
        }
        return host;
    }
    if (lead == THUNK_LEAD_GIVEN) {
        copy->flow |= member->is_const ? THUNK_IN : THUNK_INOUT;
    }
    return copy->guest;
}

bool thunk_copy_return(const struct thunk_host_copies *copies,
                       const struct thunk_member *member, const char *record,
                       void **pointer)
{
    int64_t count = member->count(record);
    struct thunk_kept kept;
    char *host;

    if (*pointer == NULL || (count <= 0 && count != THUNK_TERMINATED)) {
        return true;
    }
    host = thunk_copies_host(copies, *pointer);
    if (host == NULL && thunk_kept_find_guest(member->shape, *pointer,
                                              count < 1 ? 1 : count, &kept)) {
        host = kept.host;
    }
    if (host == NULL) {
        thunk_log(THUNK_LOG_ERROR,
                  "the program has put %p into a struct of the library's, "
                  "memory of its own whose layout that does not know",
                  *pointer);
        return false;
    }
    *pointer = host;
    return true;
}

/* One after the other: a long list needs no deep stack. */
void thunk_copies_settle(struct thunk_host_copies *copies)
{
    for (; copies->led != NULL; copies->led = copies->led->next_led) {
        const struct thunk_host_copy *copy = copies->led;

        if (copy->is_kept) {
            char *fresh = thunk_copies_scratch(copies, copy->guest_size);

            copy_give(copies, copy, fresh, NULL);
            thunk_kept_settle(copy, fresh);
        } else {
            copy_give(copies, copy, copy->guest, NULL);
        }
    }
    copies->led_last = &copies->led;
}

/* ---- what the guest has ---- */

/* One that the memory lies in. */
static struct thunk_host_copy *copy_find(struct thunk_host_copies *copies,
                                         const struct thunk_shape *shape,
                                         const char *guest, int64_t count)
{
    struct thunk_host_copy *copy =
        thunk_copies_find_guest(copies, shape, guest, count);
    size_t size = shape->sizes[thunk_host_guest_isa];

    if (copy != NULL) {
        return copy;
    }
    /* A part of another is looked for among the parameters alone. */
    copy = copies->next == NULL ? copies->rows : NULL;
    for (; copy != NULL; copy = copy->next_row) {
        size_t place = (size_t)((uintptr_t)guest - (uintptr_t)copy->guest);

        if (copy->shape == shape && guest >= copy->guest &&
            place < copy->guest_size && place % size == 0 &&
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
    size_t size = copy->is_given ? copy->guest_size : copy->host_size;

    if (copy->flow == THUNK_INOUT && copy->before == NULL && !copy->is_kept) {
        copy->before = thunk_copies_get(copies, size);
        memcpy(copy->before, copy->is_given ? copy->guest : copy->host, size);
    }
}

static struct thunk_host_copy *copy_new(struct thunk_host_copies *copies,
                                        const struct thunk_shape *shape,
                                        const void *guest, int64_t count)
{
    struct thunk_host_copy copy;
    struct thunk_kept kept;

    if (thunk_kept_find_guest(shape, guest, count, &kept)) {
        copy = thunk_copy_of_host(shape, kept.host, count);
        copy_keep(&copy, &kept);
    } else {
        copy = guest_start(copies, shape, guest, count);
        copy.host =
            thunk_copies_get_aligned(copies, shape, THUNK_ISA, copy.host_size);
        memset(copy.host, 0, copy.host_size);
    }
    return thunk_copies_add(copies, &copy);
}

/* Its contents are taken later, by copies_drain(). */
void *thunk_copy_add(struct thunk_host_copies *copies,
                     const struct thunk_shape *shape, const void *guest,
                     enum thunk_flow flow, int64_t count)
{
    struct thunk_host_copy *copy;
    size_t place;

    if (guest != NULL && count == THUNK_TERMINATED) {
        count = thunk_terminated_count(shape, guest, thunk_host_guest_isa);
    }
    if (guest == NULL || count <= 0) {
        return (void *)(uintptr_t)guest;
    }
    copy = copy_find(copies, shape, guest, count);
    if (copy == NULL) {
        copy = copy_new(copies, shape, guest, count);
    }
    copy->flow |= flow & THUNK_INOUT;
    copy->keeps |= (flow & THUNK_KEEPS) != 0;
    place = (size_t)((const char *)guest - copy->guest);
    return copy->host +
           place / shape->sizes[thunk_host_guest_isa] * shape->sizes[THUNK_ISA];
}

/* What the program has changed in memory of the library's becomes the host's.
 */
static void kept_return(struct thunk_host_copies *copies,
                        const struct thunk_host_copy *copy)
{
    char *now = thunk_copies_scratch(copies, 2 * copy->guest_size);

    if (thunk_kept_claim(copy, now, now + copy->guest_size)) {
        copies->is_back = true;
        copy_take(copies, copy, now, now + copy->guest_size, THUNK_OUT);
        copies->is_back = false;
    }
}

/* The same, and in all that it leads to now. Where a pointer still leads the
 * guest, the library may have freed what was there, so the host's are followed.
 */
static void kept_take(struct thunk_host_copies *copies,
                      const struct thunk_host_copy *copy)
{
    kept_return(copies, copy);
    if (copy->shape->has_pointers) {
        copies->lead = THUNK_LEAD_KNOWN;
        copy_give(copies, copy, thunk_copies_scratch(copies, copy->guest_size),
                  NULL);
        copies->lead = THUNK_LEAD_NOWHERE;
    }
}

/* Takes what is in the copies from `from` on, and in those that this leads to.
 */
static void copies_drain(struct thunk_host_copies *copies,
                         struct thunk_host_copy *from)
{
    for (copies->next = from; copies->next != NULL;
         copies->next = copies->next->next) {
        struct thunk_host_copy *copy = copies->next;

        if (!copy->is_kept) {
            copy_take(copies, copy, copy->guest, NULL,
                      copy->flow | (copy->keeps ? THUNK_KEEPS : 0));
        } else if ((copy->flow & THUNK_IN) != 0) {
            kept_take(copies, copy);
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
        thunk_copies_begin(copies);
    }
    end = copies->last;
    host = thunk_copy_add(copies, shape, guest, flow, count);
    copies_drain(copies, *end);
    for (struct thunk_host_copy *copy = copies->first; copy != NULL;
         copy = copy->next) {
        before_take(copies, copy);
    }
    errno = error;
    return host;
}

/* ---- for callbacks ---- */

void *thunk_host_given_make(struct thunk_host_copies *copies,
                            const struct thunk_shape *shape, const void *host,
                            enum thunk_flow flow, int64_t count)
{
    int error = errno;
    struct thunk_host_copy *given;

    if (copies->first == NULL) {
        thunk_copies_begin(copies);
    }
    copies->is_given = true;
    copies->lead =
        (flow & THUNK_KEEPS) != 0 ? THUNK_LEAD_KEPT : THUNK_LEAD_GIVEN;
    given = thunk_copy_follow(copies, shape, host, count);
    if (given != NULL) {
        given->flow |= flow & THUNK_INOUT;
        given->is_whole = flow == THUNK_OUT_KEEPS;
        thunk_copies_settle(copies);
        for (struct thunk_host_copy *copy = copies->first; copy != NULL;
             copy = copy->next) {
            before_take(copies, copy);
        }
    }
    errno = error;
    return given == NULL ? (void *)(uintptr_t)host : given->guest;
}

/* ---- the end ---- */

static void copy_end(struct thunk_host_copies *copies,
                     struct thunk_host_copy *copy)
{
    if (copies->is_given && copy->is_kept) {
        kept_return(copies, copy);
    } else if (copy->is_given) { /* what a callback has written becomes the
                                    host's */
        copies->is_back = true;
        copy_take(copies, copy, copy->guest, copy->before, THUNK_OUT);
        copies->is_back = false;
    } else if (copy->is_kept) {
        copy->is_whole |= (copy->flow & THUNK_IN) == 0;
        copies->lead = THUNK_LEAD_KEPT;
        thunk_copy_follow_own(copies, copy);
    } else { /* what the host has written, or has changed */
        copies->lead = copy->keeps ? THUNK_LEAD_KEPT : THUNK_LEAD_NOWHERE;
        copy_give(copies, copy, copy->guest, copy->before);
    }
}

/* Only then what is led to: what a copy was led to before the call the library
 * may have freed by now. */
void thunk_host_copies_give(struct thunk_host_copies *copies)
{
    int error = errno;

    for (struct thunk_host_copy *copy = copies->first; copy != NULL;
         copy = copy->next) {
        if ((copy->flow & THUNK_OUT) != 0 ||
            (copies->is_given && copy->is_kept)) {
            copy_end(copies, copy);
        }
    }
    copies->lead = THUNK_LEAD_KEPT;
    thunk_copies_settle(copies);
    thunk_copies_end(copies);
    errno = error;
}
