/* SPDX-License-Identifier: MIT
 *
 * Streams of the host's that the guest has one for: what a library opens and
 * gives to the program; see thunk/file.h and guest/stream.c. The program's use
 * of its own comes here as calls of one entry, about a stream that this list
 * has: one that the library has closed is refused.
 *
 * Both have a buffer. The host's is empty, or can be read back into, whenever
 * the program goes on, and the guest's whenever the library does. Position and
 * marks are those of the side that goes on.
 */
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <thunk/file.h>
#include <unistd.h>

#include "../common/stream.h"
#include "imports.h"
#include "observe.h"

struct lent {
    FILE *host;                         /* NULL: it is closed */
    FILE *guest;                        /* as long as it is here it is there */
    struct thunk_host_library *library; /* whose GTL is asked */
    uint32_t index;
    int marks;      /* those on which both agreed last */
    unsigned users; /* threads that work with it without the lock */

    /* The thread that has taken from the guest's what the host's does not have
     * yet; 0: none. */
    uint32_t settler;
    struct lent *next;
};

uint32_t thunk_host_streams_lent; /* such streams */

static struct lent *list; /* thunk_host_lock() */

static void call_entry(struct thunk_frame *head, thunk_function real);

/* The entry as one function of a library. */
static struct thunk_host_library library;
static const struct thunk_table table = {
    .soname = "streams",
    .count = 1,
    .library = &library,
};
static const struct thunk_host_function function = {
    .name = "host_stream",
    .entry = call_entry,
    .trace = "host_stream(operation=%lu, file=%p, buffer=%p, size=%lu, "
             "offset=%ld) = %ld",
};
static struct thunk_host_entry entry;
static struct thunk_host_library library = {
    .table = &table,
    .functions = &function,
    .symbol_count = 1,
    .entry_count = 1,
    .entries = &entry,
};

void thunk_host_streams_start(struct thunk_attachment *attachment)
{
    thunk_host_lock();
    if (entry.code == NULL) {
        thunk_host_entry_set(&entry, &library, 0, NULL);
    }
    thunk_host_unlock();
    if (thunk_observe_is_wanted() && !thunk_observe_library(&library)) {
        return; /* no memory: programs get none then */
    }
    attachment->stream_entry = &entry;
}

/* What the list is asked for; the rest is for its own entry alone. */
static void lent_copy(struct lent *to, const struct lent *from)
{
    to->host = from->host;
    to->guest = from->guest;
    to->library = from->library;
    to->index = from->index;
}

/* With the lock held. */
static struct lent *lent_find(const FILE *host)
{
    struct lent *lent = list;

    while (lent != NULL && lent->host != host) {
        lent = lent->next;
    }
    return lent;
}

static FILE *lent_guest(const FILE *host)
{
    const struct lent *lent;
    FILE *guest;

    thunk_host_lock();
    lent = lent_find(host);
    guest = lent == NULL ? NULL : lent->guest;
    thunk_host_unlock();
    return guest;
}

static void ask(const struct lent *lent, struct thunk_file_frame *frame)
{
    const struct thunk_host_target target = {
        .library = lent->library,
        .index = lent->index,
    };

    frame->buffer = lent->host;
    thunk_host_callback(&target, &frame->head);
}

/* How the guest's is to be. Keeps errno. */
static uint64_t how_of(FILE *host, int number)
{
    int saved = errno;
    int flags = number < 0 ? -1 : fcntl(number, F_GETFL);
    uint64_t how = 0;

    how |= __freadable(host) ? THUNK_FILE_IS_READ : 0;
    how |= __fwritable(host) ? THUNK_FILE_IS_WRITE : 0;
    how |= flags >= 0 && (flags & O_APPEND) != 0 ? THUNK_FILE_IS_APPEND : 0;
    if (__fbufsize(host) == 1) {
        how |= THUNK_FILE_IS_UNBUFFERED;
    } else if (__flbf(host) ||
               (__fbufsize(host) == 0 && number >= 0 && isatty(number))) {
        how |= THUNK_FILE_IS_LINE;
    }
    errno = saved;
    return how;
}

/* A place in the list that is not in use; with the lock held. */
static struct lent *lent_unused(void)
{
    struct lent *lent = list;

    while (lent != NULL &&
           (lent->host != NULL ||
            __atomic_load_n(&lent->users, __ATOMIC_ACQUIRE) != 0 ||
            __atomic_load_n(&lent->settler, __ATOMIC_ACQUIRE) != 0)) {
        lent = lent->next;
    }
    if (lent == NULL) {
        lent = calloc(1, sizeof(*lent));
        if (lent != NULL) {
            lent->next = list;
            list = lent;
        }
    }
    return lent;
}

/* Other threads may look at what is no part of the stream meanwhile. */
static bool lent_add(const struct lent *made)
{
    struct lent *lent;

    thunk_host_lock();
    lent = lent_find(made->host);
    if (lent == NULL) {
        lent = lent_unused();
        if (lent != NULL) {
            lent->guest = made->guest;
            lent->library = made->library;
            lent->index = made->index;
            lent->marks = -1; /* the library may have read to its end */
            thunk_file_marks_settle(lent->guest, made->host, &lent->marks);
            __atomic_store_n(&lent->host, made->host, __ATOMIC_RELAXED);
            __atomic_fetch_add(&thunk_host_streams_lent, 1, __ATOMIC_RELAXED);
        }
    }
    thunk_host_unlock();
    return lent != NULL;
}

FILE *thunk_host_stream_lend(struct thunk_host_library *of, uint32_t index,
                             FILE *host)
{
    struct lent made = {.library = of, .index = index, .host = host};
    struct thunk_file_frame frame = {.operation = THUNK_FILE_LEND};
    int saved = errno;

    made.guest = lent_guest(host);
    if (made.guest != NULL) {
        return made.guest;
    }
    frame.offset = fileno(host);
    errno = saved;
    frame.size = how_of(host, (int)frame.offset);
    ask(&made, &frame);
    made.guest = frame.file;
    if (made.guest == NULL || !lent_add(&made)) {
        thunk_log(THUNK_LOG_ERROR, "%s: no memory for a stream",
                  of->table->soname);
        return NULL;
    }
    return made.guest;
}

FILE *thunk_host_stream_own(const FILE *guest)
{
    const struct lent *lent;
    FILE *host;

    thunk_host_lock();
    lent = list;
    while (lent != NULL && (lent->host == NULL || lent->guest != guest)) {
        lent = lent->next;
    }
    host = lent == NULL ? NULL : lent->host;
    thunk_host_unlock();
    return host;
}

/* ---- control crosses ---- */

static bool guest_holds(FILE *guest)
{
    return guest->_IO_write_ptr > guest->_IO_write_base ||
           thunk_file_ready(guest) > 0 ||
           (__fwriting(guest) && __freadable(guest));
}

/* The next one behind `last`, or the first, in which there is something. The
 * guest's is looked at with the lock, without which it is not closed. */
static struct lent *holding_next(const struct lent *last, struct lent *copy)
{
    struct lent *lent;

    thunk_host_lock();
    lent = last == NULL ? list : last->next;
    while (lent != NULL && (lent->host == NULL || !guest_holds(lent->guest))) {
        lent = lent->next;
    }
    if (lent != NULL) {
        lent_copy(copy, lent);
    }
    thunk_host_unlock();
    return lent;
}

/* A thread that is gone, or has stayed in the parent of this process, does no
 * more. */
static bool thread_is_there(uint32_t number)
{
    return syscall(SYS_tgkill, getpid(), (pid_t)number, 0) == 0;
}

/* Other threads' calls settle all streams as well. Where one is about to, it is
 * between two crossings, and waits for nobody. If it is this thread itself, a
 * signal's handler has made this call. */
static void settlers_await(void)
{
    const struct lent *lent;
    uint32_t settler;

    thunk_host_lock();
    lent = list;
    thunk_host_unlock();
    for (; lent != NULL; lent = lent->next) {
        while ((settler = __atomic_load_n(&lent->settler, __ATOMIC_SEQ_CST)) !=
                   0 &&
               settler != (uint32_t)gettid() && thread_is_there(settler)) {
            sched_yield();
        }
    }
}

void thunk_host_streams_take(void)
{
    struct lent copy;
    struct lent *lent = NULL;
    int saved = thunk_host_error_get();

    while ((lent = holding_next(lent, &copy)) != NULL) {
        struct thunk_file_frame frame = {
            .operation = THUNK_FILE_SETTLE,
            .offset = (int64_t)(uintptr_t)&lent->settler,
        };

        ask(&copy, &frame);
    }
    settlers_await();
    thunk_host_lock();
    for (lent = list; lent != NULL; lent = lent->next) {
        if (lent->host != NULL) {
            thunk_file_marks_settle(lent->host, lent->guest, &lent->marks);
        }
    }
    thunk_host_unlock();
    thunk_host_error_set(saved);
}

/* The next one behind `last`, or the first, that has something to be written;
 * until pending_leave() it is not closed. */
static struct lent *pending_next(const struct lent *last)
{
    struct lent *lent;

    thunk_host_lock();
    lent = last == NULL ? list : last->next;
    while (lent != NULL &&
           (lent->host == NULL || __fpending(lent->host) == 0)) {
        lent = lent->next;
    }
    if (lent != NULL) {
        __atomic_fetch_add(&lent->users, 1, __ATOMIC_RELAXED);
    }
    thunk_host_unlock();
    return lent;
}

static void pending_leave(struct lent *lent)
{
    __atomic_fetch_sub(&lent->users, 1, __ATOMIC_RELEASE);
}

/* What the library has written would stay there, where the program's fflush()
 * does not get at it. A stream that another thread has locked is left to that.
 */
void thunk_host_streams_give(void)
{
    struct lent *lent = NULL;
    int saved = thunk_host_error_get();

    while ((lent = pending_next(lent)) != NULL) {
        FILE *host = __atomic_load_n(&lent->host, __ATOMIC_RELAXED);

        if (host != NULL && ftrylockfile(host) == 0) {
            (void)fflush_unlocked(host);
            funlockfile(host);
        }
        pending_leave(lent);
    }
    thunk_host_lock();
    for (lent = list; lent != NULL; lent = lent->next) {
        if (lent->host != NULL) {
            thunk_file_marks_settle(lent->guest, lent->host, &lent->marks);
        }
    }
    thunk_host_unlock();
    thunk_host_error_set(saved);
}

/* ---- the program uses its stream ---- */

/* It is about to be closed. False: it is none of these, or closed already. */
static bool lent_remove(const FILE *host, struct lent *removed)
{
    struct lent *lent;

    thunk_host_lock();
    lent = host == NULL ? NULL : lent_find(host);
    if (lent != NULL) {
        lent_copy(removed, lent);
        __atomic_store_n(&lent->host, NULL, __ATOMIC_RELAXED);
        __atomic_fetch_sub(&thunk_host_streams_lent, 1, __ATOMIC_RELAXED);
    }
    thunk_host_unlock();
    while (lent != NULL &&
           __atomic_load_n(&lent->users, __ATOMIC_ACQUIRE) != 0) {
        sched_yield();
    }
    return lent != NULL;
}

/* A stream that has been at the end is read once more if the program reads on:
 * the marks of its own count. */
static int64_t host_read(FILE *host, void *to, size_t size)
{
    clearerr(host);
    return stream_read_ready(host, to, size);
}

/* From here on who wants the host's stream waits for its lock. */
static void settled(const FILE *host)
{
    struct lent *lent;

    thunk_host_lock();
    lent = lent_find(host);
    if (lent != NULL) {
        __atomic_store_n(&lent->settler, 0, __ATOMIC_SEQ_CST);
    }
    thunk_host_unlock();
}

/* The program's fflush() is to reach the file. */
static int64_t host_write(FILE *host, const void *from, size_t size,
                          bool is_settling)
{
    size_t written;
    bool is_good;

    flockfile(host);
    if (is_settling) {
        settled(host);
    }
    written = fwrite_unlocked(from, 1, size, host);
    is_good = fflush_unlocked(host) == 0;
    funlockfile(host);
    return is_good ? (int64_t)written : 0;
}

/* What the program does to the marks is taken over from its own stream. */
static void marks_restore(FILE *host)
{
    struct lent *lent;
    int marks = -1;

    thunk_host_lock();
    lent = lent_find(host);
    if (lent != NULL) {
        const FILE agreed = {._flags = lent->marks};

        thunk_file_marks_settle(host, &agreed, &marks);
    }
    thunk_host_unlock();
}

static void operate(struct thunk_file_frame *frame)
{
    FILE *host = frame->file;
    struct lent removed;
    bool is_there;

    frame->result = -1;
    if (frame->operation == THUNK_FILE_CLOSE) {
        is_there = lent_remove(host, &removed);
    } else {
        is_there = host != NULL && lent_guest(host) != NULL;
    }
    if (!is_there) {
        errno = EBADF;
        return;
    }
    if (frame->operation == THUNK_FILE_CLOSE) {
        frame->result = thunk_host_pipe_close(host);
        return;
    }
    switch (frame->operation) {
    case THUNK_FILE_READ:
        frame->result = host_read(host, frame->buffer, frame->size);
        break;
    case THUNK_FILE_WRITE:
        frame->result =
            host_write(host, frame->buffer, frame->size, frame->offset != 0);
        break;
    case THUNK_FILE_SEEK:
        frame->result = stream_seek_to(host, &frame->offset, (int)frame->size);
        break;
    case THUNK_FILE_UNREAD:
        stream_unread(host, frame->buffer, frame->size);
        if (frame->offset != 0) {
            settled(host);
        }
        frame->result = 0;
        break;
    default:
        errno = EINVAL;
        break;
    }
    marks_restore(host);
}

static void call_entry(struct thunk_frame *head, thunk_function real)
{
    (void)real;
    operate((struct thunk_file_frame *)(void *)head);
}

/* ---- the library closes it ---- */

int thunk_host_stream_close(FILE *host)
{
    struct thunk_file_frame frame = {.operation = THUNK_FILE_GONE};
    struct lent removed;

    if (__atomic_load_n(&thunk_host_streams_lent, __ATOMIC_RELAXED) != 0 &&
        lent_remove(host, &removed)) {
        ask(&removed, &frame);
    }
    return thunk_host_pipe_close(host);
}

void thunk_host_streams_settle_library(const struct thunk_host_library *of)
{
    static const struct thunk_import calls[] = {
        {"fclose", (thunk_function)thunk_host_stream_close},
        {"pclose", (thunk_function)thunk_host_stream_close},
    };

    thunk_host_imports_set(of->handle, calls, 2);
}
