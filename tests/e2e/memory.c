/* SPDX-License-Identifier: MIT */
#include "memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

const char *memory_text(void)
{
    return "a constant of the host's\n";
}

char *memory_data(void)
{
    static char data[MEMORY_DATA_SIZE];

    return data;
}

const char *memory_code(void)
{
    return (const char *)(uintptr_t)memory_release;
}

char *memory_allocate(size_t size)
{
    return malloc(size);
}

void memory_release(char *memory)
{
    free(memory);
}

char *memory_map(char *address, size_t size)
{
    void *memory = mmap(address, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS |
                            (address == NULL ? 0 : MAP_FIXED_NOREPLACE),
                        -1, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

int memory_unmap(char *memory, size_t size)
{
    return munmap(memory, size);
}
