/* SPDX-License-Identifier: MIT
 *
 * What can be done with a stream: the program and the library are both built
 * with it, so the same may be done on either side.
 */
#ifndef OPERATE_H
#define OPERATE_H

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum operation {
    OPERATE_GETC,
    OPERATE_READ, /* as much as there is room for */
    OPERATE_LINE,
    OPERATE_UNGETC,
    OPERATE_PUTC,
    OPERATE_WRITE, /* the text in the room */
    OPERATE_PRINT,
    OPERATE_FLUSH,
    OPERATE_SEEK_SET,
    OPERATE_SEEK_CUR,
    OPERATE_SEEK_END,
    OPERATE_TELL,
    OPERATE_EOF,
    OPERATE_ERROR,
    OPERATE_CLEAR,
    OPERATE_COUNT
};

struct operated {
    long result;
    int error; /* errno if it was set, else 0 */
    size_t size;
    char room[300];
};

static inline void operate(FILE *stream, enum operation operation,
                           long argument, struct operated *to)
{
    char *line;

    to->result = 0;
    errno = 0;
    switch (operation) {
    case OPERATE_GETC:
        to->result = getc(stream);
        break;
    case OPERATE_READ:
        to->result = (long)fread(to->room, 1, to->size, stream);
        to->size = (size_t)to->result;
        break;
    case OPERATE_LINE:
        line = fgets(to->room, (int)to->size + 2, stream);
        to->size = line == NULL ? 0 : strlen(line);
        to->result = line == NULL ? -1 : (long)to->size;
        break;
    case OPERATE_UNGETC:
        to->result = ungetc((int)argument, stream);
        break;
    case OPERATE_PUTC:
        to->result = putc((int)argument, stream);
        break;
    case OPERATE_WRITE:
        to->result = (long)fwrite(to->room, 1, to->size, stream);
        break;
    case OPERATE_PRINT:
        to->result = fprintf(stream, "<%ld>\n", argument);
        break;
    case OPERATE_FLUSH:
        to->result = fflush(stream);
        break;
    case OPERATE_SEEK_SET:
        to->result = fseek(stream, argument, SEEK_SET);
        break;
    case OPERATE_SEEK_CUR:
        to->result = fseek(stream, argument, SEEK_CUR);
        break;
    case OPERATE_SEEK_END:
        to->result = fseek(stream, argument, SEEK_END);
        break;
    case OPERATE_TELL:
        to->result = ftell(stream);
        break;
    case OPERATE_EOF:
        to->result = feof(stream) != 0;
        break;
    case OPERATE_ERROR:
        to->result = ferror(stream) != 0;
        break;
    case OPERATE_CLEAR:
        clearerr(stream);
        break;
    default:
        to->result = -2;
        break;
    }
    /* What a call that has done well leaves in errno is its own affair. */
    to->error = to->result < 0 ? errno : 0;
}

#endif
