/* SPDX-License-Identifier: MIT
 * Random formats of printf's. */
#include <errno.h>
#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "fuzz_case.h"

static double number_random(struct fuzz *fuzz)
{
    uint64_t bits = fuzz_next(fuzz);
    double number;

    if (fuzz_chance(fuzz, 40)) {
        return (double)(int)fuzz_below(fuzz, 100000) / 8 - 100;
    }
    memcpy(&number, &bits, sizeof(number));
    return number;
}

/* What an argument is. */
enum argument { SMALL, WORD, REAL, WIDE, TEXT, WIDE_TEXT, CHARACTER, CELL };

struct printing {
    struct fuzz fuzz;
    int64_t cells[16]; /* for %n */
    unsigned n_cells;
    char texts[16][24];
    wchar_t wides[16][12];
    unsigned n_texts;
};

static const char *text_random(struct printing *p)
{
    char *text = p->texts[p->n_texts % 16];
    unsigned length = fuzz_below(&p->fuzz, sizeof(p->texts[0]));

    p->n_texts++;
    for (unsigned i = 0; i < length; i++) {
        text[i] = fuzz_chance(&p->fuzz, 20)
                      ? '%'
                      : (char)(fuzz_below(&p->fuzz, 255) + 1);
    }
    text[length] = '\0';
    return fuzz_chance(&p->fuzz, 3) ? NULL : text;
}

static const wchar_t *wide_random(struct printing *p)
{
    static const wchar_t some[] = {L'a', L'%',    0xe4,     0x20ac,
                                   L'z', 0x1f600, 0x10ffff, L' '};
    wchar_t *text = p->wides[p->n_texts % 16];
    unsigned length =
        fuzz_below(&p->fuzz, sizeof(p->wides[0]) / sizeof(wchar_t));

    p->n_texts++;
    for (unsigned i = 0; i < length; i++) {
        text[i] = FUZZ_PICK(&p->fuzz, some);
    }
    if (length > 0 && fuzz_chance(&p->fuzz, 2)) {
        text[length - 1] = 0x7ffffff0; /* no character: the function fails */
    }
    text[length] = 0;
    return text;
}

static void argument_add(struct printing *p, enum argument argument)
{
    struct thunk_words *words = &p->fuzz.words;

    switch (argument) {
    case SMALL:
        thunk_words_add(words, THUNK_WORD_INTEGER,
                        (uint64_t)((int)fuzz_below(&p->fuzz, 60) - 25));
        break;
    case WORD:
        thunk_words_add(words, THUNK_WORD_INTEGER,
                        fuzz_next(&p->fuzz) >> fuzz_below(&p->fuzz, 64));
        break;
    case REAL:
        thunk_words_add_double(words, number_random(&p->fuzz));
        break;
    case WIDE:
        thunk_words_add_wide(words, (long double)number_random(&p->fuzz));
        break;
    case TEXT:
        thunk_words_add(words, THUNK_WORD_INTEGER, fuzz_word(text_random(p)));
        break;
    case WIDE_TEXT:
        thunk_words_add(words, THUNK_WORD_INTEGER, fuzz_word(wide_random(p)));
        break;
    case CHARACTER:
        thunk_words_add(words, THUNK_WORD_INTEGER,
                        fuzz_chance(&p->fuzz, 90) ? fuzz_below(&p->fuzz, 0xd800)
                                                  : fuzz_next(&p->fuzz));
        break;
    case CELL:
        thunk_words_add(words, THUNK_WORD_INTEGER,
                        fuzz_word(&p->cells[p->n_cells++ % 16]));
        break;
    }
}

/* Whether this long double is the host's, which tests/hosts tells of, too. */
static bool format_is_shared(void)
{
    const char *host = getenv("THUNK_TEST_HOST");
    bool is_x87 = host == NULL || strcmp(host, "x86_64") == 0;

    return is_x87 == (LDBL_MANT_DIG == 64);
}

/* A conversion for such an argument, with its length. */
static const char *conversion_for(struct fuzz *fuzz, enum argument argument)
{
    static const char *const smalls[] = {"d", "i", "hd", "hhi", "u", "x", "c"};
    static const char *const words[] = {
        "d",  "i",   "u",   "x",  "X",  "o",  "hd",  "hhu", "ld", "lu",
        "lx", "lld", "llo", "jd", "ju", "zd", "zx",  "td",  "tX", "qd",
        "Ld", "hhX", "ho",  "p",  "c",  "Zu", "llX", "hhd", "b",  "lB",
    };
    static const char *const reals[] = {"f", "e", "g", "a",  "F",
                                        "E", "G", "A", "lf", "la"};
    /* The last of them look different in each format, and at times the host
     * is the one that formats. */
    static const char *const wides[] = {"Lf", "Le", "Lg", "LF",
                                        "LE", "LG", "La", "LA"};
    static const char *const cells[] = {"n",   "hhn", "hn", "ln",
                                        "lln", "jn",  "zn", "tn"};
    static const char *const wide_texts[] = {"ls", "S"};
    static const char *const characters[] = {"lc", "C"};

    switch (argument) {
    case SMALL:
        return FUZZ_PICK(fuzz, smalls);
    case WORD:
        return FUZZ_PICK(fuzz, words);
    case REAL:
        return FUZZ_PICK(fuzz, reals);
    case WIDE:
        return wides[fuzz_below(fuzz, format_is_shared() ? 8 : 6)];
    case TEXT:
        return "s";
    case WIDE_TEXT:
        return FUZZ_PICK(fuzz, wide_texts);
    case CHARACTER:
        return FUZZ_PICK(fuzz, characters);
    default:
        return FUZZ_PICK(fuzz, cells);
    }
}

static enum argument argument_random(struct fuzz *fuzz)
{
    static const enum argument some[] = {WORD, WORD, WORD,      SMALL,
                                         REAL, REAL, WIDE,      TEXT,
                                         TEXT, CELL, WIDE_TEXT, CHARACTER};

    return FUZZ_PICK(fuzz, some);
}

static void flags_add(struct fuzz *fuzz)
{
    static const char flags[] = "-+ #0'I";

    while (fuzz_chance(fuzz, 35)) {
        fuzz_add(fuzz, "%c", flags[fuzz_below(fuzz, sizeof(flags) - 1)]);
    }
}

static void literal_add(struct fuzz *fuzz)
{
    static const char *const some[] = {"",  " ",        "%%", "x$1*", "\n",
                                       "|", "\xc3\xa4", "%m", "-5d",  "l"};

    fuzz_add(fuzz, "%s", FUZZ_PICK(fuzz, some));
}

/* A width or precision; from the arguments' positions if there are any. */
static void number_add(struct printing *p, const unsigned *smalls,
                       unsigned n_smalls, bool has_positions)
{
    struct fuzz *fuzz = &p->fuzz;

    if (fuzz_chance(fuzz, 50)) {
        fuzz_add(fuzz, "%u", fuzz_below(fuzz, 40));
    } else if (!has_positions) {
        fuzz_add(fuzz, "*");
        argument_add(p, SMALL);
    } else if (n_smalls > 0) {
        fuzz_add(fuzz, "*%u$", smalls[fuzz_below(fuzz, n_smalls)]);
    }
}

/* What is no conversion of printf's. */
static const char *const junks[] = {
    "%y|",  "%k",      "%J",      "%@",    "%-+ #0|", "%5|",   "%.|",  "%5.3|",
    "%l|",  "%hh|",    "%ll|",    "%lhd",  "%Lld",    "%hhhd", "%5-d", "%.-5d",
    "%0$d", "%\x80|d", "%\xff|s", "%lll|", "%hld",    "%|",
};

/* Such that takes an int all the same. */
static const char *const junks_of_int[] = {
    "%*5d", "%.*-s", "%-*+d", "%*|", "%99999999999d", "%2147483648d",
};

static void junk_add(struct printing *p)
{
    if (fuzz_chance(&p->fuzz, 70)) {
        fuzz_add(&p->fuzz, "%s", FUZZ_PICK(&p->fuzz, junks));
    } else {
        fuzz_add(&p->fuzz, "%s", FUZZ_PICK(&p->fuzz, junks_of_int));
        argument_add(p, SMALL);
    }
}

static void sequence_make(struct printing *p, unsigned count)
{
    struct fuzz *fuzz = &p->fuzz;

    for (unsigned i = 0; i < count; i++) {
        enum argument argument = argument_random(fuzz);

        literal_add(fuzz);
        if (fuzz_chance(fuzz, 4)) {
            junk_add(p);
            continue;
        }
        fuzz_add(fuzz, "%%");
        flags_add(fuzz);
        if (fuzz_chance(fuzz, 40)) {
            number_add(p, NULL, 0, false);
        }
        if (fuzz_chance(fuzz, 40)) {
            fuzz_add(fuzz, ".");
            number_add(p, NULL, 0, false);
        }
        fuzz_add(fuzz, "%s", conversion_for(fuzz, argument));
        argument_add(p, argument);
    }
}

static void position_add(struct printing *p, unsigned position,
                         const char *conversion, const unsigned *smalls,
                         unsigned n_smalls)
{
    struct fuzz *fuzz = &p->fuzz;

    literal_add(fuzz);
    fuzz_add(fuzz, "%%%u$", position);
    flags_add(fuzz);
    if (fuzz_chance(fuzz, 40)) {
        number_add(p, smalls, n_smalls, true);
    }
    if (fuzz_chance(fuzz, 40)) {
        fuzz_add(fuzz, ".");
        number_add(p, smalls, n_smalls, true);
    }
    fuzz_add(fuzz, "%s", conversion);
}

/* Each argument by its position, in any order, some of them again: then as what
 * it was, since C knows only one type for each. */
static void positions_make(struct printing *p, unsigned count)
{
    struct fuzz *fuzz = &p->fuzz;
    const char *conversions[12];
    unsigned order[12], smalls[12];
    unsigned n_smalls = 0;

    for (unsigned i = 0; i < count; i++) {
        enum argument argument = argument_random(fuzz);
        unsigned other = fuzz_below(fuzz, i + 1);

        conversions[i] = conversion_for(fuzz, argument);
        argument_add(p, argument);
        if (argument == SMALL) {
            smalls[n_smalls++] = i + 1;
        }
        order[i] = order[other];
        order[other] = i;
    }
    for (unsigned i = 0; i < count; i++) {
        position_add(p, order[i] + 1, conversions[order[i]], smalls, n_smalls);
        if (fuzz_chance(fuzz, 30)) {
            unsigned again = fuzz_below(fuzz, count);

            position_add(p, again + 1, conversions[again], smalls, n_smalls);
        }
    }
}

struct printed {
    int result;
    char text[1024];
    int64_t cells[16];
};

static void printing_run(struct printing *p, fuzz_print *print, size_t size,
                         struct printed *printed)
{
    const uint64_t named[] = {fuzz_word(printed->text), size,
                              fuzz_word(p->fuzz.format)};

    memset(printed->text, '#', sizeof(printed->text));
    memset(p->cells, 0x5a, sizeof(p->cells));
    errno = EXDEV;
    printed->result = fuzz_call((thunk_function)print, &p->fuzz, named, 3);
    memcpy(printed->cells, p->cells, sizeof(p->cells));
}

/* Of a text that failed nothing is said. */
static bool printed_same(const struct printed *one, const struct printed *other)
{
    return one->result == other->result &&
           memcmp(one->cells, other->cells, sizeof(one->cells)) == 0 &&
           (one->result < 0 ||
            memcmp(one->text, other->text, sizeof(one->text)) == 0);
}

static bool printing_check(const char *name, fuzz_print *print, uint64_t seed)
{
    static const char *const unfinished[] = {"%",  "%5", "%.",
                                             "%l", "%-", "%1$"};
    static struct printing p;
    static struct printed expected, got;
    size_t size;

    memset(&p, 0, sizeof(p));
    fuzz_start(&p.fuzz, seed);
    if (fuzz_chance(&p.fuzz, 25)) {
        positions_make(&p, fuzz_below(&p.fuzz, 12) + 1);
    } else {
        sequence_make(&p, fuzz_below(&p.fuzz, 14));
    }
    literal_add(&p.fuzz);
    if (fuzz_chance(&p.fuzz, 4)) {
        fuzz_add(&p.fuzz, "%s", FUZZ_PICK(&p.fuzz, unfinished));
    }
    size = fuzz_below(&p.fuzz, 4) == 0 ? fuzz_below(&p.fuzz, 30)
                                       : sizeof(got.text);
    printing_run(&p, snprintf, size, &expected);
    printing_run(&p, print, size, &got);
    if (printed_same(&expected, &got)) {
        return true;
    }
    fuzz_tell(name, seed, &p.fuzz);
    fprintf(stderr, "  expected %d \"%.*s\"\n  got      %d \"%.*s\"\n",
            expected.result, (int)sizeof(expected.text) - 1, expected.text,
            got.result, (int)sizeof(got.text) - 1, got.text);
    return false;
}

unsigned long fuzz_prints(const char *name, fuzz_print *print, uint64_t seed,
                          unsigned long count)
{
    for (unsigned long i = 0; i < count; i++) {
        if (!printing_check(name, print, seed + i)) {
            return i;
        }
    }
    return count;
}
