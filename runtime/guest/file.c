/* SPDX-License-Identifier: MIT
 *
 * What the host asks of streams: of the guest's own, and to make one for its
 * own (stream.c).
 */
#include "../common/stream.h"

#include <stdio.h>
#include <thunk/file.h>

#include "guest.h"

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
        frame->result = stream_read_ready(file, frame->buffer, frame->size);
        break;
    case THUNK_FILE_WRITE:
        frame->result = (int64_t)fwrite(frame->buffer, 1, frame->size, file);
        break;
    case THUNK_FILE_SEEK:
        frame->result = stream_seek_to(file, &frame->offset, (int)frame->size);
        break;
    case THUNK_FILE_UNREAD:
        stream_unread(file, frame->buffer, frame->size);
        errno = saved;
        break;
    case THUNK_FILE_CLOSE:
        frame->result = fclose(file);
        break;
    case THUNK_FILE_FLUSH:
        frame->result = fflush(file);
        break;
    case THUNK_FILE_LEND:
        frame->file = thunk_guest_stream_lend(frame);
        errno = saved;
        break;
    case THUNK_FILE_SETTLE:
        thunk_guest_stream_settle(frame->buffer,
                                  (uint32_t *)(uintptr_t)frame->offset);
        errno = saved;
        break;
    case THUNK_FILE_GONE:
        thunk_guest_stream_gone(frame->buffer);
        errno = saved;
        break;
    default:
        break;
    }
}
