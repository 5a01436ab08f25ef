/* SPDX-License-Identifier: MIT
 *
 * Streams of the guest's that stand for the host's, which a library has opened
 * and given to the program; see thunk/file.h. Each buffers as any stream does,
 * so the program's getc() and putc() cost no crossing. Before code of the
 * library's goes on, the host looks whether there is anything in it, and then
 * has it settled: what was written is flushed, what was read ahead is given
 * back.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <thunk/file.h>
#include <unistd.h>

#include "../common/stream.h"
#include "guest.h"

struct stream {
    void *host; /* its FILE; NULL: it is closed */
    FILE *guest;
    bool is_settling;   /* by the thread that has it locked, which */
    bool is_forgetting; /* has no more to do with the host's */
    struct stream *next;

    /* Of threads that are about to lock it: it stays until they have. */
    unsigned users;
};

static struct stream *streams; /* with the lock held */

/* Of a stream that is locked. ThreadSanitizer does not see that lock. */
static void flag_set(bool *flag, bool value)
{
    __atomic_store_n(flag, value, __ATOMIC_RELAXED);
}

static bool flag_get(const bool *flag)
{
    return __atomic_load_n(flag, __ATOMIC_RELAXED);
}

/* The host's half, as a library with one function. */
static void *entries[1];
static const struct thunk_guest_symbol symbols[1] = {{"host_stream", NULL}};
static struct thunk_library library = {
    .soname = "streams",
    .count = 1,
    .symbols = symbols,
    .entries = entries,
};

void thunk_guest_stream_start(const struct thunk_attachment *attachment)
{
    thunk_guest_library_start(&library, attachment);
    __atomic_store_n(&entries[0], attachment->stream_entry, __ATOMIC_RELEASE);
}

/* Has the host do it. */
static int64_t host_ask(struct thunk_file_frame *frame)
{
    frame->result = -1;
    (void)thunk_call(&library, &entries[0], &frame->head, THUNK_SYSCALL_DOOR);
    return frame->result;
}

/* ---- the list of them ---- */

/* Around a few instructions; with all signals blocked, since a handler may make
 * calls that want it, too. A forked child finds it open. */
static uint32_t is_locked;
static pthread_once_t fork_once = PTHREAD_ONCE_INIT;

static void lock_take(void)
{
    while (__atomic_exchange_n(&is_locked, 1, __ATOMIC_ACQUIRE)) {
        sched_yield();
    }
}

static void lock_leave(void)
{
    __atomic_store_n(&is_locked, 0, __ATOMIC_RELEASE);
}

static void fork_prepare(void)
{
    pthread_atfork(lock_take, lock_leave, lock_leave);
}

static void list_lock(sigset_t *before)
{
    sigset_t all;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, before);
    lock_take();
}

static void list_unlock(const sigset_t *before)
{
    lock_leave();
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

/* It becomes NULL where the library closes it while another thread uses the
 * guest's: the host then refuses what that wants of it. */
static void *host_of(const struct stream *stream)
{
    return __atomic_load_n(&stream->host, __ATOMIC_RELAXED);
}

static struct stream *stream_find(const void *host)
{
    struct stream *stream = streams;

    while (stream != NULL && host_of(stream) != host) {
        stream = stream->next;
    }
    return stream;
}

static void stream_remove(const struct stream *stream)
{
    struct stream **place = &streams;

    while (*place != NULL && *place != stream) {
        place = &(*place)->next;
    }
    if (*place != NULL) {
        *place = stream->next;
    }
}

/* One that is used by this thread until stream_leave(); NULL: there is none. */
static struct stream *stream_take(const void *host)
{
    sigset_t before;
    struct stream *stream;

    list_lock(&before);
    stream = stream_find(host);
    if (stream != NULL) {
        __atomic_fetch_add(&stream->users, 1, __ATOMIC_RELAXED);
    }
    list_unlock(&before);
    return stream;
}

static void stream_leave(struct stream *stream)
{
    __atomic_fetch_sub(&stream->users, 1, __ATOMIC_RELEASE);
}

/* ---- what stdio wants of one ---- */

static ssize_t stream_read(void *cookie, char *to, size_t size)
{
    const struct stream *stream = cookie;
    struct thunk_file_frame frame = {
        .operation = THUNK_FILE_READ,
        .file = host_of(stream),
        .buffer = to,
        .size = size,
    };

    return host_of(stream) == NULL ? 0 : (ssize_t)host_ask(&frame);
}

/* stdio takes a 0 for an error. */
static ssize_t stream_write(void *cookie, const char *from, size_t size)
{
    struct stream *stream = cookie;
    struct thunk_file_frame frame = {
        .operation = THUNK_FILE_WRITE,
        .file = host_of(stream),
        .buffer = (void *)(uintptr_t)from,
        .size = size,
        .offset = flag_get(&stream->is_settling),
    };
    int64_t result = host_of(stream) == NULL ? 0 : host_ask(&frame);

    stream->guest->_offset = -1; /* glibc would take the one before */
    return result < 0 ? 0 : (ssize_t)result;
}

static int stream_seek(void *cookie, off64_t *offset, int whence)
{
    const struct stream *stream = cookie;
    struct thunk_file_frame frame = {
        .operation = THUNK_FILE_SEEK,
        .file = host_of(stream),
        .offset = *offset,
        .size = (uint64_t)whence,
    };

    if (flag_get(&stream->is_forgetting)) {
        *offset = 0;
        return 0;
    }
    if (host_of(stream) == NULL || host_ask(&frame) != 0) {
        return -1;
    }
    *offset = frame.offset;
    return 0;
}

static void host_unread(const struct stream *stream, const char *bytes,
                        size_t size, int64_t is_settling)
{
    struct thunk_file_frame frame = {
        .operation = THUNK_FILE_UNREAD,
        .file = host_of(stream),
        .buffer = (void *)(uintptr_t)bytes,
        .size = size,
        .offset = is_settling,
    };

    if (size > 0) {
        (void)host_ask(&frame);
    }
}

/* The program closes it, with its lock held: so who uses it still is about to
 * find that. What pclose() gives comes from the host's, too. */
static int stream_close(void *cookie)
{
    struct stream *stream = cookie;
    const FILE *guest = stream->guest;
    struct thunk_file_frame frame = {
        .operation = THUNK_FILE_CLOSE,
        .file = host_of(stream),
    };
    sigset_t before;
    int result = 0;

    if (host_of(stream) != NULL && !thunk_file_is_backed_up(guest)) {
        host_unread(stream, guest->_IO_read_ptr,
                    (size_t)(guest->_IO_read_end - guest->_IO_read_ptr), 0);
    }
    list_lock(&before);
    stream_remove(stream);
    list_unlock(&before);
    while (__atomic_load_n(&stream->users, __ATOMIC_ACQUIRE) != 0) {
        sched_yield();
    }
    if (host_of(stream) != NULL) {
        result = (int)host_ask(&frame);
    }
    free(stream);
    return result;
}

static void forget(struct stream *stream)
{
    flag_set(&stream->is_forgetting, true);
    stream_forget(stream->guest);
    flag_set(&stream->is_forgetting, false);
}

/* ---- what the host asks for ---- */

static const char *mode_of(uint64_t how)
{
    bool is_append = (how & THUNK_FILE_IS_APPEND) != 0;

    switch (how & (THUNK_FILE_IS_READ | THUNK_FILE_IS_WRITE)) {
    case THUNK_FILE_IS_READ:
        return "r";
    case THUNK_FILE_IS_WRITE:
        return is_append ? "a" : "w";
    default:
        return is_append ? "a+" : "r+";
    }
}

static struct stream *stream_make(const struct thunk_file_frame *frame)
{
    const cookie_io_functions_t functions = {stream_read, stream_write,
                                             stream_seek, stream_close};
    struct stream *stream = calloc(1, sizeof(*stream));

    if (stream == NULL) {
        return NULL;
    }
    stream->guest = fopencookie(stream, mode_of(frame->size), functions);
    if (stream->guest == NULL) {
        free(stream);
        return NULL;
    }
    stream->host = frame->buffer;
    /* glibc has none for such a stream, and -2 stands for open all the same. */
    stream->guest->_fileno = frame->offset < 0 ? -2 : (int)frame->offset;
    if ((frame->size & THUNK_FILE_IS_UNBUFFERED) != 0) {
        setvbuf(stream->guest, NULL, _IONBF, 0);
    } else if ((frame->size & THUNK_FILE_IS_LINE) != 0) {
        setvbuf(stream->guest, NULL, _IOLBF, 0);
    }
    forget(stream); /* ftell() wants a buffer to be there after ungetc() */
    return stream;
}

/* Two threads that come at once get the same one. */
void *thunk_guest_stream_lend(const struct thunk_file_frame *frame)
{
    struct stream *made = NULL;
    struct stream *found = stream_take(frame->buffer);
    FILE *guest;
    sigset_t before;

    if (found == NULL) {
        pthread_once(&fork_once, fork_prepare);
        made = stream_make(frame);
        if (made == NULL) {
            return NULL;
        }
        list_lock(&before);
        found = stream_find(frame->buffer);
        if (found == NULL) {
            made->next = streams;
            streams = found = made;
            made = NULL;
        }
        __atomic_fetch_add(&found->users, 1, __ATOMIC_RELAXED);
        list_unlock(&before);
    }
    guest = found->guest;
    stream_leave(found);
    if (made != NULL) {
        __atomic_store_n(&made->host, NULL, __ATOMIC_RELAXED);
        fclose(made->guest);
    }
    return guest;
}

/* What was read ahead, and put back with ungetc(). */
static void stream_give_back(struct stream *stream, size_t size)
{
    char *bytes = malloc(size);

    if (bytes == NULL) {
        thunk_log(THUNK_LOG_ERROR,
                  "no memory to give a stream %zu bytes back, which are lost",
                  size);
    } else {
        size = stream_take_ready(stream->guest, bytes, size);
        host_unread(stream, bytes, size, 1);
        free(bytes);
    }
}

static void stream_settle(struct stream *stream)
{
    FILE *guest = stream->guest;
    size_t ready = thunk_file_ready(guest);

    flag_set(&stream->is_settling, true);
    if (__fpending(guest) > 0) {
        (void)fflush_unlocked(guest);
    } else if (ready > 0) {
        stream_give_back(stream, ready);
    }
    flag_set(&stream->is_settling, false);
    forget(stream);
}

/* While a thread does it, its number tells others that the host's stream does
 * not have yet what the guest's has no more. The host forgets the number as
 * soon as it has; before that, nobody waits here. */
void thunk_guest_stream_settle(void *host, uint32_t *settler)
{
    struct stream *stream = stream_take(host);
    uint32_t self = (uint32_t)gettid();
    uint32_t nobody = 0;

    if (stream == NULL) {
        return;
    }
    if (__atomic_compare_exchange_n(settler, &nobody, self, false,
                                    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
        /* Another thread may wait in it for the host. */
        if (ftrylockfile(stream->guest) == 0) {
            if (host_of(stream) != NULL) {
                stream_settle(stream);
            }
            funlockfile(stream->guest);
        }
        nobody = self;
        (void)__atomic_compare_exchange_n(settler, &nobody, 0, false,
                                          __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    }
    stream_leave(stream);
}

/* As natively, where it is the same stream, the program must not use it any
 * more, nor another thread be about to. */
void thunk_guest_stream_gone(void *host)
{
    struct stream *stream = stream_take(host);
    FILE *guest = NULL;

    if (stream != NULL) {
        guest = stream->guest;
        __atomic_store_n(&stream->host, NULL, __ATOMIC_RELAXED);
        stream_leave(stream);
        fclose(guest);
    }
}
