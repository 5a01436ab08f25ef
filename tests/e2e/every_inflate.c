/* SPDX-License-Identifier: MIT
 *
 * Streams that decompress, and inflateBack with its two callbacks.
 */
#include <setjmp.h>

#include "every.h"

static Bytef packed[2 * TEXT_SIZE], back[TEXT_SIZE];

/* Packs the text; a full flush in the middle makes a point for inflateSync. */
static uInt text_pack(int bits, const Bytef *dictionary, uInt size)
{
    z_stream stream = {0};

    CHECK(deflateInit2(&stream, 6, Z_DEFLATED, bits, 8, 0) == Z_OK);
    if (dictionary != NULL) {
        CHECK(deflateSetDictionary(&stream, dictionary, size) == Z_OK);
    }
    stream.next_in = text;
    stream.avail_in = TEXT_SIZE / 2;
    stream.next_out = packed;
    stream.avail_out = sizeof(packed);
    CHECK(deflate(&stream, Z_FULL_FLUSH) == Z_OK);
    stream.avail_in = TEXT_SIZE - TEXT_SIZE / 2;
    CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    CHECK(deflateEnd(&stream) == Z_OK);
    return (uInt)stream.total_out;
}

static void stream_point(z_stream *stream, uInt size)
{
    stream->next_in = packed;
    stream->avail_in = size;
    stream->next_out = back;
    stream->avail_out = sizeof(back);
}

static void init_run(void)
{
    z_stream stream = {0};
    unsigned char window[32768];

    SHOW(inflateInit_(&stream, "0.9", (int)sizeof(stream)));
    SHOW(inflateInit_(&stream, ZLIB_VERSION, 111));
    SHOW(inflateInit_(NULL, ZLIB_VERSION, (int)sizeof(stream)));
    SHOW(inflateInit2_(&stream, 15, NULL, (int)sizeof(stream)));
    SHOW(inflateInit2_(&stream, 99, ZLIB_VERSION, (int)sizeof(stream)));
    SHOW(inflateBackInit_(&stream, 15, window, "0", (int)sizeof(stream)));
    SHOW(inflateBackInit_(&stream, 15, window, ZLIB_VERSION, 0));
    SHOW(
        inflateBackInit_(&stream, 15, NULL, ZLIB_VERSION, (int)sizeof(stream)));
    SHOW(inflateEnd(NULL));
    SHOW(inflate(NULL, 0));
}

static void plain_run(void)
{
    uInt size = text_pack(15, NULL, 0);
    z_stream stream = {0}, copy;
    Bytef dictionary[32768];
    uInt length = 0;

    memset(&copy, 0x5a, sizeof(copy));
    CHECK(inflateInit(&stream) == Z_OK);
    stream_point(&stream, size);
    stream.avail_out = 33333;
    SHOW(inflate(&stream, Z_NO_FLUSH));
    SHOW(inflateMark(&stream));
    SHOW(inflateCodesUsed(&stream));
    SHOW(inflateSyncPoint(&stream));
    SHOW(inflateGetDictionary(&stream, dictionary, &length));
    SHOW_BYTES(dictionary, length);
    SHOW(inflateCopy(&copy, &stream));
    stream.avail_out = copy.avail_out = sizeof(back) - 33333;
    SHOW(inflate(&stream, Z_FINISH));
    CHECK(memcmp(back, text, TEXT_SIZE) == 0);
    memset(back + 33333, 0, sizeof(back) - 33333);
    SHOW(inflate(&copy, Z_FINISH));
    CHECK(memcmp(back, text, TEXT_SIZE) == 0);
    SHOW(stream.adler);
    SHOW(inflateEnd(&copy));

    SHOW(inflateReset(&stream));
    SHOW(inflateUndermine(&stream, 1));
    SHOW(inflateValidate(&stream, 0));
    stream_point(&stream, size);
    packed[size - 1] ^= 1; /* the checksum, which is not looked at */
    SHOW(inflate(&stream, Z_FINISH));
    SHOW(inflateResetKeep(&stream));
    SHOW(inflateValidate(&stream, 1));
    SHOW(inflateReset2(&stream, 15));
    stream_point(&stream, size);
    SHOW(inflate(&stream, Z_FINISH));
    printf("msg: %s\n", stream.msg);
    SHOW(inflateReset2(&stream, 77));
    SHOW(inflateEnd(&stream));
    SHOW(inflateMark(&stream));
    SHOW((int)inflateCodesUsed(&stream));
}

static void damaged_run(void)
{
    uInt size = text_pack(15, NULL, 0);
    z_stream stream = {0};
    int status;

    CHECK(inflateInit(&stream) == Z_OK);
    packed[2] = 0xff; /* no such type of block */
    stream_point(&stream, size);
    SHOW(status = inflate(&stream, Z_FINISH));
    printf("msg: %s\n", stream.msg);
    CHECK(status == Z_DATA_ERROR);
    SHOW(inflateSync(&stream));
    SHOW(stream.total_in);
    SHOW(inflate(&stream, Z_NO_FLUSH));
    SHOW(inflateEnd(&stream));
    SHOW(inflateSync(&stream));
}

static void dictionary_run(void)
{
    uInt size = text_pack(15, text + 100, 3000);
    z_stream stream = {0};

    CHECK(inflateInit(&stream) == Z_OK);
    stream_point(&stream, size);
    SHOW(inflate(&stream, Z_NO_FLUSH));
    SHOW(stream.adler);
    SHOW(inflateSetDictionary(&stream, text, 3000));
    SHOW(inflateSetDictionary(&stream, text + 100, 3000));
    SHOW(inflate(&stream, Z_FINISH));
    CHECK(memcmp(back, text, TEXT_SIZE) == 0);
    SHOW(inflateEnd(&stream));

    /* Raw, its first byte handed over as bits. */
    size = text_pack(-15, NULL, 0);
    CHECK(inflateInit2(&stream, -15) == Z_OK);
    stream_point(&stream, size);
    SHOW(inflatePrime(&stream, 8, packed[0]));
    SHOW(inflatePrime(&stream, 17, 0));
    stream.next_in++;
    stream.avail_in--;
    SHOW(inflate(&stream, Z_FINISH));
    CHECK(memcmp(back, text, TEXT_SIZE) == 0);
    SHOW(inflateEnd(&stream));
}

/* Where inflateBack reads and writes: both ends are the program's. */
struct ends {
    const Bytef *at;
    size_t left, piece, written, reads, writes, fail_after;
    jmp_buf *leave;
};

static unsigned ends_read(void *opaque, z_const unsigned char **bytes)
{
    struct ends *ends = opaque;
    unsigned size =
        (unsigned)(ends->left < ends->piece ? ends->left : ends->piece);

    /* A call inside a call, and a stream of its own inside that. */
    CHECK(crc32(0, (const Bytef *)"123456789", 9) == 0xcbf43926);
    if (ends->reads % 8 == 0) {
        Bytef small[100];
        uLongf small_size = sizeof(small);

        CHECK(compress(small, &small_size, text, 30) == Z_OK);
    }
    ends->reads++;
    if (ends->leave != NULL && ends->reads == 3) {
        longjmp(*ends->leave, 1);
    }
    *bytes = (z_const unsigned char *)ends->at;
    ends->at += size;
    ends->left -= size;
    errno = 3000 + (int)ends->reads;
    return size;
}

static int ends_write(void *opaque, unsigned char *bytes, unsigned size)
{
    struct ends *ends = opaque;

    ends->writes++;
    if (ends->writes == ends->fail_after) {
        return 1;
    }
    CHECK(ends->written + size <= sizeof(back));
    memcpy(back + ends->written, bytes, size);
    ends->written += size;
    return 0;
}

/* Two sorts of input with one stream, so a pointer per call, not per stream. */
static unsigned all_read(void *opaque, z_const unsigned char **bytes)
{
    struct ends *ends = opaque;
    unsigned size = (unsigned)ends->left;

    ends->reads++;
    *bytes = (z_const unsigned char *)ends->at;
    ends->left = 0;
    return size;
}

static void ends_run(const char *name, z_stream *stream, in_func read,
                     struct ends *ends)
{
    int status;

    stream->next_in = NULL;
    status = inflateBack(stream, read, ends, ends_write, ends);
    printf("%s: %d, %zu reads, %zu writes, %zu bytes, errno %d\n", name, status,
           ends->reads, ends->writes, ends->written, errno);
}

void back_run(void)
{
    static unsigned char window[32768];
    uInt size = text_pack(-15, NULL, 0);
    struct ends ends = {packed, size, 777, 0, 0, 0, 0, NULL};
    z_stream stream = {0};
    jmp_buf leave;

    CHECK(inflateBackInit(&stream, 15, window) == Z_OK);
    errno = 0;
    ends_run("in pieces", &stream, ends_read, &ends);
    CHECK(ends.written == TEXT_SIZE && memcmp(back, text, TEXT_SIZE) == 0);

    ends = (struct ends){packed, size, 0, 0, 0, 0, 0, NULL};
    ends_run("at once", &stream, all_read, &ends);
    ends = (struct ends){packed, size, 777, 0, 0, 0, 2, NULL};
    ends_run("no room", &stream, ends_read, &ends);
    ends = (struct ends){packed, size / 2, 777, 0, 0, 0, 0, NULL};
    ends_run("cut off", &stream, ends_read, &ends);

    /* Left by longjmp, again and again, and then used as if nothing was. */
    for (volatile int i = 0; i < 20; i++) {
        ends = (struct ends){packed, size, 777, 0, 0, 0, 0, &leave};
        stream.next_in = NULL;
        if (setjmp(leave) == 0) {
            (void)inflateBack(&stream, ends_read, &ends, ends_write, &ends);
            CHECK(false);
        }
    }
    ends = (struct ends){packed, size, 777, 0, 0, 0, 0, NULL};
    ends_run("after longjmp", &stream, ends_read, &ends);
    CHECK(ends.written == TEXT_SIZE && memcmp(back, text, TEXT_SIZE) == 0);
    SHOW(inflateBackEnd(&stream));
    SHOW(inflateBackEnd(NULL));
}

void inflate_run(void)
{
    init_run();
    plain_run();
    damaged_run();
    dictionary_run();
}
