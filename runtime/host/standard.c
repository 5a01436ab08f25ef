/* SPDX-License-Identifier: MIT
 *
 * stdin, stdout and stderr of the host's libraries are the program's (file.c),
 * so that what both print comes in turn. These are the functions of libc's that
 * use one without naming it, and that set how one works.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "file.h"
#include "program.h"

static FILE *in(void)
{
    return thunk_host_file_standard[0];
}

static FILE *out(void)
{
    return thunk_host_file_standard[1];
}

static int print(const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vfprintf(out(), format, arguments);
    va_end(arguments);
    return length;
}

static int print_list(const char *format, va_list arguments)
{
    return vfprintf(out(), format, arguments);
}

/* As _FORTIFY_SOURCE has them. */
static int print_checked(int flag, const char *format, ...)
{
    va_list arguments;
    int length;

    (void)flag;
    va_start(arguments, format);
    length = vfprintf(out(), format, arguments);
    va_end(arguments);
    return length;
}

static int print_list_checked(int flag, const char *format, va_list arguments)
{
    (void)flag;
    return vfprintf(out(), format, arguments);
}

static int line_put(const char *text)
{
    return fprintf(out(), "%s\n", text) < 0 ? EOF : 1;
}

static int character_put(int character)
{
    return putc(character, out());
}

static int character_get(void)
{
    return getc(in());
}

static int scan(const char *format, ...)
{
    va_list places;
    int count;

    va_start(places, format);
    count = vfscanf(in(), format, places);
    va_end(places);
    return count;
}

static int scan_list(const char *format, va_list places)
{
    return vfscanf(in(), format, places);
}

/* What is set of a stream that stands for the guest's is set of that one. */

static int buffer_set(FILE *stream, char *buffer, int mode, size_t size)
{
    static struct thunk_procedure guest = {"setvbuf", NULL};
    struct thunk_program_frame frame = {
        .arguments = {THUNK_WORD(thunk_host_file_known(stream)),
                      THUNK_WORD(buffer), (uint64_t)mode, size},
    };

    return frame.arguments[0] != 0 && thunk_host_program_try(&guest, &frame)
               ? (int)frame.result.integer
               : setvbuf(stream, buffer, mode, size);
}

static void buffer_give_sized(FILE *stream, char *buffer, size_t size)
{
    (void)buffer_set(stream, buffer, buffer == NULL ? _IONBF : _IOFBF, size);
}

static void buffer_give(FILE *stream, char *buffer)
{
    buffer_give_sized(stream, buffer, BUFSIZ);
}

static void buffer_set_lines(FILE *stream)
{
    (void)buffer_set(stream, NULL, _IOLBF, 0);
}

static FILE *stream_reopen(const char *path, const char *mode, FILE *stream)
{
    static struct thunk_procedure guest = {"freopen", NULL};
    struct thunk_program_frame frame = {
        .arguments = {THUNK_WORD(path), THUNK_WORD(mode),
                      THUNK_WORD(thunk_host_file_known(stream))},
    };

    if (frame.arguments[2] == 0 || !thunk_host_program_try(&guest, &frame)) {
        return freopen(path, mode, stream);
    }
    return frame.result.pointer == NULL ? NULL : stream;
}

static void error_print(const char *what)
{
    FILE *stream = thunk_host_file_standard[2];
    const char *error = strerror(errno);

    if (what == NULL || *what == '\0') {
        fprintf(stream, "%s\n", error);
    } else {
        fprintf(stream, "%s: %s\n", what, error);
    }
}

struct thunk_imports thunk_host_standard_imports(void)
{
    static const struct thunk_import imports[] = {
        {"__isoc23_scanf", (thunk_function)scan},
        {"__isoc23_vscanf", (thunk_function)scan_list},
        {"__isoc99_scanf", (thunk_function)scan},
        {"__isoc99_vscanf", (thunk_function)scan_list},
        {"__printf_chk", (thunk_function)print_checked},
        {"__vprintf_chk", (thunk_function)print_list_checked},
        {"freopen", (thunk_function)stream_reopen},
        {"freopen64", (thunk_function)stream_reopen},
        {"getchar", (thunk_function)character_get},
        {"getchar_unlocked", (thunk_function)character_get},
        {"perror", (thunk_function)error_print},
        {"printf", (thunk_function)print},
        {"putchar", (thunk_function)character_put},
        {"putchar_unlocked", (thunk_function)character_put},
        {"puts", (thunk_function)line_put},
        {"scanf", (thunk_function)scan},
        {"setbuf", (thunk_function)buffer_give},
        {"setbuffer", (thunk_function)buffer_give_sized},
        {"setlinebuf", (thunk_function)buffer_set_lines},
        {"setvbuf", (thunk_function)buffer_set},
        {"stderr", (thunk_function)(uintptr_t)&thunk_host_file_standard[2]},
        {"stdin", (thunk_function)(uintptr_t)&thunk_host_file_standard[0]},
        {"stdout", (thunk_function)(uintptr_t)&thunk_host_file_standard[1]},
        {"vprintf", (thunk_function)print_list},
        {"vscanf", (thunk_function)scan_list},
    };

    return (struct thunk_imports){imports,
                                  thunk_host_file_standard_start()
                                      ? sizeof(imports) / sizeof(*imports)
                                      : 0};
}
