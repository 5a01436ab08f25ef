/* SPDX-License-Identifier: MIT
 *
 * Memory that one side allocates and the other frees, where guest and host each
 * have a heap: what free() is given must be its own.
 *
 * What the program will free() is copied into the guest's heap when it crosses
 * (`caller_frees` in the spec). A library that frees what the program has
 * allocated (`heaps: both`) gets a free() and realloc() that look whose a block
 * is. They take the place of libc's in that library's own table of imports, so
 * no other library of the host's pays or sees anything. Where blocks go to and
 * fro, so that nobody can say which a program will free, the library has its
 * malloc() from the program as well (`heaps: program`).
 *
 * All this is for processes that have no heap in common (shared_heap.c).
 */
#include "heap.h"

#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <thunk/heap.h>
#include <unistd.h>

#include "../common/maps.h"
#include "imports.h"
#include "probe.h"
#include "shared_heap.h"

static thunk_runner *heap_runner;

static const struct thunk_table heap_table = {.soname = "libthunk-guest.so"};
static const struct thunk_host_callback heap_callback = {
    .name = "heap",
    .trace = "heap(operation=%lu, block=%p, size=%lu) = %p",
};
static struct thunk_host_library heap_library = {
    .table = &heap_table,
    .callbacks = &heap_callback,
    .runners = &heap_runner,
};

/* Not so in tests where the guest is native code as well: then there is one
 * heap, and one exit(). */
static bool guest_is_emulated;

/* Where the host's own heap begins; it ends at sbrk(0). UINTPTR_MAX: there is
 * none. Keeps errno. */
static uintptr_t heap_find(void)
{
    int saved = errno;
    struct thunk_maps maps;
    const bool is_open = thunk_maps_open(&maps);
    uintptr_t first = UINTPTR_MAX;
    char *line = NULL;
    size_t size = 0;

    while (is_open && first == UINTPTR_MAX &&
           getline(&line, &size, maps.lines) > 0) {
        if (strstr(line, "[heap]") != NULL) {
            first = (uintptr_t)strtoull(line, NULL, 16);
        }
    }
    free(line);
    if (is_open) {
        thunk_maps_close(&maps);
    }
    errno = saved;
    return first;
}

/* Looked for when it is asked for first, since few libraries give blocks to and
 * fro. Threads that come here together find the same. */
static uintptr_t heap_first(void)
{
    static uintptr_t found; /* 0: not yet */
    uintptr_t first = __atomic_load_n(&found, __ATOMIC_RELAXED);

    if (first == 0) {
        first = heap_find();
        __atomic_store_n(&found, first, __ATOMIC_RELAXED);
    }
    return first;
}

void thunk_host_heap_start(thunk_runner *heap)
{
    if (heap_runner == NULL) {
        guest_is_emulated = !thunk_host_probe_code((thunk_function)heap);
        heap_runner = heap;
    }
}

void thunk_host_heap_ask(struct thunk_heap_frame *frame)
{
    const struct thunk_host_target target = {.library = &heap_library};

    thunk_host_callback(&target, &frame->head);
}

bool thunk_host_heap_is_apart(void)
{
    return guest_is_emulated;
}

bool thunk_host_heap_has_guest(void)
{
    return guest_is_emulated &&
           (thunk_host_call_has_guest() || thunk_host_thread_has_partner());
}

/* Without asking: what the host's malloc() has from brk() is most of what there
 * is. Other arenas and large blocks lie anywhere, as the guest's do. */
static bool block_is_known(const void *block)
{
    uintptr_t address = (uintptr_t)block;

    return address >= heap_first() && address < (uintptr_t)sbrk(0);
}

void thunk_host_block_free(void *block)
{
    struct thunk_heap_frame frame = {
        .operation = THUNK_HEAP_FREE,
        .block = block,
    };

    if (thunk_host_heap_is_shared()) {
        thunk_host_shared_free(block);
        return;
    }
    if (block != NULL && !block_is_known(block) &&
        thunk_host_heap_has_guest()) {
        thunk_host_heap_ask(&frame);
        if (!frame.is_foreign) {
            return;
        }
    }
    free(block);
}

static void *block_resize(void *block, size_t size)
{
    struct thunk_heap_frame frame = {
        .operation = THUNK_HEAP_RESIZE,
        .block = block,
        .size = size,
    };

    if (block != NULL && !block_is_known(block) &&
        thunk_host_heap_has_guest()) {
        thunk_host_heap_ask(&frame);
        if (!frame.is_foreign) {
            return frame.result;
        }
    }
    return realloc(block, size);
}

/* For `heaps: program`. What libc itself allocates for the library, but for
 * what is below, is the host's still, and told apart when it is freed; and so
 * is what it allocates where there is no guest to ask. */
static void *block_allocate(size_t size)
{
    struct thunk_heap_frame frame = {
        .operation = THUNK_HEAP_ALLOCATE,
        .size = size,
    };

    if (!thunk_host_heap_has_guest()) {
        return malloc(size);
    }
    thunk_host_heap_ask(&frame);
    return frame.result;
}

bool thunk_host_array_fits(size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) {
        errno = ENOMEM;
        return false;
    }
    return true;
}

static void *block_allocate_clear(size_t count, size_t size)
{
    void *block = thunk_host_array_fits(count, size)
                      ? block_allocate(count * size)
                      : NULL;

    return block == NULL ? NULL : memset(block, 0, count * size);
}

static void *block_grow(void *block, size_t size)
{
    return block == NULL ? block_allocate(size) : block_resize(block, size);
}

static void *array_resize(void *block, size_t count, size_t size)
{
    return thunk_host_array_fits(count, size)
               ? block_resize(block, count * size)
               : NULL;
}

static void *array_grow(void *block, size_t count, size_t size)
{
    return thunk_host_array_fits(count, size) ? block_grow(block, count * size)
                                              : NULL;
}

ssize_t thunk_host_line_read(char **line, size_t *size, int end, FILE *stream,
                             void *(*resize)(void *block, size_t size))
{
    char *own = NULL;
    size_t own_size = 0;
    ssize_t length = getdelim(&own, &own_size, end, stream);

    if (length >= 0 && (*line == NULL || *size <= (size_t)length)) {
        char *grown = resize(*line, (size_t)length + 1);

        if (grown == NULL) {
            free(own);
            return -1;
        }
        *line = grown;
        *size = (size_t)length + 1;
    }
    if (length >= 0) {
        memcpy(*line, own, (size_t)length + 1);
    }
    free(own);
    return length;
}

static ssize_t part_get(char **line, size_t *size, int end, FILE *stream)
{
    return thunk_host_line_read(line, size, end, stream, block_resize);
}

static ssize_t line_get(char **line, size_t *size, FILE *stream)
{
    return thunk_host_line_read(line, size, '\n', stream, block_resize);
}

static ssize_t part_get_guest(char **line, size_t *size, int end, FILE *stream)
{
    return thunk_host_line_read(line, size, end, stream, block_grow);
}

static ssize_t line_get_guest(char **line, size_t *size, FILE *stream)
{
    return thunk_host_line_read(line, size, '\n', stream, block_grow);
}

static char *text_copy(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = block_allocate(size);

    return copy == NULL ? NULL : memcpy(copy, text, size);
}

static char *text_copy_start(const char *text, size_t size)
{
    size_t length = strnlen(text, size);
    char *copy = block_allocate(length + 1);

    if (copy != NULL) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

static char *path_resolve(const char *path, char *resolved)
{
    char own[PATH_MAX];

    if (resolved != NULL) {
        return realpath(path, resolved);
    }
    return realpath(path, own) == NULL ? NULL : text_copy(own);
}

static int text_format_list(char **text, const char *format, va_list arguments)
{
    char *own = NULL;
    const int length = vasprintf(&own, format, arguments);

    *text = length < 0 ? NULL : text_copy(own);
    free(own);
    return *text == NULL ? -1 : length;
}

static int text_format(char **text, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = text_format_list(text, format, arguments);
    va_end(arguments);
    return length;
}

/* As _FORTIFY_SOURCE has them. */
static int text_format_list_checked(char **text, int flag, const char *format,
                                    va_list arguments)
{
    (void)flag;
    return text_format_list(text, format, arguments);
}

static int text_format_checked(char **text, int flag, const char *format, ...)
{
    va_list arguments;
    int length;

    (void)flag;
    va_start(arguments, format);
    length = text_format_list(text, format, arguments);
    va_end(arguments);
    return length;
}

void *thunk_host_block_make(size_t size)
{
    struct thunk_heap_frame frame = {
        .operation = THUNK_HEAP_ALLOCATE,
        .size = size,
    };

    if (thunk_host_heap_is_shared()) {
        frame.result = thunk_host_shared_allocate(size);
    } else if (guest_is_emulated) {
        thunk_host_heap_ask(&frame);
    } else {
        frame.result = malloc(size);
    }
    if (frame.result == NULL) {
        thunk_log(THUNK_LOG_ERROR,
                  "no memory in the guest for %zu bytes that the program is "
                  "to free",
                  size);
    }
    return frame.result;
}

void *thunk_host_block_give(const void *block)
{
    void *own = (void *)(uintptr_t)block;
    size_t size;
    void *given;

    if (block == NULL || !guest_is_emulated || thunk_host_heap_is_shared()) {
        return own;
    }
    size = malloc_usable_size(own);
    given = thunk_host_block_make(size);
    if (given != NULL) {
        memcpy(given, own, size);
    }
    /* A library may give back what the program gave it. */
    thunk_host_block_free(own);
    return given;
}

void thunk_host_heap_settle(const struct thunk_host_library *library)
{
    static const struct thunk_import blocks[] = {
        {"free", (thunk_function)thunk_host_block_free},
        {"getdelim", (thunk_function)part_get},
        {"__getdelim", (thunk_function)part_get},
        {"getline", (thunk_function)line_get},
        {"realloc", (thunk_function)block_resize},
        {"reallocarray", (thunk_function)array_resize},
    };
    static const struct thunk_import heap[] = {
        {"__asprintf_chk", (thunk_function)text_format_checked},
        {"__getdelim", (thunk_function)part_get_guest},
        {"__strdup", (thunk_function)text_copy},
        {"__vasprintf_chk", (thunk_function)text_format_list_checked},
        {"asprintf", (thunk_function)text_format},
        {"calloc", (thunk_function)block_allocate_clear},
        {"free", (thunk_function)thunk_host_block_free},
        {"getdelim", (thunk_function)part_get_guest},
        {"getline", (thunk_function)line_get_guest},
        {"malloc", (thunk_function)block_allocate},
        {"realloc", (thunk_function)block_grow},
        {"reallocarray", (thunk_function)array_grow},
        {"realpath", (thunk_function)path_resolve},
        {"strdup", (thunk_function)text_copy},
        {"strndup", (thunk_function)text_copy_start},
        {"vasprintf", (thunk_function)text_format_list},
    };

    if (!guest_is_emulated || thunk_host_heap_is_shared()) {
        return;
    }
    if (library->has_guest_heap) {
        thunk_host_imports_set(library->handle, heap,
                               sizeof(heap) / sizeof(heap[0]));
    } else if (library->takes_guest_blocks) {
        thunk_host_imports_set(library->handle, blocks,
                               sizeof(blocks) / sizeof(blocks[0]));
    }
}
