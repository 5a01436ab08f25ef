/* SPDX-License-Identifier: MIT */
#include "arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 64 * 1024 };

struct block {
    struct block *next;
    max_align_t bytes[];
};

struct arena {
    struct block *blocks;
    char *free;
    size_t n_free;
};

__attribute__((noreturn)) static void fail(void)
{
    fputs("thunkgen: out of memory\n", stderr);
    exit(3);
}

static void *checked_alloc(size_t size)
{
    void *memory = calloc(1, size);

    if (memory == NULL) {
        fail();
    }
    return memory;
}

struct arena *arena_new(void)
{
    return checked_alloc(sizeof(struct arena));
}

void arena_free(struct arena *arena)
{
    while (arena->blocks != NULL) {
        struct block *block = arena->blocks;

        arena->blocks = block->next;
        free(block);
    }
    free(arena);
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t align = _Alignof(max_align_t);
    size_t rounded = (size + align - 1) / align * align;
    char *memory;

    if (rounded > arena->n_free) {
        size_t space = rounded > BLOCK_SIZE ? rounded : BLOCK_SIZE;
        struct block *block = checked_alloc(sizeof(*block) + space);

        block->next = arena->blocks;
        arena->blocks = block;
        arena->free = (char *)block->bytes;
        arena->n_free = space;
    }
    memory = arena->free;
    arena->free += rounded;
    arena->n_free -= rounded;
    return memory;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    size_t size = strlen(text) + 1;

    return memcpy(arena_alloc(arena, size), text, size);
}

char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
{
    char first[512]; /* what fits is formatted once */
    va_list again;
    int length;
    char *text;

    va_copy(again, arguments);
    length = vsnprintf(first, sizeof(first), format, arguments);
    if (length < 0) { /* more than INT_MAX */
        fail();
    }
    text = arena_alloc(arena, (size_t)length + 1);
    if ((size_t)length < sizeof(first)) {
        memcpy(text, first, (size_t)length + 1);
    } else {
        vsnprintf(text, (size_t)length + 1, format, again);
    }
    va_end(again);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    char *text;

    va_start(arguments, format);
    text = arena_vprintf(arena, format, arguments);
    va_end(arguments);
    return text;
}

void *arena_append(struct arena *arena, void **items, size_t count, size_t size)
{
    if ((count & (count - 1)) == 0) {
        size_t capacity = count == 0 ? 1 : 2 * count;
        void *moved = arena_alloc(arena, capacity * size);

        if (count > 0) {
            memcpy(moved, *items, count * size);
        }
        *items = moved;
    }
    return (char *)*items + count * size;
}

void arena_text_add(struct arena *arena, struct arena_text *text,
                    const char *format, ...)
{
    va_list arguments;
    const char *added;
    size_t length;

    va_start(arguments, format);
    added = arena_vprintf(arena, format, arguments);
    va_end(arguments);
    length = strlen(added);
    if (text->length + length >= text->size) {
        size_t size = 2 * (text->length + length + 1);
        char *moved = arena_alloc(arena, size);

        if (text->length > 0) {
            memcpy(moved, text->text, text->length);
        }
        text->text = moved;
        text->size = size;
    }
    memcpy(text->text + text->length, added, length + 1);
    text->length += length;
}

const char *arena_text_get(const struct arena_text *text)
{
    return text->text == NULL ? "" : text->text;
}
