/* SPDX-License-Identifier: MIT
 *
 * gzprintf and gzvprintf: each format is printed by snprintf too, and what a
 * file then holds is compared.
 */
#include <stdarg.h>
#include <wchar.h>

#include "every.h"

static char back[TEXT_SIZE + 1];

static void file_show(const char *path)
{
    gzFile file = gzopen(path, "rb");
    int size = gzread(file, back, TEXT_SIZE);

    CHECK(size >= 0 && gzclose(file) == Z_OK);
    SHOW_BYTES(back, size);
}

__attribute__((format(printf, 2, 3))) static int vprint(gzFile file,
                                                        const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = gzvprintf(file, format, arguments);
    va_end(arguments);
    return length;
}

/* Prints with snprintf and with both of gz, and compares. */
#define FORMAT(...)                                                            \
    do {                                                                       \
        char line_[20000];                                                     \
        int length_ = snprintf(line_, sizeof(line_), __VA_ARGS__);             \
                                                                               \
        CHECK(gzprintf(file, __VA_ARGS__) == length_);                         \
        CHECK(vprint(file, __VA_ARGS__) == length_);                           \
        memcpy(expected + used, line_, (size_t)length_);                       \
        memcpy(expected + used + length_, line_, (size_t)length_);             \
        used += 2 * (size_t)length_;                                           \
    } while (0)

/* Standard C has no "%1$d", and no compiler likes an unused "%n". */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat"
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wformat-zero-length"

static size_t formats_write(gzFile file, char *expected)
{
    static char longer[8000];
    size_t used = 0;
    int places[2] = {0, 0};
    long long_place = 0;
    signed char char_place = 0;

    memset(longer, 'L', sizeof(longer) - 1);
    FORMAT("plain\n");
    FORMAT("%s %d %u %x %o %i\n", "text", -1, 2u, 3u, 4u, 5);
    FORMAT("%ld %lu %lld %zu %hd %hhd %jd %td\n", -1234567890123L, ~0UL,
           -1234567890123LL, (size_t)7, 70000, 257, (intmax_t)-1,
           (ptrdiff_t)-2);
    FORMAT("%f %e %g %a\n", 3.14159, -1e300, 1e-10, 0.1);
    FORMAT("%Lf %Le %Lg\n", 1.0L / 3, -1e4000L, 1e-4000L);
    FORMAT("%f %d %f %d %f %d %f %f %f %f %f %f %f\n", 1., 2, 3., 4, 5., 6, 7.,
           8., 9., 10., 11., 12., 13.);
    FORMAT("%d %d %d %d %d %d %d %d %s\n", 1, 2, 3, 4, 5, 6, 7, 8, "nine");
    FORMAT("zero>%c<zero %c%c\n", 0, 'a', 0);
    FORMAT("%c", 0);
    FORMAT("100%% %%s %%%d%%\n", 5);
    FORMAT("%3$s %1$d %2$s %1$d\n", 1, "two", "three");
    FORMAT("%2$*1$d|%4$.*3$f\n", 8, 42, 3, 2.718281828);
    FORMAT("%*d|%-*d|%.*s|%+d|% d|%#x|%08.3f\n", 6, 1, 6, 2, 3, "abcdef", 3, 4,
           255u, 2.5);
    FORMAT("%n12%%45%n\n", &places[0], &places[1]);
    CHECK(places[0] == 0 && places[1] == 5);
    FORMAT("123%ln456%hhn\n", &long_place, &char_place);
    CHECK(long_place == 3 && char_place == 6);
    FORMAT("%p %s\n", (void *)0, (char *)0);
    FORMAT("%ls %lc\n", L"wide", (wint_t)'w');
    FORMAT("%s\n", longer);
    FORMAT("%%%s%c%%\n", longer, 0);
    errno = ENOSPC;
    FORMAT("%m\n");
    return used;
}

#pragma GCC diagnostic pop

/* What does not fit the buffer is not written at all, and 0 comes back. */
static void too_long_run(void)
{
    static char longer[16385];
    gzFile file = gzopen("long.gz", "wb");

    CHECK(file != NULL);
    memset(longer, 'x', sizeof(longer) - 1);
    SHOW(gzbuffer(file, 100));
    SHOW(gzprintf(file, "%s", ""));
    for (int size = 98; size <= 101; size++) {
        SHOW(gzprintf(file, "%.*s", size, longer));
    }
    SHOW(gzprintf(file, "%s", longer));
    SHOW(gzclose(file));
    file_show("long.gz");

    file = gzopen("long.gz", "wb");
    for (int size = 8190; size <= 8193; size++) {
        SHOW(gzprintf(file, "%.*s", size, longer));
        SHOW(vprint(file, "%.*s", size, longer));
    }
    SHOW(gzprintf(file, "%16384s", ""));
    /* Natively 0; a thunk says -1, as vprintf does. */
    CHECK(gzprintf(file, "no such: %lc", (wint_t)0x7fffffff) <= 0);
    CHECK(vprint(file, "no such: %lc", (wint_t)0x7fffffff) <= 0);
    SHOW(gzclose(file));
    file_show("long.gz");

    file = gzopen("long.gz", "rb");
    SHOW(gzprintf(file, "%d", 1)); /* not for writing */
    SHOW(gzclose(file));
    SHOW(gzprintf(NULL, "%d", 1));
}

void formats_run(void)
{
    static char expected[TEXT_SIZE];
    gzFile file = gzopen("formats.gz", "wb");
    size_t size;

    CHECK(file != NULL);
    size = formats_write(file, expected);
    CHECK(gzclose(file) == Z_OK);
    file = gzopen("formats.gz", "rb");
    CHECK(gzread(file, back, TEXT_SIZE) == (int)size);
    CHECK(gzclose(file) == Z_OK);
    CHECK(memcmp(back, expected, size) == 0);
    SHOW_BYTES(back, size);
    too_long_run();
}
