/* SPDX-License-Identifier: MIT
 *
 * Checksums, the simple functions, and main().
 */
#include "every.h"

unsigned char text[TEXT_SIZE];

/* FNV-1a: nothing that a thunk could get wrong. */
unsigned long sum(const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    unsigned value = 2166136261u;

    for (size_t i = 0; i < size; i++) {
        value = (value ^ at[i]) * 16777619u;
    }
    return value;
}

static void text_fill(void)
{
    unsigned state = 1;

    for (size_t i = 0; i < TEXT_SIZE; i++) {
        state = state * 1103515245u + 12345u;
        text[i] = (unsigned char)("etaoin shrdlu\n.,"[state >> 28]);
    }
}

static void crc_run(void)
{
    const z_crc_t *table = get_crc_table();
    z_crc_t by_table = 0xffffffff;
    uLong first, second, both, op;

    for (size_t i = 0; i < TEXT_SIZE; i++) {
        by_table = table[(by_table ^ text[i]) & 255] ^ (by_table >> 8);
    }
    both = crc32(crc32(0, Z_NULL, 0), text, TEXT_SIZE);
    CHECK(both == (by_table ^ 0xffffffff));
    CHECK(crc32(0, (const Bytef *)"123456789", 9) == 0xcbf43926);
    CHECK(crc32_z(0, text, TEXT_SIZE) == both);
    first = crc32(0, text, 1234);
    second = crc32(0, text + 1234, TEXT_SIZE - 1234);
    CHECK(crc32_combine(first, second, TEXT_SIZE - 1234) == both);
    CHECK(crc32_combine64(first, second, TEXT_SIZE - 1234) == both);
    op = crc32_combine_gen(TEXT_SIZE - 1234);
    CHECK(crc32_combine_op(first, second, op) == both);
    CHECK(crc32_combine_gen64(TEXT_SIZE - 1234) == op);
    SHOW(both);
    SHOW(op);
    /* Beyond 32 bits: the length must not be cut. */
    SHOW(crc32_combine(first, second, 0x123456789abL));
    SHOW(crc32_combine64(first, second, 0x123456789abL));
    SHOW(crc32_combine_gen64(0x123456789abL));
}

static void adler_run(void)
{
    uLong both = adler32(adler32(0, Z_NULL, 0), text, TEXT_SIZE);
    uLong first = adler32(1, text, 777);
    uLong second = adler32_z(1, text + 777, TEXT_SIZE - 777);

    CHECK(adler32(1, (const Bytef *)"Wikipedia", 9) == 0x11e60398);
    CHECK(adler32_combine(first, second, TEXT_SIZE - 777) == both);
    CHECK(adler32_combine64(first, second, TEXT_SIZE - 777) == both);
    CHECK(adler32_combine(first, second, -1) == 0xffffffff);
    SHOW(both);
    SHOW(adler32_combine64(first, second, 0x123456789abL));
}

static void simple_run(void)
{
    static Bytef packed[2 * TEXT_SIZE], back[TEXT_SIZE];
    uLongf size = sizeof(packed), back_size = sizeof(back);
    uLong source = sizeof(packed);

    SHOW(compressBound(TEXT_SIZE));
    SHOW(compressBound(0x123456789abUL));
    SHOW(compress(packed, &size, text, TEXT_SIZE));
    SHOW_BYTES(packed, size);
    SHOW(uncompress(back, &back_size, packed, size));
    CHECK(back_size == TEXT_SIZE && memcmp(back, text, TEXT_SIZE) == 0);
    for (int level = -1; level <= 10; level++) {
        size = sizeof(packed);
        SHOW(compress2(packed, &size, text, TEXT_SIZE, level));
        SHOW_BYTES(packed, level <= 9 ? size : 0);
    }
    size = 10;
    SHOW(compress(packed, &size, text, TEXT_SIZE));
    SHOW(size);
    back_size = sizeof(back);
    size = sizeof(packed);
    CHECK(compress(packed, &size, text, TEXT_SIZE) == Z_OK);
    memset(packed + size, 'x', 100);
    SHOW(uncompress2(back, &back_size, packed, &source));
    CHECK(source == size && back_size == TEXT_SIZE);
    back_size = 50;
    SHOW(uncompress(back, &back_size, packed, size));
    packed[20] ^= 255;
    back_size = sizeof(back);
    SHOW(uncompress(back, &back_size, packed, size));
}

static void facts_run(void)
{
    printf("%s\n", zlibVersion());
    SHOW(zlibCompileFlags());
    for (int error = Z_VERSION_ERROR; error <= Z_NEED_DICT; error++) {
        printf("%d: '%s'\n", error, zError(error));
    }
    /* What no function sets stays as it is. */
    errno = 4711;
    (void)zlibVersion();
    (void)crc32(0, text, 10);
    CHECK(errno == 4711);
}

void sums_run(void)
{
    facts_run();
    crc_run();
    adler_run();
    simple_run();
}

int main(void)
{
    text_fill();
    sums_run();
    deflate_run();
    inflate_run();
    back_run();
    files_run();
    formats_run();
    puts("every: done");
    return 0;
}
