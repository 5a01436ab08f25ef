/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "error.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum { ERROR_SIZE = PATH_MAX + 256 };

struct error {
    bool is_pending;
    char text[ERROR_SIZE];
};

static pthread_key_t key;
static bool has_key;
static pthread_once_t key_once = PTHREAD_ONCE_INIT;

static void key_make(void)
{
    has_key = pthread_key_create(&key, free) == 0;
}

/* This thread's, or NULL: it has had none yet. */
static struct error *error_find(void)
{
    pthread_once(&key_once, key_make);
    return has_key ? pthread_getspecific(key) : NULL;
}

static struct error *error_make(void)
{
    struct error *error = error_find();

    if (!error && has_key) {
        error = calloc(1, sizeof *error);
        if (error && pthread_setspecific(key, error) != 0) {
            free(error);
            error = NULL;
        }
    }
    return error;
}

void error_set(const char *format, ...)
{
    struct error *error = error_make();
    va_list arguments;

    if (!error) {
        return; /* out of memory: the answer alone tells of the error */
    }
    va_start(arguments, format);
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    error->is_pending = true;
}

void error_take(void)
{
    const char *text = dlerror();

    error_clear();
    if (text) {
        error_set("%s", text);
    }
}

const char *error_get(void)
{
    const struct error *error = error_find();

    return error && error->is_pending ? error->text : NULL;
}

void error_clear(void)
{
    struct error *error = error_find();

    if (error) {
        error->is_pending = false;
    }
}
