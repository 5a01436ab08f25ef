/* SPDX-License-Identifier: MIT */
#include "blocks.h"

#include <limits.h>
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct work {
    char *block;
    char byte;
    size_t size;
};

static char *filled(char *block, char byte, size_t size)
{
    if (block != NULL) {
        memset(block, byte, size);
        block[size] = '\0';
    }
    return block;
}

static char *streamed(char byte, size_t size)
{
    char *block = NULL;
    size_t written;
    FILE *stream = open_memstream(&block, &written);

    while (stream != NULL && size-- > 0) {
        fputc(byte, stream);
    }
    if (stream != NULL) {
        fclose(stream);
    }
    return block;
}

/* A line into a block that is there already, and too small. */
static char *read_line(char byte, size_t size)
{
    char *text = malloc(size + 1), *line = malloc(1);
    size_t room = 1;
    FILE *stream = NULL;

    if (filled(text, byte, size) != NULL && size > 0) {
        stream = fmemopen(text, size, "r");
    }
    if (stream != NULL) {
        if (getline(&line, &room, stream) != (ssize_t)size) {
            line[0] = '\0';
        }
        fclose(stream);
    } else {
        line[0] = '\0';
    }
    free(text);
    return line;
}

static void *make_work(void *argument)
{
    struct work *work = argument;

    work->block = filled(malloc(work->size + 1), work->byte, work->size);
    return NULL;
}

static void *take_work(void *argument)
{
    struct work *work = argument;

    work->size = blocks_take(work->block);
    return NULL;
}

static void elsewhere(void *(*code)(void *argument), struct work *work)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, code, work) == 0) {
        pthread_join(thread, NULL);
    }
}

char *blocks_make(enum blocks_way way, char byte, size_t size)
{
    struct work work = {.byte = byte, .size = size};
    char *text = NULL, *copy = NULL;

    switch (way) {
    case BLOCKS_CALLOC:
        copy = calloc(size + 1, 1);
        return copy == NULL ? NULL : memset(copy, byte, size);
    case BLOCKS_REALLOC:
        return filled(realloc(malloc(1), size + 1), byte, size);
    case BLOCKS_ALIGNED:
        return filled(aligned_alloc(64, (size + 64) & ~(size_t)63), byte, size);
    case BLOCKS_STRDUP:
        text = filled(malloc(size + 1), byte, size);
        copy = strdup(text);
        free(text);
        return copy;
    case BLOCKS_ASPRINTF:
        text = filled(malloc(size + 1), byte, size);
        if (asprintf(&copy, "%s", text) < 0) {
            copy = NULL;
        }
        free(text);
        return copy;
    case BLOCKS_MEMSTREAM:
        return streamed(byte, size);
    case BLOCKS_GETLINE:
        return read_line(byte, size);
    case BLOCKS_REALPATH:
        copy = realpath("/", NULL);
        return filled(realloc(copy, size + 1), byte, size);
    case BLOCKS_THREAD:
        elsewhere(make_work, &work);
        return work.block;
    default:
        return filled(malloc(size + 1), byte, size);
    }
}

size_t blocks_take(char *block)
{
    const size_t size = strlen(block);

    free(block);
    return size;
}

size_t blocks_take_elsewhere(char *block)
{
    struct work work = {.block = block};

    elsewhere(take_work, &work);
    return work.size;
}

char *blocks_grow(char *block, size_t size)
{
    return realloc(block, size);
}

size_t blocks_usable(char *block)
{
    return malloc_usable_size(block);
}

char *blocks_keep(char *block)
{
    static char *kept;
    char *last = kept;

    kept = block;
    return last;
}
