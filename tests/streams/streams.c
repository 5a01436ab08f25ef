/* SPDX-License-Identifier: MIT */
#include "streams.h"

#include <pthread.h>
#include <stdlib.h>

#include "operate.h"

const char *streams_side(void)
{
    return STREAMS_SIDE;
}

/* ---- results ---- */

FILE *streams_open(const char *path, const char *mode)
{
    return fopen(path, mode);
}

FILE *streams_pipe(const char *command, const char *mode)
{
    return popen(command, mode);
}

FILE *streams_none(void)
{
    errno = EIO;
    return NULL;
}

FILE *streams_standard(int n)
{
    return n == 0 ? stdin : n == 1 ? stdout : stderr;
}

static struct {
    FILE *stream;
    char *text;
    size_t size;
} memory;

FILE *streams_memory(void)
{
    if (memory.stream == NULL) {
        memory.stream = open_memstream(&memory.text, &memory.size);
    }
    return memory.stream;
}

size_t streams_memory_text(char *to, size_t size)
{
    fflush(memory.stream);
    snprintf(to, size, "%s", memory.text);
    return memory.size;
}

int streams_memory_end(void)
{
    int result = fclose(memory.stream);

    memory.stream = NULL;
    free(memory.text);
    return result;
}

FILE *streams_echo(FILE *stream)
{
    return stream;
}

static struct {
    streams_filler fill;
    void *data;
} custom;

static ssize_t custom_read(void *cookie, char *to, size_t size)
{
    (void)cookie;
    return custom.fill(custom.data, to, size);
}

FILE *streams_custom(streams_filler fill, void *data)
{
    const cookie_io_functions_t functions = {.read = custom_read};

    custom.fill = fill;
    custom.data = data;
    return fopencookie(&custom, "r", functions);
}

/* ---- places ---- */

int streams_ends(const char *path, FILE **writer, FILE **reader)
{
    *writer = fopen(path, "w");
    *reader = *writer == NULL ? NULL : fopen(path, "r");
    return *reader == NULL ? -1 : 0;
}

int streams_swap(FILE **one, FILE **other)
{
    FILE *first = *one;

    if (first == *other) {
        return 1;
    }
    *one = *other;
    *other = first;
    return 0;
}

long streams_first(FILE *const *stream)
{
    return stream == NULL ? -2 : getc(*stream);
}

/* ---- structs ---- */

int streams_tell(const struct streams_options *options, const char *text)
{
    int told = 0;

    if (options == NULL) {
        return -1;
    }
    if (options->log != NULL) {
        told += fprintf(options->log, "%s%s\n", options->prefix, text) > 0;
    }
    if (options->other != NULL && options->level > 1) {
        told += fprintf(options->other, "%s%s\n", options->prefix, text) > 0;
    }
    return told;
}

/* ---- callbacks ---- */

long streams_length(streams_opener open, const char *name)
{
    FILE *stream = open(name);
    long length = 0;

    if (stream == NULL) {
        return -1;
    }
    while (getc(stream) != EOF) {
        length++;
    }
    return fclose(stream) == 0 ? length : -2;
}

int streams_with(const char *path, streams_user use, void *data)
{
    FILE *stream = fopen(path, "w");
    int result;

    fputs("before ", stream);
    result = use(stream, data);
    fputs(" after", stream);
    return fclose(stream) == 0 ? result : -1;
}

static FILE *opener(const char *name)
{
    return fopen(name, "w");
}

static int user(FILE *stream, void *data)
{
    (void)data;
    fputs("used ", stream);
    return (int)ftell(stream);
}

streams_opener streams_get_opener(void)
{
    return opener;
}

streams_user streams_get_user(void)
{
    return user;
}

/* ---- variables ---- */

FILE *streams_current;

int streams_current_open(const char *path)
{
    streams_current = fopen(path, "w");
    return streams_current == NULL ? -1 : 0;
}

int streams_current_put(const char *text)
{
    return streams_current == NULL ? -1 : fputs(text, streams_current) >= 0;
}

/* ---- what the library does with one ---- */

int streams_close(FILE *stream)
{
    return fclose(stream);
}

int streams_number(FILE *stream)
{
    return fileno(stream);
}

int streams_same(FILE *one, FILE *other)
{
    return one == other;
}

void streams_operate(FILE *stream, int operation, long argument,
                     struct operated *to)
{
    operate(stream, (enum operation)operation, argument, to);
}

static struct {
    pthread_t thread;
    FILE *from, *to;
} copying;

static void *copy_run(void *data)
{
    long copied = 0;
    int c;

    (void)data;
    while ((c = getc(copying.from)) != EOF) {
        putc(c, copying.to);
        copied++;
    }
    fflush(copying.to);
    return (void *)copied;
}

int streams_copy_start(FILE *from, FILE *to)
{
    copying.from = from;
    copying.to = to;
    return pthread_create(&copying.thread, NULL, copy_run, NULL);
}

long streams_copy_end(void)
{
    void *copied;

    return pthread_join(copying.thread, &copied) == 0 ? (long)copied : -1;
}
