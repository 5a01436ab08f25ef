/* SPDX-License-Identifier: MIT
 *
 * A malloc() of a program's own, or of a library that it is linked with: it
 * gives memory from one array, and counts.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *block, size_t size);
void free(void *block);
unsigned long own_count(void);

static _Alignas(16) char memory[1 << 22];
static size_t used;
static unsigned long count;

void *malloc(size_t size)
{
    size_t *block = (size_t *)(void *)(memory + used);

    used += 16 + ((size + 15) & ~(size_t)15);
    count++;
    if (used > sizeof(memory)) {
        return NULL;
    }
    *block = size;
    return (char *)block + 16;
}

void *calloc(size_t number, size_t size)
{
    return malloc(number * size);
}

void *realloc(void *block, size_t size)
{
    void *other = malloc(size);

    if (block != NULL && other != NULL) {
        const size_t had = *(size_t *)(void *)((char *)block - 16);

        memcpy(other, block, had < size ? had : size);
    }
    return other;
}

void free(void *block)
{
    if (block != NULL &&
        ((uintptr_t)block < (uintptr_t)memory ||
         (uintptr_t)block >= (uintptr_t)memory + sizeof(memory))) {
        __builtin_trap();
    }
}

unsigned long own_count(void)
{
    return count;
}
