/* SPDX-License-Identifier: MIT
 *
 * A library with streams in its interface: it opens some and gives them out, is
 * given some, and has them in structs.
 */
#ifndef STREAMS_H
#define STREAMS_H

#include <stddef.h>
#include <stdio.h>

/* "host" or "guest": whose library it is. */
const char *streams_side(void);

/* ---- results ---- */

FILE *streams_open(const char *path, const char *mode);
FILE *streams_pipe(const char *command, const char *mode);
FILE *streams_none(void);      /* NULL, and errno is EIO */
FILE *streams_standard(int n); /* stdin, stdout, stderr */

/* One of the library's own, the same each time; and what is in it. */
FILE *streams_memory(void);
size_t streams_memory_text(char *to, size_t size);
int streams_memory_end(void);

/* What it is given. */
FILE *streams_echo(FILE *stream);

/* A stream whose functions the program has. */
typedef long (*streams_filler)(void *data, char *to, size_t size);
FILE *streams_custom(streams_filler fill, void *data);

/* ---- places ---- */

/* Both ends of one file; 0 if that is well. */
int streams_ends(const char *path, FILE **writer, FILE **reader);
int streams_swap(FILE **one, FILE **other); /* 1: they were the same */
long streams_first(FILE *const *stream);    /* its next character */

/* ---- structs ---- */

struct streams_options {
    const char *prefix;
    FILE *log, *other; /* NULL: none */
    int level;
};

/* Writes prefix and text to both; how many that were. The struct is as it was.
 */
int streams_tell(const struct streams_options *options, const char *text);

/* ---- callbacks ---- */

typedef FILE *(*streams_opener)(const char *name);
typedef int (*streams_user)(FILE *stream, void *data);

/* Reads what open() gives to its end, and closes it: characters, or -1. */
long streams_length(streams_opener open, const char *name);

/* Opens it, writes "before ", lets the program use it, writes " after", closes.
 */
int streams_with(const char *path, streams_user use, void *data);

/* streams_open() for writing, and what the program calls through pointers. */
streams_opener streams_get_opener(void);
streams_user streams_get_user(void); /* writes "used " and gives its position */

/* ---- variables ---- */

extern FILE *streams_current;
int streams_current_open(const char *path); /* to write to */
int streams_current_put(const char *text);

/* ---- what the library does with one ---- */

int streams_close(FILE *stream);
int streams_number(FILE *stream);
int streams_same(FILE *one, FILE *other);

struct operated;
void streams_operate(FILE *stream, int operation, long argument,
                     struct operated *to);

/* A thread of its own copies all from one to the other. */
int streams_copy_start(FILE *from, FILE *to);
long streams_copy_end(void);

#endif
