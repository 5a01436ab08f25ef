/* SPDX-License-Identifier: MIT
 * Calls with lists of arguments. */
#include "host.h"

/* What no function writes, so that a place that still holds it was not written:
 * as a pointer it is none, and as a long double it is a number that x87 refuses
 * and, as binary128, a signaling NaN. */
static const union thunk_host_slot untouched = {
    .number = {1, UINT64_C(0x7fff000000007fff)},
};

static bool is_untouched(const union thunk_host_slot *slot)
{
    return memcmp(slot, &untouched, sizeof(*slot)) == 0;
}

static bool has_slot(uint8_t kind)
{
    return kind == THUNK_WORD_MEMORY ||
           (kind == THUNK_WORD_NUMBER && thunk_host_numbers_differ());
}

static uint32_t count_of(const struct thunk_words *words)
{
    return words->count < THUNK_WORDS_MAX ? words->count : THUNK_WORDS_MAX;
}

/* The guest's, in two words, as the host's. */
static void wide_take(struct thunk_words *words, const uint64_t *halves)
{
    uint64_t number[2] __attribute__((aligned(16))) = {halves[0], halves[1]};

    thunk_host_numbers_take(number, 1);
    thunk_words_add(words, THUNK_WORD_WIDE, number[0]);
    thunk_words_add(words, THUNK_WORD_WIDE_END, number[1]);
}

void thunk_host_list_take(struct thunk_host_list *list,
                          const struct thunk_words *from,
                          uint64_t (*item)(uint32_t item, uint64_t word))
{
    uint32_t count = count_of(from);

    for (uint32_t i = 0; i < count; i++) {
        uint8_t kind = from->kinds[i];
        uint64_t word = from->words[i];

        if (kind == THUNK_WORD_WIDE && i + 1 < count) {
            wide_take(&list->words, &from->words[i++]);
            continue;
        }
        if (has_slot(kind)) {
            list->slots[i] = untouched;
            word = (uint64_t)(uintptr_t)&list->slots[i];
        } else if (kind >= THUNK_WORD_ITEM && item != NULL) {
            word = item((uint32_t)kind - THUNK_WORD_ITEM, word);
        }
        thunk_words_add(&list->words, kind, word);
    }
    /* The guest's errno goes along, for what prints it. It is the host's own as
     * well afterwards, unless the function sets it. */
    thunk_host_error_set(from->error);
}

void thunk_host_list_give(struct thunk_host_list *list,
                          const struct thunk_words *from)
{
    uint32_t count = count_of(from);

    for (uint32_t i = 0; i < count; i++) {
        void *place = (void *)(uintptr_t)from->words[i];
        union thunk_host_slot *slot = &list->slots[i];

        if (!has_slot(from->kinds[i]) || is_untouched(slot)) {
            continue;
        }
        if (from->kinds[i] == THUNK_WORD_MEMORY) {
            slot->memory = thunk_host_block_adopt(slot->memory);
            memcpy(place, &slot->memory, sizeof(slot->memory));
        } else {
            thunk_host_numbers_give(slot->number, 1);
            memcpy(place, slot->number, sizeof(slot->number));
        }
    }
}
