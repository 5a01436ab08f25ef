/* SPDX-License-Identifier: MIT
 *
 * The guest's side of GMP: its memory. What GMP allocates belongs to the
 * program at last (mpz_get_str() with NULL, gmp_asprintf()), and programs free
 * it by free(), as GMP's manual lets them while they have set no functions, or
 * by what mp_get_memory_functions() gives. Only the guest's malloc() is right
 * for both.
 */
#include <stdio.h>
#include <stdlib.h>

#include "thunk_gmp.h"

/* As GMP's own say it. */
static void *given_or_end(void *memory, const char *what, size_t size)
{
    if (memory == NULL) {
        fprintf(stderr, "GNU MP: Cannot %s memory (size=%zu)\n", what, size);
        abort();
    }
    return memory;
}

static void *memory_allocate(size_t size)
{
    return given_or_end(malloc(size), "allocate", size);
}

static void *memory_reallocate(void *memory, size_t old_size, size_t size)
{
    (void)old_size;
    return given_or_end(realloc(memory, size), "reallocate", size);
}

static void memory_free(void *memory, size_t size)
{
    (void)size;
    free(memory);
}

void thunk_gmp_start(void)
{
    mp_set_memory_functions(memory_allocate, memory_reallocate, memory_free);
}
