/* SPDX-License-Identifier: MIT
 *
 * The malloc() family as a program uses it, and what comes to it by libc and by
 * system calls: the same as natively.
 * usage: heap CASE
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define MIB ((size_t)1 << 20)

/* Compilers know what malloc() does. */
static void *volatile hidden;
static void *hide(void *block)
{
    hidden = block;
    return hidden;
}

static void say(const char *what, bool is_right)
{
    if (!is_right) {
        printf("wrong: %s\n", what);
    }
}

static bool is_filled(const char *block, int byte, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (block[i] != byte) {
            return false;
        }
    }
    return true;
}

static bool is_aligned(const void *block, size_t alignment)
{
    return (uintptr_t)block % alignment == 0;
}

/* ---- the family ---- */

static void sizes_check(void)
{
    for (size_t size = 0; size < 200 * 1000; size += size / 7 + 1) {
        char *block = hide(malloc(size)), *clear;

        say("malloc", block != NULL && is_aligned(block, 16));
        say("usable", malloc_usable_size(block) >= size);
        memset(block, 0x5a, malloc_usable_size(block));
        free(block);
        clear = hide(calloc(size, 1));
        say("calloc", is_filled(clear, 0, size));
        block = hide(realloc(clear, 2 * size + 1));
        say("realloc", is_filled(block, 0, size));
        memset(block, 0x3c, 2 * size + 1);
        block = hide(realloc(block, size / 2 + 1));
        say("shrunk", is_filled(block, 0x3c, size / 2 + 1));
        free(block);
    }
}

static void alignments_check(void)
{
    for (size_t alignment = 8; alignment <= 64 * MIB; alignment *= 2) {
        void *block = hide(memalign(alignment, 100)), *other = NULL;

        say("memalign", block != NULL && is_aligned(block, alignment));
        say("memalign's size", malloc_usable_size(block) >= 100);
        memset(block, 1, 100);
        block = hide(realloc(block, 300));
        say("realloc of that", is_filled(block, 1, 100));
        free(block);
        say("posix_memalign", posix_memalign(&other, alignment, 1) == 0 &&
                                  is_aligned(other, alignment));
        free(other);
        for (size_t size = alignment; size <= 8 * alignment; size *= 2) {
            other = hide(aligned_alloc(alignment, size));
            say("aligned_alloc", other != NULL && is_aligned(other, alignment));
            free(other);
        }
    }
    say("valloc", is_aligned(hide(valloc(10)), 4096));
    say("pvalloc", is_aligned(hide(pvalloc(10)), 4096) &&
                       malloc_usable_size(hidden) >= 4096);
}

static void refusals_check(void)
{
    void *block = &block, *same = block;
    const volatile size_t half = SIZE_MAX / 2 + 1;

    errno = 0;
    say("too much", hide(malloc(half)) == NULL && errno == ENOMEM);
    errno = 0;
    say("many", hide(calloc(half, 4)) == NULL && errno == ENOMEM);
    block = malloc(10);
    errno = 0;
    say("too large", hide(realloc(block, half)) == NULL && errno == ENOMEM);
    errno = 0;
    say("too many",
        hide(reallocarray(block, half, 4)) == NULL && errno == ENOMEM);
    errno = EXDEV;
    free(block);
    free(NULL);
    say("errno", errno == EXDEV);
    block = same;
    say("odd", posix_memalign(&block, 24, 1) == EINVAL && block == same);
    say("small", posix_memalign(&block, 4, 1) == EINVAL && block == same);
    say("endless", posix_memalign(&block, 64, half) == ENOMEM && block == same);
    say("nothing", hide(realloc(malloc(1), 0)) == NULL);
    say("none", malloc_usable_size(NULL) == 0);
    free(hide(realloc(NULL, 5)));
    free(hide(reallocarray(NULL, 5, 5)));
}

/* ---- libc ---- */

static int entry_compare(const struct dirent **one, const struct dirent **other)
{
    return strcmp((*one)->d_name, (*other)->d_name);
}

static void libc_check(void)
{
    struct dirent **entries = NULL;
    char *text = NULL, *line = malloc(1);
    size_t size = 1;
    FILE *stream = open_memstream(&text, &size);
    int count;

    for (int i = 0; i < 20000; i++) {
        fprintf(stream, "%d\n", i);
    }
    fclose(stream);
    say("open_memstream", size == 108890 && strlen(text) == size);
    stream = fmemopen(text, strlen(text), "r");
    size = 1;
    for (int i = 0; i < 20000; i++) {
        say("getline", getline(&line, &size, stream) > 0 && atoi(line) == i);
    }
    fclose(stream);
    free(text);
    free(line);
    count = scandir("/", &entries, NULL, entry_compare);
    say("scandir", count > 2);
    while (count-- > 0) {
        free(entries[count]);
    }
    free(entries);
    say("asprintf", asprintf(&text, "%1000d", 7) == 1000);
    free(text);
    free(hide(strdup("text")));
    free(hide(realpath("/", NULL)));
    free(hide(getcwd(NULL, 0)));
    say("setenv", setenv("HEAP", "1", 1) == 0 && setenv("HEAP", "2", 1) == 0 &&
                      strcmp(getenv("HEAP"), "2") == 0 &&
                      unsetenv("HEAP") == 0);
    say("dlopen", dlopen("libm.so.6", RTLD_NOW) != NULL);
}

/* ---- system calls ---- */

static void pipe_check(size_t size)
{
    char *out = hide(malloc(size)), *in = hide(malloc(size));
    struct iovec parts[2] = {{in, size / 2}, {in + size / 2, size - size / 2}};
    int ends[2];

    memset(out, 0x77, size);
    say("pipe", pipe(ends) == 0 && write(ends[1], out, size) == (ssize_t)size &&
                    readv(ends[0], parts, 2) == (ssize_t)size &&
                    is_filled(in, 0x77, size));
    close(ends[0]);
    close(ends[1]);
    free(out);
    free(in);
}

static void kernel_check(void)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const int zero = open("/dev/zero", O_RDONLY);
    char *block = hide(memalign(page, 4 * page));
    char *big = hide(malloc(200 * MIB));

    for (size_t size = 1; size <= 65536; size *= 4) {
        pipe_check(size);
    }
    memset(block, 9, 4 * page);
    say("mprotect", mprotect(block, page, PROT_READ) == 0 &&
                        read(zero, block, 1) < 0 && errno == EFAULT &&
                        mprotect(block, page, PROT_READ | PROT_WRITE) == 0 &&
                        read(zero, block, page) == (ssize_t)page &&
                        is_filled(block, 0, page) && block[page] == 9);
    free(block);
    memset(big, 1, 200 * MIB);
    say("read", read(zero, big + 50 * MIB, 100 * MIB) == (ssize_t)(100 * MIB) &&
                    is_filled(big + 50 * MIB, 0, 100 * MIB) &&
                    big[50 * MIB - 1] == 1 && big[150 * MIB] == 1);
    free(big);
    close(zero);
}

/* ---- memory that is given back ---- */

static long resident(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    long pages = 0;

    if (file == NULL || fscanf(file, "%*d %ld", &pages) != 1) {
        pages = 0;
    }
    if (file != NULL) {
        fclose(file);
    }
    return pages / 256; /* MiB */
}

static void back_check(void)
{
    enum { COUNT = 8 };
    char *blocks[COUNT];
    long most;

    for (int turn = 0; turn < 3; turn++) {
        for (int i = 0; i < COUNT; i++) {
            blocks[i] = hide(malloc(64 * MIB));
            memset(blocks[i], 1, 64 * MIB);
        }
        most = resident();
        for (int i = 0; i < COUNT; i++) {
            free(blocks[i]);
        }
        say("given back", resident() < most - 400);
    }
}

/* ---- threads and children ---- */

enum { SHARED = 256 };

static char *shared[SHARED];
static volatile bool is_over;

/* Threads that free what others have allocated. */
static void *swap_work(void *argument)
{
    unsigned state = (unsigned)(uintptr_t)argument;

    for (int i = 0; i < 20000 && !is_over; i++) {
        size_t size;
        char *block;

        state = state * 1103515245U + 12345U;
        size = 2 + (state >> 8) % 1000;
        block = malloc(size);
        memset(block, (int)(size % 100), size);
        memcpy(block, &(uint16_t){(uint16_t)size}, 2);
        block = __atomic_exchange_n(&shared[(state >> 18) % SHARED], block,
                                    __ATOMIC_ACQ_REL);
        if (block != NULL) {
            uint16_t length;

            memcpy(&length, block, 2);
            say("another thread's",
                is_filled(block + 2, length % 100, (size_t)length - 2));
            free(block);
        }
    }
    return NULL;
}

static void threads_check(void)
{
    enum { THREADS = 8, TURNS = 6 };
    pthread_t threads[THREADS];

    for (int turn = 0; turn < TURNS; turn++) {
        for (uintptr_t i = 0; i < THREADS; i++) {
            pthread_create(&threads[i], NULL, swap_work,
                           (void *)(i + 100 * (uintptr_t)turn));
        }
        for (int i = 0; i < THREADS; i++) {
            pthread_join(threads[i], NULL);
        }
    }
}

static void fork_check(void)
{
    enum { THREADS = 4, CHILDREN = 40 };
    pthread_t threads[THREADS];

    for (uintptr_t i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, swap_work, (void *)(i + 1));
    }
    for (int i = 0; i < CHILDREN; i++) {
        const pid_t child = fork();
        int status = 0;

        if (child == 0) {
            for (size_t size = 1; size < 100000; size += size / 3 + 1) {
                free(hide(realloc(malloc(size), 2 * size)));
            }
            swap_work((void *)(uintptr_t)99);
            _exit(0);
        }
        say("child", waitpid(child, &status, 0) == child && status == 0);
    }
    is_over = true;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
}

/* Handlers that allocate, which only this heap allows. The first block of all
 * may be one of theirs. */
static volatile sig_atomic_t handled;

static void allocate(int number)
{
    (void)number;
    free(hide(realloc(malloc(50), 5000)));
    free(hide(memalign(64, 50)));
    handled++;
}

static void handlers_check(void)
{
    const struct itimerval often = {{0, 1000}, {0, 1000}},
                           never = {{0, 0}, {0, 0}};
    struct sigaction action = {.sa_handler = allocate};

    sigaction(SIGALRM, &action, NULL);
    raise(SIGALRM);
    setitimer(ITIMER_REAL, &often, NULL);
    while (handled < 200) {
        char *block = malloc(300);

        memset(block, 5, 300);
        block = realloc(block, 700);
        say("block", is_filled(block, 5, 300));
        free(block);
    }
    setitimer(ITIMER_REAL, &never, NULL);
}

/* Code that the processor's emulator has to forget: more than it has room for
 * would take too long, but what is written over is forgotten at once. */
static void blocks_of_code_check(void)
{
    for (int i = 0; i < 2000; i++) {
        free(hide(malloc((size_t)i)));
        if (i % 100 == 0) {
            const uintptr_t page = (uintptr_t)malloc & ~(uintptr_t)4095;

            say("code",
                mprotect((void *)page, 4096,
                         PROT_READ | PROT_WRITE | PROT_EXEC) == 0 &&
                    mprotect((void *)page, 4096, PROT_READ | PROT_EXEC) == 0);
        }
    }
}

/* ---- ends ---- */

static void end(const char *how)
{
    char *block = hide(malloc(100));

    if (strcmp(how, "double") == 0) {
        free(block);
        free(hidden);
    } else if (strcmp(how, "double_late") == 0) {
        char *others[20];

        free(block);
        for (int i = 0; i < 20; i++) {
            others[i] = hide(malloc(500));
        }
        for (int i = 0; i < 5; i++) {
            free(others[i]);
        }
        free(block);
    } else if (strcmp(how, "wild") == 0) {
        free(hide((void *)(uintptr_t)0x1234560));
    } else if (strcmp(how, "stack") == 0) {
        free(hide(&block));
    } else if (strcmp(how, "text") == 0) {
        free(hide((void *)(uintptr_t)end));
    } else if (strcmp(how, "realloc") == 0) {
        free(block);
        hide(realloc(hidden, 1000));
    }
    puts("went on");
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*check)(void);
    } checks[] = {
        {"sizes", sizes_check},       {"alignments", alignments_check},
        {"refusals", refusals_check}, {"libc", libc_check},
        {"kernel", kernel_check},     {"back", back_check},
        {"threads", threads_check},   {"fork", fork_check},
        {"handlers", handlers_check}, {"code", blocks_of_code_check},
    };

    for (size_t i = 0; argc > 1 && i < sizeof(checks) / sizeof(*checks); i++) {
        if (strcmp(argv[1], checks[i].name) == 0) {
            checks[i].check();
            printf("%s done\n", argv[1]);
            return 0;
        }
    }
    if (argc > 1) {
        end(argv[1]);
    }
    return 1;
}
