/* SPDX-License-Identifier: MIT
 *
 * A million random operations of several threads on blocks that both sides
 * make, change and free. What is in a block tells whether it is the right one.
 * usage: blocks_calls [THREADS [OPERATIONS [own]]]
 * own: the heap is the program's own, which a library's thread has no part in.
 */
#include <malloc.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blocks.h"

enum { SLOTS = 512, THREADS_MAX = 64 };

static struct slot {
    char *block;
    char byte;
    size_t size;
} slots[SLOTS];
static pthread_mutex_t locks[SLOTS];
static long operations = 20000;
static bool is_own;
static unsigned long wrong;

struct random {
    uint64_t state;
};

static uint32_t random_next(struct random *random)
{
    random->state = random->state * UINT64_C(6364136223846793005) +
                    UINT64_C(1442695040888963407);
    return (uint32_t)(random->state >> 33);
}

/* Most are small. */
static size_t random_size(struct random *random)
{
    const uint32_t kind = random_next(random) % 100;

    return 1 + random_next(random) % (kind < 80   ? 200
                                      : kind < 99 ? 20000
                                                  : 300000);
}

static void note(bool is_right)
{
    if (!is_right) {
        __atomic_add_fetch(&wrong, 1, __ATOMIC_RELAXED);
    }
}

static bool block_is_right(const struct slot *slot)
{
    for (size_t i = 0; i < slot->size; i++) {
        if (slot->block[i] != slot->byte) {
            return false;
        }
    }
    return slot->block[slot->size] == '\0';
}

static void slot_make(struct slot *slot, struct random *random)
{
    uint32_t way = random_next(random) % (2 * BLOCKS_WAYS);

    if (way == BLOCKS_THREAD && is_own) {
        way = BLOCKS_MALLOC;
    }

    slot->byte = (char)('a' + random_next(random) % 26);
    slot->size = random_size(random);
    if (way < BLOCKS_WAYS) {
        slot->block = blocks_make((enum blocks_way)way, slot->byte, slot->size);
    } else {
        slot->block = way % 2 == 0 ? malloc(slot->size + 1)
                                   : memalign(32, slot->size + 1);
        memset(slot->block, slot->byte, slot->size);
        slot->block[slot->size] = '\0';
    }
}

static void slot_change(struct slot *slot, struct random *random)
{
    const size_t size = random_size(random);
    char *grown = random_next(random) % 2 == 0
                      ? blocks_grow(slot->block, size + 1)
                      : realloc(slot->block, size + 1);

    slot->block = grown;
    if (size > slot->size) {
        memset(grown + slot->size, slot->byte, size - slot->size);
    }
    grown[size] = '\0';
    slot->size = size;
}

static void slot_free(struct slot *slot, struct random *random)
{
    switch (random_next(random) % 8) {
    case 0:
        note(blocks_take_elsewhere(slot->block) == slot->size);
        break;
    case 1:
    case 2:
    case 3:
        note(blocks_take(slot->block) == slot->size);
        break;
    default:
        free(slot->block);
        break;
    }
    slot->block = NULL;
}

static void *worker(void *argument)
{
    struct random random = {(uint64_t)(uintptr_t)argument};

    for (long i = 0; i < operations; i++) {
        const size_t at = random_next(&random) % SLOTS;
        struct slot *slot = &slots[at];

        pthread_mutex_lock(&locks[at]);
        if (slot->block == NULL) {
            slot_make(slot, &random);
        } else {
            note(block_is_right(slot));
            note(malloc_usable_size(slot->block) > slot->size);
            note(blocks_usable(slot->block) > slot->size);
            if (random_next(&random) % 3 == 0) {
                slot_change(slot, &random);
            } else {
                slot_free(slot, &random);
            }
        }
        pthread_mutex_unlock(&locks[at]);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    const long count = argc > 1 ? strtol(argv[1], NULL, 10) : 8;
    pthread_t threads[THREADS_MAX];

    if (argc > 2) {
        operations = strtol(argv[2], NULL, 10);
        is_own = argc > 3 && strcmp(argv[3], "own") == 0;
    }
    for (size_t i = 0; i < SLOTS; i++) {
        pthread_mutex_init(&locks[i], NULL);
    }
    for (long i = 0; i < count; i++) {
        pthread_create(&threads[i], NULL, worker,
                       (void *)(uintptr_t)(unsigned long)(i + 1));
    }
    for (long i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
    }
    for (size_t i = 0; i < SLOTS; i++) {
        if (slots[i].block != NULL) {
            note(block_is_right(&slots[i]));
            free(blocks_keep(slots[i].block));
        }
    }
    free(blocks_keep(NULL));
    printf("%lu wrong\n", wrong);
    return wrong != 0;
}
