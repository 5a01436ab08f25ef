/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE
#include "words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "copy.h"

enum {
    BLOCK_SIZE = 65536,
    ALIGNMENT = 8,
    WORD_SIZE = 131072, /* Linux takes none longer: MAX_ARG_STRLEN */
};

struct pool_block {
    struct pool_block *next;
    size_t size, used; /* of what follows */
};

void pool_free(struct pool *pool)
{
    while (pool->first != NULL) {
        struct pool_block *block = pool->first;

        pool->first = block->next;
        free(block);
    }
}

static void *pool_take(struct pool *pool, size_t size)
{
    struct pool_block *block = pool->first;
    char *taken;

    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (block == NULL || size > block->size - block->used) {
        const size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;

        block = pool->is_exhausted ? NULL : malloc(sizeof *block + room);
        if (block == NULL) {
            pool->is_exhausted = true;
            return NULL;
        }
        *block = (struct pool_block){pool->first, room, 0};
        pool->first = block;
    }
    taken = (char *)(block + 1) + block->used;
    block->used += size;
    return taken;
}

char *pool_text(struct pool *pool, const char *format, ...)
{
    va_list arguments, again;
    char *text = NULL;
    int length;

    va_start(arguments, format);
    va_copy(again, arguments);
    length = vsnprintf(NULL, 0, format, arguments);
    if (length >= 0) {
        text = pool_take(pool, (size_t)length + 1);
    }
    if (text != NULL) {
        vsnprintf(text, (size_t)length + 1, format, again);
    }
    va_end(again);
    va_end(arguments);
    return text;
}

char *pool_guest_text(struct pool *pool, uint64_t from)
{
    const char *text = NULL;

    if (pool->scratch == NULL) {
        pool->scratch = pool_take(pool, WORD_SIZE);
    }
    if (pool->scratch != NULL && copy_string(pool->scratch, WORD_SIZE, from)) {
        text = pool->scratch;
    }
    return text == NULL ? NULL : pool_text(pool, "%s", text);
}

void words_insert(struct pool *pool, struct words *words, size_t index,
                  const char *word)
{
    if (words->count + 1 >= words->room) {
        const size_t room = 2 * words->room + 64;
        const char **items = pool_take(pool, room * sizeof *items);

        if (items == NULL) {
            return;
        }
        if (words->count > 0) {
            memcpy(items, words->items, words->count * sizeof *items);
        }
        words->items = items;
        words->room = room;
    }
    memmove(words->items + index + 1, words->items + index,
            (words->count - index) * sizeof *words->items);
    words->items[index] = word;
    words->items[++words->count] = NULL;
}

void words_append(struct pool *pool, struct words *words, const char *word)
{
    words_insert(pool, words, words->count, word);
}

void words_end(struct pool *pool, struct words *words)
{
    if (words->items == NULL) {
        words_append(pool, words, NULL);
        words->count = 0;
    }
}

bool words_read(struct pool *pool, struct words *words, uint64_t from,
                uint64_t base, size_t limit)
{
    uint64_t chunk[COPY_PAGE / sizeof(uint64_t)];
    size_t size = 0;

    words_end(pool, words);
    for (uint64_t at = from; from != 0 && !pool->is_exhausted;) {
        const uint64_t host = at + base;
        const size_t count = (COPY_PAGE - host % COPY_PAGE) / sizeof chunk[0];
        const size_t wanted = count == 0 ? 1 : count;

        if (!copy_memory(chunk, (const void *)(uintptr_t)host,
                         wanted * sizeof chunk[0])) {
            return false;
        }
        for (size_t i = 0; i < wanted; i++) {
            const char *word;

            if (chunk[i] == 0) {
                return !pool->is_exhausted;
            }
            word = pool_guest_text(pool, chunk[i] + base);
            if (word == NULL) {
                return false;
            }
            size += strlen(word) + 1 + sizeof chunk[i];
            if (size > limit) {
                return false;
            }
            words_append(pool, words, word);
        }
        at += wanted * sizeof chunk[0];
    }
    return !pool->is_exhausted;
}

size_t words_size(const struct words *words)
{
    size_t size = words->count * sizeof *words->items;

    for (size_t i = 0; i < words->count; i++) {
        size += strlen(words->items[i]) + 1;
    }
    return size;
}
