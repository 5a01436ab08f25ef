/* SPDX-License-Identifier: MIT
 * Streams of one side that the other has one for. */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "loop.h"

enum { THREADS = 8 };

static char path[] = "/tmp/loopback-stream-XXXXXX";

static void path_make(void)
{
    int fd = mkstemp(path);

    CHECK(fd >= 0 && close(fd) == 0);
}

static void file_check(const char *text)
{
    char found[100] = "";
    FILE *file = fopen(path, "r");

    CHECK(file != NULL);
    CHECK(fread(found, 1, sizeof(found) - 1, file) == strlen(text));
    CHECK(strcmp(found, text) == 0);
    fclose(file);
    unlink(path);
}

/* One stream, whoever writes and reads. */
static void turns(void)
{
    FILE *stream;

    path_make();
    stream = loop_open(path, "w+");
    CHECK(stream != NULL && fileno(stream) > 2);
    CHECK_SAME(loop_same_stream(stream, stream), 1);
    CHECK(fputs("one ", stream) >= 0);
    CHECK_SAME(loop_put(stream, "two "), 0);
    CHECK(fputs("three", stream) >= 0);
    CHECK_SAME(loop_tell(stream), 13);
    CHECK_SAME(ftell(stream), 13);
    rewind(stream);
    CHECK_SAME(getc(stream), 'o');
    CHECK_SAME(loop_get(stream), 'n');
    CHECK_SAME(loop_push(stream, 'X'), 'X');
    CHECK_SAME(getc(stream), 'X');
    CHECK_SAME(ungetc('Y', stream), 'Y');
    CHECK_SAME(loop_tell(stream), 1);
    CHECK_SAME(loop_get(stream), 'Y');
    CHECK_SAME(getc(stream), 'e');
    CHECK_SAME(fseek(stream, 0, SEEK_END), 0);
    CHECK_SAME(getc(stream), EOF);
    CHECK_SAME(loop_end(stream), 1);
    clearerr(stream);
    CHECK_SAME(loop_end(stream), 0);
    CHECK_SAME(fclose(stream), 0);
    file_check("one two three");
}

/* The program's own, with the library's ungetc() in a call of its own. */
static void turns_of_program(void)
{
    FILE *stream;

    path_make();
    stream = fopen(path, "w+");
    CHECK(fputs("one ", stream) >= 0);
    CHECK_SAME(loop_put(stream, "two"), 0);
    rewind(stream);
    CHECK_SAME(getc(stream), 'o');
    CHECK_SAME(loop_push(stream, 'X'), 'X');
    CHECK_SAME(ftell(stream), 0);
    CHECK_SAME(getc(stream), 'X');
    CHECK_SAME(loop_get(stream), 'n');
    CHECK_SAME(fseek(stream, 0, SEEK_END), 0);
    CHECK_SAME(getc(stream), EOF);
    CHECK_SAME(loop_end(stream), 1);
    CHECK_SAME(loop_push(stream, 'Z'), 'Z');
    CHECK_SAME(feof(stream), 0);
    CHECK_SAME(getc(stream), 'Z');
    CHECK_SAME(loop_close(stream), 0);
    file_check("one two");
}

/* What a function has read before a callback it may put back behind it. */
static long position_tell(void *context, long byte)
{
    CHECK_SAME(byte, 'o');
    return ftell(context);
}

static void callbacks(void)
{
    FILE *stream;

    path_make();
    for (int i = 0; i < 2; i++) {
        stream = i == 0 ? fopen(path, "w+") : loop_open(path, "w+");
        CHECK(fputs("one two", stream) >= 0);
        rewind(stream);
        CHECK_SAME(loop_peek_by(stream, position_tell, stream), 1);
        CHECK_SAME(ftell(stream), 0);
        CHECK_SAME(getc(stream), 'o');
        CHECK_SAME(loop_get(stream), 'n');
        CHECK_SAME(fclose(stream), 0);
    }
    file_check("one two");
}

/* Whoever closes one, the next may have its address. */
static void closed(void)
{
    FILE *stream = NULL;

    path_make();
    for (int i = 0; i < 100; i++) {
        CHECK_SAME(loop_open_at(path, "w", &stream), 0);
        CHECK(fprintf(stream, "%d ", i) > 0);
        CHECK_SAME(loop_put(stream, "put"), 0);
        CHECK_SAME(i % 2 == 0 ? loop_close(stream) : fclose(stream), 0);
    }
    file_check("99 put");
    CHECK_SAME(loop_open_at("/nowhere/file", "w", &stream), -1);
    CHECK_SAME(errno, ENOENT);
    CHECK(stream == NULL);
    CHECK(loop_open("/nowhere/file", "r") == NULL);
    CHECK_SAME(errno, ENOENT);
}

static void errors(void)
{
    FILE *stream = loop_open("/dev/full", "w");

    CHECK(fputs("much", stream) >= 0);
    CHECK_SAME(fflush(stream), EOF);
    CHECK_SAME(errno, ENOSPC);
    CHECK(ferror(stream) != 0);
    fclose(stream);
    stream = loop_open("/dev/null", "r");
    errno = 0;
    CHECK_SAME(putc('a', stream), EOF);
    CHECK_SAME(errno, EBADF);
    CHECK_SAME(fclose(stream), 0);
}

/* What the program has not flushed is written when it ends. */
static void ended(void)
{
    FILE *stream;
    pid_t child;
    int status;

    path_make();
    child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        stream = loop_open(path, "w");
        CHECK(fputs("one ", stream) >= 0);
        CHECK_SAME(loop_put(stream, "two "), 0);
        CHECK(fputs("three", stream) >= 0);
        exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    file_check("one two three");
}

/* All calls settle all streams, those of other threads as well. */
static void *thread_turns(void *argument)
{
    int rounds = check_is_emulated() ? 10 : 100;
    char own[sizeof(path) + 10];

    snprintf(own, sizeof(own), "%s-%d", path, (int)(intptr_t)argument);
    for (int i = 0; i < rounds; i++) {
        FILE *stream = loop_open(own, "w+");

        CHECK(stream != NULL);
        CHECK(fputs("0123", stream) >= 0);
        CHECK_SAME(loop_put(stream, "4567"), 0);
        CHECK_SAME(ftell(stream), 8);
        rewind(stream);
        CHECK_SAME(getc(stream), '0');
        CHECK_SAME(loop_get(stream), '1');
        CHECK_SAME(getc(stream), '2');
        CHECK_SAME(loop_tell(stream), 3);
        CHECK_SAME(loop_get(stream), '3');
        CHECK_SAME(i % 2 == 0 ? loop_close(stream) : fclose(stream), 0);
    }
    unlink(own);
    return NULL;
}

static void threads(void)
{
    pthread_t made[THREADS];

    path_make();
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&made[i], NULL, thread_turns,
                             (void *)(intptr_t)i) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_join(made[i], NULL) == 0);
    }
    unlink(path);
}

const struct check_test stream_tests[] = {
    {"turns", turns},         {"turns_of_program", turns_of_program},
    {"callbacks", callbacks}, {"closed", closed},
    {"errors", errors},       {"ended", ended},
    {"threads", threads},     {NULL, NULL},
};
