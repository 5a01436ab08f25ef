/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The strings of a system call: arguments and environment of an execve(). They
 * are read once, since another thread of the guest's may change them. */
#ifndef DLCALL_WORDS_H
#define DLCALL_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A vector that ends with NULL, ready for execve(), if there is any in it. */
struct words {
    const char **items;
    size_t count, room;
};

/* Memory that is given back at once. All 0 is an empty one. */
struct pool {
    struct pool_block *first;
    char *scratch;
    bool is_exhausted; /* it has given NULL */
};

void pool_free(struct pool *pool);

/* NULL: there is no memory; so do the next ones. */
char *pool_text(struct pool *pool, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* NULL also if it is no string of the guest's, or longer than execve() takes.
 */
char *pool_guest_text(struct pool *pool, uint64_t from);

void words_insert(struct pool *pool, struct words *words, size_t index,
                  const char *word);
void words_append(struct pool *pool, struct words *words, const char *word);

/* Makes one ready for execve() that may have nothing in it. */
void words_end(struct pool *pool, struct words *words);

/* Appends all of a vector of the guest's, where 0 is an empty one, and a NULL
 * behind. `base` is what its addresses lack. False: it is no such thing, or has
 * more than `limit` bytes with its pointers. */
bool words_read(struct pool *pool, struct words *words, uint64_t from,
                uint64_t base, size_t limit);

/* What execve() counts of them, without the pointer at the end. */
size_t words_size(const struct words *words);

#endif
