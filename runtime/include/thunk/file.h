/* SPDX-License-Identifier: MIT
 *
 * FILE * that cross. Each libc can use only its own streams.
 *
 * Of the guest's streams the host gets one of its own that has the guest's do
 * everything. It does not buffer, and what it has read ahead is given back when
 * the call returns: position, buffer and errors are those of the guest's
 * stream.
 *
 * Of the host's streams, which the library has opened, the guest gets one of
 * its own that has the host's do everything. It buffers, as programs read and
 * write single bytes: what is in it goes to the host's stream before code of
 * the library's goes on (thunk_host_files_take()). The same stream of the
 * host's is always the same one of the guest's, until either side closes it.
 */
#ifndef THUNK_FILE_H
#define THUNK_FILE_H

#include <stdbool.h>
#include <stdio.h>
#include <thunk/frame.h>

/* What one side wants of a stream of the other's. The first are asked for by
 * both. */
enum thunk_file_operation {
    THUNK_FILE_NUMBER = 0, /* result: fileno() */
    THUNK_FILE_READ = 1,   /* what is ready, but a byte at least; result: bytes,
                            * 0 at the end, or -1 */
    THUNK_FILE_WRITE = 2,  /* result: bytes */
    THUNK_FILE_SEEK = 3,   /* offset and whence (size); result and offset */
    THUNK_FILE_UNREAD = 4, /* bytes that are to be read again */
    THUNK_FILE_CLOSE = 5,
    THUNK_FILE_FLUSH = 6, /* result: fflush() */

    /* Of the guest, about the host's stream `buffer`: */
    THUNK_FILE_LEND = 7,   /* makes the guest's stream for it, unless there is
                            * one; size: THUNK_FILE_IS_..., offset: fileno();
                            * `file`: the guest's stream, NULL without memory */
    THUNK_FILE_SETTLE = 8, /* has what is in the guest's go to it; offset: the
                            * address of a uint32_t, which holds the number of
                            * the thread that does so; UNREAD and WRITE have
                            * 1 for their offset then */
    THUNK_FILE_GONE = 9,   /* the library closes it: ends the guest's */
};

/* How the host's stream is. */
enum {
    THUNK_FILE_IS_READ = 1,  /* it can be read */
    THUNK_FILE_IS_WRITE = 2, /* it can be written */
    THUNK_FILE_IS_APPEND = 4,
    THUNK_FILE_IS_UNBUFFERED = 8,
    THUNK_FILE_IS_LINE = 16, /* it writes line by line */
};

struct thunk_file_frame {
    struct thunk_frame head;
    uint64_t operation; /* enum thunk_file_operation */
    void *file;         /* of the side that is asked */
    void *buffer;
    uint64_t size;
    int64_t offset;
    int64_t result;
};

_Static_assert(sizeof(struct thunk_file_frame) == 64, "shared layout");

/* The host looks into the guest's streams for whether there is anything in
 * them, and for their marks: glibc has the same members in the same places on
 * all ISAs. */
_Static_assert(offsetof(FILE, _flags) == 0 &&
                   offsetof(FILE, _IO_read_ptr) == 8 &&
                   offsetof(FILE, _IO_read_end) == 16 &&
                   offsetof(FILE, _IO_write_base) == 32 &&
                   offsetof(FILE, _IO_write_ptr) == 40 &&
                   offsetof(FILE, _IO_save_base) == 72 &&
                   offsetof(FILE, _IO_save_end) == 88,
               "a FILE is the same for guest and host");

/* What feof() and ferror() say, in _flags. */
#define THUNK_FILE_MARKS (_IO_EOF_SEEN | _IO_ERR_SEEN)

/* Has the other side's stream say what this one does, if that is not what they
 * `agreed` on last. Of a stream that a thread uses meanwhile, only these two
 * bits are touched. */
static inline void thunk_file_marks_settle(FILE *to, const FILE *from,
                                           int *agreed)
{
    int marks =
        __atomic_load_n(&from->_flags, __ATOMIC_RELAXED) & THUNK_FILE_MARKS;

    if (marks != *agreed) {
        *agreed = marks;
        __atomic_fetch_and(&to->_flags, ~THUNK_FILE_MARKS | marks,
                           __ATOMIC_RELAXED);
        __atomic_fetch_or(&to->_flags, marks, __ATOMIC_RELAXED);
    }
}

/* In _flags; glibc has no name for it in its headers. What ungetc() has put
 * back is read, and the buffer lies between _IO_save_base and _IO_save_end. */
#define THUNK_FILE_IN_BACKUP 0x100

static inline bool thunk_file_is_backed_up(const FILE *file)
{
    return (__atomic_load_n(&file->_flags, __ATOMIC_RELAXED) &
            THUNK_FILE_IN_BACKUP) != 0;
}

/* How much can be read from it without asking anybody. */
static inline size_t thunk_file_ready(const FILE *file)
{
    size_t ready = (size_t)(file->_IO_read_end - file->_IO_read_ptr);

    if (thunk_file_is_backed_up(file)) {
        ready += (size_t)(file->_IO_save_end - file->_IO_save_base);
    }
    return ready;
}

#endif
