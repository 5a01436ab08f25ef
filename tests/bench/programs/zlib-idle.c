/* SPDX-License-Identifier: MIT
 * A libz that compresses nothing: deflate takes what it is given and says that
 * it has made five eighths of it, about what minizip's table has it make. What
 * minizip takes with it is its own, and no thunk can take it away. */
#include <zlib.h>

static uLong owed; /* bytes not handed out yet; there is one stream */

int deflateInit2_(z_streamp stream, int level, int method, int bits, int memory,
                  int strategy, const char *version, int size)
{
    (void)level, (void)method, (void)bits, (void)memory, (void)strategy;
    (void)version, (void)size;
    stream->total_in = stream->total_out = owed = 0;
    return Z_OK;
}

int deflate(z_streamp stream, int flush)
{
    const uInt taken = stream->avail_in;
    uInt given;

    owed += (uLong)taken * 5 / 8;
    given = owed < stream->avail_out ? (uInt)owed : stream->avail_out;
    owed -= given;
    stream->next_in += taken;
    stream->avail_in = 0;
    stream->total_in += taken;
    stream->next_out += given;
    stream->avail_out -= given;
    stream->total_out += given;
    return flush == Z_FINISH && owed == 0 ? Z_STREAM_END : Z_OK;
}

int deflateEnd(z_streamp stream)
{
    (void)stream;
    return Z_OK;
}

uLong crc32(uLong crc, const Bytef *data, uInt size)
{
    (void)data, (void)size;
    return crc;
}
