/* SPDX-License-Identifier: MIT
 * A host library that hands out memory of its own, of every kind. */
#ifndef MEMORY_H
#define MEMORY_H

#include <stddef.h>

const char *memory_text(void); /* constant */
char *memory_data(void);       /* MEMORY_DATA_SIZE bytes, static */
#define MEMORY_DATA_SIZE 65536

/* The code of a function that does nothing. */
const char *memory_code(void);

/* malloc and free. */
char *memory_allocate(size_t size);
void memory_release(char *memory);

/* mmap, of `address` if that is not NULL, and munmap; 0 or -1. */
char *memory_map(char *address, size_t size);
int memory_unmap(char *memory, size_t size);

#endif
