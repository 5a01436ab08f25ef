/* SPDX-License-Identifier: MIT
 *
 * Streams of the host that stand for the guest's; see thunk/file.h. Each is
 * there for as long as the process, unless the library closes it: when the
 * program closes its own, its next stream may well have the same address, and
 * then the same one stands for that.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <thunk/file.h>
#include <unistd.h>

#include "../common/stream.h"
#include "file.h"
#include "heap.h"
#include "imports.h"
#include "program.h"
#include "stream.h"

struct stream {
    struct thunk_host_library *library; /* whose GTL serves it */
    uint32_t index;
    void *guest;
    FILE *host;
    struct stream *next;

    /* The thread that has it, also while that waits for the guest, by the
     * address of something of its own; NULL: none. */
    const void *user;

    /* What the guest has given and the library has not taken yet. glibc reads
     * such a stream byte by byte. */
    bool is_touched; /* by the library, since the last giving back */
    bool is_forgetting;
    size_t first, end;
    char ahead[4096];
    int marks; /* on which both agreed last */
};

uint32_t thunk_host_files_touched; /* such streams */

static struct stream *streams; /* thunk_host_lock() */

enum { STANDARD = 3 }; /* stdin, stdout, stderr */

static void *guest_standard[STANDARD]; /* the guest's */

FILE *thunk_host_file_standard[STANDARD];

/* What serves those, and no library. */
static thunk_runner *file_runner;
static const struct thunk_table file_table = {.soname = "libthunk-guest.so"};
static const struct thunk_host_callback file_callback = {
    .name = "file",
    .trace = "file(operation=%lu, file=%p, buffer=%p, size=%lu) = %ld",
};
static struct thunk_host_library file_library = {
    .table = &file_table,
    .callbacks = &file_callback,
    .runners = &file_runner,
};

/* What is left of it where the guest cannot be asked: in a thread of the
 * library's own that has never called back, and in a leaf. */
static int64_t descriptor_ask(int number, struct thunk_file_frame *frame)
{
    switch (frame->operation) {
    case THUNK_FILE_READ:
        return read(number, frame->buffer, frame->size);
    case THUNK_FILE_WRITE:
        return write(number, frame->buffer, frame->size);
    case THUNK_FILE_SEEK:
        frame->offset = lseek(number, frame->offset, (int)frame->size);
        return frame->offset < 0 ? -1 : 0;
    default:
        return 0;
    }
}

/* Has the guest do it. */
static int64_t stream_ask(const struct stream *stream,
                          struct thunk_file_frame *frame)
{
    const struct thunk_host_target target = {
        .library = stream->library,
        .index = stream->index,
        .target = (thunk_function)(uintptr_t)stream->guest,
    };

    if (stream->library == &file_library &&
        (!thunk_host_heap_has_guest() || thunk_host_call_is_leaf())) {
        return descriptor_ask(stream->host->_fileno, frame);
    }
    frame->file = stream->guest;
    thunk_host_callback(&target, &frame->head);
    return frame->result;
}

static bool stream_try(struct stream *stream)
{
    const void *nobody = NULL;

    return __atomic_compare_exchange_n(&stream->user, &nobody, &errno, false,
                                       __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

/* False: this thread has it already, and is in a signal's handler. */
static bool stream_take(struct stream *stream)
{
    if (__atomic_load_n(&stream->user, __ATOMIC_RELAXED) == &errno) {
        return false;
    }
    while (!stream_try(stream)) {
        sched_yield(); /* another thread's call gives back just now */
    }
    return true;
}

static void stream_leave(struct stream *stream, bool is_taken)
{
    if (is_taken) {
        __atomic_store_n(&stream->user, NULL, __ATOMIC_RELEASE);
    }
}

static void stream_touch(struct stream *stream)
{
    if (!stream->is_touched) {
        stream->is_touched = true;
        __atomic_fetch_add(&thunk_host_files_touched, 1, __ATOMIC_RELAXED);
    }
}

static void bytes_give_back(const struct stream *stream, void *bytes,
                            size_t size)
{
    struct thunk_file_frame frame = {
        .operation = THUNK_FILE_UNREAD,
        .buffer = bytes,
        .size = size,
    };

    if (size > 0) {
        (void)stream_ask(stream, &frame);
    }
}

/* In a stream that is taken, as the two that follow. */
static void ahead_give_back(struct stream *stream)
{
    size_t first = stream->first;
    size_t size = stream->end - first;

    stream->first = stream->end = 0;
    bytes_give_back(stream, stream->ahead + first, size);
}

/* What the library has put back with ungetc() lies in stdio's stream and is to
 * be read first, so it is given back last. Not while stdio works with it. */
static void pushed_give_back(const struct stream *stream)
{
    char pushed[64];
    size_t size = thunk_file_ready(stream->host);

    if (size > 0) {
        size = stream_take_ready(stream->host, pushed,
                                 size < sizeof(pushed) ? size : sizeof(pushed));
        bytes_give_back(stream, pushed, size);
    }
}

/* `is_over`: the function that has used it has returned. */
static void stream_give_back(struct stream *stream, bool is_over)
{
    FILE *guest = __atomic_load_n(&stream->guest, __ATOMIC_ACQUIRE);

    if (!stream->is_touched) {
        return;
    }
    if (is_over) {
        stream->is_touched = false;
        __atomic_fetch_sub(&thunk_host_files_touched, 1, __ATOMIC_RELAXED);
    }
    if (guest != NULL) { /* the library has not closed it */
        ahead_give_back(stream);
        pushed_give_back(stream);
        thunk_file_marks_settle(guest, stream->host, &stream->marks);
        stream->is_forgetting = true;
        stream_forget(stream->host);
        stream->is_forgetting = false;
    }
}

static ssize_t stream_read(void *cookie, char *to, size_t size)
{
    struct stream *stream = cookie;
    struct thunk_file_frame frame = {
        .operation = THUNK_FILE_READ,
        .buffer = stream->ahead,
        .size = sizeof(stream->ahead),
    };
    const bool is_taken = stream_take(stream);
    ssize_t result = 0;

    if (stream->first == stream->end) {
        result = (ssize_t)stream_ask(stream, &frame);
        stream->first = 0;
        stream->end = result > 0 ? (size_t)result : 0;
        stream_touch(stream);
    }
    if (stream->end > stream->first) {
        size_t ready = stream->end - stream->first;

        result = (ssize_t)(size < ready ? size : ready);
        memcpy(to, stream->ahead + stream->first, (size_t)result);
        stream->first += (size_t)result;
    }
    stream_leave(stream, is_taken);
    return result;
}

/* What else is done with it is done where the library has got to. */
static int64_t stream_do(struct stream *stream, struct thunk_file_frame *frame)
{
    const bool is_taken = stream_take(stream);
    int64_t result;

    ahead_give_back(stream);
    result = stream_ask(stream, frame);
    stream_leave(stream, is_taken);
    return result;
}

static ssize_t stream_write(void *cookie, const char *from, size_t size)
{
    struct stream *stream = cookie;
    struct thunk_file_frame frame = {
        .operation = THUNK_FILE_WRITE,
        .buffer = (void *)(uintptr_t)from,
        .size = size,
    };
    ssize_t result = (ssize_t)stream_do(stream, &frame);

    stream->host->_offset = -1; /* glibc would take the one before */
    return result;
}

static int stream_seek(void *cookie, off64_t *offset, int whence)
{
    struct stream *stream = cookie;
    struct thunk_file_frame frame = {
        .operation = THUNK_FILE_SEEK,
        .offset = *offset,
        .size = (uint64_t)whence,
    };
    int64_t result;

    if (stream->is_forgetting) {
        *offset = 0;
        return 0;
    }
    result = stream_do(stream, &frame);
    *offset = frame.offset;
    return (int)result;
}

/* The library closes it: it owns the guest's, too. */
static int stream_close(void *cookie)
{
    struct thunk_file_frame frame = {.operation = THUNK_FILE_CLOSE};
    struct stream *stream = cookie;
    int result = (int)stream_do(stream, &frame);

    __atomic_store_n(&stream->host, NULL, __ATOMIC_RELEASE);
    __atomic_store_n(&stream->guest, NULL, __ATOMIC_RELEASE);
    return result;
}

static struct stream *stream_find(const void *guest)
{
    struct stream *stream;

    thunk_host_lock();
    stream = streams;
    while (stream != NULL &&
           __atomic_load_n(&stream->guest, __ATOMIC_ACQUIRE) != guest) {
        stream = stream->next;
    }
    thunk_host_unlock();
    return stream;
}

/* One that the library has closed, or a new one. With the lock held. */
static struct stream *stream_unused(void)
{
    struct stream *stream = streams;

    while (stream != NULL && stream->guest != NULL) {
        stream = stream->next;
    }
    if (stream == NULL) {
        stream = calloc(1, sizeof(*stream));
        if (stream != NULL) {
            stream->next = streams;
            streams = stream;
        }
    }
    return stream;
}

/* A host stream for this guest's. Two threads that come at once make two: both
 * are good. */
static struct stream *stream_make(struct thunk_host_library *library,
                                  uint32_t index, void *guest)
{
    const cookie_io_functions_t functions = {stream_read, stream_write,
                                             stream_seek, stream_close};
    struct stream *stream;

    thunk_host_lock();
    stream = stream_unused();
    if (stream != NULL) {
        stream->library = library;
        stream->index = index;
        stream->host = fopencookie(stream, "r+", functions);
    }
    if (stream == NULL || stream->host == NULL) {
        stream = NULL;
    } else {
        setvbuf(stream->host, NULL, _IONBF, 0);
        __atomic_store_n(&stream->guest, guest, __ATOMIC_RELEASE);
    }
    thunk_host_unlock();
    return stream;
}

/* What fileno() says; of a cookie stream glibc knows none. And what feof() and
 * ferror() say: the guest's may have gone elsewhere. */
static void stream_number(struct stream *stream)
{
    struct thunk_file_frame frame = {.operation = THUNK_FILE_NUMBER};
    int64_t number = stream_ask(stream, &frame);

    /* -2 stands for open all the same. */
    stream->host->_fileno = number < 0 ? -2 : (int)number;
    stream->marks = -1; /* the guest's count */
    thunk_file_marks_settle(stream->host, stream->guest, &stream->marks);
}

FILE *thunk_host_file(struct thunk_host_library *library, uint32_t index,
                      FILE *guest)
{
    FILE *own = guest == NULL ? NULL : thunk_host_stream_own(guest);
    struct stream *stream;
    bool is_taken;

    if (guest == NULL || own != NULL) {
        return own;
    }
    stream = stream_find(guest);
    if (stream == NULL) {
        stream = stream_make(library, index, guest);
    }
    if (stream == NULL) {
        thunk_log(THUNK_LOG_ERROR, "%s: no memory for a stream",
                  library->table->soname);
        return NULL;
    }
    stream_number(stream);
    is_taken = stream_take(stream);
    stream_touch(stream); /* by ungetc(), which asks nobody */
    stream_leave(stream, is_taken);
    return stream->host;
}

void thunk_host_files_give_back(bool is_over)
{
    struct stream *stream;

    thunk_host_lock();
    stream = streams;
    thunk_host_unlock();
    for (; stream != NULL; stream = stream->next) {
        if (stream_try(stream)) {
            stream_give_back(stream, is_over);
            stream_leave(stream, true);
        }
    }
}

void thunk_host_files_start(void *const standard[STANDARD],
                            thunk_runner *runner)
{
    if (guest_standard[0] == NULL) {
        memcpy(guest_standard, standard, sizeof(guest_standard));
        file_runner = runner;
    }
}

static const struct stream *stream_of(const FILE *host)
{
    const struct stream *stream;

    thunk_host_lock();
    stream = streams;
    while (stream != NULL && stream->host != host) {
        stream = stream->next;
    }
    thunk_host_unlock();
    return stream;
}

FILE *thunk_host_file_known(FILE *host)
{
    FILE *const own[STANDARD] = {stdin, stdout, stderr};
    const struct stream *stream = host == NULL ? NULL : stream_of(host);

    for (size_t i = 0; i < STANDARD && host != NULL; i++) {
        if (own[i] == host) {
            return guest_standard[i];
        }
    }
    return stream == NULL ? NULL
                          : __atomic_load_n(&stream->guest, __ATOMIC_ACQUIRE);
}

FILE *thunk_host_file_guest(struct thunk_host_library *library, uint32_t index,
                            FILE *host)
{
    FILE *known = thunk_host_file_known(host);

    return known != NULL || host == NULL
               ? known
               : thunk_host_stream_lend(library, index, host);
}

FILE **thunk_host_file_place_take(struct thunk_host_file_place *own,
                                  struct thunk_host_library *library,
                                  uint32_t index, FILE *const *place)
{
    if (place == NULL) {
        return NULL;
    }
    own->stream =
        library == NULL ? *place : thunk_host_file(library, index, *place);
    own->before = own->stream;
    return &own->stream;
}

void thunk_host_file_place_give(const struct thunk_host_file_place *own,
                                struct thunk_host_library *library,
                                uint32_t index, FILE **place)
{
    if (place != NULL && own->stream != own->before) {
        *place = thunk_host_file_guest(library, index, own->stream);
    }
}

/* Both sides', the program's first. */
static int all_flush(void)
{
    static struct thunk_procedure guest = {"fflush", NULL};
    struct thunk_program_frame frame = {.arguments = {0}};
    const bool is_done = thunk_host_program_try(&guest, &frame);
    const int result = fflush(NULL);

    return is_done && (int)frame.result.integer != 0 ? EOF : result;
}

int thunk_host_file_flush(FILE *host)
{
    struct thunk_file_frame frame = {.operation = THUNK_FILE_FLUSH};
    const struct stream *stream;

    if (host == NULL) {
        return all_flush();
    }
    stream = stream_of(host);
    if (stream == NULL) {
        return fflush(host);
    }
    return (int)stream_do((struct stream *)(uintptr_t)stream, &frame);
}

static void standard_make(void)
{
    for (int i = 0; i < STANDARD; i++) {
        const struct stream *stream =
            stream_make(&file_library, 0, guest_standard[i]);

        if (stream == NULL) {
            return;
        }
        stream->host->_fileno = i;
        thunk_host_file_standard[i] = stream->host;
    }
}

bool thunk_host_file_standard_start(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, standard_make);
    return thunk_host_file_standard[STANDARD - 1] != NULL;
}

void thunk_host_files_settle_library(const struct thunk_host_library *library)
{
    static const struct thunk_import calls[] = {
        {"fflush", (thunk_function)thunk_host_file_flush},
    };

    if (library->file_callback != 0) {
        thunk_host_imports_set(library->handle, calls, 1);
        thunk_host_streams_settle_library(library);
    }
}
