/* SPDX-License-Identifier: MIT
 *
 * Small calls of zlib. Prints what one call of each takes, in nanoseconds: NAME
 * VALUE. usage: bench-small ROUNDS
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

enum { CALLS = 20000, ROUNDS_MAX = 99, TEXT = 65536 };

static unsigned char text[TEXT], packed[2 * TEXT], unpacked[TEXT];
static uLong packed_size = sizeof(packed);
static volatile uLong sink;

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int number_compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

static int run_crc32(uInt size)
{
    for (int i = 0; i < CALLS; i++) {
        sink = crc32(sink, text, size);
    }
    return CALLS;
}

static int run_adler32(uInt size)
{
    for (int i = 0; i < CALLS; i++) {
        sink = adler32(sink, text, size);
    }
    return CALLS;
}

/* `size` bytes to read, and room for as many, at each call. */
static int run_inflate(uInt size)
{
    z_stream stream = {.next_in = packed, .next_out = unpacked};
    int calls = 0, answer = inflateInit(&stream);

    while (answer == Z_OK || answer == Z_BUF_ERROR) {
        if (stream.avail_in == 0 && stream.total_in < packed_size) {
            stream.avail_in = size;
        }
        if (stream.avail_out == 0 && stream.total_out < TEXT) {
            stream.avail_out = size;
        }
        answer = inflate(&stream, Z_NO_FLUSH);
        calls++;
    }
    inflateEnd(&stream);
    if (answer != Z_STREAM_END || memcmp(text, unpacked, TEXT) != 0) {
        fprintf(stderr, "bench-small: inflate gives %d\n", answer);
        exit(1);
    }
    return calls;
}

/* The sizes grow by so little because it is in between that thunks start to
 * pay. */
static const struct {
    const char *name;
    int (*run)(uInt size);
    uInt size;
} kinds[] = {
    {"crc32-1", run_crc32, 1},           {"crc32-16", run_crc32, 16},
    {"crc32-64", run_crc32, 64},         {"crc32-256", run_crc32, 256},
    {"crc32-1024", run_crc32, 1024},     {"adler32-1", run_adler32, 1},
    {"adler32-16", run_adler32, 16},     {"adler32-64", run_adler32, 64},
    {"adler32-256", run_adler32, 256},   {"adler32-1024", run_adler32, 1024},
    {"inflate-1", run_inflate, 1},       {"inflate-16", run_inflate, 16},
    {"inflate-64", run_inflate, 64},     {"inflate-256", run_inflate, 256},
    {"inflate-1024", run_inflate, 1024},
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

int main(int argc, char **argv)
{
    static double times[KINDS][ROUNDS_MAX];
    int rounds = argc > 1 ? atoi(argv[1]) : 0;

    if (rounds < 1 || rounds > ROUNDS_MAX) {
        fputs("usage: bench-small ROUNDS\n", stderr);
        return 2;
    }
    for (unsigned i = 0, state = 1; i < TEXT; i++) {
        state = state * 1664525U + 1013904223U;
        text[i] = (unsigned char)('a' + (state >> 28)); /* halves by deflate */
    }
    if (compress(packed, &packed_size, text, TEXT) != Z_OK) {
        return 1;
    }
    for (int round = -1; round < rounds; round++) { /* -1: to warm up */
        for (int kind = 0; kind < KINDS; kind++) {
            double start = now();
            int calls = kinds[kind].run(kinds[kind].size);

            times[kind][round < 0 ? 0 : round] = (now() - start) / calls;
        }
    }
    for (int kind = 0; kind < KINDS; kind++) {
        qsort(times[kind], (size_t)rounds, sizeof(double), number_compare);
        printf("%s %.2f\n", kinds[kind].name, times[kind][rounds / 2]);
    }
    return 0;
}
