/* SPDX-License-Identifier: MIT
 * Random formats of scanf's, with texts that mostly fit. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "fuzz_case.h"

enum { SCANS = 12, PLACE_SIZE = 1024, UNTOUCHED = 0xa5 };

/* What a place is compared by. */
enum place {
    BYTES,
    LONG_DOUBLE, /* as a double: formats of it differ between guest and host */
    MEMORY,      /* a pointer to a text, which is freed */
    WIDE_MEMORY,
    CHARACTER_MEMORY, /* its first byte */
};

struct scanning {
    struct fuzz fuzz;
    char text[256];
    size_t text_length;
    enum place kinds[SCANS];
    unsigned n_places;
    union {
        char bytes[PLACE_SIZE];
        void *memory;
        long double number;
    } places[SCANS];
};

static void text_add(struct scanning *s, const char *text)
{
    size_t length = strlen(text);

    if (s->text_length + length < sizeof(s->text)) {
        memcpy(s->text + s->text_length, text, length + 1);
        s->text_length += length;
    }
}

/* A conversion and what it reads. */
struct scan_kind {
    const char *conversion; /* with its length */
    const char *letters;    /* of the text; NULL: a number */
    enum place place;
};

/* The sanitizers' own vsscanf() takes what "%mc" gives for a text with an end,
 * and knows nothing of "%'d". */
#if defined(CHECK_ADDRESS_SANITIZER) || defined(CHECK_THREAD_SANITIZER)
enum { IS_SANITIZED = 1, KINDS_LEFT_OUT = 3 };
#else
enum { IS_SANITIZED = 0, KINDS_LEFT_OUT = 0 };
#endif

static const struct scan_kind scan_kinds[] = {
    {"d", NULL, BYTES},
    {"i", NULL, BYTES},
    {"u", NULL, BYTES},
    {"x", NULL, BYTES},
    {"X", NULL, BYTES},
    {"o", NULL, BYTES},
    {"hd", NULL, BYTES},
    {"hhd", NULL, BYTES},
    {"hhi", NULL, BYTES},
    {"ld", NULL, BYTES},
    {"lld", NULL, BYTES},
    {"Ld", NULL, BYTES},
    {"qu", NULL, BYTES},
    {"jd", NULL, BYTES},
    {"zu", NULL, BYTES},
    {"td", NULL, BYTES},
    {"p", NULL, BYTES},
    {"n", "", BYTES},
    {"hhn", "", BYTES},
    {"ln", "", BYTES},
    {"f", NULL, BYTES},
    {"e", NULL, BYTES},
    {"g", NULL, BYTES},
    {"a", NULL, BYTES},
    {"lf", NULL, BYTES},
    {"lG", NULL, BYTES},
    {"lA", NULL, BYTES},
    {"Lf", NULL, LONG_DOUBLE},
    {"Le", NULL, LONG_DOUBLE},
    {"LA", NULL, LONG_DOUBLE},
    {"LG", NULL, LONG_DOUBLE},
    {"llf", NULL, LONG_DOUBLE},
    {"s", "abc%]-", BYTES},
    {"ls", "ab\xc3\xa4", BYTES},
    {"S", "xyz", BYTES},
    {"c", "abc ", BYTES},
    {"lc", "abc ", BYTES},
    {"C", "q\xc3\xa4", BYTES},
    {"[abc]", "abc", BYTES},
    {"[^abc]", "xyz ]", BYTES},
    {"[]ab]", "]ab", BYTES},
    {"[^]ab]", "xy[", BYTES},
    {"[a-z]", "qrs", BYTES},
    {"[%d]", "%d", BYTES},
    {"l[a-z]", "abz", BYTES},
    {"l[^]%]", "ab\xc3\xa4", BYTES},
    {"ms", "abc", MEMORY},
    {"m[a-c]", "abc", MEMORY},
    {"m[^]x]", "abc", MEMORY},
    {"mls", "ab\xc3\xa4", WIDE_MEMORY},
    {"mS", "abc", WIDE_MEMORY},
    {"ml[abc]", "abc", WIDE_MEMORY},
    {"mc", "abc", CHARACTER_MEMORY},
    {"mlc", "abc", CHARACTER_MEMORY},
    {"mC", "abc", CHARACTER_MEMORY},
};

static const struct scan_kind *scan_kind_random(struct fuzz *fuzz)
{
    const unsigned count = sizeof(scan_kinds) / sizeof(scan_kinds[0]);

    return &scan_kinds[fuzz_below(fuzz, count - KINDS_LEFT_OUT)];
}

static void matching_add(struct scanning *s, const struct scan_kind *kind)
{
    static const char *const numbers[] = {
        "0",
        "7",
        "-12",
        "+345",
        "0x1f",
        "077",
        "1.5",
        "-2.25e2",
        "1e400",
        "inf",
        "-nan",
        "0x1.8p3",
        "99999999999999999999",
        "2147483648",
        "123456789",
        ".5",
        "1e-3",
        "(nil)",
        "0x7fff12345678",
    };
    char text[24];
    unsigned length;

    if (fuzz_chance(&s->fuzz, 8)) {
        text_add(s, "?!");
        return;
    }
    if (kind->letters == NULL) {
        text_add(s, FUZZ_PICK(&s->fuzz, numbers));
        return;
    }
    if (kind->letters[0] == '\0') {
        return;
    }
    length = fuzz_below(&s->fuzz, 12);
    for (unsigned i = 0; i < length; i++) {
        text[i] = kind->letters[i % strlen(kind->letters)];
    }
    text[length] = '\0';
    text_add(s, text);
}

static void place_add(struct scanning *s, enum place kind)
{
    s->kinds[s->n_places] = kind;
    thunk_words_add(&s->fuzz.words, THUNK_WORD_INTEGER,
                    fuzz_word(&s->places[s->n_places++]));
}

static void scan_literal_add(struct scanning *s)
{
    static const char *const some[] = {" ", "", "", "%%", ",", "\n\t", "x"};
    const char *literal = FUZZ_PICK(&s->fuzz, some);

    fuzz_add(&s->fuzz, "%s", literal);
    if (fuzz_chance(&s->fuzz, 90)) {
        text_add(s, strcmp(literal, "%%") == 0 ? "%" : literal);
    }
    if (fuzz_chance(&s->fuzz, 40)) {
        text_add(s, " ");
    }
}

/* What ends a scan; "%0$d" takes a place all the same. */
static void scan_junk_add(struct scanning *s)
{
    static const char *const some[] = {
        "%y",  "%l",   "%5",   "%*",   "%[abc", "%[",    "%[^",  "%[]",
        "%hm", "%lhd", "%5*d", "%Z",   "%-d",   "%.5d",  "%",    "%1$",
        "%*[", "%m",   "%ml",  "%0$d", "%\xff", "%*1$d", "%m5s",
    };
    const char *junk = FUZZ_PICK(&s->fuzz, some);

    fuzz_add(&s->fuzz, "%s", junk);
    if (strcmp(junk, "%0$d") == 0 || strncmp(junk, "%[", 2) == 0) {
        place_add(s, BYTES);
    }
}

/* One conversion; `position` is 0 where arguments go by their order. */
static void scan_conversion_add(struct scanning *s, unsigned position,
                                const struct scan_kind *kind)
{
    struct fuzz *fuzz = &s->fuzz;
    bool is_suppressed = position == 0 && fuzz_chance(fuzz, 12);

    scan_literal_add(s);
    fuzz_add(fuzz, "%%");
    if (position != 0) {
        fuzz_add(fuzz, "%u$", position);
    }
    if (is_suppressed) {
        fuzz_add(fuzz, "*");
    }
    if (!IS_SANITIZED && fuzz_chance(fuzz, 5)) {
        fuzz_add(fuzz, "'");
    }
    if (fuzz_chance(fuzz, 35)) {
        fuzz_add(fuzz, "%u", fuzz_below(fuzz, 15) + 1);
    }
    fuzz_add(fuzz, "%s", kind->conversion);
    matching_add(s, kind);
    if (position == 0 && !is_suppressed) {
        place_add(s, kind->place);
    }
}

static void scan_sequence_make(struct scanning *s, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (fuzz_chance(&s->fuzz, 3)) {
            scan_junk_add(s);
            return;
        }
        scan_conversion_add(s, 0, scan_kind_random(&s->fuzz));
    }
}

static void scan_positions_make(struct scanning *s, unsigned count)
{
    const struct scan_kind *kinds[SCANS];
    unsigned order[SCANS];

    for (unsigned i = 0; i < count; i++) {
        unsigned other = fuzz_below(&s->fuzz, i + 1);

        kinds[i] = scan_kind_random(&s->fuzz);
        place_add(s, kinds[i]->place);
        order[i] = order[other];
        order[other] = i;
    }
    for (unsigned i = 0; i < count; i++) {
        if (fuzz_chance(&s->fuzz, 85)) { /* or else its place is left out */
            scan_conversion_add(s, order[i] + 1, kinds[order[i]]);
        }
    }
}

/* A place after the call, so that it can be compared. */
struct scanned_place {
    bool is_touched;
    char bytes[PLACE_SIZE];
};

struct scanned {
    int result;
    struct scanned_place places[SCANS];
};

/* What a long double is, for sides whose formats differ. */
static void number_take(struct scanned_place *to, const long double *number)
{
    double rounded = (double)*number;

    if (rounded != rounded) {
        rounded = 1e-300; /* any NaN */
    }
    memcpy(to->bytes, &rounded, sizeof(rounded));
}

static void memory_take(struct scanned_place *to, void *memory, enum place kind)
{
    size_t size = kind == MEMORY        ? strlen(memory) + 1
                  : kind == WIDE_MEMORY ? (wcslen(memory) + 1) * sizeof(wchar_t)
                                        : 1;

    memcpy(to->bytes, memory, size < PLACE_SIZE ? size : PLACE_SIZE);
    free(memory);
}

static void place_take(struct scanning *s, unsigned i, struct scanned_place *to)
{
    char untouched[10];

    memset(untouched, UNTOUCHED, sizeof(untouched));
    memset(to, 0, sizeof(*to));
    if (s->kinds[i] == BYTES) {
        to->is_touched = true;
        memcpy(to->bytes, s->places[i].bytes, PLACE_SIZE);
        return;
    }
    to->is_touched =
        memcmp(s->places[i].bytes, untouched,
               s->kinds[i] == LONG_DOUBLE ? 10 : sizeof(void *)) != 0;
    if (to->is_touched && s->kinds[i] == LONG_DOUBLE) {
        number_take(to, &s->places[i].number);
    } else if (to->is_touched && s->places[i].memory != NULL) {
        memory_take(to, s->places[i].memory, s->kinds[i]);
    }
}

static void scanning_run(struct scanning *s, fuzz_scan *scan,
                         struct scanned *scanned)
{
    const uint64_t named[] = {fuzz_word(s->text), fuzz_word(s->fuzz.format)};

    memset(s->places, UNTOUCHED, sizeof(s->places));
    scanned->result = fuzz_call((thunk_function)scan, &s->fuzz, named, 2);
    for (unsigned i = 0; i < SCANS; i++) {
        place_take(s, i, &scanned->places[i]);
    }
}

static int scan_directly(const char *text, const char *format, ...)
{
    va_list list;
    int result;

    va_start(list, format);
    result = vsscanf(text, format, list);
    va_end(list);
    return result;
}

static bool scanning_check(const char *name, fuzz_scan *scan, uint64_t seed)
{
    static struct scanning s;
    static struct scanned expected, got;

    memset(&s, 0, sizeof(s));
    fuzz_start(&s.fuzz, seed);
    if (fuzz_chance(&s.fuzz, 20)) {
        scan_positions_make(&s, fuzz_below(&s.fuzz, SCANS) + 1);
    } else {
        scan_sequence_make(&s, fuzz_below(&s.fuzz, SCANS));
    }
    scanning_run(&s, scan_directly, &expected);
    scanning_run(&s, scan, &got);
    if (expected.result == got.result &&
        memcmp(expected.places, got.places, sizeof(got.places)) == 0) {
        return true;
    }
    fuzz_tell(name, seed, &s.fuzz);
    fprintf(stderr, "  text \"%s\": %d expected, %d got\n", s.text,
            expected.result, got.result);
    for (unsigned i = 0; i < SCANS; i++) {
        if (memcmp(&expected.places[i], &got.places[i],
                   sizeof(got.places[0])) != 0) {
            fprintf(stderr, "  argument %u differs\n", i + 1);
        }
    }
    return false;
}

unsigned long fuzz_scans(const char *name, fuzz_scan *scan, uint64_t seed,
                         unsigned long count)
{
    for (unsigned long i = 0; i < count; i++) {
        if (!scanning_check(name, scan, seed + i)) {
            return i;
        }
    }
    return count;
}
