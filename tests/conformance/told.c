/* SPDX-License-Identifier: MIT
 * What only a spec tells of: functions that are declared as data, structs and
 * arguments of which something else says what they hold; and streams. */
#include "conform.h"

#include <stdlib.h>
#include <string.h>

static conform_visit data_kept;

void *conform_data_set(void *visit)
{
    conform_visit before = data_kept == NULL ? conform_return(2) : data_kept;

    memcpy(&data_kept, &visit, sizeof(visit));
    memcpy(&visit, &before, sizeof(visit));
    return visit;
}

long conform_data_use(void *context, long value)
{
    return data_kept(context, value);
}

long conform_cast(void (*function)(void), long value)
{
    return ((conform_visit)function)(NULL, value);
}

double conform_scaler_use(const struct conform_scaler *scaler, float value)
{
    conform_scale scale;

    memcpy(&scale, &scaler->scale, sizeof(scale));
    return scale(scaler->real, value);
}

long conform_event_send(const struct conform_event *event, long value)
{
    switch (event->kind) {
    case CONFORM_CALL:
        return event->of.call(NULL, value) + value;
    case CONFORM_SCALE:
        return (long)event->of.scaled.scale(event->of.scaled.real,
                                            (float)value) +
               value;
    case CONFORM_NUMBER:
        break;
    }
    return event->of.number + value;
}

long conform_event_value(struct conform_event event, long value)
{
    return conform_event_send(&event, value);
}

long conform_each(const conform_visit *visits, size_t count, void *context,
                  long value)
{
    long sum = 0;

    for (size_t i = 0; i < count; i++) {
        sum = 10 * sum + visits[i](context, value);
    }
    return sum;
}

long conform_all(const struct conform_hooks *const *list, long value)
{
    long sum = 0;

    for (; *list != NULL; list++) {
        sum = 100 * sum + conform_by_pointer(*list, value);
    }
    return sum;
}

long conform_device_use(const struct conform_device *device, const char *name)
{
    struct conform_file file = {NULL, 0};

    if (device->open(&file, name) != 0) {
        return -1;
    }
    return (long)file.table->scale(0.5, (float)file.value) +
           file.table->visit(&file.value, file.value);
}

long conform_option_set(const char *name, enum conform_option option, ...)
{
    long result = (long)strlen(name);
    va_list values;

    va_start(values, option);
    switch (option) {
    case CONFORM_OPTION_NUMBERS:
        result += va_arg(values, long);
        result += (long)(10 * va_arg(values, double));
        result += va_arg(values, int);
        break;
    case CONFORM_OPTION_VISIT: {
        conform_visit visit = va_arg(values, conform_visit);

        result += visit(va_arg(values, void *), 1);
        break;
    }
    case CONFORM_OPTION_HOOKS:
        result +=
            conform_by_pointer(va_arg(values, const struct conform_hooks *), 1);
        break;
    case CONFORM_OPTION_TEXT:
        result += (long)strlen(va_arg(values, const char *));
        break;
    case CONFORM_OPTION_NOTHING:
        break;
    case CONFORM_OPTION_LONG:
        result += va_arg(values, long);
        break;
    default:
        result = -1;
    }
    va_end(values);
    return result;
}

/* ---- words ---- */

struct output {
    char *to;
    size_t size;
    size_t length;
};

static void output_add(struct output *output, const char *text)
{
    for (; *text != '\0'; text++) {
        if (output->length + 1 < output->size) {
            output->to[output->length] = *text;
            output->to[output->length + 1] = '\0';
        }
        output->length++;
    }
}

static const char *ending(int number)
{
    static const char *const endings[] = {"th", "st", "nd", "rd"};

    return number % 10 < 4 && number / 10 % 10 != 1 ? endings[number % 10]
                                                    : endings[0];
}

/* The widths, lengths and letters that it knows of C's: *, l, and d, g, s. */
static void conversion_add(struct output *output, const char *format,
                           va_list *values)
{
    char text[100] = "";
    size_t length = strlen(format);
    bool is_wide = strchr(format, '*') != NULL;
    int width = is_wide ? va_arg(*values, int) : 0;

    switch (format[length - 1]) {
    case 'q':
        output_add(output, "\"");
        output_add(output, va_arg(*values, const char *));
        output_add(output, "\"");
        break;
    case 'r': {
        int number = va_arg(*values, int);

        snprintf(text, sizeof(text), "%d%s", number, ending(number));
        break;
    }
    case 'D':
        snprintf(text, sizeof(text), "%.1f deg",
                 va_arg(*values, double) * 180 / 3.14159265358979);
        break;
    case 's':
        output_add(output, va_arg(*values, const char *));
        break;
    case 'g':
        snprintf(text, sizeof(text), "%*g", width, va_arg(*values, double));
        break;
    case 'd':
        if (format[length - 2] == 'l') {
            snprintf(text, sizeof(text), "%*ld", width, va_arg(*values, long));
        } else {
            snprintf(text, sizeof(text), "%*d", width, va_arg(*values, int));
        }
        break;
    default:
        snprintf(text, sizeof(text), "?");
    }
    output_add(output, text);
}

int conform_words_list(char *to, size_t size, const char *format,
                       va_list arguments)
{
    struct output output = {to, size, 0};
    va_list values;

    va_copy(values, arguments);
    while (*format != '\0') {
        char piece[20] = "";
        size_t length = *format == '%' ? 1 + strcspn(format + 1, "qrDsgd%") + 1
                                       : strcspn(format, "%");

        length = length < sizeof(piece) ? length : sizeof(piece) - 1;
        memcpy(piece, format, length);
        format += length;
        if (piece[0] != '%') {
            output_add(&output, piece);
        } else if (strcmp(piece, "%%") == 0) {
            output_add(&output, "%");
        } else {
            conversion_add(&output, piece, &values);
        }
    }
    va_end(values);
    return (int)output.length;
}

int conform_words(char *to, size_t size, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = conform_words_list(to, size, format, arguments);
    va_end(arguments);
    return length;
}

/* ---- streams ---- */

int conform_file_write(FILE *file, const char *text)
{
    int length = fprintf(file, "%s %zu ", text, strlen(text));

    if (length < 0 || fputs(text, file) < 0 || fputc('\n', file) == EOF) {
        return -1;
    }
    return length + (int)fwrite(text, 1, strlen(text), file) + 1;
}

int conform_file_line(FILE *file, char *line, size_t size)
{
    return fgets(line, (int)size, file) == NULL ? -1 : (int)strlen(line);
}

long conform_file_read(FILE *file, char *to, size_t size)
{
    size_t got = fread(to, 1, size, file);

    return got == 0 && (feof(file) || ferror(file)) ? -1 : (long)got;
}

int conform_file_peek(FILE *file)
{
    int c = fgetc(file);

    return c == EOF ? -1 : ungetc(c, file);
}

long conform_file_copy(FILE *from, FILE *to)
{
    long count = 0;

    for (int c; (c = fgetc(from)) != EOF; count++) {
        if (fputc(c, to) == EOF) {
            return -1;
        }
    }
    return count;
}

long conform_characters(const char *text)
{
    return (long)mbstowcs(NULL, text, 0);
}
