/* SPDX-License-Identifier: MIT
 *
 * usage: stress MODE
 *
 *   threads   200 threads alive at once, each compressing and checking
 *   streams   100,000 streams opened, used and closed
 *   copies    100,000 streams copied onto garbage
 *   short     2,000 threads one after the other, each making a few calls
 *   fork      children of a threaded program that call zlib
 *   first     a child that is born while the library is looked for
 *   crash     a bad pointer ends the program
 *   handler   a bad pointer ends in the program's handler, which goes on
 *   status    exit status 3 after a few calls
 *
 * Exit 0 and one line, the same natively and thunked; else what is not so.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "every.h"

enum {
    THREADS = 200,
    STREAMS = 100000,
    SHORT = 2000,
    CHILDREN = 40,
    CRASHES = 20,
    PIECE = 3000,
};

unsigned char text[TEXT_SIZE];

/* ---- what the process takes ---- */

struct usage {
    long resident, size, threads, mappings; /* the first two in KiB */
};

/* QEMU passes the host's status on; so this counts the host's side too. */
static long status_value(const char *key)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    long value = -1;

    CHECK(file != NULL);
    while (fgets(line, sizeof(line), file) != NULL) {
        if (strncmp(line, key, strlen(key)) == 0) {
            value = strtol(line + strlen(key), NULL, 10);
        }
    }
    fclose(file);
    CHECK(value >= 0);
    return value;
}

/* QEMU makes up /proc/self/maps for the guest, but not a parent's. */
static long mappings_count(void)
{
    char command[64];
    FILE *pipe;
    long value = -1;

    snprintf(command, sizeof(command), "wc -l </proc/%ld/maps", (long)getpid());
    pipe = popen(command, "r");
    CHECK(pipe != NULL && fscanf(pipe, "%ld", &value) == 1);
    pclose(pipe);
    return value;
}

static struct usage usage_now(void)
{
    return (struct usage){status_value("VmRSS:"), status_value("VmSize:"),
                          status_value("Threads:"), mappings_count()};
}

/* QEMU itself still takes a little: it goes on translating. And it loses a few
 * pages with every thread that ends, so for threads more is let pass here, and
 * stress.sh compares what is printed with what plain QEMU takes. */
static void usage_check_flat(struct usage early, long threads)
{
    struct usage late = usage_now();

    fprintf(stderr,
            "resident %ld -> %ld KiB, size %ld -> %ld KiB, threads %ld -> %ld, "
            "mappings %ld -> %ld\n",
            early.resident, late.resident, early.size, late.size, early.threads,
            late.threads, early.mappings, late.mappings);
    CHECK(late.resident <= early.resident + 4096 + 64 * threads);
    CHECK(late.size <= early.size + 16384 + 256 * threads);
    CHECK(late.threads <= early.threads + 20); /* those that are ending */
    CHECK(late.mappings <= early.mappings + 20);
}

/* ---- work ---- */

static void text_fill(void)
{
    unsigned state = 1;

    for (size_t i = 0; i < TEXT_SIZE; i++) {
        state = state * 1103515245u + 12345u;
        text[i] = (unsigned char)("etaoin shrdlu\n.,"[state >> 28]);
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

/* There and back with streams, allocator its own or zlib's. */
static void stream_check(const unsigned char *source, unsigned size, bool own)
{
    unsigned char packed[2 * PIECE], back[PIECE];
    long open = 0;
    z_stream stream = {0};

    CHECK(size <= PIECE);
    if (own) {
        stream.zalloc = own_take;
        stream.zfree = own_give;
        stream.opaque = &open;
    }
    CHECK(deflateInit(&stream, 1) == Z_OK);
    stream.next_in = (z_const Bytef *)source;
    stream.avail_in = size;
    stream.next_out = packed;
    stream.avail_out = sizeof(packed);
    CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    stream.avail_in = (uInt)stream.total_out;
    CHECK(deflateEnd(&stream) == Z_OK);
    CHECK(inflateInit(&stream) == Z_OK);
    stream.next_in = packed;
    stream.next_out = back;
    stream.avail_out = sizeof(back);
    CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
    CHECK(stream.total_out == size && memcmp(back, source, size) == 0);
    CHECK(inflateEnd(&stream) == Z_OK && open == 0);
}

static void work_check(unsigned seed)
{
    static const unsigned span = TEXT_SIZE - PIECE;

    stream_check(text + seed * 7919u % span, PIECE, seed % 2 == 0);
}

/* ---- modes ---- */

static pthread_barrier_t barrier;

static void *threads_main(void *argument)
{
    unsigned seed = (unsigned)(uintptr_t)argument;

    pthread_barrier_wait(&barrier);
    for (unsigned i = 0; i < 10; i++) {
        work_check(seed + i);
    }
    pthread_barrier_wait(&barrier);
    return NULL;
}

static void threads_run(void)
{
    pthread_t threads[THREADS];

    CHECK(pthread_barrier_init(&barrier, NULL, THREADS) == 0);
    for (uintptr_t i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, threads_main, (void *)i) == 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
}

static void streams_run(void)
{
    struct usage early = {0};

    for (unsigned i = 0; i < STREAMS / 2; i++) {
        if (i == STREAMS / 10) {
            early = usage_now();
        }
        /* One to compress and one to decompress; every 16th with callbacks. */
        stream_check(text + i, 50, i % 16 == 0);
    }
    usage_check_flat(early, 0);
}

/* The target of a copy may hold anything, function pointers of no meaning too;
 * the host side must not keep them. */
static void copies_run(void)
{
    struct usage early = {0};
    z_stream source = {0}, copy;

    CHECK(inflateInit(&source) == Z_OK);
    for (uintptr_t i = 0; i < STREAMS; i++) {
        if (i == STREAMS / 5) {
            early = usage_now();
        }
        memset(&copy, 0xa5, sizeof(copy));
        memcpy(&copy.zalloc, &i, sizeof(i));
        CHECK(inflateCopy(&copy, &source) == Z_OK);
        CHECK(inflateEnd(&copy) == Z_OK);
    }
    usage_check_flat(early, 0);
    CHECK(inflateEnd(&source) == Z_OK);
}

static void *short_main(void *argument)
{
    work_check((unsigned)(uintptr_t)argument);
    return NULL;
}

static void short_run(void)
{
    struct usage early = {0};

    for (uintptr_t i = 0; i < SHORT; i += 4) {
        pthread_t threads[4];

        if (i == SHORT / 5) {
            early = usage_now();
        }
        for (uintptr_t j = 0; j < 4; j++) {
            CHECK(pthread_create(&threads[j], NULL, short_main,
                                 (void *)(i + j)) == 0);
        }
        for (size_t j = 0; j < 4; j++) {
            CHECK(pthread_join(threads[j], NULL) == 0);
        }
    }
    usage_check_flat(early, SHORT);
}

static int fork_is_over;

static void *fork_main(void *argument)
{
    for (unsigned i = (unsigned)(uintptr_t)argument;
         __atomic_load_n(&fork_is_over, __ATOMIC_ACQUIRE) == 0; i++) {
        work_check(i);
    }
    return NULL;
}

static void fork_run(void)
{
    pthread_t threads[3];

    for (uintptr_t i = 0; i < 3; i++) {
        CHECK(pthread_create(&threads[i], NULL, fork_main, (void *)i) == 0);
    }
    for (unsigned i = 0; i < CHILDREN; i++) {
        pid_t child = fork();
        int status;

        CHECK(child >= 0);
        if (child == 0) {
            /* A function that nobody has called before is called here. */
            alarm(20);
            work_check(i);
            CHECK(compressBound(100) == 113);
            _exit(0);
        }
        CHECK(waitpid(child, &status, 0) == child);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        work_check(i);
    }
    __atomic_store_n(&fork_is_over, 1, __ATOMIC_RELEASE);
    for (size_t i = 0; i < 3; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
}

static void *first_main(void *argument)
{
    pthread_barrier_wait(&barrier);
    work_check((unsigned)(uintptr_t)argument);
    return NULL;
}

/* One process has but one first call: so this is run many times, with the fork
 * a little later or earlier. */
static void first_run(void)
{
    pthread_t threads[2];
    pid_t child;
    int status;

    CHECK(pthread_barrier_init(&barrier, NULL, 3) == 0);
    for (uintptr_t i = 0; i < 2; i++) {
        CHECK(pthread_create(&threads[i], NULL, first_main, (void *)i) == 0);
    }
    pthread_barrier_wait(&barrier);
    usleep((useconds_t)getpid() % 32 * 100);
    child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        alarm(20);
        work_check(1);
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    for (size_t i = 0; i < 2; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
}

static z_stream *bad_pointer(void)
{
    z_stream *volatile bad = (z_stream *)16;

    return bad;
}

static void crash_run(void)
{
    work_check(1);
    (void)deflate(bad_pointer(), Z_FINISH);
    CHECK(false);
}

static sigjmp_buf again;

static void handler(int number)
{
    CHECK(number == SIGSEGV);
    siglongjmp(again, 1);
}

static void handler_run(void)
{
    const struct sigaction action = {.sa_handler = handler};
    volatile unsigned crashes = 0;

    CHECK(sigaction(SIGSEGV, &action, NULL) == 0);
    while (crashes < CRASHES) {
        if (sigsetjmp(again, 1) == 0) {
            if (crashes % 2 == 0) {
                (void)deflate(bad_pointer(), Z_FINISH);
            } else { /* a leaf, behind the instruction door */
                (void)crc32(0, (const Bytef *)bad_pointer(), 100);
            }
            CHECK(false);
        }
        crashes++;
        work_check(crashes);
    }
    /* The handler is for faults of the guest's own code as well. */
    if (sigsetjmp(again, 1) == 0) {
        *(volatile int *)(void *)bad_pointer() = 1;
        CHECK(false);
    }
    work_check(1);
}

static void tick(int number)
{
    (void)number;
}

/* A timer's signals come while the host works, and are over when it is: no
 * system call of the program's is interrupted afterwards. */
static void ticks_run(void)
{
    static Bytef from[100000], to[120000];
    const struct sigaction action = {.sa_handler = tick};

    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    for (int round = 0; round < 100; round++) {
        pid_t child;
        int status;

        ualarm(300, 300);
        for (int i = 0; i < 3; i++) {
            uLongf size = sizeof(to);

            CHECK(compress(to, &size, from, sizeof(from)) == Z_OK);
        }
        ualarm(0, 0);
        child = fork();
        if (child == 0) {
            usleep(4000);
            _exit(5);
        }
        CHECK(waitpid(child, &status, 0) == child);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 5);
    }
}

static void status_run(void)
{
    work_check(1);
    exit(3);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } modes[] = {
        {"threads", threads_run}, {"streams", streams_run},
        {"copies", copies_run},   {"short", short_run},
        {"fork", fork_run},       {"first", first_run},
        {"crash", crash_run},     {"handler", handler_run},
        {"status", status_run},   {"ticks", ticks_run},
    };

    text_fill();
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        if (argc == 2 && strcmp(argv[1], modes[i].name) == 0) {
            modes[i].run();
            printf("stress %s: done\n", argv[1]);
            return 0;
        }
    }
    fprintf(stderr, "usage: stress MODE\n");
    return 2;
}
