/* SPDX-License-Identifier: MIT
 *
 * What the host's libc allocates for its caller, who frees it or gives it to
 * the program: made in the heap of the host's libraries (heap.c).
 */
#include <dirent.h>
#include <errno.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "heap.h"

/* A block of libc's that holds so much, as one of ours. */
static void *block_adopt(void *of_libc, size_t size)
{
    void *block = of_libc == NULL ? NULL : thunk_host_block_allocate(size);

    if (block != NULL) {
        memcpy(block, of_libc, size);
    }
    free(of_libc);
    return block;
}

static char *text_adopt(char *of_libc)
{
    return block_adopt(of_libc, of_libc == NULL ? 0 : strlen(of_libc) + 1);
}

static char *text_copy(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = thunk_host_block_allocate(size);

    return copy == NULL ? NULL : memcpy(copy, text, size);
}

static char *text_copy_start(const char *text, size_t size)
{
    size_t length = strnlen(text, size);
    char *copy = thunk_host_block_allocate(length + 1);

    if (copy != NULL) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

static wchar_t *wide_text_copy(const wchar_t *text)
{
    size_t size = (wcslen(text) + 1) * sizeof(*text);
    wchar_t *copy = thunk_host_block_allocate(size);

    return copy == NULL ? NULL : memcpy(copy, text, size);
}

static int text_format_list(char **text, const char *format, va_list arguments)
{
    char *made = NULL;
    const int length = vasprintf(&made, format, arguments);

    *text = length < 0 ? NULL : block_adopt(made, (size_t)length + 1);
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

/* libc's own would grow the caller's block by its own realloc(). */
static ssize_t part_get(char **line, size_t *size, int end, FILE *stream)
{
    char *own = NULL;
    size_t own_size = 0;
    ssize_t length = getdelim(&own, &own_size, end, stream);

    if (length >= 0 && (*line == NULL || *size <= (size_t)length)) {
        char *grown = thunk_host_block_resize(*line, (size_t)length + 1);

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

static ssize_t line_get(char **line, size_t *size, FILE *stream)
{
    return part_get(line, size, '\n', stream);
}

static char *path_resolve(const char *path, char *resolved)
{
    char *path_of_libc = realpath(path, resolved);

    return resolved != NULL ? path_of_libc : text_adopt(path_of_libc);
}

static char *path_resolve_new(const char *path)
{
    return text_adopt(canonicalize_file_name(path));
}

static char *folder_get(char *place, size_t size)
{
    char *folder = getcwd(place, size);

    if (place != NULL || folder == NULL) {
        return folder;
    }
    return size == 0 ? text_adopt(folder) : block_adopt(folder, size);
}

static char *folder_get_new(void)
{
    return text_adopt(get_current_dir_name());
}

/* The array and each entry are blocks. */
static int folder_scan(const char *folder, struct dirent ***entries,
                       int (*is_wanted)(const struct dirent *),
                       int (*compare)(const struct dirent **,
                                      const struct dirent **))
{
    struct dirent **found = NULL;
    int count = scandir(folder, &found, is_wanted, compare);

    for (int i = 0; i < count; i++) {
        found[i] = block_adopt(found[i], found[i]->d_reclen);
    }
    if (count >= 0) {
        *entries = block_adopt(found, (size_t)count * sizeof(*found));
    }
    return count;
}

/* ---- open_memstream() ---- */

/* The caller's places have a block that ends in a 0, and its length up to the
 * stream's position, whenever it is flushed and once it is closed. */
struct memory {
    char **text;
    size_t *size;
    size_t room, length, position;
};

static void memory_tell(const struct memory *memory)
{
    *memory->size =
        memory->position < memory->length ? memory->position : memory->length;
}

/* Room for so many bytes and a 0; zeros where nothing was written yet. */
static bool memory_grow(struct memory *memory, size_t length)
{
    if (length >= memory->room) {
        const size_t room = length + length / 2 + 1;
        char *grown = thunk_host_block_resize(*memory->text, room);

        if (grown == NULL) {
            return false;
        }
        memset(grown + memory->room, 0, room - memory->room);
        memory->room = room;
        *memory->text = grown;
    }
    return true;
}

static ssize_t memory_write(void *cookie, const char *from, size_t size)
{
    struct memory *memory = cookie;

    if (!memory_grow(memory, memory->position + size)) {
        return 0;
    }
    memcpy(*memory->text + memory->position, from, size);
    memory->position += size;
    if (memory->position > memory->length) {
        memory->length = memory->position;
    }
    memory_tell(memory);
    return (ssize_t)size;
}

static int memory_seek(void *cookie, off64_t *offset, int whence)
{
    struct memory *memory = cookie;
    const off64_t start = whence == SEEK_SET   ? 0
                          : whence == SEEK_CUR ? (off64_t)memory->position
                                               : (off64_t)memory->length;

    if (*offset < -start) {
        errno = EINVAL;
        return -1;
    }
    *offset += start;
    memory->position = (size_t)*offset;
    memory_tell(memory);
    return 0;
}

static int memory_close(void *cookie)
{
    free(cookie);
    return 0;
}

static FILE *memory_open(char **text, size_t *size)
{
    const cookie_io_functions_t functions = {
        .write = memory_write, .seek = memory_seek, .close = memory_close};
    struct memory *memory = calloc(1, sizeof(*memory));
    FILE *stream = memory == NULL ? NULL : fopencookie(memory, "w", functions);

    if (stream == NULL) {
        free(memory);
        return NULL;
    }
    *text = NULL;
    memory->text = text;
    memory->size = size;
    if (!memory_grow(memory, 0)) {
        fclose(stream);
        return NULL;
    }
    memory_tell(memory);
    return stream;
}

/* ---- all ---- */

void *thunk_host_block_adopt(void *of_libc)
{
    return thunk_host_heap_is_apart() && of_libc != NULL
               ? block_adopt(of_libc, malloc_usable_size(of_libc))
               : of_libc;
}

struct thunk_imports thunk_host_libc_blocks_imports(void)
{
    static const struct thunk_import imports[] = {
        {"__asprintf_chk", (thunk_function)text_format_checked},
        {"__getdelim", (thunk_function)part_get},
        {"__strdup", (thunk_function)text_copy},
        {"__strndup", (thunk_function)text_copy_start},
        {"__vasprintf_chk", (thunk_function)text_format_list_checked},
        {"asprintf", (thunk_function)text_format},
        {"canonicalize_file_name", (thunk_function)path_resolve_new},
        {"get_current_dir_name", (thunk_function)folder_get_new},
        {"getcwd", (thunk_function)folder_get},
        {"getdelim", (thunk_function)part_get},
        {"getline", (thunk_function)line_get},
        {"open_memstream", (thunk_function)memory_open},
        {"realpath", (thunk_function)path_resolve},
        {"scandir", (thunk_function)folder_scan},
        {"scandir64", (thunk_function)folder_scan},
        {"strdup", (thunk_function)text_copy},
        {"strndup", (thunk_function)text_copy_start},
        {"vasprintf", (thunk_function)text_format_list},
        {"wcsdup", (thunk_function)wide_text_copy},
    };

    return (struct thunk_imports){imports, sizeof(imports) / sizeof(*imports)};
}
