/* SPDX-License-Identifier: MIT */
#include "ends.h"

#include <err.h>
#include <errno.h>
#include <error.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *notes;

static void second_handler(void)
{
    fputs("added handler\n", notes);
}

static void first_handler(void)
{
    fputs("handler\n", notes);
    atexit(second_handler);
}

static void last_handler(void)
{
    fputs("last handler, first run\n", notes);
}

__attribute__((destructor)) static void destructor(void)
{
    if (notes != NULL) {
        fputs("destructor\n", notes);
        fclose(notes);
    }
}

void ends_note(const char *path)
{
    notes = fopen(path, "w");
    atexit(first_handler);
    atexit(last_handler);
}

static void with_list(int status, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    if (errno != 0) {
        verr(status, format, arguments);
    }
    verrx(status, format, arguments);
}

void ends_now(const char *how, int status)
{
    errno = 0;
    if (strcmp(how, "exit") == 0) {
        exit(status);
    } else if (strcmp(how, "err") == 0) {
        errno = ENOENT;
        err(status, "%s %d", "text", 1);
    } else if (strcmp(how, "errx") == 0) {
        errx(status, "%s %d", "text", 2);
    } else if (strcmp(how, "verr") == 0) {
        errno = ENOENT;
        with_list(status, "%s %d", "text", 3);
    } else if (strcmp(how, "verrx") == 0) {
        with_list(status, "%s %d", "text", 4);
    } else if (strcmp(how, "error") == 0) {
        error(status, ENOENT, "%s %d", "text", 5);
    } else if (strcmp(how, "error 0") == 0) {
        error(0, 0, "%s %d", "text", 6);
    } else if (strcmp(how, "error_at_line") == 0) {
        error_at_line(status, 0, "file", 7, "%s %d", "text", 7);
    } else if (strcmp(how, "quick_exit") == 0) {
        quick_exit(status);
    }
}

static const char *texts[2];

static void exit_print(void)
{
    puts(texts[0]);
}

static void quick_print(void)
{
    puts(texts[1]);
    fflush(stdout);
}

static void status_print(int status, void *text)
{
    printf("%s %d\n", (const char *)text, status);
}

void ends_print(const char *how, const char *text)
{
    if (strcmp(how, "atexit") == 0) {
        texts[0] = text;
        atexit(exit_print);
    } else if (strcmp(how, "on_exit") == 0) {
        on_exit(status_print, (void *)(uintptr_t)text);
    } else {
        texts[1] = text;
        at_quick_exit(quick_print);
    }
}

void ends_warn(const char *text)
{
    warnx("%s", text);
}

const char *ends_name(int is_short)
{
    return is_short ? program_invocation_short_name : program_invocation_name;
}
