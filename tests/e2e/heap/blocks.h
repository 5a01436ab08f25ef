/* SPDX-License-Identifier: MIT
 *
 * A library that gives blocks to its program and takes the program's, in each
 * way that libc has, and says nothing of it to anyone.
 */
#ifndef BLOCKS_H
#define BLOCKS_H

#include <stddef.h>
#include <stdio.h>

enum blocks_way {
    BLOCKS_MALLOC,
    BLOCKS_CALLOC,
    BLOCKS_REALLOC,
    BLOCKS_ALIGNED,
    BLOCKS_STRDUP,
    BLOCKS_ASPRINTF,
    BLOCKS_MEMSTREAM,
    BLOCKS_GETLINE,
    BLOCKS_REALPATH,
    BLOCKS_THREAD, /* in a thread of its own */
    BLOCKS_WAYS
};

/* A block with `size` bytes of `byte` in it and a 0 behind. */
char *blocks_make(enum blocks_way way, char byte, size_t size);

/* Frees it; how many bytes of it there were. */
size_t blocks_take(char *block);

/* The same in a thread of its own. */
size_t blocks_take_elsewhere(char *block);

/* The same block, or another one, with room for so many bytes. */
char *blocks_grow(char *block, size_t size);

/* How much of a block may be used. */
size_t blocks_usable(char *block);

/* Keeps a block until the next one comes; gives back the last. */
char *blocks_keep(char *block);

#endif
