/* SPDX-License-Identifier: MIT
 *
 * FILE * as a parameter. Each libc can use only its own streams, so the host
 * gets one of its own that has the guest's stream do everything. It does not
 * buffer, and what it has read ahead is given back when the call returns:
 * position, buffer and errors are those of the guest's stream.
 */
#ifndef THUNK_FILE_H
#define THUNK_FILE_H

#include <stdio.h>
#include <thunk/frame.h>

enum thunk_file_operation {
    THUNK_FILE_NUMBER = 0, /* result: fileno() */
    THUNK_FILE_READ = 1,   /* what is ready, but a byte at least; result: bytes,
                            * 0 at the end, or -1 */
    THUNK_FILE_WRITE = 2,  /* result: bytes */
    THUNK_FILE_SEEK = 3,   /* offset and whence (size); result and offset */
    THUNK_FILE_UNREAD = 4, /* bytes that are to be read again */
    THUNK_FILE_CLOSE = 5,
    THUNK_FILE_FLUSH = 6, /* result: fflush() */
};

/* What the host wants of a stream. */
struct thunk_file_frame {
    struct thunk_frame head;
    uint64_t operation; /* enum thunk_file_operation */
    void *file;         /* the guest's FILE */
    void *buffer;
    uint64_t size;
    int64_t offset;
    int64_t result;
};

_Static_assert(sizeof(struct thunk_file_frame) == 64, "shared layout");

#endif
