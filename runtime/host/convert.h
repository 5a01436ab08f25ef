/* SPDX-License-Identifier: MIT
 *
 * Copies in the host's layout, as the rest of the runtime sees them.
 */
#ifndef THUNK_HOST_CONVERT_H
#define THUNK_HOST_CONVERT_H

#include <stdint.h>
#include <thunk/convert.h>

/* Memory on the heap for copies; the last comes first. */
struct thunk_host_block {
    struct thunk_host_block *next;
    char memory[] __attribute__((aligned(16)));
};

/* Frees those of a list down to `mark`, which stays. */
void thunk_host_blocks_free(struct thunk_host_block **blocks,
                            struct thunk_host_block *mark);

/* Where the running call keeps its blocks, so that they are freed if nobody
 * ends it; NULL: no call runs. */
struct thunk_host_block **thunk_host_call_blocks(void);

/* Has memory converted for a guest of that ELF e_machine. */
void thunk_host_convert_start(uint64_t machine);

#endif
