/* SPDX-License-Identifier: MIT
 *
 * A guest that starts programs in all the ways that Linux has, and tells what
 * came of it. What it prints is to be the same natively and thunked.
 * usage: execs run          in a folder that children.sh has made
 *        execs emulated     whether it is, by the plugin
 *        execs many COUNT   children at a time
 *        execs signals COUNT PROGRAM
 *        execs time COUNT PROGRAM [ARGUMENT]...
 *        show ...           tells what it has been given */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef AT_EMPTY_PATH
#define AT_EMPTY_PATH 0x1000
#endif

extern char **environ;

/* The plugin's request GET_HOST_ATTRIBUTE. */
static int is_emulated(void)
{
    const char *value = NULL;

    syscall(4096, 0, "emu", &value);
    return value != NULL;
}

/* ---- show ---- */

/* Not those that QEMU needs for itself, SIGSEGV and SIGABRT among them, nor
 * real-time ones, of which it lacks some. */
static void signals_print(void)
{
    static const int signals[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGUSR1, SIGUSR2,
                                  SIGPIPE, SIGALRM, SIGTERM, SIGCHLD, SIGWINCH};
    sigset_t set;

    sigprocmask(SIG_SETMASK, NULL, &set);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sigaction action;

        sigaction(signals[i], NULL, &action);
        if (sigismember(&set, signals[i])) {
            printf(" blocks %d", signals[i]);
        }
        if (action.sa_handler != SIG_DFL) {
            printf(action.sa_handler == SIG_IGN ? " ignores %d" : " handles %d",
                   signals[i]);
        }
    }
}

static void files_print(void)
{
    printf(" files");
    for (int file = 0; file < 1024; file++) {
        if (fcntl(file, F_GETFD) >= 0) {
            printf(" %d", file);
        }
    }
}

static int text_compare(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* The environment has no order that QEMU would keep. */
static void environment_print(void)
{
    size_t count = 0;

    while (environ[count] != NULL) {
        count++;
    }
    qsort(environ, count, sizeof *environ, text_compare);
    for (size_t i = 0; i < count; i++) {
        printf(" {%.60s}", environ[i]);
    }
}

static int show(int argc, char **argv)
{
    size_t size = 0;

    for (int i = 0; i < argc; i++) {
        size += strlen(argv[i]);
    }
    printf("  %d", argc);
    for (int i = 0; i < argc && i < 10; i++) {
        printf(" [%.60s]", argv[i]);
    }
    if (size > 600) {
        printf(" %zu bytes", size);
    }
    environment_print();
    signals_print();
    files_print();
    putchar('\n');
    fputs(is_emulated() ? "emulated\n" : "native\n", stderr);
    return 7;
}

/* ---- run ---- */

static char *const plain_environment[] = {(char *)"A=1", (char *)"B=2,3",
                                          (char *)"LD_PRELOAD=", NULL};

static void told(const char *format, ...)
{
    char text[512];
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (write(1, text, (size_t)length) < 0) {
        abort();
    }
}

/* The child has gone on as another program, or tells why not. */
static void end(void)
{
    told("  %s\n", strerror(errno));
    _exit(1);
}

static void child_wait(pid_t child)
{
    int status = 0;

    if (waitpid(child, &status, 0) != child) {
        told("  no child\n");
    }
    if (WIFSIGNALED(status)) {
        told("  signal %d\n", WTERMSIG(status));
    } else if (WEXITSTATUS(status) != 1) {
        told("  status %d\n", WEXITSTATUS(status));
    }
}

static void child_wait_any(void)
{
    int status;

    while (wait(&status) > 0) {
        told("  status %d\n", WEXITSTATUS(status));
    }
}

static void *bad(void)
{
    return (void *)(uintptr_t)8;
}

static void try(const char *name, const char *path, char *const *argv,
                char *const *environment)
{
    pid_t child;

    told("%s\n", name);
    child = fork();
    if (child == 0) {
        execve(path, argv, environment);
        end();
    }
    child_wait(child);
}

static void try_path(const char *path)
{
    char *const argv[] = {(char *)"name of its own", (char *)"", (char *)"a b",
                          NULL};

    try(path, path, argv, plain_environment);
}

static void try_at(const char *name, int folder, const char *path, int flags)
{
    char *const argv[] = {(char *)"at", (char *)"x", NULL};
    pid_t child;

    told("%s\n", name);
    child = fork();
    if (child == 0) {
        syscall(SYS_execveat, folder, path, argv, plain_environment, flags);
        end();
    }
    child_wait(child);
}

static void paths(void)
{
    static const char *const names[] = {
        "missing",       "folder",         "plain",
        "empty",         "text",           "cut",
        "self-link",     "script",         "script-argument",
        "script5",       "script6",        "script-lost",
        "script-folder", "script-nothing", "script-blanks",
        "script-long",   "script-longer",  "script-no-newline",
        "script-nul",    "script-text",    "./show",
        "link",          "show/x",         "",
        "./bad-linker",  "script-env",     "script-env-s",
    };
    char longest[5000];

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        try_path(names[i]);
    }
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    try("long name", longest, plain_environment, plain_environment);
}

static void vectors(void)
{
    char *none[] = {NULL};
    char *odd[] = {(char *)"a", bad(), NULL};
    char *self[] = {(char *)"show", (char *)"x", NULL};
    static char *many[30000];
    static char word[200], longest[131073], fits[131072];

    try("no arguments", "show", none, plain_environment);
    try("NULL arguments", "show", NULL, plain_environment);
    try("NULL environment", "show", self, NULL);
    try("empty environment", "show", self, none);
    try("bad path", bad(), self, plain_environment);
    try("bad arguments", "show", bad(), plain_environment);
    try("bad argument", "show", odd, plain_environment);
    try("bad environment", "show", self, bad());
    try("bad variable", "show", self, odd);

    memset(word, 'w', sizeof word - 1);
    for (size_t i = 0; i + 1 < sizeof many / sizeof *many; i++) {
        many[i] = word;
    }
    try("too many", "show", many, plain_environment);
    many[5000] = NULL;
    try("many", "show", many, plain_environment);
    try("many in a script", "script", many, plain_environment);
    memset(longest, 'l', sizeof longest - 1);
    memset(fits, 'f', sizeof fits - 1);
    self[1] = longest;
    try("too long", "show", self, plain_environment);
    self[1] = fits;
    try("long", "show", self, plain_environment);
}

static void descriptors(void)
{
    const int folder = open("folder", O_RDONLY | O_CLOEXEC);
    const int program = open("show", O_RDONLY | O_CLOEXEC);
    const int script = open("script", O_RDONLY | O_CLOEXEC);
    const int kept = open("script", O_RDONLY);
    int memory = memfd_create("program", MFD_CLOEXEC);
    char buffer[65536];
    ssize_t size;
    int written;

    while ((size = read(program, buffer, sizeof buffer)) > 0) {
        if (write(memory, buffer, (size_t)size) != size) {
            abort();
        }
    }
    try_at("program by descriptor", program, "", AT_EMPTY_PATH);
    try_at("script by descriptor", kept, "", AT_EMPTY_PATH);
    try_at("script by closed descriptor", script, "", AT_EMPTY_PATH);
    try_at("in a folder", folder, "show", 0);
    try_at("not in a folder", folder, "missing", 0);
    try_at("link", AT_FDCWD, "link", 0);
    try_at("link that is not followed", AT_FDCWD, "link", AT_SYMLINK_NOFOLLOW);
    try_at("no descriptor", 500, "", AT_EMPTY_PATH);
    try_at("unknown flag", AT_FDCWD, "show", 0x40000000);
    snprintf(buffer, sizeof buffer, "/proc/self/fd/%d", program);
    told("by /proc\n");
    if (fork() == 0) {
        execve(buffer, plain_environment, plain_environment);
        end();
    }
    child_wait_any();
    close(kept);
    /* Nobody writes to it any more. */
    snprintf(buffer, sizeof buffer, "/proc/self/fd/%d", memory);
    written = open(buffer, O_RDONLY | O_CLOEXEC);
    close(memory);
    try_at("without a name", written, "", AT_EMPTY_PATH);
    close(written);
    written = open("show-busy", O_WRONLY | O_CLOEXEC);
    try_path("./show-busy");
    close(written);
    try_path("./show-busy");
    written = open("script-busy", O_WRONLY | O_CLOEXEC);
    try_path("./script-busy");
    close(written);
    close(folder);
    close(program);
    close(script);
}

static void *thread_exec(void *unused)
{
    char *const argv[] = {(char *)"show", (char *)"thread", NULL};

    (void)unused;
    execve("show", argv, plain_environment);
    end();
    return NULL;
}

static void *thread_wait(void *unused)
{
    for (;;) {
        pause();
    }
    return unused;
}

static void handler(int signal)
{
    (void)signal;
}

static void processes(void)
{
    char *const argv[] = {(char *)"show", (char *)"x", NULL};
    sigset_t set;
    pthread_t thread;
    pid_t child;

    told("vfork\n");
    child = vfork();
    if (child == 0) {
        execve("show", argv, plain_environment);
        _exit(1);
    }
    child_wait(child);
    told("posix_spawn\n");
    if (posix_spawn(&child, "script", NULL, NULL, argv, plain_environment) ==
        0) {
        child_wait(child);
    }
    told("signals\n");
    if (fork() == 0) {
        signal(SIGHUP, SIG_IGN);
        signal(SIGTERM, handler);
        signal(SIGUSR2, handler);
        sigemptyset(&set);
        sigaddset(&set, SIGUSR1);
        sigaddset(&set, SIGRTMIN + 3);
        sigprocmask(SIG_SETMASK, &set, NULL);
        execve("show", argv, plain_environment);
        end();
    }
    child_wait_any();
    told("all blocked\n");
    if (fork() == 0) {
        sigfillset(&set);
        sigprocmask(SIG_SETMASK, &set, NULL);
        execve("show", argv, plain_environment);
        end();
    }
    child_wait_any();
    told("pending\n");
    if (fork() == 0) {
        sigemptyset(&set);
        sigaddset(&set, SIGUSR1);
        sigprocmask(SIG_SETMASK, &set, NULL);
        raise(SIGUSR1);
        execl("./execs", "execs", "pending", NULL);
        end();
    }
    child_wait_any();
    told("another thread\n");
    if (fork() == 0) {
        pthread_create(&thread, NULL, thread_exec, NULL);
        pause();
    }
    child_wait_any();
    told("beside threads\n");
    if (fork() == 0) {
        pthread_create(&thread, NULL, thread_wait, NULL);
        pthread_create(&thread, NULL, thread_wait, NULL);
        thread_exec(NULL);
    }
    child_wait_any();
    told("itself\n");
    if (fork() == 0) {
        execle("/proc/self/exe", "execs", "show", NULL, plain_environment);
        end();
    }
    child_wait_any();
}

static int pending(void)
{
    sigset_t set;

    sigpending(&set);
    printf("  SIGUSR1 %s\n", sigismember(&set, SIGUSR1) ? "waits" : "is lost");
    return 0;
}

/* ---- others ---- */

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* A signal that comes at any moment around execve() ends the child. */
static int signals(int count, char **command)
{
    int lost = 0;

    for (int i = 0; i < count; i++) {
        int status;
        const pid_t child = fork();

        if (child == 0) {
            execv(command[0], command);
            _exit(1);
        }
        usleep((useconds_t)(i % 40) * 100);
        kill(child, SIGTERM);
        waitpid(child, &status, 0);
        lost += !(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
    }
    printf("%d of %d signals lost\n", lost, count);
    return lost > 0;
}

static int many(int count)
{
    int good = 0, status;

    for (int i = 0; i < count; i++) {
        char number[16];

        snprintf(number, sizeof number, "%d", i);
        if (i >= 50) {
            good += wait(&status) > 0 && WEXITSTATUS(status) == 7;
        }
        if (fork() == 0) {
            execl("show", "show", number, NULL);
            _exit(1);
        }
    }
    while (wait(&status) > 0) {
        good += WEXITSTATUS(status) == 7;
    }
    fprintf(stderr, "%d of %d\n", good, count);
    return good != count;
}

static int spawn_time(int count, char **command)
{
    const double start = now();

    for (int i = 0; i < count; i++) {
        pid_t child;

        if (posix_spawn(&child, command[0], NULL, NULL, command, environ) !=
            0) {
            return 1;
        }
        waitpid(child, NULL, 0);
    }
    printf("%.2f ms a child\n", (now() - start) * 1e3 / count);
    return 0;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    const char *self = (const char *)getauxval(AT_EXECFN);

    setvbuf(stdout, NULL, _IOFBF, 65536);
    if (argc > 1 && strcmp(argv[0], "execs") == 0 &&
        strcmp(what, "show") == 0) {
        return show(argc, argv);
    }
    if (strcmp(program_invocation_short_name, "execs") != 0 ||
        (self != NULL && strstr(self, "execs") == NULL)) {
        return show(argc, argv);
    }
    if (strcmp(what, "emulated") == 0) {
        puts(is_emulated() ? "emulated" : "native");
    } else if (strcmp(what, "pending") == 0) {
        return pending();
    } else if (strcmp(what, "sleep") == 0) {
        sleep(60);
    } else if (strcmp(what, "many") == 0) {
        return many(atoi(argv[2]));
    } else if (strcmp(what, "signals") == 0) {
        return signals(atoi(argv[2]), argv + 3);
    } else if (strcmp(what, "time") == 0) {
        return spawn_time(atoi(argv[2]), argv + 3);
    } else {
        paths();
        vectors();
        descriptors();
        processes();
    }
    return 0;
}
