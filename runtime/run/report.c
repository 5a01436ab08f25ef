/* SPDX-License-Identifier: MIT */
#include "report.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"

struct report {
    const char *key;
    const char *text;
    const char *leaf; /* as JSON has it; NULL: it is a branch */
    bool is_list;
    struct report **children;
    size_t count;
};

static struct report *report_add(struct report *parent,
                                 const struct report *content)
{
    struct report *report = array_grow(NULL, 0, sizeof *report);

    *report = *content;
    if (parent != NULL) {
        parent->children = array_grow(parent->children, parent->count,
                                      sizeof *parent->children);
        parent->children[parent->count++] = report;
    }
    return report;
}

struct report *report_object(struct report *parent, const char *key,
                             const char *text)
{
    return report_add(parent, &(struct report){.key = key, .text = text});
}

struct report *report_list(struct report *parent, const char *key,
                           const char *text)
{
    return report_add(
        parent, &(struct report){.key = key, .text = text, .is_list = true});
}

/* Gives the length of the character in UTF-8 that a text begins with; 0: it is
 * none (Unicode, table 3-7; what is too long or no character is let pass). */
static size_t character_size(const char *text)
{
    const unsigned char first = (unsigned char)*text;
    size_t size = first < 0x80   ? 1
                  : first < 0xc2 ? 0
                  : first < 0xe0 ? 2
                  : first < 0xf0 ? 3
                  : first < 0xf5 ? 4
                                 : 0;

    for (size_t i = 1; i < size; i++) {
        if (((unsigned char)text[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    return size;
}

/* A text as JSON has it (RFC 8259, section 7). Names of files may be anything;
 * what is not UTF-8 in them becomes the character that stands for that. */
static char *json_string(const char *text)
{
    char *json = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&json, &size);

    if (stream == NULL) {
        fail(STATUS_NOT_RUNNABLE, "out of memory");
    }
    fputc('"', stream);
    while (*text != '\0') {
        const size_t length = character_size(text);

        if (length == 0) {
            fputs("\\ufffd", stream);
        } else if ((unsigned char)*text < 0x20) {
            fprintf(stream, "\\u%04x", (unsigned char)*text);
        } else {
            fprintf(stream, "%s%.*s", strchr("\"\\", *text) ? "\\" : "",
                    (int)length, text);
        }
        text += length > 0 ? length : 1;
    }
    fputc('"', stream);
    if (fclose(stream) != 0) {
        fail(STATUS_NOT_RUNNABLE, "out of memory");
    }
    return json;
}

static void leaf_add(struct report *parent, const char *key, const char *leaf,
                     const char *text)
{
    report_add(parent,
               &(struct report){.key = key, .leaf = leaf, .text = text});
}

void report_string(struct report *parent, const char *key, const char *value)
{
    leaf_add(parent, key, value == NULL ? "null" : json_string(value),
             parent->is_list ? value : NULL);
}

void report_number(struct report *parent, const char *key, long value)
{
    leaf_add(parent, key, format_text("%ld", value), NULL);
}

void report_bool(struct report *parent, const char *key, bool value)
{
    leaf_add(parent, key, value ? "true" : "false", NULL);
}

void report_text_set(struct report *report, const char *text)
{
    report->text = text;
}

static void text_print(const struct report *report, int depth)
{
    if (report->text == NULL) {
        return;
    }
    printf("%*s%s\n", 2 * depth, "", report->text);
    for (size_t i = 0; i < report->count; i++) {
        text_print(report->children[i], depth + 1);
    }
}

void report_print_text(const struct report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        text_print(report->children[i], 0);
    }
}

static void json_print(const struct report *report, int depth)
{
    const char *brackets = report->is_list ? "[]" : "{}";

    printf("%*s", 2 * depth, "");
    if (report->key != NULL) {
        printf("%s: ", json_string(report->key));
    }
    if (report->leaf != NULL) {
        fputs(report->leaf, stdout);
        return;
    }
    putchar(brackets[0]);
    for (size_t i = 0; i < report->count; i++) {
        fputs(i > 0 ? ",\n" : "\n", stdout);
        json_print(report->children[i], depth + 1);
    }
    if (report->count > 0) {
        printf("\n%*s", 2 * depth, "");
    }
    putchar(brackets[1]);
}

void report_print_json(const struct report *report)
{
    json_print(report, 0);
    putchar('\n');
}
