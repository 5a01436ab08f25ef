/* SPDX-License-Identifier: MIT
 *
 * What either side does with a stream of its own when the other asks for it:
 * see thunk/file.h. Neither waits for more than a byte, and what is given back
 * is read again.
 */
#ifndef COMMON_STREAM_H
#define COMMON_STREAM_H

#include <stdint.h>
#include <stdio.h>

/* One byte, for which the stream may have to wait, and what it has then. -1 for
 * an error, 0 at the end. */
static inline int64_t stream_read_ready(FILE *stream, unsigned char *to,
                                        size_t size)
{
    int first = size == 0 ? EOF : getc(stream);
    size_t ready;

    if (first == EOF) {
        return ferror(stream) ? -1 : 0;
    }
    to[0] = (unsigned char)first;
    ready = (size_t)(stream->_IO_read_end - stream->_IO_read_ptr);
    return 1 +
           (int64_t)fread(to + 1, 1, ready < size ? ready : size - 1, stream);
}

/* Gives where the stream is then, too: that is all that ftell() wants, by way
 * of SEEK_CUR, and what ungetc() has put back stays. */
static inline int64_t stream_seek_to(FILE *stream, int64_t *offset, int whence)
{
    if ((*offset != 0 || whence != SEEK_CUR) &&
        fseeko(stream, (off_t)*offset, whence) != 0) {
        return -1;
    }
    *offset = (int64_t)ftello(stream);
    return *offset < 0 ? -1 : 0;
}

/* Of a stream that stands for another and is empty: has it forget what was done
 * with it last. stdio wants a stream to be positioned between writing and
 * reading, but that may have been done on the other side, and glibc's ungetc()
 * and fwrite() spoil the heap then. What moves the stream has to do nothing. */
static inline void stream_forget(FILE *stream)
{
    int marks = __atomic_load_n(&stream->_flags, __ATOMIC_RELAXED) &
                (_IO_EOF_SEEN | _IO_ERR_SEEN);

    (void)fseeko(stream, 0, SEEK_CUR);
    __atomic_fetch_or(&stream->_flags, marks, __ATOMIC_RELAXED);
}

/* Takes as many bytes as thunk_file_ready() has said that there are, at most:
 * the stream is not asked for more. One by one, since glibc's fread() drops
 * what was put back into a stream that has not been read yet. */
static inline size_t stream_take_ready(FILE *stream, char *to, size_t size)
{
    size_t taken = 0;
    int byte;

    while (taken < size && (byte = getc(stream)) != EOF) {
        to[taken++] = (char)byte;
    }
    return taken;
}

/* They lie in the stream's buffer, so this only moves a pointer there. */
static inline void stream_unread(FILE *stream, const unsigned char *bytes,
                                 size_t size)
{
    while (size > 0) {
        ungetc(bytes[--size], stream);
    }
}

#endif
