/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <thunk/file.h>

#include "guest.h"

/* One byte, for which the stream may have to wait, and what it has then. */
static int64_t file_read(FILE *file, unsigned char *to, size_t size)
{
    int first = getc(file);
    size_t ready;

    if (first == EOF) {
        return ferror(file) ? -1 : 0;
    }
    to[0] = (unsigned char)first;
    ready = (size_t)(file->_IO_read_end - file->_IO_read_ptr);
    return 1 + (int64_t)fread(to + 1, 1, ready < size ? ready : size - 1, file);
}

static int64_t file_seek(FILE *file, int64_t *offset, int whence)
{
    if (fseeko(file, (off_t)*offset, whence) != 0) {
        return -1;
    }
    *offset = (int64_t)ftello(file);
    return *offset < 0 ? -1 : 0;
}

static void file_unread(FILE *file, const unsigned char *bytes, size_t size)
{
    while (size > 0) {
        ungetc(bytes[--size], file);
    }
}

void thunk_guest_file(thunk_function target, struct thunk_frame *head)
{
    struct thunk_file_frame *frame = (struct thunk_file_frame *)(void *)head;
    FILE *file = frame->file;
    int saved = errno;

    (void)target;
    switch (frame->operation) {
    case THUNK_FILE_NUMBER:
        frame->result = fileno(file);
        errno = saved;
        break;
    case THUNK_FILE_READ:
        frame->result = file_read(file, frame->buffer, frame->size);
        break;
    case THUNK_FILE_WRITE:
        frame->result = (int64_t)fwrite(frame->buffer, 1, frame->size, file);
        break;
    case THUNK_FILE_SEEK:
        frame->result = file_seek(file, &frame->offset, (int)frame->size);
        break;
    case THUNK_FILE_UNREAD:
        file_unread(file, frame->buffer, frame->size);
        errno = saved;
        break;
    case THUNK_FILE_CLOSE:
        frame->result = fclose(file);
        break;
    case THUNK_FILE_FLUSH:
        frame->result = fflush(file);
        break;
    default:
        break;
    }
}
