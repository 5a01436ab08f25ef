/* SPDX-License-Identifier: MIT
 *
 * What results point to, where the guest has it in another layout; see
 * thunk/convert.h.
 */
#include <errno.h>
#include <string.h>

#include "convert.h"
#include "host.h"

void *thunk_host_result_keep_make(struct thunk_host_copies *copies,
                                  const struct thunk_shape *shape,
                                  const void *host, int64_t count,
                                  enum thunk_flow flow)
{
    int error = errno;
    bool is_own = copies == NULL || copies->first == NULL;
    struct thunk_host_copies own;
    struct thunk_host_copy *copy;
    void *guest = is_own ? NULL : thunk_copies_guest(copies, host);

    if (guest != NULL) {
        return guest;
    }
    if (is_own) {
        copies = &own;
        thunk_copies_begin(copies);
    }
    copies->lead = THUNK_LEAD_KEPT;
    copy = thunk_copy_follow(copies, shape, host, count);
    guest = (void *)(uintptr_t)host;
    if (copy != NULL) {
        copy->is_whole = flow == THUNK_OUT;
        guest = copy->guest;
        thunk_copies_settle(copies);
    }
    if (is_own) {
        thunk_copies_end(copies);
    }
    errno = error;
    return guest;
}

/* The block is the program's, and what it leads to the library's; but what
 * leads back to it leads to the program's. */
static void block_fill(struct thunk_host_copy *block)
{
    struct thunk_host_copies copies;

    memset(block->guest, 0, block->guest_size);
    thunk_copies_begin(&copies);
    copies.lead = THUNK_LEAD_KEPT;
    thunk_copy_follow_own(&copies, thunk_copies_add(&copies, block));
    thunk_copies_settle(&copies);
    thunk_copies_end(&copies);
}

void *thunk_host_result_give(const struct thunk_shape *shape, const void *host,
                             int64_t count)
{
    enum thunk_isa isa = thunk_host_guest_isa;
    struct thunk_host_copy block;

    if (host == NULL || shape->alike[isa] == shape->alike[THUNK_ISA]) {
        return (void *)(uintptr_t)host;
    }
    if (count == THUNK_TERMINATED) {
        count = thunk_terminated_count(shape, host, THUNK_ISA);
    }
    block = thunk_copy_of_host(shape, host, count < 0 ? 0 : count);
    /* None of no elements is a block, too. */
    block.guest =
        thunk_host_block_make(block.guest_size == 0 ? 1 : block.guest_size);
    if (block.guest != NULL) {
        block_fill(&block);
    }
    thunk_host_block_free((void *)(uintptr_t)host);
    return block.guest;
}
