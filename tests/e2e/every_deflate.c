/* SPDX-License-Identifier: MIT
 *
 * Streams that compress, with allocators of three kinds.
 */
#include "every.h"

/* An allocator that keeps books, calls zlib itself and spoils errno. */
struct books {
    long taken, given;
};

static voidpf books_take(voidpf opaque, uInt items, uInt size)
{
    struct books *books = opaque;

    CHECK(crc32(0, (const Bytef *)"123456789", 9) == 0xcbf43926);
    books->taken++;
    errno = 1000 + (int)books->taken;
    return calloc(items, size);
}

static void books_give(voidpf opaque, voidpf address)
{
    struct books *books = opaque;

    books->given++;
    free(address);
    errno = 2000 + (int)books->given;
}

/* One that has nothing. */
static voidpf none_take(voidpf opaque, uInt items, uInt size)
{
    (void)opaque, (void)items, (void)size;
    return Z_NULL;
}

static void none_give(voidpf opaque, voidpf address)
{
    (void)opaque, (void)address;
    CHECK(false);
}

static Bytef packed[2 * TEXT_SIZE], back[TEXT_SIZE];

/* Compresses what is left of the text in pieces; returns the bytes in all. */
static size_t stream_finish(z_stream *stream)
{
    int status;

    do {
        stream->avail_out = 1000;
        status = deflate(stream, Z_FINISH);
        CHECK(status == Z_OK || status == Z_STREAM_END);
    } while (status != Z_STREAM_END);
    return stream->total_out;
}

static void stream_point(z_stream *stream)
{
    stream->next_in = text;
    stream->avail_in = TEXT_SIZE;
    stream->next_out = packed;
    stream->avail_out = sizeof(packed);
}

static void init_run(void)
{
    z_stream stream = {0};
    struct books books = {0, 0};

    SHOW(deflateInit_(&stream, 6, "0.9", (int)sizeof(stream)));
    SHOW(deflateInit_(&stream, 6, ZLIB_VERSION, 3));
    SHOW(deflateInit_(&stream, 6, NULL, (int)sizeof(stream)));
    SHOW(deflateInit_(NULL, 6, ZLIB_VERSION, (int)sizeof(stream)));
    SHOW(deflateInit(&stream, 99));
    SHOW(deflateInit2_(&stream, 6, Z_DEFLATED, 15, 8, 0, "2.0", 112));
    SHOW(deflateInit2_(&stream, 6, Z_DEFLATED, 15, 8, 0, ZLIB_VERSION, -1));
    SHOW(deflateInit2(&stream, 6, 7, 15, 8, 0));
    SHOW(deflateInit2(&stream, 6, Z_DEFLATED, 7, 8, 0));
    SHOW(deflateInit2(&stream, 6, Z_DEFLATED, 15, 10, 0));
    SHOW(deflateEnd(NULL));

    /* NULL: zlib enters its own allocator into the struct. */
    CHECK(deflateInit(&stream, 6) == Z_OK);
    CHECK(stream.zalloc != NULL && stream.zfree != NULL);
    stream_point(&stream);
    SHOW(stream_finish(&stream));
    SHOW_BYTES(packed, stream.total_out);
    SHOW(deflateEnd(&stream));
    SHOW(deflateEnd(&stream));

    stream =
        (z_stream){.zalloc = books_take, .zfree = books_give, .opaque = &books};
    errno = 7;
    CHECK(deflateInit(&stream, 6) == Z_OK);
    SHOW(errno);
    stream_point(&stream);
    SHOW(stream_finish(&stream));
    SHOW(books.taken);
    SHOW(deflateEnd(&stream));
    SHOW(errno);
    CHECK(books.taken == books.given);

    stream = (z_stream){.zalloc = none_take, .zfree = none_give};
    SHOW(deflateInit(&stream, 6));
    printf("msg: %s\n", stream.msg != NULL ? stream.msg : "none");
}

/* Nothing is entered in the place of what the program has set. */
static void allocator_kept_run(void)
{
    struct books books = {0, 0};
    z_stream stream = {
        .zalloc = books_take, .zfree = books_give, .opaque = &books};

    CHECK(deflateInit(&stream, 6) == Z_OK);
    CHECK(stream.zalloc == books_take && stream.zfree == books_give);
    CHECK(stream.opaque == &books);
    CHECK(deflateEnd(&stream) == Z_OK);
    CHECK(stream.zalloc == books_take && stream.zfree == books_give);
}

static void tune_run(void)
{
    z_stream stream = {0};
    unsigned pending = 99;
    int bits = 99;

    CHECK(deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_FILTERED) == Z_OK);
    SHOW(deflateBound(&stream, TEXT_SIZE));
    SHOW(deflateBound(NULL, TEXT_SIZE));
    SHOW(deflateTune(&stream, 8, 16, 32, 64));
    SHOW(deflatePrime(&stream, 3, 5));
    stream_point(&stream);
    stream.avail_in = TEXT_SIZE / 2;
    SHOW(deflate(&stream, Z_BLOCK));
    SHOW(deflatePending(&stream, &pending, &bits));
    SHOW(pending);
    SHOW(bits);
    SHOW(deflatePending(&stream, NULL, NULL));
    SHOW(deflateParams(&stream, 1, Z_HUFFMAN_ONLY));
    SHOW(deflateParams(&stream, 20, 0));
    stream.avail_in = TEXT_SIZE / 2;
    SHOW(stream_finish(&stream));
    SHOW_BYTES(packed, stream.total_out);
    SHOW(deflateReset(&stream));
    stream_point(&stream);
    SHOW(stream_finish(&stream));
    SHOW_BYTES(packed, stream.total_out);
    SHOW(deflateResetKeep(&stream));
    SHOW(deflate(&stream, 99));
    SHOW(deflateEnd(&stream));
    SHOW(deflate(&stream, Z_FINISH));
}

static void copy_run(void)
{
    struct books books = {0, 0};
    z_stream stream = {
        .zalloc = books_take, .zfree = books_give, .opaque = &books};
    z_stream copy;
    Bytef dictionary[32768];
    uInt length = 0;
    size_t size;

    /* deflateCopy overwrites whatever is in the target. */
    memset(&copy, 0xa5, sizeof(copy));
    CHECK(deflateInit(&stream, 6) == Z_OK);
    SHOW(deflateSetDictionary(&stream, text + 500, 2000));
    SHOW(stream.adler);
    SHOW(deflateGetDictionary(&stream, dictionary, &length));
    SHOW_BYTES(dictionary, length);
    SHOW(deflateGetDictionary(&stream, NULL, NULL));
    stream_point(&stream);
    stream.avail_in = 40000;
    SHOW(deflate(&stream, Z_SYNC_FLUSH));
    SHOW(deflateCopy(&copy, &stream));
    stream.avail_in = copy.avail_in = TEXT_SIZE - 40000;
    size = stream_finish(&stream);
    SHOW_BYTES(packed, size);
    memset(packed + 40000, 0, sizeof(packed) - 40000);
    CHECK(stream_finish(&copy) == size);
    SHOW_BYTES(packed, size);
    SHOW(deflateEnd(&stream));
    SHOW(deflateEnd(&copy));
    CHECK(books.taken == books.given);
    SHOW(deflateCopy(&copy, NULL));
}

static void header_run(void)
{
    static Bytef extra[] = "extra", name[] = "a name", comment[] = "comment";
    gz_header header = {.text = 1,
                        .time = 1234567890,
                        .os = 3,
                        .extra = extra,
                        .extra_len = sizeof(extra),
                        .name = name,
                        .comment = comment,
                        .hcrc = 1};
    Bytef got_extra[20], got_name[20], got_comment[20];
    gz_header got = {.extra = got_extra,
                     .extra_max = sizeof(got_extra),
                     .name = got_name,
                     .name_max = sizeof(got_name),
                     .comment = got_comment,
                     .comm_max = sizeof(got_comment)};
    z_stream stream = {0};

    CHECK(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, 0) == Z_OK);
    SHOW(deflateSetHeader(&stream, &header));
    stream_point(&stream);
    SHOW(stream_finish(&stream));
    SHOW_BYTES(packed, stream.total_out);
    stream.next_in = packed;
    stream.avail_in = (uInt)stream.total_out;
    CHECK(deflateEnd(&stream) == Z_OK);

    CHECK(inflateInit2(&stream, 15 + 32) == Z_OK);
    SHOW(inflateGetHeader(&stream, &got));
    stream.next_out = back;
    stream.avail_out = sizeof(back);
    SHOW(inflate(&stream, Z_FINISH));
    CHECK(memcmp(back, text, TEXT_SIZE) == 0);
    SHOW(got.done);
    SHOW(got.time);
    SHOW(got.extra_len);
    printf("%s, %s, %s\n", got_extra, got_name, got_comment);
    SHOW(inflateEnd(&stream));
}

void deflate_run(void)
{
    init_run();
    allocator_kept_run();
    tune_run();
    copy_run();
    header_run();
}
