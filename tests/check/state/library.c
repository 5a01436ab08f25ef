/* Has of libc's what is told, what the spec or the runtime sees to (stdout,
 * exit, sigaction), and what is one for both sides (chdir, getpid). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <err.h>
#include <errno.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "api.h"

int second(void);
int error(void); /* not libc's, but libsecond's */
int app_needed(void);
extern int app_level __attribute__((weak));
int app_filter(int level) __attribute__((weak));

static void thread_end(void *value)
{
    free(value);
}

static void at_end(void)
{
    fclose(stdout);
}

int run(int how, char **argv)
{
    struct sigaction action = {0};
    pthread_key_t key;
    char *line = NULL;
    size_t size = 0;

    switch (how) {
    case 1:
        return fork();
    case 2:
        errx(2, "%s", program_invocation_name);
    case 3:
        exit(getopt(how, argv, "a") + optind);
    case 4:
        return putenv(getenv("A")) + setenv("A", environ[0], 1);
    case 5:
        return setlocale(LC_ALL, "") != NULL;
    case 6:
        return signal(SIGINT, SIG_IGN) != sigaction(SIGINT, &action, NULL);
    case 7:
        return atexit(at_end) + pthread_key_create(&key, thread_end);
    case 8:
        return dlopen(argv[0], RTLD_NOW) == NULL;
    case 9:
        return printf("%d\n", rand()) + chdir("/") + (int)umask(0) + getpid();
    case 10:
        return (int)getline(&line, &size, stdin) + mktime(localtime(NULL));
    case 11:
        pthread_exit(realpath(argv[0], NULL));
    case 12:
        return &app_level != NULL && app_filter != NULL;
    default:
        return second() + error() + app_needed();
    }
}

char *text_new(void)
{
    return strdup("new");
}

char *text_given(void)
{
    return strdup("given");
}

char *text_write(char *place)
{
    return place;
}

const char *text_title(void)
{
    return "title";
}
