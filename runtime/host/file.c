/* SPDX-License-Identifier: MIT
 *
 * Streams of the host that stand for the guest's; see thunk/file.h. Each is
 * there for as long as the process, unless the library closes it: when the
 * program closes its own, its next stream may well have the same address, and
 * then the same one stands for that.
 */
#include <errno.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <thunk/file.h>

#include "host.h"

struct stream {
    struct thunk_host_library *library; /* whose GTL serves it */
    uint32_t index;
    void *guest;
    FILE *host;
    struct stream *next;
};

static struct stream *streams; /* thunk_host_lock() */

/* Has the guest do it. */
static int64_t stream_ask(const struct stream *stream,
                          struct thunk_file_frame *frame)
{
    const struct thunk_host_target target = {
        .library = stream->library,
        .index = stream->index,
        .target = (thunk_function)(uintptr_t)stream->guest,
    };

    frame->file = stream->guest;
    thunk_host_callback(&target, &frame->head);
    return frame->result;
}

static ssize_t stream_read(void *cookie, char *to, size_t size)
{
    struct thunk_file_frame frame = {
        .operation = THUNK_FILE_READ, .buffer = to, .size = size};

    return (ssize_t)stream_ask(cookie, &frame);
}

static ssize_t stream_write(void *cookie, const char *from, size_t size)
{
    struct thunk_file_frame frame = {
        .operation = THUNK_FILE_WRITE,
        .buffer = (void *)(uintptr_t)from,
        .size = size,
    };

    return (ssize_t)stream_ask(cookie, &frame);
}

static int stream_seek(void *cookie, off64_t *offset, int whence)
{
    struct thunk_file_frame frame = {
        .operation = THUNK_FILE_SEEK,
        .offset = *offset,
        .size = (uint64_t)whence,
    };
    int64_t result = stream_ask(cookie, &frame);

    *offset = frame.offset;
    return (int)result;
}

/* The library closes it: it owns the guest's, too. */
static int stream_close(void *cookie)
{
    struct thunk_file_frame frame = {.operation = THUNK_FILE_CLOSE};
    struct stream *stream = cookie;
    int result = (int)stream_ask(stream, &frame);

    thunk_host_lock();
    for (struct stream **at = &streams; *at != NULL; at = &(*at)->next) {
        if (*at == stream) {
            *at = stream->next;
            break;
        }
    }
    thunk_host_unlock();
    free(stream);
    return result;
}

static FILE *stream_find(const void *guest)
{
    FILE *host = NULL;

    thunk_host_lock();
    for (struct stream *stream = streams; stream != NULL && host == NULL;
         stream = stream->next) {
        host = stream->guest == guest ? stream->host : NULL;
    }
    thunk_host_unlock();
    return host;
}

/* A host stream for this guest's. Two threads that come at once make two: both
 * are good. */
static FILE *stream_make(struct thunk_host_library *library, uint32_t index,
                         void *guest)
{
    const cookie_io_functions_t functions = {stream_read, stream_write,
                                             stream_seek, stream_close};
    struct stream *stream = malloc(sizeof(*stream));

    if (stream == NULL) {
        return NULL;
    }
    *stream = (struct stream){.library = library,
                              .index = index,
                              .guest = guest,
                              .host = fopencookie(stream, "r+", functions)};
    if (stream->host == NULL) {
        free(stream);
        return NULL;
    }
    setvbuf(stream->host, NULL, _IONBF, 0);
    thunk_host_lock();
    stream->next = streams;
    streams = stream;
    thunk_host_unlock();
    return stream->host;
}

/* What fileno() says; of a cookie stream glibc knows none. */
static void stream_number(struct thunk_host_library *library, uint32_t index,
                          void *guest, FILE *host)
{
    const struct stream stream = {
        .library = library, .index = index, .guest = guest};
    struct thunk_file_frame frame = {.operation = THUNK_FILE_NUMBER};
    int64_t number = stream_ask(&stream, &frame);

    host->_fileno = number < 0 ? -2 : (int)number; /* -2: open all the same */
}

FILE *thunk_host_file(struct thunk_host_library *library, uint32_t index,
                      FILE *guest)
{
    FILE *host = guest == NULL ? NULL : stream_find(guest);

    if (guest == NULL) {
        return NULL;
    }
    if (host == NULL) {
        host = stream_make(library, index, guest);
    }
    if (host == NULL) {
        thunk_log(THUNK_LOG_ERROR, "%s: no memory for a stream",
                  library->table->soname);
        return NULL;
    }
    stream_number(library, index, guest, host);
    clearerr(host); /* the guest's has its own marks, and may have moved */
    return host;
}

void thunk_host_file_end(struct thunk_host_library *library, uint32_t index,
                         FILE *guest)
{
    FILE *host = guest == NULL ? NULL : stream_find(guest);
    const struct stream stream = {
        .library = library, .index = index, .guest = guest};
    struct thunk_file_frame frame = {.operation = THUNK_FILE_UNREAD};

    if (host == NULL || host->_IO_read_ptr >= host->_IO_read_end) {
        return;
    }
    frame.buffer = host->_IO_read_ptr;
    frame.size = (uint64_t)(host->_IO_read_end - host->_IO_read_ptr);
    (void)stream_ask(&stream, &frame);
    __fpurge(host);
}
