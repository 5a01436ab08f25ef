/* SPDX-License-Identifier: MIT */
#include "expression.h"

#include <ctype.h>
#include <string.h>

struct reader {
    struct arena *arena;
    struct diag *diag;
    const struct spec_text *text;
    const char *at;
    expression_name *name;
    void *context;
    bool is_bad; /* an error was told */
    unsigned depth;
};

enum { DEPTH_MAX = 50 };

/* One error is enough. The text is C afterwards all the same. */
static const char *fail(struct reader *reader)
{
    if (!reader->is_bad) {
        diag_error(reader->diag, reader->text->where, "spec-length",
                   "'%s' is no number of elements: write a number, a name, '*' "
                   "before the name of a pointer to one, and '+', '-', '*', "
                   "'/' and parentheses between them",
                   reader->text->text);
    }
    reader->is_bad = true;
    return "0";
}

/* Goes past blanks and gives what is there. */
static char look(struct reader *reader)
{
    while (isspace((unsigned char)*reader->at)) {
        reader->at++;
    }
    return *reader->at;
}

static bool is_name(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static const char *name_read(struct reader *reader, bool is_place)
{
    const char *start = reader->at;
    const char *c;

    while (is_name(*reader->at)) {
        reader->at++;
    }
    c = reader->name(
        reader->context,
        arena_printf(reader->arena, "%.*s", (int)(reader->at - start), start),
        is_place);
    reader->is_bad |= c == NULL;
    return c == NULL ? "0" : c;
}

static const char *number_read(struct reader *reader)
{
    const char *start = reader->at;
    size_t length;

    while (isdigit((unsigned char)*reader->at)) {
        reader->at++;
    }
    length = (size_t)(reader->at - start);
    /* One that C takes for decimal, and that an int64_t holds. */
    return is_name(*reader->at) || length > 18 || (length > 1 && *start == '0')
               ? fail(reader)
               : arena_printf(reader->arena, "%.*s", (int)length, start);
}

static const char *sum_read(struct reader *reader);

static const char *factor_read(struct reader *reader)
{
    char c = look(reader);
    const char *text;

    if (c == '(') {
        if (++reader->depth > DEPTH_MAX) {
            return fail(reader);
        }
        reader->at++;
        text = sum_read(reader);
        if (look(reader) != ')') {
            return fail(reader);
        }
        reader->at++;
        reader->depth--;
        return text;
    }
    if (c == '*') {
        reader->at++;
        c = look(reader);
        return isalpha((unsigned char)c) || c == '_' ? name_read(reader, true)
                                                     : fail(reader);
    }
    if (isdigit((unsigned char)c)) {
        return number_read(reader);
    }
    return isalpha((unsigned char)c) || c == '_' ? name_read(reader, false)
                                                 : fail(reader);
}

static const char *call(struct reader *reader, const char *what,
                        const char *left, const char *right)
{
    return arena_printf(reader->arena, "thunk_count_%s(%s, %s)", what, left,
                        right);
}

static const char *product_read(struct reader *reader)
{
    const char *text = factor_read(reader);

    while (!reader->is_bad && (look(reader) == '*' || *reader->at == '/')) {
        const char *what = *reader->at++ == '*' ? "multiply" : "divide";

        text = call(reader, what, text, factor_read(reader));
    }
    return text;
}

static const char *sum_read(struct reader *reader)
{
    const char *text = product_read(reader);

    while (!reader->is_bad && (look(reader) == '+' || *reader->at == '-')) {
        const char *what = *reader->at++ == '+' ? "add" : "subtract";

        text = call(reader, what, text, product_read(reader));
    }
    return text;
}

const char *expression_read(struct arena *arena, struct diag *diag,
                            const struct spec_text *text, expression_name *name,
                            void *context)
{
    struct reader reader = {.arena = arena,
                            .diag = diag,
                            .text = text,
                            .at = text->text,
                            .name = name,
                            .context = context};
    const char *c = sum_read(&reader);

    if (!reader.is_bad && look(&reader) != '\0') {
        (void)fail(&reader);
    }
    return reader.is_bad ? NULL : c;
}
