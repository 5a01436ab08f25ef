/* SPDX-License-Identifier: MIT
 *
 * Which files the guest's dynamic linker gets: the test plays the guest, and
 * QEMU, which makes the guest's system calls. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "harness.h"

enum {
    READ = 0,
    ACCESS = 21,
    OPENAT = 257,
    HEAD = 832,
    LINKER = O_RDONLY | O_CLOEXEC
};

static char folder[] = "/tmp/linker-test-XXXXXX";
static char buffer[4096];

static char *path_make(const char *name)
{
    static char paths[16][PATH_MAX];
    static unsigned next;
    char *path = paths[next++ % 16];

    snprintf(path, PATH_MAX, "%s/%s", folder, name);
    return path;
}

static void file_make(const char *name, char text)
{
    FILE *file = fopen(path_make(name), "w");

    assert_non_null(file);
    for (int i = 0; i < HEAD; i++) {
        putc(text, file);
    }
    fclose(file);
}

/* The guest opens a file: its descriptor. */
static int guest_open(const char *path, int flags)
{
    int result;

    number_ask(OPENAT, (uint64_t)AT_FDCWD, ADDRESS(path), (uint64_t)flags, 0);
    result = openat(AT_FDCWD, path, flags);
    number_done(OPENAT, result);
    return result;
}

/* What it reads then; 0: nothing. */
static char guest_read(int file, size_t size)
{
    ssize_t length;

    number_ask(READ, (uint64_t)file, ADDRESS(buffer), size, 0);
    length = read(file, buffer, size);
    number_done(READ, length);
    return length > 0 ? buffer[0] : 0;
}

static char guest_get(const char *path, int flags, size_t size)
{
    const int file = guest_open(path, flags);
    const char got = file < 0 ? '-' : guest_read(file, size);

    close(file);
    return got;
}

/* -1: the memory at the address is not to be written. */
static int copy_write(char *to)
{
    char byte = '/';
    const struct iovec local = {&byte, 1}, remote = {to, 1};

    return (int)process_vm_writev(getpid(), &local, 1, &remote, 1, 0);
}

static uint64_t given(const char *soname)
{
    uint64_t answer = THUNK_UNANSWERED;

    ask(THUNK_GET_THUNK, ADDRESS(soname), ADDRESS(&answer), 0);
    return answer;
}

static void own_use(uint64_t is_own)
{
    uint64_t answer = 0;

    ask(THUNK_USE_OWN, is_own, ADDRESS(&answer), 0);
    assert_int_equal(answer, 1);
}

static int start(void **state)
{
    char options[3][PATH_MAX];
    char *arguments[] = {options[0], options[1], options[2]};

    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    if (mkdtemp(folder) == NULL || mkdir(path_make("thunks"), 0700) != 0) {
        return -1;
    }
    file_make("libone.so.1", 'o');
    file_make("thunks/libone.so.1", 't');
    file_make("thunks/libnone.so.1", 'n');
    file_make("thunks/libthunk-guest.so", 'r');
    snprintf(options[0], PATH_MAX, "thunk=%s", path_make("thunks/libone.so.1"));
    snprintf(options[1], PATH_MAX, "own=%s", path_make("libone.so.1"));
    snprintf(options[2], PATH_MAX, "thunk=%s",
             path_make("thunks/libnone.so.1"));
    if (plugin_open(state) != 0 || install(false, 3, arguments) != 0) {
        return -1;
    }
    block_translate(0x1000, 0x1000);
    return 0;
}

static int start_preload(void **state)
{
    char options[2][PATH_MAX];
    char *arguments[] = {options[0], options[1]};
    FILE *file;

    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    if (mkdtemp(folder) == NULL ||
        (file = fopen(path_make("list"), "w")) == NULL) {
        return -1;
    }
    fputs("/lib/own.so\n", file);
    fclose(file);
    strcpy(options[0], "preload=/thunks/heap.so");
    snprintf(options[1], PATH_MAX, "preloads=%s", path_make("list"));
    if (plugin_open(state) != 0 || install(false, 2, arguments) != 0) {
        return -1;
    }
    block_translate(0x1000, 0x1000);
    return 0;
}

static int start_without_copy(void **state)
{
    const int failed = start(state);

    copy_error = ENOSYS;
    return failed;
}

static int end(void **state)
{
    char command[PATH_MAX];

    snprintf(command, sizeof command, "rm -r '%s'", folder);
    return system(command) + plugin_close(state);
}

/* By whatever path, and only as the dynamic linker opens it. */
static void library_given(void **state)
{
    const char *own = path_make("libone.so.1");
    int file;

    (void)state;
    assert_int_equal(given("libone.so.1"), 0);
    assert_int_equal(guest_get(own, LINKER, HEAD), 't');
    assert_string_equal((char *)(uintptr_t)given("libone.so.1"),
                        path_make("thunks/libone.so.1"));
    assert_int_equal(symlink("libone.so.1", path_make("link")), 0);
    assert_int_equal(guest_get(path_make("link"), LINKER, HEAD), 't');

    assert_int_equal(guest_get(own, LINKER, HEAD - 1), 'o');
    assert_int_equal(guest_get(own, O_RDONLY, HEAD), 'o');
    assert_int_equal(guest_get(own, O_RDWR | O_CLOEXEC, HEAD), 'o');
    /* The first that is read tells; what other descriptors read does not. */
    file = guest_open(own, LINKER);
    assert_int_equal(guest_read(file, 64), 'o');
    lseek(file, 0, SEEK_SET);
    assert_int_equal(guest_read(file, HEAD), 'o');
    close(file);
    file = guest_open(own, LINKER);
    assert_int_equal(guest_get(path_make("thunks/libnone.so.1"), LINKER, HEAD),
                     'n');
    assert_int_equal(guest_read(file, HEAD), 't');
    assert_int_equal(fcntl(file, F_GETFD), FD_CLOEXEC);
    close(file);

    /* Another file in its place has not been looked at. */
    assert_int_equal(rename(own, path_make("old")), 0);
    file_make("libone.so.1", 'x');
    assert_int_equal(guest_get(own, LINKER, HEAD), 'x');
    assert_int_equal(guest_get(path_make("old"), LINKER, HEAD), 't');
}

static void *other_get(void *path)
{
    static char got;

    got = guest_get(path, LINKER, HEAD);
    return &got;
}

static void own_got(void **state)
{
    char *own = path_make("libone.so.1");
    pthread_t thread;
    void *got;

    (void)state;
    own_use(1);
    assert_int_equal(guest_get(own, LINKER, HEAD), 'o');
    assert_int_equal(guest_get("/lib/libnone.so.1", LINKER, HEAD), '-');
    /* Only this thread. */
    assert_int_equal(pthread_create(&thread, NULL, other_get, own), 0);
    assert_int_equal(pthread_join(thread, &got), 0);
    assert_int_equal(*(char *)got, 't');
    own_use(0);
    assert_int_equal(guest_get(own, LINKER, HEAD), 't');
}

/* The same with the path in memory that can be written, which stays as it is.
 */
static char absent_get(const char *path)
{
    char copy[PATH_MAX];
    char got;

    strcpy(copy, path);
    got = guest_get(copy, LINKER, HEAD);
    assert_string_equal(copy, path);
    return got;
}

static void absent_given(void **state)
{
    char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    (void)state;
    assert_int_equal(absent_get("/home/libnone.so.1"), '-');
    assert_int_equal(absent_get("/lib/libother.so.1"), '-');
    assert_int_equal(absent_get("/usr/lib/there-is-none/libone.so.1"), '-');
    assert_int_equal(given("libnone.so.1"), 0);
    assert_int_equal(absent_get("/usr/lib/there-is-none/libnone.so.1"), 'n');
    assert_string_equal((char *)(uintptr_t)given("libnone.so.1"),
                        path_make("thunks/libnone.so.1"));

    /* Where it cannot be written it is not there. */
    strcpy(page, "/lib/libnone.so.1");
    assert_int_equal(mprotect(page, 4096, PROT_READ), 0);
    assert_int_equal(guest_get(page, LINKER, HEAD), '-');
    munmap(page, 4096);
}

static void runtime_given(void **state)
{
    (void)state;
    assert_int_equal(absent_get("/any/libthunk-guest.so"), '-');
    assert_int_equal(guest_get(path_make("libone.so.1"), LINKER, HEAD), 't');
    assert_int_equal(given("libthunk-guest.so"), 0);
    assert_int_equal(absent_get("/any/libthunk-guest.so"), 'r');
    assert_int_equal(absent_get("/any/libthunk-more.so"), '-');
    assert_string_equal((char *)(uintptr_t)given("libthunk-guest.so"),
                        path_make("thunks/libthunk-guest.so"));
}

/* The program's own is used, and that is said. */
static void thunk_lost(void **state)
{
    (void)state;
    assert_int_equal(unlink(path_make("thunks/libone.so.1")), 0);
    assert_int_equal(unlink(path_make("thunks/libnone.so.1")), 0);
    assert_int_equal(guest_get(path_make("libone.so.1"), LINKER, HEAD), 'o');
    assert_int_equal(messages_count("libone.so.1: No such file or directory: "
                                    "the guest's own library is used"),
                     1);
    assert_int_equal(absent_get("/lib/libnone.so.1"), '-');
    assert_int_equal(given("libone.so.1"), 0);
}

/* Whether the guest finds a file there. */
static bool guest_finds(const char *path)
{
    int result;

    number_ask(ACCESS, ADDRESS(path), R_OK, 0, 0);
    result = access(path, R_OK);
    number_done(ACCESS, result);
    return result == 0;
}

/* Once, and only by the dynamic linker: its path is a constant. */
static void preload_given(void **state)
{
    static const char path[] = "/etc/ld.so.preload";
    char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char text[100] = "";
    int file;

    (void)state;
    strcpy(page, path);
    assert_int_equal(mprotect(page, 4096, PROT_READ), 0);
    assert_int_equal(guest_open(page, LINKER), -1);
    assert_false(guest_finds("/etc/ld.so.nothing"));
    assert_true(guest_finds(page));
    assert_string_equal(page, path);
    assert_false(guest_finds(page));
    assert_int_equal(guest_open(page, O_RDONLY), -1);
    file = guest_open(page, LINKER);
    assert_true(file >= 0);
    assert_string_equal(page, path);
    assert_true(read(file, text, sizeof text - 1) > 0);
    assert_string_equal(text, "/thunks/heap.so\n/lib/own.so\n");
    assert_int_equal(fcntl(file, F_GETFD), FD_CLOEXEC);
    close(file);
    assert_int_equal(guest_open(page, LINKER), -1);
    assert_int_equal(copy_write(page), -1);
    munmap(page, 4096);
}

/* A request may be wrong. */
static void requests_refused(void **state)
{
    uint64_t answer = THUNK_UNANSWERED;

    (void)state;
    ask(THUNK_GET_THUNK, 1, ADDRESS(&answer), 0);
    assert_int_equal(answer, 0);
    ask(THUNK_GET_THUNK, ADDRESS("libone.so.1"), 1, 0);
    ask(THUNK_USE_OWN, 1, 1, 0);
    own_use(0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, end)
#define TEST_FALLBACK(function)                                                \
    cmocka_unit_test_setup_teardown(function, start_without_copy, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(library_given),
        TEST(own_got),
        TEST(absent_given),
        TEST(runtime_given),
        TEST(thunk_lost),
        TEST(requests_refused),
        TEST_FALLBACK(absent_given),
        cmocka_unit_test_setup_teardown(preload_given, start_preload, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
