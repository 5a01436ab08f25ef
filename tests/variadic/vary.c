/* SPDX-License-Identifier: MIT */
#include "vary.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#pragma GCC diagnostic ignored "-Wformat-nonliteral"

/* With what a call of a function that takes a va_list gives. */
#define WITH_LIST(type, last, call)                                            \
    va_list list;                                                              \
    type result;                                                               \
                                                                               \
    va_start(list, last);                                                      \
    result = call;                                                             \
    va_end(list);                                                              \
    return result

const char *vary_side(void)
{
    return VARY_SIDE;
}

int vary_print_list(char *to, size_t size, const char *format, va_list list)
{
    return vsnprintf(to, size, format, list);
}

int vary_print(char *to, size_t size, const char *format, ...)
{
    WITH_LIST(int, format, vsnprintf(to, size, format, list));
}

int vary_words_list(char *to, size_t size, const char *format, va_list list)
{
    return vsnprintf(to, size, format, list);
}

int vary_words(char *to, size_t size, const char *format, ...)
{
    WITH_LIST(int, format, vsnprintf(to, size, format, list));
}

int vary_scan_list(const char *text, const char *format, va_list list)
{
    return vsscanf(text, format, list);
}

int vary_scan(const char *text, const char *format, ...)
{
    WITH_LIST(int, format, vsscanf(text, format, list));
}

int vary_scan_file(FILE *file, const char *format, ...)
{
    WITH_LIST(int, format, vfscanf(file, format, list));
}

/* What "%W" takes from the text, into a place unless that is NULL; gives the
 * rest. */
static const char *word_take(const char *text, char *word)
{
    for (text += strspn(text, " "); *text != '\0' && *text != ' '; text++) {
        if (word != NULL) {
            *word++ = (char)toupper((unsigned char)*text);
        }
    }
    if (word != NULL) {
        *word = '\0';
    }
    return text;
}

int vary_pick(const char *text, const char *format, ...)
{
    int count = 0;
    va_list list;

    va_start(list, format);
    while ((format = strchr(format, '%')) != NULL) {
        bool is_suppressed = format[1] == '*';

        format += 1 + is_suppressed;
        if (*format == 'W') {
            text = word_take(text, is_suppressed ? NULL : va_arg(list, char *));
        } else { /* "%d" */
            char *end;

            *va_arg(list, int *) = (int)strtol(text, &end, 10);
            text = end;
        }
        count += !is_suppressed;
    }
    va_end(list);
    return count;
}

struct vary_stream {
    char text[200];
    FILE *file;
};

struct vary_stream *vary_open(const char *text)
{
    struct vary_stream *stream = calloc(1, sizeof(*stream));

    snprintf(stream->text, sizeof(stream->text), "%s", text);
    stream->file = fmemopen(stream->text, strlen(stream->text), "r");
    return stream;
}

int vary_read(struct vary_stream *stream, const char *format, ...)
{
    WITH_LIST(int, format, vfscanf(stream->file, format, list));
}

void vary_close(struct vary_stream *stream)
{
    fclose(stream->file);
    free(stream);
}

static char logged[200];

void syslog(int priority, const char *format, ...)
{
    int length = snprintf(logged, sizeof(logged), "<%d>", priority);
    va_list list;

    va_start(list, format);
    vsnprintf(logged + length, sizeof(logged) - (size_t)length, format, list);
    va_end(list);
}

const char *vary_logged(void)
{
    return logged;
}

/* A text that grows, as far as there is room. */
struct output {
    char *to;
    size_t size, length;
};

static void output_start(struct output *output, char *to, size_t size)
{
    *output = (struct output){to, size, 0};
    to[0] = '\0';
}

__attribute__((format(printf, 2, 3))) static void
output_add(struct output *output, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    output->length +=
        (size_t)vsnprintf(output->to + output->length,
                          output->size - output->length, format, list);
    va_end(list);
    if (output->length >= output->size) {
        output->length = output->size - 1;
    }
}

int vary_join_list(char *to, size_t size, va_list list)
{
    struct output output;
    const char *text;
    int count = 0;

    output_start(&output, to, size);
    while ((text = va_arg(list, const char *)) != NULL) {
        output_add(&output, "%s/", text);
        count++;
    }
    return count;
}

int vary_join(char *to, size_t size, const char *first, ...)
{
    struct output output;
    va_list list;
    int count = 0;

    output_start(&output, to, size);
    va_start(list, first);
    for (const char *text = first; text != NULL;
         text = va_arg(list, const char *)) {
        output_add(&output, "%s/", text);
        count++;
    }
    va_end(list);
    return count;
}

static void hooks_use(struct output *output, const struct vary_hooks *hooks)
{
    output_add(output, "%ld,%ld;", hooks->enter(hooks->context, 5),
               hooks->leave(hooks->context, 7));
}

static void line_read(struct output *output, FILE *file)
{
    char line[80];

    output_add(output, "%s;",
               fgets(line, sizeof(line), file) == NULL ? "end" : line);
}

int vary_set_list(char *to, size_t size, va_list list)
{
    struct output output;
    const char *key;
    int count = 0;

    output_start(&output, to, size);
    for (; (key = va_arg(list, const char *)) != NULL; count++) {
        output_add(&output, "%s=", key);
        if (strcmp(key, VARY_NAME) == 0) {
            output_add(&output, "%s;", va_arg(list, const char *));
        } else if (strcmp(key, VARY_SCALE) == 0) {
            output_add(&output, "%g;", va_arg(list, double));
        } else if (strcmp(key, VARY_VISIT) == 0) {
            vary_visit visit = va_arg(list, vary_visit);

            output_add(&output, "%ld;", visit(va_arg(list, void *), 3));
        } else if (strcmp(key, VARY_HOOKS) == 0) {
            hooks_use(&output, va_arg(list, const struct vary_hooks *));
        } else if (strcmp(key, VARY_POINT) == 0) {
            int x = va_arg(list, int);
            long y = va_arg(list, long);

            output_add(&output, "%d,%ld,%d;", x, y, va_arg(list, int));
        } else if (strcmp(key, VARY_WIDE) == 0) {
            output_add(&output, "%Lg;", va_arg(list, long double));
        } else if (strcmp(key, VARY_FILE) == 0) {
            line_read(&output, va_arg(list, FILE *));
        } else {
            output_add(&output, "%lx;", (long)va_arg(list, void *));
        }
    }
    return count;
}

int vary_set(char *to, size_t size, ...)
{
    WITH_LIST(int, size, vary_set_list(to, size, list));
}

long vary_sum(int first, ...)
{
    va_list list;
    long sum = 0;

    va_start(list, first);
    for (int value = first; value != -1; value = va_arg(list, int)) {
        sum = sum * 3 + value;
    }
    va_end(list);
    return sum;
}

int vary_mix(char *to, size_t size, unsigned count, ...)
{
    struct output output;
    va_list list;

    output_start(&output, to, size);
    va_start(list, count);
    for (unsigned i = 0; i < count; i++) {
        int number = va_arg(list, int);

        output_add(&output, "%d,%g;", number, va_arg(list, double));
    }
    va_end(list);
    return (int)output.length;
}

int vary_wide(char *to, size_t size, int count, ...)
{
    struct output output;
    va_list list;

    output_start(&output, to, size);
    va_start(list, count);
    for (int i = 0; i < count; i++) {
        output_add(&output, "%Lg;", va_arg(list, long double));
    }
    va_end(list);
    return (int)output.length;
}

int vary_option_list(char *to, size_t size, int option, va_list list)
{
    struct output output;

    output_start(&output, to, size);
    output_add(&output, "%d=", option);
    if (option == VARY_DOUBLE) {
        output_add(&output, "%g", va_arg(list, double));
    } else if (option >= VARY_LONGS && option < VARY_TEXTS) {
        output_add(&output, "%ld", va_arg(list, long));
    } else if (option >= VARY_TEXTS && option < VARY_VISITS) {
        output_add(&output, "%s", va_arg(list, const char *));
    } else if (option >= VARY_VISITS && option < VARY_OTHERS) {
        output_add(&output, "%ld", va_arg(list, vary_visit)(NULL, 4));
    }
    return (int)output.length;
}

int vary_option(char *to, size_t size, int option, ...)
{
    WITH_LIST(int, option, vary_option_list(to, size, option, list));
}
