/* SPDX-License-Identifier: MIT */
#include "template.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

__attribute__((noreturn)) static void fail(const char *section,
                                           const char *what)
{
    fprintf(stderr, "%s:%d: template section '%s': %s\n", __FILE__, __LINE__,
            section, what);
    abort();
}

/* Start of a section's text; `end` is set to its end. */
static const char *section_find(const char *text, const char *section,
                                const char **end)
{
    const size_t length = strlen(section);

    while (text != NULL) {
        const char *line_end = strchr(text, '\n');

        if (strncmp(text, "%% ", 3) == 0 &&
            strncmp(text + 3, section, length) == 0 &&
            text[3 + length] == '\n') {
            text = line_end + 1;
            *end = text;
            while (**end != '\0' && strncmp(*end, "%% ", 3) != 0) {
                line_end = strchr(*end, '\n');
                *end = line_end == NULL ? *end + strlen(*end) : line_end + 1;
            }
            return text;
        }
        text = line_end == NULL || line_end[1] == '\0' ? NULL : line_end + 1;
    }
    fail(section, "no such section");
}

static const char *value_find(va_list pairs, const char *section,
                              const char *key, size_t length)
{
    const char *name;

    while ((name = va_arg(pairs, const char *)) != NULL) {
        const char *value = va_arg(pairs, const char *);

        if (strlen(name) == length && strncmp(name, key, length) == 0) {
            return value;
        }
    }
    fail(section, "a key without a value");
}

void template_write(FILE *stream, const char *template_text,
                    const char *section, ...)
{
    const char *end;
    const char *text = section_find(template_text, section, &end);

    while (text < end) {
        const char *key = memchr(text, '@', (size_t)(end - text));
        const char *key_end;
        va_list pairs;

        if (key == NULL) {
            fwrite(text, 1, (size_t)(end - text), stream);
            return;
        }
        fwrite(text, 1, (size_t)(key - text), stream);
        key++;
        key_end = memchr(key, '@', (size_t)(end - key));
        if (key_end == NULL) {
            fail(section, "a key without an end");
        }
        va_start(pairs, section);
        fputs(value_find(pairs, section, key, (size_t)(key_end - key)), stream);
        va_end(pairs);
        text = key_end + 1;
    }
}
