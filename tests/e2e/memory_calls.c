/* SPDX-License-Identifier: MIT
 *
 * A guest program whose system calls are about memory of the library in
 * memory.h. It prints the same natively and thunked.
 * usage: memory_calls CASE, in a folder of its own */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "memory.h"

#define MIB (1UL << 20)
#define CHECK(condition)                                                       \
    do {                                                                       \
        if (!(condition)) {                                                    \
            fprintf(stderr, "%s:%d: not so: %s (errno %d)\n", __FILE__,        \
                    __LINE__, #condition, errno);                              \
            exit(1);                                                           \
        }                                                                      \
    } while (0)

#define REFUSED(call) (errno = 0, (call) == -1 && errno == EFAULT)

enum { THREADS = 8, ROUNDS = 40 };

static void fill(char *memory, size_t size, unsigned seed)
{
    for (size_t i = 0; i < size; i++) {
        memory[i] = (char)((i * 2654435761U) >> 13 ^ i >> 5 ^ seed);
    }
}

static int file_new(const char *name)
{
    int file = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);

    CHECK(file >= 0);
    return file;
}

/* Writes `from` and reads it back into `to`. */
static void round_trip(int file, char *from, char *to, size_t size)
{
    CHECK(pwrite(file, from, size, 0) == (ssize_t)size);
    memset(to, 0, size);
    CHECK(pread(file, to, size, 0) == (ssize_t)size);
    CHECK(memcmp(from, to, size) == 0);
}

static void text_case(void)
{
    const char *text = memory_text();
    struct iovec vectors[] = {
        {"[", 1}, {(void *)(uintptr_t)text, 10}, {"]\n", 2}};
    FILE *file = fopen("text", "w");

    fputs(text, stdout);
    fflush(stdout);
    CHECK(fputs(text, stderr) >= 0);
    CHECK(write(STDOUT_FILENO, text, strlen(text)) == (ssize_t)strlen(text));
    CHECK(writev(STDOUT_FILENO, vectors, 3) == 13);
    CHECK(file && setvbuf(file, memory_data(), _IOFBF, 4096) == 0);
    CHECK(fprintf(file, "%s", text) > 0 && fclose(file) == 0);
}

static void paths_case(void)
{
    char *path = memory_allocate(300);
    char *folder = memory_data() + 4096 - 8; /* over the end of a page */
    struct stat *status =
        (struct stat *)(void *)memory_allocate(sizeof *status);
    char real[4096];
    int file;

    strcpy(path, "a-name-in-host-memory");
    file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    CHECK(file >= 0 && write(file, path, 5) == 5);
    CHECK(stat(path, status) == 0 && status->st_size == 5);
    CHECK(fstat(file, (struct stat *)(void *)(memory_data() + 8192 - 16)) == 0);
    CHECK(getcwd(folder, 4096) == folder);
    CHECK(strcmp(folder, getcwd(real, sizeof real)) == 0);
    CHECK(symlink(path, "link") == 0 && readlink("link", folder, 100) == 21);
    CHECK(memcmp(folder, path, 21) == 0);
    CHECK(rename(path, strcpy(folder, "another")) == 0);
    CHECK(access(folder, R_OK) == 0 && unlink("link") == 0);
    close(file);
    memory_release(path);
    puts("paths are fine");
}

static void large_case(void)
{
    const size_t size = 64 * MIB;
    char *from = memory_allocate(size), *to = memory_map(NULL, size);
    int file = file_new("large");

    CHECK(from && to);
    fill(from, size, 1);
    /* The ends first, so that QEMU knows some of it. */
    CHECK(pwrite(file, from, 3, 0) == 3);
    CHECK(pwrite(file, from + size - 3, 3, 0) == 3);
    round_trip(file, from, to, size);
    memory_release(from);
    CHECK(memory_unmap(to, size) == 0);
    close(file);
    unlink("large");
    puts("64 MiB are fine");
}

/* Messages, with everything in host memory: headers, vectors, data. */
static void sockets_case(void)
{
    char *data = memory_map(NULL, MIB);
    struct msghdr *message = (struct msghdr *)(void *)memory_allocate(256);
    struct iovec *vectors = (struct iovec *)(void *)memory_allocate(256);
    struct mmsghdr *two = (struct mmsghdr *)(void *)memory_allocate(256);
    int *pair = (int *)(void *)memory_data();

    CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0);
    fill(data, 2000, 7);
    CHECK(send(pair[0], data, 1000, 0) == 1000);
    CHECK(recv(pair[1], data + 4000, 1000, 0) == 1000);
    CHECK(memcmp(data, data + 4000, 1000) == 0);
    vectors[0] = (struct iovec){data, 700};
    vectors[1] = (struct iovec){memory_allocate(900), 900};
    fill(vectors[1].iov_base, 900, 9);
    memset(message, 0, sizeof *message);
    message->msg_iov = vectors;
    message->msg_iovlen = 2;
    CHECK(sendmsg(pair[0], message, 0) == 1600);
    CHECK(readv(pair[1], (struct iovec[]){{data + 8000, 1600}}, 1) == 1600);
    CHECK(memcmp(data + 8000, data, 700) == 0);
    CHECK(writev(pair[1], vectors, 2) == 1600);
    CHECK(recvmsg(pair[0], message, 0) == 1600);
    memset(two, 0, 2 * sizeof *two);
    two[0].msg_hdr = two[1].msg_hdr = *message;
    CHECK(sendmmsg(pair[0], two, 2, 0) == 2 && two[1].msg_len == 1600);
    CHECK(recvmmsg(pair[1], two, 2, 0, NULL) == 2 && two[0].msg_len == 1600);
    CHECK(memory_unmap(data, MIB) == 0);
    puts("sockets are fine");
}

/* What the host has unmapped is no memory, as natively; what guest or host put
 * there next is. */
static void unmapped_case(void)
{
    const size_t size = 3 * MIB;
    int file = file_new("unmapped");

    CHECK(ftruncate(file, (off_t)size) == 0);

    for (int i = 0; i < ROUNDS; i++) {
        char *memory = memory_map(NULL, size), *again;
        char *other = memory_allocate(size);
        void *guest;

        fill(memory, MIB, (unsigned)i);
        round_trip(file, memory, other, size);
        memory_release(other);
        CHECK(memory_unmap(memory, size) == 0);
        CHECK(REFUSED(write(file, memory, 10)));
        CHECK(REFUSED(pread(file, memory + MIB, 10, 0)));
        CHECK(REFUSED(fstat(file, (struct stat *)(void *)(memory + 64))));
        CHECK(REFUSED(open(memory, O_RDONLY)));
        if (i % 2 == 0) {
            guest =
                mmap(memory, size, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
            CHECK(guest == memory && pread(file, guest, 100, 0) == 100);
            CHECK(munmap(guest, size) == 0);
            CHECK(REFUSED(pread(file, guest, 100, 0)));
        }
        again = memory_map(memory, size);
        CHECK(again == memory && pread(file, again, size, 0) == (ssize_t)size);
        CHECK(memory_unmap(again + MIB, MIB) == 0); /* a hole */
        CHECK(pread(file, again + 2 * MIB, MIB, 0) == (ssize_t)MIB);
        CHECK(REFUSED(fstat(file, (struct stat *)(void *)(again + MIB))));
        CHECK(memory_unmap(again, size) == 0);
    }
    close(file);
    puts("what is unmapped is refused");
}

static void *thread_run(void *argument)
{
    const unsigned number = (unsigned)(uintptr_t)argument;
    int ends[2];
    char name[32];
    int file;

    snprintf(name, sizeof name, "thread%u", number);
    file = file_new(name);
    CHECK(pipe(ends) == 0);
    for (unsigned i = 0; i < ROUNDS; i++) {
        const size_t size = (i % 7 + 1) * 100000;
        char *from = memory_map(NULL, size), *to = memory_allocate(size);
        void *guest = mmap(NULL, size, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        fill(from, size, number + i);
        round_trip(file, from, to, size);
        round_trip(file, from, guest, size);
        CHECK(write(ends[1], from + 1, 4000) == 4000);
        CHECK(read(ends[0], to, 4000) == 4000 && !memcmp(from + 1, to, 4000));
        CHECK(memory_unmap(from, size) == 0 && munmap(guest, size) == 0);
        memory_release(to);
    }
    close(file);
    return NULL;
}

static void threads_case(void)
{
    pthread_t threads[THREADS];

    for (uintptr_t i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, thread_run, (void *)i) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    puts("threads are fine");
}

static void fork_case(void)
{
    char *memory = memory_map(NULL, MIB);
    char **arguments = (char **)(void *)memory_allocate(64);
    int status;
    pid_t child;

    strcpy(memory, "/bin/echo");
    strcpy(memory + 100, "echoed from host memory");
    arguments[0] = memory;
    arguments[1] = memory + 100;
    arguments[2] = NULL;
    fflush(stdout);
    child = fork();
    if (child == 0) {
        CHECK(write(STDOUT_FILENO, memory + 100, 6) == 6);
        memory = memory_map(NULL, MIB);
        CHECK(write(STDOUT_FILENO, strcpy(memory, "\n"), 1) == 1);
        execve(arguments[0], arguments, arguments + 2);
        _exit(1);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    puts("a child is fine");
}

static sigjmp_buf landing;
static void *fault_address;

static void fault_handle(int number, siginfo_t *info, void *context)
{
    (void)number, (void)context;
    fault_address = info->si_addr;
    siglongjmp(landing, 1);
}

/* Not natively: the host's code is readable, but no guest code. A jump there is
 * a call of the host's function, and one to the host's data is a fault. */
static void code_case(void)
{
    const struct sigaction action = {.sa_sigaction = fault_handle,
                                     .sa_flags = SA_SIGINFO};
    const char *code = memory_code(), *data = memory_data();
    int file = file_new("code");

    CHECK(write(file, code, 16) == 16);
    CHECK(REFUSED(pread(file, (void *)(uintptr_t)code, 16, 0)));
    CHECK(sigaction(SIGSEGV, &action, NULL) == 0);
    ((void (*)(char *))(uintptr_t)code)(memory_allocate(16));
    if (sigsetjmp(landing, 1) == 0) {
        ((void (*)(char *))(uintptr_t)data)(NULL);
        exit(3); /* it was executed */
    }
    CHECK(fault_address == data);
    puts("the host's functions can be called, its data cannot");
}

int main(int count, char **arguments)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } cases[] = {
        {"text", text_case},         {"paths", paths_case},
        {"large", large_case},       {"sockets", sockets_case},
        {"unmapped", unmapped_case}, {"threads", threads_case},
        {"fork", fork_case},         {"code", code_case},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (count == 2 && strcmp(arguments[1], cases[i].name) == 0) {
            cases[i].run();
            return 0;
        }
    }
    return 2;
}
