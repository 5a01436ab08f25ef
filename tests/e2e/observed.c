/* SPDX-License-Identifier: MIT
 *
 * usage: observed MODE
 *
 *   calls    so many calls of libz, each kind
 *   closed   the same, with stderr closed: a file then gets its number
 *   fork     a child that makes 3 calls of crc32, a parent that makes 5
 *   threads  8 threads with 1000 calls of crc32 each
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "every.h"

enum { THREADS = 8, CALLS = 1000 };

unsigned char text[TEXT_SIZE];

static void check_values(int count)
{
    for (int i = 0; i < count; i++) {
        CHECK(crc32(0, (const Bytef *)"123456789", 9) == 0xcbf43926);
    }
}

static voidpf own_take(voidpf opaque, uInt items, uInt size)
{
    ++*(long *)opaque;
    return malloc((size_t)items * size);
}

static void own_give(voidpf opaque, voidpf address)
{
    --*(long *)opaque;
    free(address);
}

static void calls_run(void)
{
    long open = 0;
    z_stream stream = {.zalloc = own_take, .zfree = own_give, .opaque = &open};
    char back[16] = "";
    gzFile file;

    check_values(200);
    CHECK(adler32(1, NULL, 0) == 1 && compressBound(100) == 113);
    CHECK(strcmp(zError(Z_DATA_ERROR), "data error") == 0);
    CHECK(zError(Z_OK) != NULL);
    CHECK(inflateInit(&stream) == Z_OK && inflateEnd(&stream) == Z_OK);
    CHECK(open == 0);
    file = gzopen("observed.gz", "wb");
    CHECK(file != NULL && gzputs(file, "a \"text\"\n") == 9);
    CHECK(gzclose(file) == Z_OK);
    file = gzopen("observed.gz", "rb");
    CHECK(file != NULL && gzread(file, back, sizeof(back)) == 9);
    CHECK(gzeof(file) == 1 && gzclose(file) == Z_OK);
    CHECK(strcmp(back, "a \"text\"\n") == 0);
    CHECK(gzopen("/nowhere/at/all", "rb") == NULL);
}

static void closed_run(void)
{
    close(STDERR_FILENO);
    calls_run();
}

static void fork_run(void)
{
    int status;
    pid_t child;

    check_values(4);
    child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        check_values(3);
        exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    check_values(1);
}

static void *threads_main(void *unused)
{
    check_values(CALLS);
    return unused;
}

static void threads_run(void)
{
    pthread_t threads[THREADS];

    for (size_t i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, threads_main, NULL) == 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
}

/* Is ended by what the parent sends, after a signal that it handles. */
static void handle(int number)
{
    (void)number;
}

static void killed_run(void)
{
    signal(SIGTERM, handle);
    for (int i = 0; i < 7; i++) {
        crc32(0, (const Bytef *)"x", 1);
    }
    raise(SIGTERM);
    signal(SIGTERM, SIG_DFL);
    puts("ready");
    fflush(stdout);
    for (;;) {
        pause();
    }
}

/* Ends itself, in a thread while others compute. */
static void *abort_run_thread(void *unused)
{
    abort();
    return unused;
}

static void aborted_run(void)
{
    pthread_t thread;

    for (int i = 0; i < 7; i++) {
        crc32(0, (const Bytef *)"x", 1);
    }
    if (pthread_create(&thread, NULL, abort_run_thread, NULL) == 0) {
        for (volatile unsigned i = 0;; i++) {
        }
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } modes[] = {
        {"aborted", aborted_run}, {"calls", calls_run},
        {"closed", closed_run},   {"fork", fork_run},
        {"killed", killed_run},   {"threads", threads_run},
    };

    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        if (argc == 2 && strcmp(argv[1], modes[i].name) == 0) {
            modes[i].run();
            return 0;
        }
    }
    fprintf(stderr, "usage: observed MODE\n");
    return 2;
}
