/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../common/log_process.h"
#include "../common/log_write.h"
#include "run.h"

/* Where fail() goes in place of the end. */
static jmp_buf *catcher;
static const char *caught;

void fail(int status, const char *format, ...)
{
    va_list arguments;
    char *text;

    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0) {
        text = NULL;
    }
    va_end(arguments);
    if (catcher != NULL) {
        caught = text == NULL ? "out of memory" : text;
        longjmp(*catcher, 1);
    }
    fprintf(stderr, "thunk-run: error: %s\n",
            text == NULL ? "out of memory" : text);
    exit(status);
}

const char *fail_catch(void (*action)(void *context), void *context)
{
    jmp_buf here;

    caught = NULL;
    catcher = &here;
    if (setjmp(here) == 0) {
        action(context);
    }
    catcher = NULL;
    return caught;
}

void log_line(const char *level, const char *text)
{
    log_message(format_text("%s: %s", level, text));
}

void log_message(const char *text)
{
    const long process = thunk_log_process();
    const char *line =
        process == 0 ? format_text("thunk-run: %s\n", text)
                     : format_text("thunk-run: [%ld] %s\n", process, text);

    thunk_log_write(line, strlen(line));
}

void log_info(const char *format, ...)
{
    const char *level = getenv("THUNK_LOG");
    va_list arguments;
    char *text;

    if (level == NULL ||
        (strcmp(level, "info") != 0 && strcmp(level, "debug") != 0)) {
        return;
    }
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) >= 0) {
        log_line("info", text);
    }
    va_end(arguments);
}

void fail_file(const char *path, const char *cure)
{
    fail(errno == ENOENT || errno == ENOTDIR ? STATUS_NOT_FOUND
                                             : STATUS_NOT_RUNNABLE,
         "%s: %s%s", path, strerror(errno), cure);
}

char *format_text(const char *format, ...)
{
    va_list arguments;
    char *text;

    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0) {
        fail(STATUS_NOT_RUNNABLE, "out of memory");
    }
    va_end(arguments);
    return text;
}

const char *word_quote(const char *word)
{
    const char *quoted = "'";

    if (*word != '\0' &&
        strpbrk(word, " \t\n\"'\\$`&|;<>()*?[]#~!{}") == NULL) {
        return word;
    }
    for (;;) {
        size_t length = strcspn(word, "'");

        quoted = format_text("%s%.*s'", quoted, (int)length, word);
        if (word[length] == '\0') {
            return quoted;
        }
        quoted = format_text("%s\\''", quoted);
        word += length + 1;
    }
}

const char *user_folder(const char *variable, const char *below_home)
{
    const char *folder = getenv(variable);

    if (folder != NULL && *folder == '/') {
        return folder;
    }
    folder = getenv("HOME");
    return folder != NULL ? format_text("%s/%s", folder, below_home) : NULL;
}

void *array_grow(void *items, size_t count, size_t size)
{
    items = reallocarray(items, count + 1, size);
    if (items == NULL) {
        fail(STATUS_NOT_RUNNABLE, "out of memory");
    }
    return items;
}

void list_insert(struct list *list, size_t index, const char *item)
{
    list->items = array_grow(list->items, list->count + 1, sizeof *list->items);
    memmove(list->items + index + 1, list->items + index,
            (list->count - index) * sizeof *list->items);
    list->items[index] = item;
    list->items[++list->count] = NULL;
}

void list_append(struct list *list, const char *item)
{
    list_insert(list, list->count, item);
}

bool list_has(const struct list *list, const char *item)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i], item) == 0) {
            return true;
        }
    }
    return false;
}

const char *list_join(const struct list *list, const char *between)
{
    const char *text = "";

    for (size_t i = 0; i < list->count; i++) {
        text =
            format_text("%s%s%s", text, i > 0 ? between : "", list->items[i]);
    }
    return text;
}
