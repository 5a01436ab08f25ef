/* SPDX-License-Identifier: MIT */
#include "store.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char long_text[] = "what the library says";

int store_level = 7;
struct store_state store_state = {1, -2};
long store_counters[3] = {10, 20, 30};
char *store_text = long_text;
static char *environ_at_first[] = {(char[]){"HOME=here"}, NULL};
char **store_environ = environ_at_first;
const char store_version[] = "1.2-" STORE_SIDE;
const int store_table[2][3] = {{1, 2, 3}, {4, 5, 6}};
const char *const store_names[] = {"one", "two", NULL};
const struct store_state store_preset = {5, 6};
const char *store_title = "the title";
_Thread_local int store_errno;
_Thread_local char *store_locale = long_text;
_Thread_local long store_seed = 41;

static long scale_twice(long value)
{
    return value * 2;
}

long (*store_scale)(long value) = scale_twice;

void store_scale_set(long (*scale)(long value))
{
    store_scale = scale == NULL ? scale_twice : scale;
}

long store_half(long value)
{
    return value / 2;
}

static long negate(long value)
{
    store_level++;
    return -value;
}

long (*store_hook)(long value) = store_half;
FILE *store_out;
struct store_entry store_entries[2] = {{'a', store_half}, {'b', negate}};
struct store_entry *store_current = &store_entries[1];

long store_hooked(long value)
{
    return store_hook == NULL ? -1 : store_hook(value);
}

void store_hook_set(int number)
{
    long (*const hooks[])(long value) = {NULL, store_half, negate};

    store_hook = hooks[number];
}

void store_print(const char *text)
{
    if (store_out == NULL) {
        store_out = stdout;
    }
    fprintf(store_out, "<%s>", text);
    fflush(store_out);
}

long store_enter(int number, long value)
{
    store_level += store_entries[number].kind == 'z';
    return store_entries[number].function(value);
}

void store_enter_set(int number)
{
    store_entries[number].function = store_half;
    store_current = &store_entries[number];
}

char *store_copy(const char *text)
{
    char *copy = malloc(4 * strlen(text) + 1);

    memcpy(copy, text, strlen(text) + 1);
    return realloc(copy, strlen(text) + 1);
}

void store_forget(char *text)
{
    free(text);
}

static const char *variable_find(char **at, const char *name)
{
    const size_t length = strlen(name);

    for (; at != NULL && *at != NULL; at++) {
        if (strncmp(*at, name, length) == 0 && (*at)[length] == '=') {
            return *at + length + 1;
        }
    }
    return NULL;
}

const char *store_variable(enum store_way way, const char *name)
{
    static char text[100];
    const char *setting = NULL;

    switch (way) {
    case STORE_GET:
        setting = getenv(name);
        break;
    case STORE_SECURE_GET:
        setting = secure_getenv(name);
        break;
    case STORE_ENVIRON:
        setting = variable_find(environ, name);
        break;
    case STORE_SET:
        setting = setenv(name, "the library's", 0) == 0 ? "set" : "not set";
        break;
    case STORE_PUT:
        snprintf(text, sizeof text, "%s=put", name);
        setting = putenv(text) == 0 ? "set" : "not set";
        break;
    case STORE_UNSET:
        setting = unsetenv(name) == 0 ? "unset" : "not unset";
        break;
    case STORE_CLEAR:
        setting = clearenv() == 0 ? "cleared" : "not cleared";
        break;
    }
    return setting == NULL ? "(none)" : setting;
}

int store_hour(void)
{
    const time_t first = 0;
    const struct tm *parts = localtime(&first);

    return parts == NULL ? -1 : parts->tm_hour;
}

int store_sum(void)
{
    return store_level + store_state.first + (int)store_state.second +
           (int)(store_counters[0] + store_counters[1] + store_counters[2]) +
           (int)strlen(store_text);
}

void store_raise(int by)
{
    store_level += by;
    store_state.second += by;
    store_counters[2] += by;
    store_text++;
}

const char *store_getenv(const char *name)
{
    size_t length = strlen(name);

    for (char **at = store_environ; *at != NULL; at++) {
        if (strncmp(*at, name, length) == 0 && (*at)[length] == '=') {
            return *at + length + 1;
        }
    }
    return NULL;
}

int store_putenv(char *text)
{
    size_t count = 0;
    char **copy;

    while (store_environ[count] != NULL) {
        count++;
    }
    copy = calloc(count + 2, sizeof(*copy));
    if (copy == NULL) {
        return -1;
    }
    memcpy(copy, store_environ, count * sizeof(*copy));
    copy[count] = text;
    store_environ = copy; /* the one before may be the program's */
    return 0;
}

int store_visit(void (*visit)(int level))
{
    store_level++;
    visit(store_level);
    return store_level;
}

int store_fail(int by)
{
    store_errno += by;
    store_locale++;
    return store_errno;
}

int store_fail_visit(void (*visit)(int value))
{
    store_errno++;
    visit(store_errno);
    return store_errno;
}

const char *store_side(void)
{
    return STORE_SIDE;
}
