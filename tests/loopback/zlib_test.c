/* SPDX-License-Identifier: MIT
 * The real thing: the thunk of zlib, both halves in this process. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "check.h"
#include "door.h"

enum { SIZE = 300000 };

static unsigned char *data_new(void)
{
    unsigned char *data = malloc(SIZE);

    CHECK(data != NULL);
    srand(3);
    for (int i = 0; i < SIZE; i++) {
        data[i] = (unsigned char)(i % 7 == 0 ? rand() : i / 100);
    }
    return data;
}

static void one_call(void)
{
    unsigned char *data = data_new();
    uLongf packed_size = compressBound(SIZE);
    uLongf size = SIZE;
    unsigned char *packed = malloc(packed_size);
    unsigned char *unpacked = malloc(SIZE);
    uint64_t before = door_count();

    CHECK(packed != NULL && unpacked != NULL);
    CHECK_SAME(compress2(packed, &packed_size, data, SIZE, 6), Z_OK);
    CHECK_SAME(uncompress(unpacked, &size, packed, packed_size), Z_OK);
    CHECK_SAME(size, SIZE);
    CHECK(memcmp(data, unpacked, SIZE) == 0);
    CHECK_SAME(crc32(0, (const Bytef *)"123456789", 9), 0xcbf43926);
    CHECK(door_count() > before);
    free(data);
    free(packed);
    free(unpacked);
}

static voidpf zone_alloc(voidpf opaque, uInt items, uInt size)
{
    *(int *)opaque += 1;
    return calloc(items, size);
}

static void zone_free(voidpf opaque, voidpf address)
{
    *(int *)opaque -= 1;
    free(address);
}

struct feed {
    const unsigned char *next;
    size_t left;
    unsigned char *out;
    size_t out_size;
};

static unsigned feed_in(void *descriptor, z_const unsigned char **next)
{
    struct feed *feed = descriptor;
    unsigned count = feed->left < 1000 ? (unsigned)feed->left : 1000;

    *next = (z_const unsigned char *)(uintptr_t)feed->next;
    feed->next += count;
    feed->left -= count;
    return count;
}

static int feed_out(void *descriptor, unsigned char *text, unsigned count)
{
    struct feed *feed = descriptor;

    memcpy(feed->out + feed->out_size, text, count);
    feed->out_size += count;
    return 0;
}

/* Streams, with the program's allocator, and inflateBack's two callbacks. */
static void callbacks(void)
{
    static unsigned char window[32768];
    unsigned char *data = data_new();
    unsigned char *packed = malloc(2 * SIZE);
    int live = 0;
    z_stream stream = {
        .zalloc = zone_alloc, .zfree = zone_free, .opaque = &live};
    struct feed feed = {.next = packed, .out = malloc(SIZE)};

    CHECK(packed != NULL && feed.out != NULL);
    CHECK_SAME(deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, 0), Z_OK);
    CHECK(live > 0);
    stream.next_in = data;
    stream.avail_in = SIZE;
    stream.next_out = packed;
    stream.avail_out = 2 * SIZE;
    CHECK_SAME(deflate(&stream, Z_FINISH), Z_STREAM_END);
    feed.left = stream.total_out;
    CHECK_SAME(deflateEnd(&stream), Z_OK);
    CHECK_SAME(live, 0);

    CHECK_SAME(inflateBackInit(&stream, 15, window), Z_OK);
    stream.next_in = NULL;
    stream.avail_in = 0;
    CHECK_SAME(inflateBack(&stream, feed_in, &feed, feed_out, &feed),
               Z_STREAM_END);
    CHECK_SAME(inflateBackEnd(&stream), Z_OK);
    CHECK_SAME(live, 0);
    CHECK_SAME(feed.out_size, SIZE);
    CHECK(memcmp(feed.out, data, SIZE) == 0);
    free(data);
    free(packed);
    free(feed.out);
}

static void formatted_file(void)
{
    char path[] = "/tmp/loopback-XXXXXX";
    char text[100] = "";
    int fd = mkstemp(path);
    gzFile file;

    CHECK(fd >= 0);
    close(fd);
    file = gzopen(path, "wb");
    CHECK(file != NULL);
    CHECK_SAME(gzprintf(file, "%d%% of %s, %.3f%c", 50, "all", 0.5, '\n'), 18);
    CHECK_SAME(gzclose(file), Z_OK);
    file = gzopen(path, "rb");
    unlink(path);
    CHECK(file != NULL);
    CHECK_SAME(gzread(file, text, sizeof(text) - 1), 18);
    CHECK(strcmp(text, "50% of all, 0.500\n") == 0);
    CHECK_SAME(gzclose(file), Z_OK);
}

const struct check_test zlib_tests[] = {
    {"one_call", one_call},
    {"callbacks", callbacks},
    {"formatted_file", formatted_file},
    {NULL, NULL},
};
