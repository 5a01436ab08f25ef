#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int second_hook(void) __attribute__((weak));

int error(void)
{
    return second_hook == NULL ? 0 : second_hook();
}

int second(void)
{
    struct sigaction action = {0};

    if (sigaction(SIGINT, &action, NULL) != 0 || getc(stdin) == EOF) {
        exit(1);
    }
    return system(secure_getenv("B"));
}
