/* SPDX-License-Identifier: MIT
 *
 * Memory of one generator run: taken piece by piece, given back all at once.
 * Without memory the process ends with a message and status 3.
 */
#ifndef THUNKGEN_ARENA_H
#define THUNKGEN_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena);

/* Zeroed, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);

char *arena_strdup(struct arena *arena, const char *text);
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/* Makes room for one more element: `*items` points to `count` elements of
 * `size` bytes and is moved when count is a power of two. Returns the new
 * element, zeroed; the caller counts it. */
void *arena_append(struct arena *arena, void **items, size_t count,
                   size_t size);

/* arena_append() for an array `items` with a counter `n_items`. */
#define ARENA_APPEND(arena, items, n_items)                                    \
    ((__typeof__(items))arena_append((arena), (void **)&(items), (n_items)++,  \
                                     sizeof(*(items))))

/* A text that grows at its end; starts as all zero. */
struct arena_text {
    char *text; /* NULL while it is empty */
    size_t length;
    size_t size; /* of the memory at text */
};

void arena_text_add(struct arena *arena, struct arena_text *text,
                    const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* What was added so far, "" at first; good until more is added. */
const char *arena_text_get(const struct arena_text *text);

#endif
