/* SPDX-License-Identifier: MIT
 *
 * A program whose library has to do with its process.
 * usage: process_calls CASE [ARGUMENT]
 */
#include "process.h"

#include <errno.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- threads ---- */

static pthread_key_t key;
static int destroyed, cleaned, told;

static void value_end(void *value)
{
    __atomic_fetch_add(&destroyed, 1, __ATOMIC_SEQ_CST);
    /* Of the library again, now that the thread is at its end. */
    process_thread_use((int)(intptr_t)value, 1);
}

static void number_tell(int number)
{
    void *block = malloc(100); /* guest code at the very end of the thread */

    __atomic_fetch_add(&told, number, __ATOMIC_SEQ_CST);
    free(block);
}

static void *thread_use(void *argument)
{
    process_object_use((int)(intptr_t)argument);
    process_thread_use((int)(intptr_t)argument, 4);
    process_thread_tell(number_tell, 5);
    return argument;
}

static void *thread_use_late(void *argument)
{
    pthread_setspecific(key, argument);
    return thread_use(argument);
}

static void threads_say(const char *what)
{
    printf("%s: %d %ld, %d %d %d\n", what, process_threads_ended(),
           process_units(), destroyed, cleaned, told);
}

static void threads_try(void)
{
    pthread_key_create(&key, value_end);
    for (int i = 1; i <= 4; i++) {
        pthread_t thread;

        pthread_create(&thread, NULL, i <= 2 ? thread_use : thread_use_late,
                       (void *)(intptr_t)i);
        pthread_join(thread, NULL);
        threads_say("joined");
    }
}

static void clean(void *unused)
{
    (void)unused;
    cleaned++;
}

static void *thread_leave(void *how)
{
    void *volatile result = (void *)(intptr_t)strlen(how);

    pthread_cleanup_push(clean, NULL);
    process_object_use(1);
    process_thread_use(1, 1);
    process_thread_leave(how, result);
    pthread_cleanup_pop(0);
    return NULL;
}

static void leaves_try(void)
{
    static const char *const ways[] = {"pthread_exit", "thrd_exit",
                                       "pthread_exit"};

    for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
        pthread_t thread;
        void *result;

        pthread_create(&thread, NULL, thread_leave, (void *)(uintptr_t)ways[i]);
        pthread_join(thread, &result);
        printf("%d ", (int)(intptr_t)result);
        threads_say(ways[i]);
    }
}

/* ---- children ---- */

static int work(int number)
{
    char *block = malloc(100);
    int result;

    block[0] = (char)number;
    result = block[0] + process_in_child(abs, -2) / 256;
    free(block);
    return result + (system("exit 3") >> 8);
}

static void *spin(void *stop)
{
    struct process_counter counter = {abs};

    while (!__atomic_load_n((int *)stop, __ATOMIC_RELAXED)) {
        process_step(&counter, -1);
    }
    return NULL;
}

static void forks_try(int with_threads)
{
    int stop = 0, status;
    pthread_t thread;

    if (with_threads) {
        pthread_create(&thread, NULL, spin, &stop);
    }
    for (int i = 0; i < 6; i++) {
        pid_t child;

        fflush(stdout);
        child = process_fork();
        if (child == 0) {
            printf("child %d: %d\n", i, work(i));
            exit(i + 10);
        }
        if (child < 0 || waitpid(child, &status, 0) != child) {
            perror("fork");
            exit(1);
        }
        printf("%d: %d, %d\n", i, WEXITSTATUS(status),
               process_in_child(work, 20 + i) >> 8);
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    if (with_threads) {
        pthread_join(thread, NULL);
    }
}

static void command_try(const char *how)
{
    int status;

    fflush(stdout);
    status = process_run(how, "read -r line; echo \"$PROCESS; $line\"; exit 7");
    printf("%s: %d\n", how, status);
}

static void commands_try(void)
{
    static const char *const ways[] = {
        "system",  "popen",  "pipes",  "posix_spawn", "posix_spawnp",
        "execl",   "execlp", "execle", "execv",       "execvp",
        "execvpe", "execve", "vfork",  "none",
    };
    char line[100];

    for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
        command_try(ways[i]);
    }
    printf("%d ", process_read("echo read; exit 5", line, sizeof(line)));
    printf("%s", line);
    printf("%d ", process_read("kill -9 $$", line, sizeof(line)));
    printf("'%s'\n", line);
}

/* ---- signals ---- */

static int got, got_value;

static void got_one(int number)
{
    (void)number;
    got++;
}

static void got_info(int number, siginfo_t *info, void *context)
{
    (void)number, (void)context;
    got++;
    got_value = info->si_code == SI_QUEUE ? info->si_value.sival_int : 0;
}

static void signals_say(const char *what)
{
    int has_info = 0;
    const char *found = process_signal_find(SIGUSR1, &has_info);

    printf("%s: %d %d, %d %d, %s %d\n", what, got, got_value,
           process_signals_taken(), process_signal_value(), found, has_info);
}

static void signal_queue(int number, int with)
{
    sigqueue(getpid(), number, (union sigval){.sival_int = with});
}

static int add_one(int number)
{
    return number;
}

static void signals_left(void)
{
    static const char *const ways[] = {"raise", "kill", "sigqueue",
                                       "pthread_kill", "loop"};
#ifdef __riscv
    const int other = SIGALRM; /* QEMU 7.2 looks for sa_mask where it is not */
#else
    const int other = SIGUSR2;
#endif

    for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
        printf("%d ", process_signal_jump(ways[i], 3));
    }
    puts("left by a jump");
    printf("%ld while it computes\n",
           process_signal_compute(200, other, add_one));
}

static void signals_try(void)
{
    static const char *const ways[] = {"raise", "kill", "sigqueue",
                                       "pthread_kill"};
    struct sigaction mine = {.sa_handler = got_one}, old;
    int ends[2];

    signals_say("at first");
    sigaction(SIGUSR1, &mine, NULL);
    signals_say("the program's");

    process_signal_take("sigaction", SIGUSR1, 0);
    raise(SIGUSR1);
    signals_say("the library's");
    sigaction(SIGUSR1, &mine, &old);
    raise(SIGUSR1);
    signals_say("the program's again");
    sigaction(SIGUSR1, &old, NULL);
    raise(SIGUSR1);
    signals_say("restored");
    printf("%d\n", system("kill -USR1 $PPID") == 0);
    signals_say("after a command");
    old.sa_handler(SIGUSR1);
    signals_say("called by hand");

    mine.sa_sigaction = got_info;
    mine.sa_flags = SA_SIGINFO;
    sigaction(SIGUSR1, &mine, NULL);
    process_signal_take("siginfo", SIGUSR1, 1);
    signal_queue(SIGUSR1, 41);
    signals_say("chained");
    sigaction(SIGUSR1, &mine, NULL);
    for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
        printf("%d ", process_signal_send(ways[i], SIGUSR1, &got));
    }
    puts("sent to the program");
    process_signal_take("sigaction", SIGUSR1, 0);
    for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
        printf("%d ", process_signal_send(ways[i], SIGUSR1, NULL));
    }
    puts("sent to the library");
    process_signal_take("signal", SIGUSR1, 0);
    raise(SIGUSR1);
    signals_say("by signal()");
    process_signal_take("once", SIGUSR1, 0);
    raise(SIGUSR1);
    signals_say("once");

    process_signal_take("ignore", SIGUSR1, 0);
    raise(SIGUSR1);
    sigaction(SIGUSR1, NULL, &old);
    printf("%d ", old.sa_handler == SIG_IGN);
    signals_say("ignored");
    process_signal_take("ignore", SIGPIPE, 0);
    printf("%d ", pipe(ends));
    close(ends[0]);
    printf("%zd ", write(ends[1], "", 1));
    printf("%d\n", errno == EPIPE);

    process_signal_take("sigaction", SIGALRM, 0);
    ualarm(50 * 1000, 0);
    printf("%d ", process_signal_wait(20 * 1000) == EINTR);
    signals_say("in a call that waits");
    mine.sa_handler = got_one;
    mine.sa_flags = 0;
    sigaction(SIGALRM, &mine, NULL);
    ualarm(50 * 1000, 0);
    printf("%d ", process_signal_wait(20 * 1000) == EINTR);
    signals_say("in another");
    signals_left();
    fflush(stdout);
    process_signal_take("default", SIGUSR1, 0);
    raise(SIGUSR1);
}

/* ---- what libc keeps ---- */

static void state_try(void)
{
    static const char *const which[] = {"rand", "random", "drand48", "lrand48",
                                        "mrand48"};
    char *arguments[] = {(char *)"program", (char *)"-v", (char *)"--second",
                         (char *)"word",    (char *)"-v", (char *)"file",
                         (char *)"-q",      NULL};
    int word = -1;
    char name[100];

    printf("%d ", process_options(7, arguments, &word));
    printf("%d, %d %s %s\n", word, optind, arguments[optind], optarg);
    optind = 6;
    printf("%d ", getopt(7, arguments, "q"));
    printf("%d\n", optind);
    optind = 1;
    opterr = 0;
    arguments[1] = (char *)"-x";
    printf("%d ", process_options(2, arguments, &word));
    printf("%d %c\n", optind, optopt);
    for (size_t i = 0; i < sizeof(which) / sizeof(*which); i++) {
        srand(1234);
        srandom(77);
        srand48(5);
        printf("%s:", which[i]);
        for (int k = 0; k < 3; k++) {
            printf(" %.17g", process_random(which[i]));
            printf(" %d", rand());
            printf(" %ld", random());
            printf(" %.17g", drand48());
        }
        process_seed(which[i], 99);
        printf(" %d", rand());
        printf(" %ld", random());
        printf(" %ld\n", lrand48());
    }
    printf("%d ", process_file("readlink", name, sizeof(name)) > 0);
    printf("%s ", name);
    printf("%d ", process_file("readlinkat", name, sizeof(name)) > 0);
    printf("%s\n", name);
}

/* ---- what the program has for the library ---- */

int process_level_wanted = 3;
int process_filter(int number);

int process_filter(int number)
{
    return number % 2;
}

static void hooks_try(const char *plugin)
{
    printf("%d %d %d", process_check(1), process_check(2), process_level());
    process_level_wanted = 5;
    printf(" %d\n", process_level());
    for (int i = 0; i < 3; i++) {
        printf("%d\n", process_load(plugin, 9 + i));
    }
}

/* ---- code that changes ---- */

#if defined(__x86_64__)
/* lea 1(%rdi),%eax; ret */
static const unsigned char increment[] = {0x8d, 0x47, 0x01, 0xc3};
/* addsd %xmm0,%xmm0; ret */
static const unsigned char twice[] = {0xf2, 0x0f, 0x58, 0xc0, 0xc3};
/* lea (%rdi,%rdi,2),%eax; ret */
static const unsigned char triple[] = {0x8d, 0x04, 0x7f, 0xc3};
#elif defined(__aarch64__)
/* add w0,w0,#1; ret */
static const unsigned increment[] = {0x11000400, 0xd65f03c0};
/* fadd d0,d0,d0; ret */
static const unsigned twice[] = {0x1e602800, 0xd65f03c0};
/* add w0,w0,w0,lsl #1; ret */
static const unsigned triple[] = {0x0b000400, 0xd65f03c0};
#else
/* addiw a0,a0,1; ret */
static const unsigned increment[] = {0x0015051b, 0x00008067};
/* fadd.d fa0,fa0,fa0; ret */
static const unsigned twice[] = {0x02a57553, 0x00008067};
/* slliw a5,a0,1; addw a0,a0,a5; ret */
static const unsigned triple[] = {0x0015179b, 0x00f5053b, 0x00008067};
#endif

/* Where code is, in a page that is written anew or mapped anew. */
static void *code_put(const void *code, size_t size, int is_mapped)
{
    static char *page;

    if (page == NULL || is_mapped) {
        page =
            mmap(page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                 MAP_PRIVATE | MAP_ANONYMOUS | (page ? MAP_FIXED : 0), -1, 0);
    }
    memcpy(page, code, size);
    __builtin___clear_cache(page, page + size);
    return page;
}

/* The same address, in turns of one type, of another, and of none. */
static void closures_try(int is_mapped)
{
    for (int i = 0; i < 3; i++) {
        struct process_counter counter;
        struct process_scaler scaler;

        counter.step = (int (*)(int))(uintptr_t)code_put(
            increment, sizeof(increment), is_mapped);
        printf("%d ", process_step(&counter, 5));
        scaler.scale = (double (*)(double))(uintptr_t)code_put(
            twice, sizeof(twice), is_mapped);
        printf("%g ", process_scale(&scaler, 21.25));
        counter.step = (int (*)(int))(uintptr_t)code_put(triple, sizeof(triple),
                                                         is_mapped);
        printf("%d ", process_step(&counter, 5));
        printf("%d\n",
               process_untyped(
                   code_put(increment, sizeof(increment), is_mapped), 7));
    }
}

/* ---- a program that may open no more files ---- */

static int times_two(int number)
{
    return 2 * number;
}

/* ---- streams ---- */

/* What both print and read comes in turn, also where that is no terminal. */
static void streams_try(void)
{
    static const char *const prints[] = {
        "printf", "vprintf", "puts", "putchar", "stdout", "stderr", "perror"};
    static const char *const reads[] = {"scanf", "getchar", "stdin"};
    FILE *file = tmpfile();
    char word[32];

    for (size_t i = 0; i < sizeof(prints) / sizeof(*prints); i++) {
        printf("before %s ", prints[i]);
        process_print(prints[i], "the library's");
        puts("after it");
    }
    fflush(stdout);
    process_print_elsewhere("another thread's");
    for (int i = 0; i < 40; i++) {
        fprintf(file, "word%d\n", i);
    }
    fflush(file);
    lseek(fileno(file), 0, SEEK_SET);
    dup2(fileno(file), STDIN_FILENO);
    for (int i = 0; i < 12; i++) {
        process_word(reads[i % 3], word, sizeof(word));
        printf("%s ", word);
        if (fgets(word, sizeof(word), stdin) != NULL) {
            printf("%s", word);
        }
    }
    fclose(file);
    if (freopen("/dev/stderr", "w", stdout) != NULL) {
        puts("reopened");
        process_print("puts", "the library's, there");
    }
    process_redirect("/dev/stderr");
    printf("without a buffer, ");
    write(STDOUT_FILENO, "written\n", 8);
}

static void flush_try(void)
{
    char text[8] = "";
    FILE *file = tmpfile();

    fputs("held", file);
    printf("%zd ", pread(fileno(file), text, sizeof(text) - 1, 0));
    printf("%d ", process_flush());
    printf("%zd %s\n", pread(fileno(file), text, sizeof(text) - 1, 0), text);
    fclose(file);
}

static void files_try(void)
{
    struct process_counter counter = {times_two};
    struct rlimit none = {3, 3};
    const char *text = process_text();

    flush_try();
    setrlimit(RLIMIT_NOFILE, &none);
    printf("%zd ", write(STDOUT_FILENO, text, strlen(text)));
    printf("%d ", process_step(&counter, 5));
    printf("%d\n", process_untyped((const void *)(uintptr_t)times_two, 7));
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";

    if (strcmp(what, "threads") == 0) {
        threads_try();
    } else if (strcmp(what, "leave") == 0) {
        leaves_try();
    } else if (strcmp(what, "fork") == 0) {
        forks_try(0);
    } else if (strcmp(what, "fork beside") == 0) {
        forks_try(1);
    } else if (strcmp(what, "streams") == 0) {
        streams_try();
    } else if (strcmp(what, "commands") == 0) {
        setenv("PROCESS", "the program's", 1);
        commands_try();
    } else if (strcmp(what, "descriptor") == 0) {
        command_try("fexecve");
    } else if (strcmp(what, "signals") == 0) {
        signals_try();
    } else if (strcmp(what, "state") == 0) {
        state_try();
    } else if (strcmp(what, "hooks") == 0 && argc > 2) {
        hooks_try(argv[2]);
    } else if (strcmp(what, "closures") == 0) {
        closures_try(0);
        closures_try(1);
    } else if (strcmp(what, "files") == 0) {
        files_try();
    } else {
        return 2;
    }
    return 0;
}
