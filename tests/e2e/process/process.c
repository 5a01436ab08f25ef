/* SPDX-License-Identifier: MIT */
#include "process.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <threads.h>
#include <unistd.h>

/* ---- threads ---- */

static pthread_key_t key, round_key, tell_key;
static tss_t c11_key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int ended;
static long units;

static void note(long more)
{
    usleep(5000); /* who joins too early sees less */
    __atomic_fetch_add(&units, more, __ATOMIC_SEQ_CST);
    __atomic_fetch_add(&ended, 1, __ATOMIC_SEQ_CST);
}

static void value_end(void *value)
{
    note(*(int *)value);
    free(value);
}

static void object_end(void *value)
{
    note(1000 * (long)*(int *)value);
}

static void round_end(void *value)
{
    int rounds = (int)(intptr_t)value;

    note(0);
    if (rounds > 1) {
        pthread_setspecific(round_key, (void *)(intptr_t)(rounds - 1));
    }
}

struct telling {
    void (*told)(int number);
    int number;
};

static void tell_end(void *value)
{
    struct telling *telling = value;

    telling->told(telling->number);
    free(telling);
}

static void keys_make(void)
{
    pthread_key_create(&key, value_end);
    pthread_key_create(&round_key, round_end);
    pthread_key_create(&tell_key, tell_end);
    tss_create(&c11_key, value_end);
}

extern int __cxa_thread_atexit_impl(void (*end)(void *value), void *value,
                                    void *library);
extern void *__dso_handle;

static int *value_new(int number)
{
    int *value = malloc(sizeof(*value));

    *value = number;
    return value;
}

void process_object_use(int more)
{
    static _Thread_local int object;

    object = more;
    __cxa_thread_atexit_impl(object_end, &object, &__dso_handle);
}

void process_thread_use(int more, int rounds)
{
    pthread_once(&once, keys_make);
    pthread_setspecific(key, value_new(more));
    tss_set(c11_key, value_new(10 * more));
    pthread_setspecific(round_key, (void *)(intptr_t)rounds);
}

void process_thread_tell(void (*told)(int number), int number)
{
    struct telling *telling = malloc(sizeof(*telling));

    pthread_once(&once, keys_make);
    *telling = (struct telling){told, number};
    pthread_setspecific(tell_key, telling);
}

int process_threads_ended(void)
{
    return __atomic_load_n(&ended, __ATOMIC_SEQ_CST);
}

long process_units(void)
{
    return __atomic_load_n(&units, __ATOMIC_SEQ_CST);
}

void process_thread_leave(const char *how, void *result)
{
    if (strcmp(how, "thrd_exit") == 0) {
        thrd_exit((int)(intptr_t)result);
    }
    pthread_exit(result);
}

/* ---- children ---- */

int process_fork(void)
{
    return fork();
}

int process_in_child(int (*work)(int number), int number)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        _exit(work(number));
    }
    return child > 0 && waitpid(child, &status, 0) == child ? status : -1;
}

/* Only comes back if there is no such way. */
static void become(const char *how, char *command)
{
    char *arguments[] = {(char *)"sh", (char *)"-c", command, NULL};
    char *environment[] = {(char *)"PROCESS=own", NULL};

    if (strcmp(how, "execl") == 0 || strcmp(how, "vfork") == 0) {
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    } else if (strcmp(how, "execlp") == 0) {
        execlp("sh", "sh", "-c", command, (char *)NULL);
    } else if (strcmp(how, "execle") == 0) {
        execle("/bin/sh", "sh", "-c", command, (char *)NULL, environment);
    } else if (strcmp(how, "execv") == 0) {
        execv("/bin/sh", arguments);
    } else if (strcmp(how, "execvp") == 0) {
        execvp("sh", arguments);
    } else if (strcmp(how, "execvpe") == 0) {
        execvpe("sh", arguments, environment);
    } else if (strcmp(how, "execve") == 0) {
        execve("/bin/sh", arguments, environment);
    } else if (strcmp(how, "fexecve") == 0) {
        fexecve(open("/bin/sh", O_RDONLY | O_CLOEXEC), arguments, environment);
    }
}

static int spawn(const char *how, char *command)
{
    char *arguments[] = {(char *)"sh", (char *)"-c", command, NULL};
    char *environment[] = {(char *)"PROCESS=own", NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int status = -1, error;
    pid_t child;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, 1, 7);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    error = strcmp(how, "posix_spawn") == 0
                ? posix_spawn(&child, "/bin/sh", &actions, &attributes,
                              arguments, environment)
                : posix_spawnp(&child, "sh", &actions, &attributes, arguments,
                               environment);
    if (error == 0) {
        waitpid(child, &status, 0);
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return status;
}

int process_run(const char *how, const char *command)
{
    char *text = strdup(command);
    int status = -1;
    pid_t child;

    if (strcmp(how, "system") == 0) {
        status = system(text);
    } else if (strcmp(how, "popen") == 0) {
        FILE *to = popen(text, "w");

        fputs("to the command\n", to);
        status = pclose(to);
    } else if (strcmp(how, "pipes") == 0) {
        FILE *first = popen("cat", "w"), *second = popen("cat", "w");

        fputs("to the first\n", first);
        status = pclose(first); /* the second must not hold it open */
        fputs("to the second\n", second);
        status += pclose(second);
    } else if (strncmp(how, "posix_spawn", strlen("posix_spawn")) == 0) {
        status = spawn(how, text);
    } else {
        child = strcmp(how, "vfork") == 0 ? vfork() : fork();
        if (child == 0) {
            become(how, text);
            _exit(99);
        }
        waitpid(child, &status, 0);
    }
    free(text);
    return status;
}

int process_read(const char *command, char *line, int size)
{
    FILE *from = popen(command, "re");

    if (from == NULL) {
        return -1;
    }
    if (fgets(line, size, from) == NULL) {
        line[0] = '\0';
    }
    return pclose(from);
}

/* ---- streams ---- */

static void print_list(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
}

void process_print(const char *how, const char *text)
{
    if (strcmp(how, "printf") == 0) {
        printf("%s, %d\n", text, 1);
    } else if (strcmp(how, "vprintf") == 0) {
        print_list("%s, %d\n", text, 2);
    } else if (strcmp(how, "puts") == 0) {
        puts(text);
    } else if (strcmp(how, "putchar") == 0) {
        for (; *text != '\0'; text++) {
            putchar(*text);
        }
        putchar('\n');
    } else if (strcmp(how, "stdout") == 0) {
        fprintf(stdout, "%s, ", text);
        fputs("at last", stdout);
        putc('\n', stdout);
    } else if (strcmp(how, "stderr") == 0) {
        fprintf(stderr, "%s\n", text);
    } else if (strcmp(how, "perror") == 0) {
        errno = ENOENT;
        perror(text);
    }
}

void process_word(const char *how, char *word, int size)
{
    int length = 0, character;

    *word = '\0';
    if (strcmp(how, "scanf") == 0) {
        if (scanf("%9s", word) != 1) {
            strcpy(word, "none");
        }
    } else if (strcmp(how, "getchar") == 0) {
        while (length < size - 1 && (character = getchar()) != EOF &&
               character != '\n') {
            word[length++] = (char)character;
        }
        word[length] = '\0';
    } else if (fgets(word, size, stdin) != NULL) {
        word[strcspn(word, "\n")] = '\0';
    }
}

void process_redirect(const char *path)
{
    if (freopen(path, "w", stdout) != NULL) {
        setvbuf(stdout, NULL, _IONBF, 0);
    }
}

static void *print_elsewhere(void *text)
{
    puts(text);
    fflush(stdout);
    return NULL;
}

void process_print_elsewhere(const char *text)
{
    pthread_t thread;

    pthread_create(&thread, NULL, print_elsewhere, (void *)(uintptr_t)text);
    pthread_join(thread, NULL);
}

int process_flush(void)
{
    return fflush(NULL);
}

/* ---- signals ---- */

static int taken, value;
static struct sigaction before[65];
static int does_chain;

static void signal_note(int number, siginfo_t *info, void *context)
{
    const struct sigaction *old = &before[number];

    taken++;
    value = info != NULL && info->si_code == SI_QUEUE ? info->si_value.sival_int
                                                      : 0;
    if (!does_chain || old->sa_handler == SIG_DFL ||
        old->sa_handler == SIG_IGN) {
        return;
    }
    if ((old->sa_flags & SA_SIGINFO) != 0) {
        old->sa_sigaction(number, info, context);
    } else {
        old->sa_handler(number);
    }
}

static void signal_take(int number)
{
    signal_note(number, NULL, NULL);
}

int process_signal_take(const char *how, int number, int chains)
{
    struct sigaction action = {.sa_handler = signal_take};

    does_chain = chains;
    if (strcmp(how, "ignore") == 0 || strcmp(how, "default") == 0) {
        return signal(number, how[0] == 'i' ? SIG_IGN : SIG_DFL) == SIG_ERR ? -1
                                                                            : 0;
    }
    if (strcmp(how, "signal") == 0) {
        before[number] = (struct sigaction){.sa_handler = SIG_DFL};
        before[number].sa_handler = signal(number, signal_take);
        return before[number].sa_handler == SIG_ERR ? -1 : 0;
    }
    sigemptyset(&action.sa_mask);
    if (strcmp(how, "siginfo") == 0) {
        action.sa_sigaction = signal_note;
        action.sa_flags = SA_SIGINFO;
    } else if (strcmp(how, "once") == 0) {
        action.sa_flags = (int)SA_RESETHAND;
    }
    return sigaction(number, &action, &before[number]);
}

const char *process_signal_find(int number, int *has_info)
{
    struct sigaction now;

    if (sigaction(number, NULL, &now) != 0) {
        return "error";
    }
    *has_info = (now.sa_flags & SA_SIGINFO) != 0;
    return now.sa_handler == SIG_DFL         ? "default"
           : now.sa_handler == SIG_IGN       ? "ignore"
           : now.sa_handler == signal_take   ? "own"
           : now.sa_sigaction == signal_note ? "own"
                                             : "handler";
}

int process_signals_taken(void)
{
    return taken;
}

int process_signal_value(void)
{
    return value;
}

int process_signal_send(const char *how, int number, const int *counter)
{
    const volatile int *counted = counter == NULL ? &taken : counter;
    int first = *counted;

    if (strcmp(how, "raise") == 0) {
        raise(number);
    } else if (strcmp(how, "kill") == 0) {
        kill(getpid(), number);
    } else if (strcmp(how, "sigqueue") == 0) {
        sigqueue(getpid(), number, (union sigval){.sival_int = 3});
    } else if (strcmp(how, "pthread_kill") == 0) {
        pthread_kill(pthread_self(), number);
    }
    return *counted - first;
}

int process_signal_wait(int milliseconds)
{
    return poll(NULL, 0, milliseconds) == 0 ? 0 : errno;
}

static sigjmp_buf jump_to;
static volatile sig_atomic_t seen;

static void signal_leave(int number)
{
    (void)number;
    siglongjmp(jump_to, 1);
}

int process_signal_jump(const char *how, int times)
{
    volatile int came_back = 0;
    struct sigaction old;
    int number = strcmp(how, "loop") == 0 ? SIGALRM : SIGUSR2;

    sigaction(number, &(struct sigaction){.sa_handler = signal_leave}, &old);
    for (volatile int i = 0; i < times; i++) {
        if (sigsetjmp(jump_to, 1) != 0) {
            came_back++;
        } else if (number == SIGALRM) {
            ualarm(1000, 0);
            for (seen = 0;; seen = 1) {
            }
        } else {
            process_signal_send(how, number, NULL);
        }
    }
    sigaction(number, &old, NULL);
    return came_back;
}

static int (*signal_add)(int number);
static volatile long signal_sum;
static volatile sig_atomic_t has_wrong_mask;
static int masked;

static void signal_count(int number, siginfo_t *info, void *context)
{
    sigset_t now;

    (void)context;
    pthread_sigmask(SIG_BLOCK, NULL, &now);
    has_wrong_mask |=
        sigismember(&now, number) != 1 || sigismember(&now, masked) != 1 ||
        sigismember(&now, SIGUSR1) != 0 || info->si_signo != number;
    signal_sum += signal_add(1);
    seen++;
}

long process_signal_compute(int alarms, int other, int (*add)(int number))
{
    const struct itimerval often = {{0, 1000}, {0, 1000}},
                           never = {{0, 0}, {0, 0}};
    struct sigaction action = {.sa_flags = SA_SIGINFO}, old;
    long sum = 0;

    masked = other;
    sigaddset(&action.sa_mask, masked);
    action.sa_sigaction = signal_count;
    sigaction(SIGALRM, &action, &old);
    signal_add = add;
    signal_sum = 0;
    has_wrong_mask = 0;
    seen = 0;
    setitimer(ITIMER_REAL, &often, NULL);
    while (seen < 1) {
    }
    while (seen < alarms) {
        sum += add(0);
    }
    setitimer(ITIMER_REAL, &never, NULL);
    sigaction(SIGALRM, &old, NULL);
    return has_wrong_mask ? -1 : sum + (signal_sum == seen);
}

/* ---- what libc keeps ---- */

int process_options(int count, char **arguments, int *word)
{
    static const struct option words[] = {
        {"first", no_argument, NULL, 'f'},
        {"second", required_argument, NULL, 's'},
        {NULL, 0, NULL, 0},
    };
    int option, place, level = 0;

    while ((option = getopt_long(count, arguments, "+vq", words, &place)) !=
           -1) {
        if (option == 'f' || option == 's') {
            *word = place;
        }
        level += option == 'v' ? 1 : option == 'q' ? -1 : 0;
    }
    return level + 100 * optind;
}

double process_random(const char *which)
{
    if (strcmp(which, "rand") == 0) {
        return rand();
    } else if (strcmp(which, "random") == 0) {
        return (double)random();
    } else if (strcmp(which, "drand48") == 0) {
        return drand48();
    } else if (strcmp(which, "lrand48") == 0) {
        return (double)lrand48();
    }
    return (double)mrand48();
}

void process_seed(const char *which, int seed)
{
    if (strcmp(which, "rand") == 0) {
        srand((unsigned)seed);
    } else if (strcmp(which, "random") == 0) {
        srandom((unsigned)seed);
    } else {
        srand48(seed);
    }
}

int process_file(const char *how, char *name, int size)
{
    char path[4096];
    ssize_t length =
        strcmp(how, "readlink") == 0
            ? readlink("/proc/self/exe", path, sizeof(path) - 1)
            : readlinkat(AT_FDCWD, "/proc/self/exe", path, sizeof(path) - 1);

    if (length < 0) {
        return -1;
    }
    path[length] = '\0';
    return snprintf(name, (size_t)size, "%s", strrchr(path, '/') + 1);
}

/* ---- what the program has ---- */

extern int process_level_wanted __attribute__((weak));
extern int process_filter(int number) __attribute__((weak));
extern int process_filter_absent(int number) __attribute__((weak));

int process_check(int number)
{
    if (process_filter_absent != NULL) {
        return process_filter_absent(number);
    }
    return process_filter == NULL ? -1 : process_filter(number);
}

int process_level(void)
{
    return &process_level_wanted == NULL ? -1 : process_level_wanted;
}

static int (*registered)(int number);

void process_register(int (*function)(int number))
{
    registered = function;
}

int process_load(const char *path, int number)
{
    void *plugin = dlopen(path, RTLD_NOW);
    void (*start)(void) =
        plugin == NULL
            ? NULL
            : (void (*)(void))(uintptr_t)dlsym(plugin, "plugin_start");

    if (start == NULL) {
        return -1;
    }
    start();
    number = registered(number);
    dlclose(plugin);
    return number;
}

/* ---- functions and memory ---- */

int process_step(const struct process_counter *counter, int number)
{
    return counter->step(number) + 100;
}

double process_scale(const struct process_scaler *scaler, double number)
{
    return scaler->scale(number) + 0.5;
}

const char *process_text(void)
{
    static char text[8000] = "text of the library\n";

    return text;
}

int process_untyped(const void *function, int number)
{
    return ((int (*)(int))(uintptr_t)function)(number);
}
