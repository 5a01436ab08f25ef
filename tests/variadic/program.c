/* SPDX-License-Identifier: MIT
 *
 * Calls each function of vary.h and prints what comes of it; the output must be
 * the same whoever does the library.
 *
 * usage: program                    all cases
 *        program fuzz SEED COUNT    random formats, COUNT for each function
 *        program over               lists that are too long
 */
#include "vary.h"

#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "fuzz.h"

/* The formats are tried as they come. */
#pragma GCC diagnostic ignored "-Wformat"
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wpedantic"

enum { SIZE = 4000 };

static char text[SIZE];

/* What follows as the va_list of that function. */
#define LIST_FORM(name, function)                                              \
    static int name(char *to, size_t size, const char *format, ...)            \
    {                                                                          \
        va_list list;                                                          \
        int result;                                                            \
                                                                               \
        va_start(list, format);                                                \
        result = function(to, size, format, list);                             \
        va_end(list);                                                          \
        return result;                                                         \
    }

LIST_FORM(print_by_list, vary_print_list)
LIST_FORM(words_by_list, vary_words_list)

static int scan_by_list(const char *from, const char *format, ...)
{
    va_list list;
    int result;

    va_start(list, format);
    result = vary_scan_list(from, format, list);
    va_end(list);
    return result;
}

/* What a function that failed has left in the text is nobody's. */
static void show(int result)
{
    printf("%d %s\n", result, result < 0 ? "" : text);
}

/* A printf-like call by all four functions: all have to say the same. */
#define PRINT(...)                                                             \
    do {                                                                       \
        show(vary_print(text, SIZE, __VA_ARGS__));                             \
        show(print_by_list(text, SIZE, __VA_ARGS__));                          \
        show(vary_words(text, SIZE, __VA_ARGS__));                             \
        show(words_by_list(text, SIZE, __VA_ARGS__));                          \
    } while (0)

/* ---- printf ---- */

static void varargs_integers(void)
{
    PRINT("%d %d %d", INT_MIN, 0, INT_MAX);
    PRINT("%u %x %X %o", UINT_MAX, UINT_MAX, 255U, 8U);
    PRINT("%d %ld %d %ld %d %ld %d %ld %d %ld", 1, LONG_MIN, 2, LONG_MAX, 3,
          -1L, 4, 1L << 40, 5, 0L);
    PRINT("%c%c%c", 'a', '%', 'z');
}

static void varargs_floats_interleaved(void)
{
    PRINT("%d %f %d %f %d %f %d %f %d %f %d %f %d %f %d %f %d %f %d %f", 1, 1.5,
          2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7, 7.5, 8, 8.5, 9, 9.5, 10,
          10.5);
    PRINT("%f %s %g %c %e %ld %a", 1e10, "one", 1e-5, 'c', -0.0, 5L, 0.1);
    PRINT("%Lf %d %Lg %f %LG %d %Le", 1.5L, 1, 2.25L, 2.5, 0.125L, 3, 1e10L);
    PRINT("%d %Lg %d %d %Lg %d %d %d %Lg %Lg %Lg %d %Lg %Lg %Lg %Lg %Lg %Lg", 1,
          1.0L, 2, 3, 2.0L, 4, 5, 6, 3.0L, 4.0L, 5.0L, 7, 6.0L, 7.0L, 8.0L,
          9.0L, 10.0L, 11.0L);
    PRINT("%f %Lf", (double)__builtin_inff(), (long double)__builtin_inff());
}

static void varargs_strings(void)
{
    PRINT("%s|%10s|%-10s|%.2s|%*.*s", "one", "two", "three", "four", 8, 3,
          "fives");
    PRINT("%s %s", "100%", "%n%s%d");
    PRINT("%ls %lc %S %C", L"w\x20ac", (wint_t)0xe4, L"x", (wint_t)L'y');
    PRINT("%.3ls|%10ls|%-5lc|", L"\x20ac\x20ac", L"ab", (wint_t)L'z');
}

static void varargs_many(void)
{
    PRINT("%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d"
          "%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d"
          "%d%d%s",
          1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
          21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37,
          38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54,
          55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70,
          "last");
}

static void varargs_length_modifiers(void)
{
    PRINT("%hhd %hhu %hd %hu", 300, 300, 70000, 70000);
    PRINT("%ld %lu %lld %llu %qd %Ld", LONG_MIN, ULONG_MAX, LLONG_MIN,
          ULLONG_MAX, 1LL << 60, -1LL);
    PRINT("%jd %ju %zd %zu %td %Zu", INTMAX_MIN, UINTMAX_MAX, (ssize_t)-1,
          SIZE_MAX, (ptrdiff_t)-5, (size_t)7);
    PRINT("%lx %llo %jX %#zx %#to", 1UL << 63, 1ULL << 63, UINTMAX_MAX,
          (size_t)4096, (ptrdiff_t)64);
    PRINT("%p %p", (void *)0x1234, NULL);
}

static void printf_places(void)
{
    int count[2] = {-1, -1};
    long long_count = -1;
    signed char char_count = -1;

    PRINT("%2$s %1$d %2$s", 7, "x");
    PRINT("%3$*1$.*2$f", 12, 3, 3.14159);
    PRINT("%5$d %4$s %3$g %2$ld %1$Lg", 1.5L, 2L, 3.5, "four", 5);
    PRINT("%nab%ncd%lne%hhn", &count[0], &count[1], &long_count, &char_count);
    printf("%d %d %ld %d\n", count[0], count[1], long_count, char_count);
    PRINT("%*d|%-*d|%.*f|%*d|", 6, 1, 6, 2, 2, 3.14159, -6, 4);
    errno = ENOENT;
    PRINT("%m %d", 5);
    PRINT("%y| %k %d %5-d %lhd %s", 5, "six");
    PRINT("%lc", (wint_t)0x7fffffff);
    PRINT("100%");
    printf("%d\n", vary_print(NULL, 0, "%50d", 1));
}

static void formats_by_name(void)
{
    syslog(3, "%s %d %5.2f %Lg%%", "by name", 1, 2.5, 3.5L);
    printf("%s\n", vary_logged());
}

static void formats_by_attribute(void)
{
    int number = 0;

    show(vary_print(text, SIZE, "%d %s %g", 1, "by attribute", 2.5));
    printf("%d ", vary_scan("by attribute 5", "by attribute %d", &number));
    printf("%d\n", number);
}

static void formats_by_spec(void)
{
    struct vary_stream *stream = vary_open("by spec 6");
    int number = 0;

    show(vary_words(text, SIZE, "%d %s %g", 1, "by spec", 2.5));
    printf("%d ", vary_read(stream, "by spec %d", &number));
    printf("%d\n", number);
    vary_close(stream);
}

/* ---- scanf ---- */

/* The same twice: "..." and va_list, each with what `show` prints. */
#define SCAN(show, from, ...)                                                  \
    do {                                                                       \
        printf("%d ", vary_scan(from, __VA_ARGS__));                           \
        show;                                                                  \
        printf("%d ", scan_by_list(from, __VA_ARGS__));                        \
        show;                                                                  \
    } while (0)

static void scanf_integers(void)
{
    signed char hh = 1;
    short h = 2;
    int i = 3, j = 4;
    long l = 5;
    long long ll = 6;
    intmax_t jj = 7;
    size_t z = 8;
    ptrdiff_t t = 9;
    void *p = NULL;
    unsigned u = 10;

    SCAN(printf("%d %d %d %ld %lld %jd %zu %td %p %u\n", hh, h, i, l, ll, jj, z,
                t, p, u),
         "-5 -6 0x1f -9000000000 9000000001 -3 4 -5 0xabc 4294967295",
         "%hhd %hd %i %ld %lld %jd %zu %td %p %u", &hh, &h, &i, &l, &ll, &jj,
         &z, &t, &p, &u);
    SCAN(printf("%d %d\n", i, j), "12345678", "%3d%*2d%2d", &i, &j);
    SCAN(printf("%d %d\n", i, j), "1,000 077", "%'d %o", &i, &j);
    SCAN(printf("%ld %lld\n", l, ll), "12 13", "%ld %qd", &l, &ll);
    SCAN(printf("%d %d\n", i, j), "one 2", "%d %d", &i, &j);
    SCAN(printf("%d\n", i), "", "%d", &i);
    SCAN(printf("%d %d\n", i, j), "5 apples 6", "%d apples%n", &i, &j);
}

static void scanf_floats(void)
{
    float f = 1;
    double d = 2;
    long double first = 3, second = 4, untouched = 5;
    int i = 6;

    SCAN(printf("%g %g %Lg %d %Lg\n", (double)f, d, first, i, second),
         "1.5 -2.5e100 3.25 7 0x1.8p4", "%f %lf %Lf %d %La", &f, &d, &first, &i,
         &second);
    SCAN(printf("%Lg %Lg %Lg\n", first, second, untouched), "inf -1e1000 x",
         "%Lg %Le %Lf", &first, &second, &untouched);
    SCAN(printf("%Lg %d\n", first, i), "9 8.5", "%2$d %1$Lf", &first, &i);
    SCAN(printf("%d %Lg\n", second != second, first), "nan -0", "%Lf %Lf",
         &second, &first);
}

static void scanf_texts(void)
{
    char one[20] = "", two[20] = "";
    wchar_t wide[20] = L"", wide_two[20] = L"";
    char c = '?';

    SCAN(printf("%s %s %c\n", one, two, c), "alpha beta!", "%s%*c%4s%*1s%c",
         one, two, &c);
    SCAN(printf("[%s] [%s]\n", one, two), "]a]b[cd-9", "%[]ab]%[^]9]", one,
         two);
    SCAN(printf("[%s] [%s]\n", one, two), "xyz]%q", "%[^]]%*[]]%[%q]", one,
         two);
    SCAN(printf("[%s] [%s]\n", one, two), "12:ab", "%[0-9]:%3[a-z]", one, two);
    SCAN(printf("%ls %ls\n", wide, wide_two), "\xc3\xa4 bc", "%ls %l[a-c]",
         wide, wide_two);
    SCAN(printf("%.4ls %ls\n", wide, wide_two),
         "\xe2\x82\xac"
         "xyz S",
         "%4lc%S", wide, wide_two);
    SCAN(printf("%.4s\n", one), " abc", "%4c", one);
}

static void show_memory(char **memory)
{
    printf("%s\n", *memory == NULL ? "none" : *memory);
    free(*memory);
    *memory = NULL;
}

static void show_wide(wchar_t **memory)
{
    printf("%ls %d\n", *memory, malloc_usable_size(*memory) > 0);
    free(*memory);
    *memory = NULL;
}

static void scanf_memory(void)
{
    static char longer[2000];
    char *one = NULL, *two = NULL;
    wchar_t *wide = NULL;
    int number = 0;

    SCAN(show_memory(&one), "allocated", "%ms", &one);
    SCAN((show_memory(&one), show_memory(&two)), "abc123 rest",
         "%m[a-c]%*d %m[^\n]", &one, &two);
    SCAN((show_memory(&one), printf("%d\n", number)), "word 7", "%2$ms %1$d",
         &number, &one);
    SCAN(show_wide(&wide), "w\xc3\xa4\xe2\x82\xac", "%mls", &wide);
    SCAN(show_wide(&wide), "\xc3\xa4z", "%mS", &wide);
    SCAN((printf("%.3s\n", one), free(one), one = NULL), "xyz", "%3mc", &one);
    SCAN(printf("%.2ls\n", wide), "\xc3\xa4z", "%2mlc", &wide);
    free(wide);
    memset(longer, 'L', sizeof(longer) - 1);
    SCAN((printf("%zu\n", strlen(one)), free(one), one = NULL), longer, "%ms",
         &one);
    two = longer; /* what was not reached stays as it was */
    SCAN(printf("%d\n", two == longer), "x", "%*d %ms", &two);
    one = longer;
    SCAN((printf("%d\n", one == NULL || one == longer), one = longer), "  ",
         "%ms", &one);
}

static void scanf_own_conversions(void)
{
    char one[20] = "", two[20] = "";
    int i = 0, j = 0;

    printf("%d ", vary_pick("alpha 7 beta gamma 8", "%W %d %*W %W %d", one, &i,
                            two, &j));
    printf("%s %d %s %d\n", one, i, two, j);
}

static void scanf_wrong(void)
{
    int i = 1, j = 2;
    char set[40] = "";

    SCAN(printf("%d %d\n", i, j), "3 4", "%d %y %d", &i, &j);
    SCAN(printf("%d %d\n", i, j), "5 6", "%d %", &i);
    SCAN(printf("%d [%s]\n", i, set), "7 abc", "%d %[abc", &i, set);
    SCAN(printf("%d\n", i), "8 9", "%1$d %l", &i);
}

static void scanf_streams(void)
{
    struct vary_stream *stream = vary_open("10 ten 1.5 more");
    FILE *file = tmpfile();
    char word[20];
    long double wide;
    int number;

    printf("%d ", vary_read(stream, "%d %19s", &number, word));
    printf("%d %s ", number, word);
    printf("%d ", vary_read(stream, "%Lf", &wide));
    printf("%Lg\n", wide);
    vary_close(stream);
    fputs("20 twenty 2.5\nrest", file);
    rewind(file);
    printf("%d ", vary_scan_file(file, "%d%s %Lf", &number, word, &wide));
    printf("%d %s %Lg\n", number, word, wide);
    printf("%s", fgets(word, sizeof(word), file));
    printf("%s\n", fgets(word, sizeof(word), file));
    printf("%d\n", vary_scan_file(file, "%d", &number));
    fclose(file);
}

/* ---- lists ---- */

static long twice(void *context, long value)
{
    return 2 * value + (context == NULL ? 0 : *(long *)context);
}

static long negate(void *context, long value)
{
    (void)context;
    return -value;
}

static int join_by_list(char *to, size_t size, const char *first, ...)
{
    va_list list;
    int result;

    va_start(list, first);
    result = vary_join_list(to, size, list);
    va_end(list);
    return result;
}

static int set_by_list(char *to, size_t size, ...)
{
    va_list list;
    int result;

    va_start(list, size);
    result = vary_set_list(to, size, list);
    va_end(list);
    return result;
}

#define TEN(x) x, x, x, x, x, x, x, x, x, x

static void list_until(void)
{
    printf("%d ", vary_join(text, SIZE, "one", "two", "", "four", NULL));
    printf("%s\n", text);
    printf("%d [%s]\n", vary_join(text, SIZE, NULL), text);
    printf("%d ", join_by_list(text, SIZE, "", "a", "b", NULL));
    printf("%s\n", text);
    printf("%d ", vary_join(text, SIZE, "0", TEN("x"), TEN("y"), TEN("z"),
                            TEN("1"), TEN("2"), TEN("3"), TEN("4"), TEN("5"),
                            TEN("6"), "end", NULL));
    printf("%s\n", text);
    printf("%ld %ld %ld\n", vary_sum(-1), vary_sum(5, -1),
           vary_sum(1, 2, 3, INT_MIN, INT_MAX, 0, 7, 8, 9, 10, -1));
}

static void list_of_keys(void)
{
    long offset = 100;
    const struct vary_hooks hooks = {twice, negate, &offset};
    FILE *file = tmpfile();

    fputs("a line\nanother\n", file);
    rewind(file);
    printf("%d [%s]\n", vary_set(text, SIZE, NULL), text);
    for (int i = 0; i < 2; i++) {
        int (*const set)(char *, size_t, ...) = i == 0 ? vary_set : set_by_list;

        printf("%d ", set(text, SIZE, VARY_NAME, "name of it", VARY_SCALE, 2.5,
                          VARY_POINT, -1, 1L << 40, 3, VARY_OTHER,
                          (void *)0x1234, VARY_WIDE, 0.75L, "unknown", NULL,
                          VARY_SCALE, -1e100, NULL));
        printf("%s\n", text);
        printf("%d ",
               set(text, SIZE, VARY_VISIT, twice, &offset, VARY_SCALE, 0.5,
                   VARY_HOOKS, &hooks, VARY_VISIT, negate, NULL, NULL));
        printf("%s\n", text);
        printf("%d ", set(text, SIZE, VARY_FILE, file, NULL));
        printf("%s\n", text);
    }
    fclose(file);
}

static int option_by_list(char *to, size_t size, int option, ...)
{
    va_list list;
    int result;

    va_start(list, option);
    result = vary_option_list(to, size, option, list);
    va_end(list);
    return result;
}

static void va_list_forms(void)
{
    int number = 0;

    show(print_by_list(text, SIZE, "%s %d %Lg", "printed", 1, 1.5L));
    show(words_by_list(text, SIZE, "%s %d %Lg", "words", 2, 2.5L));
    printf("%d ", scan_by_list("scanned 3", "scanned %d", &number));
    printf("%d\n", number);
    show(join_by_list(text, SIZE, "", "joined", "twice", NULL));
    show(set_by_list(text, SIZE, VARY_SCALE, 4.5, VARY_NAME, "set", NULL));
    show(option_by_list(text, SIZE, VARY_DOUBLE, 5.5));
}

static void list_counted(void)
{
    printf("%d [%s]\n", vary_mix(text, SIZE, 0), text);
    printf("%d ", vary_mix(text, SIZE, 3, 1, 1.5, -2, 2.5, INT_MIN, 1e10));
    printf("%s\n", text);
    printf("%d ",
           vary_mix(text, SIZE, 12, 1, .5, 2, .25, 3, .5, 4, 4., 5, 5., 6, 6.,
                    7, 7., 8, 8., 9, 9., 10, 10., 11, 11., 12, 12.));
    printf("%s\n", text);
    printf("%d ", vary_wide(text, SIZE, 5, 1.5L, -0.0L, 1e100L, 3.25L, 4.0L));
    printf("%s\n", text);
    printf("%d ", vary_wide(text, SIZE, 11, 1.0L, 2.0L, 3.0L, 4.0L, 5.0L, 6.0L,
                            7.0L, 8.0L, 9.0L, 10.0L, 11.0L));
    printf("%s\n", text);
    printf("%d [%s]\n", vary_wide(text, SIZE, -1), text);
}

static void list_by_tag(void)
{
    for (int i = 0; i < 2; i++) {
        int (*const set)(char *, size_t, int, ...) =
            i == 0 ? vary_option : option_by_list;

        set(text, SIZE, 0, -5L);
        printf("%s\n", text);
        set(text, SIZE, 99, 1L << 50);
        printf("%s\n", text);
        set(text, SIZE, VARY_DOUBLE, 2.5);
        printf("%s\n", text);
        set(text, SIZE, 100, "text");
        printf("%s\n", text);
        set(text, SIZE, 299, twice);
        printf("%s\n", text);
        set(text, SIZE, 300);
        printf("%s\n", text);
        set(text, SIZE, -1);
        printf("%s\n", text);
    }
}

/* ---- too much ---- */

#define HUNDRED(x)                                                             \
    TEN(x), TEN(x), TEN(x), TEN(x), TEN(x), TEN(x), TEN(x), TEN(x), TEN(x),    \
        TEN(x)

/* As many as there is room for, and one more; without an end; and by numbers
 * that only a wrong format has. */
static int over(void)
{
    char format[2000] = "";
    int result;

    for (int i = 0; i < 240; i++) {
        strcat(format, "%d");
    }
    result = vary_words(text, SIZE, format, HUNDRED(1), HUNDRED(2), TEN(3),
                        TEN(4), TEN(5), TEN(6));
    printf("%d\n", result);
    strcat(format, "%d");
    errno = 0;
    result = vary_words(text, SIZE, format, HUNDRED(1), HUNDRED(2), TEN(3),
                        TEN(4), TEN(5), TEN(6), 7);
    printf("%d %d\n", result, errno == E2BIG);
    errno = 0;
    result = vary_join(text, SIZE, "0", HUNDRED("a"), HUNDRED("b"), TEN("c"),
                       TEN("d"), TEN("e"), TEN("f"), NULL);
    printf("%d %d\n", result, errno == E2BIG);
    result = vary_join(text, SIZE, "0", HUNDRED("a"), HUNDRED("b"), TEN("c"),
                       TEN("d"), TEN("e"), "f", "f", "f", "f", "f", "f", "f",
                       "f", "f", NULL);
    printf("%d\n", result);
    printf("%d\n", vary_mix(text, SIZE, UINT_MAX, 1, 1.0));
    printf("%d\n", vary_scan("1 2", "%241$d", text));
    printf("%d\n", vary_scan("1 2", "%99999999999$d %d", text));
    printf("%d\n", vary_words(text, SIZE, "%4294967297$d", 1));
    return 0;
}

/* ---- random formats ---- */

static int fuzz(uint64_t seed, unsigned long count)
{
    static const struct {
        const char *name;
        fuzz_print *print;
        fuzz_scan *scan;
    } targets[] = {
        {"vary_print", vary_print, NULL},
        {"vary_print_list", print_by_list, NULL},
        {"vary_words", vary_words, NULL},
        {"vary_words_list", words_by_list, NULL},
        {"vary_scan", NULL, vary_scan},
        {"vary_scan_list", NULL, scan_by_list},
    };
    int status = 0;

    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        const char *name = targets[i].name;
        unsigned long done =
            targets[i].print != NULL
                ? fuzz_prints(name, targets[i].print, seed, count)
                : fuzz_scans(name, targets[i].scan, seed, count);

        printf("%s: %lu formats from seed %llu\n", name, done,
               (unsigned long long)seed);
        status |= done != count;
    }
    return status;
}

static const struct {
    const char *name;
    void (*run)(void);
} cases[] = {
    {"varargs_integers", varargs_integers},
    {"varargs_floats_interleaved", varargs_floats_interleaved},
    {"varargs_strings", varargs_strings},
    {"varargs_many", varargs_many},
    {"varargs_length_modifiers", varargs_length_modifiers},
    {"printf_places", printf_places},
    {"formats_by_name", formats_by_name},
    {"formats_by_attribute", formats_by_attribute},
    {"formats_by_spec", formats_by_spec},
    {"scanf_integers", scanf_integers},
    {"scanf_floats", scanf_floats},
    {"scanf_texts", scanf_texts},
    {"scanf_memory", scanf_memory},
    {"scanf_own_conversions", scanf_own_conversions},
    {"scanf_wrong", scanf_wrong},
    {"scanf_streams", scanf_streams},
    {"va_list_forms", va_list_forms},
    {"list_until", list_until},
    {"list_of_keys", list_of_keys},
    {"list_counted", list_counted},
    {"list_by_tag", list_by_tag},
};

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "C.UTF-8");
    fprintf(stderr, "side: %s\n", vary_side());
    if (argc == 4 && strcmp(argv[1], "fuzz") == 0) {
        return fuzz(strtoull(argv[2], NULL, 0), strtoul(argv[3], NULL, 0));
    }
    if (argc == 2 && strcmp(argv[1], "over") == 0) {
        return over();
    }
    if (argc != 1) {
        fprintf(stderr, "usage: program [fuzz SEED COUNT | over]\n");
        return 2;
    }
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        printf("== %s\n", cases[i].name);
        cases[i].run();
    }
    return 0;
}
