/* SPDX-License-Identifier: MIT
 *
 * What the files of the program `every` share. It calls every function that
 * libz.so.1 exports and prints what came back: natively and thunked the same.
 * No pointer and nothing random is printed.
 */
#ifndef EVERY_H
#define EVERY_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* Ends the program if the condition does not hold. */
#define CHECK(condition)                                                       \
    do {                                                                       \
        if (!(condition)) {                                                    \
            fflush(stdout);                                                    \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__,         \
                    #condition);                                               \
            exit(1);                                                           \
        }                                                                      \
    } while (0)

/* Prints a call's value under the text of the call. */
#define SHOW(value) printf("%s = %ld\n", #value, (long)(value))

/* Prints what a buffer holds, by its length and a sum of our own. */
#define SHOW_BYTES(bytes, size)                                                \
    printf("%s: %zu bytes, sum %08lx\n", #bytes, (size_t)(size),               \
           sum((bytes), (size)))

enum { TEXT_SIZE = 100000 };

/* Text that compresses by about a half. */
extern unsigned char text[TEXT_SIZE];

unsigned long sum(const void *bytes, size_t size);

void sums_run(void);
void deflate_run(void);
void inflate_run(void);
void back_run(void);
void files_run(void);
void formats_run(void);

#endif
