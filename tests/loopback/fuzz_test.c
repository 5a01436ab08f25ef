/* SPDX-License-Identifier: MIT
 * Random formats by way of the door and directly: see tests/variadic/fuzz.h.
 * CHECK_SEED and CHECK_ROUNDS in the environment ask for others, and more. */
#include "fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <thunk/guest.h>
#include <unistd.h>

#include "check.h"
#include "fuzz_case.h"
#include "loop.h"

#pragma GCC diagnostic ignored "-Wformat"

static unsigned long wanted(const char *name, unsigned long otherwise)
{
    const char *text = getenv(name);

    return text == NULL ? otherwise : strtoul(text, NULL, 0);
}

static unsigned long rounds(void)
{
    return wanted("CHECK_ROUNDS", check_is_emulated() ? 300 : 3000);
}

static void print_check(const char *name, fuzz_print *print)
{
    CHECK_SAME(fuzz_prints(name, print, wanted("CHECK_SEED", 1), rounds()),
               rounds());
}

static void scan_check(const char *name, fuzz_scan *scan)
{
    CHECK_SAME(fuzz_scans(name, scan, wanted("CHECK_SEED", 1), rounds()),
               rounds());
}

static int format_by_list(char *text, size_t size, const char *format, ...)
{
    va_list list;
    int result;

    va_start(list, format);
    result = loop_format_list(text, size, format, list);
    va_end(list);
    return result;
}

static int words_by_list(char *text, size_t size, const char *format, ...)
{
    va_list list;
    int result;

    va_start(list, format);
    result = loop_words_list(text, size, format, list);
    va_end(list);
    return result;
}

static int scan_by_list(const char *text, const char *format, ...)
{
    va_list list;
    int result;

    va_start(list, format);
    result = loop_scan_list(text, format, list);
    va_end(list);
    return result;
}

static void guest_formats(void)
{
    print_check("loop_format", loop_format);
}

static void guest_formats_list(void)
{
    print_check("loop_format_list", format_by_list);
}

static void host_formats(void)
{
    print_check("loop_words", loop_words);
}

static void host_formats_list(void)
{
    print_check("loop_words_list", words_by_list);
}

static void scans(void)
{
    scan_check("loop_scan", loop_scan);
}

static void scans_list(void)
{
    scan_check("loop_scan_list", scan_by_list);
}

static long square(void *context, long value)
{
    (void)context;
    return value * value;
}

static long one_of_each(void *context, long value)
{
    char word[8];
    int number = 0;

    (void)context;
    CHECK_SAME(loop_scan("7 seven", "%d %7s", &number, word), 2);
    return number + value;
}

static int call_with(fuzz_print *print, char *text, const char *format)
{
    return print(text, 16, format, 1);
}

/* Lists, with a callback that makes such calls itself. */
static void lists(void)
{
    CHECK_SAME(loop_sum(square, 1L, 2L, 3L, 0L), 20);
    CHECK_SAME(loop_sum(square, 0L), 0);
    CHECK_SAME(loop_sum(one_of_each, 10L, 20L, 0L), 74);
}

/* What is beyond all bounds is refused, whatever it is. */
static void too_many(void)
{
    char format[2 * 241 + 1];
    char text[16] = "";
    int number = 0;

    for (size_t i = 0; i < sizeof(format) - 1; i++) {
        format[i] = "%d"[i % 2];
    }
    format[sizeof(format) - 1] = '\0';
    errno = 0;
    CHECK_SAME(call_with(loop_words, text, format), -1);
    CHECK_SAME(errno, E2BIG);
    CHECK_SAME(call_with(loop_words, text, "%241$d"), -1);
    CHECK_SAME(call_with(loop_words, text, "%1$*99999999999$d"), -1);
    CHECK_SAME(call_with(words_by_list, text, "%4294967297$d"), -1);
    CHECK(text[0] == '\0');
    CHECK_SAME(loop_scan("1", "%241$d", &number), -1);
    CHECK_SAME(loop_scan("1", "%18446744073709551617$d", &number), -1);
    CHECK_SAME(number, 0);
}

/* Looks through a format, with as many arguments as there may be. 1: as many
 * words as there may be; 0: more, which was refused. */
static int walk(int is_scan, const char *format, ...)
{
    struct thunk_words words;
    va_list list;
    bool is_good;

    va_start(list, format);
    is_good = is_scan ? thunk_guest_scan(&words, "walk", format, "", list)
                      : thunk_guest_words(&words, "walk", format,
                                          "q=p k=d N=pl N*=i ", list);
    va_end(list);
    return is_good && words.count <= THUNK_LIST_MAX ? 1 : is_good ? -1 : 0;
}

/* What no program would write, nor a fuzzer that minds what libc does. */
static void walks(void)
{
    static const char some[] =
        "%%%%%%$$*[]^.0123456789hlLqjztZmswcdfnpCSI' -+#";
    static struct fuzz fuzz;
    unsigned long good = 0, wrong = 0;
    int errors = dup(STDERR_FILENO);
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

    dup2(nowhere, STDERR_FILENO); /* each that is refused is told of */
    for (uint64_t seed = 0; seed < rounds() * 4; seed++) {
        char format[700];
        uint64_t named[2] = {seed % 2, fuzz_word(format)};
        unsigned length;

        fuzz_start(&fuzz, wanted("CHECK_SEED", 1) + seed);
        length = fuzz_below(&fuzz, seed % 16 == 0 ? sizeof(format) : 40);
        for (unsigned i = 0; i < length; i++) {
            format[i] = fuzz_chance(&fuzz, 90)
                            ? some[fuzz_below(&fuzz, sizeof(some) - 1)]
                            : (char)fuzz_next(&fuzz);
        }
        format[length] = '\0';
        for (int i = 0; i < THUNK_LIST_MAX; i++) {
            thunk_words_add(&fuzz.words, THUNK_WORD_INTEGER, seed);
        }
        switch (fuzz_call((thunk_function)walk, &fuzz, named, 2)) {
        case 1:
            good++;
            break;
        case 0:
            break;
        default:
            wrong++;
        }
    }
    dup2(errors, STDERR_FILENO);
    CHECK_SAME(wrong, 0);
    CHECK(good > rounds());
}

const struct check_test fuzz_tests[] = {
    {"guest_formats", guest_formats},
    {"guest_formats_list", guest_formats_list},
    {"host_formats", host_formats},
    {"host_formats_list", host_formats_list},
    {"scans", scans},
    {"scans_list", scans_list},
    {"lists", lists},
    {"too_many", too_many},
    {"walks", walks},
    {NULL, NULL},
};
