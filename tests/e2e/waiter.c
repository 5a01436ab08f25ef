/* SPDX-License-Identifier: MIT
 *
 * usage: waiter fast|syscall
 *
 * One thread waits for a pipe in a host function, another forks meanwhile. With
 * "fast" the function is behind the instruction door, where it has no business:
 * QEMU's fork() waits until no vCPU runs.
 */
#include "wait/wait.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int ends[2], notice[2];
static long (*wait_for)(int file, int told);

static void *wait_main(void *unused)
{
    (void)unused;
    return (void *)wait_for(ends[0], notice[1]);
}

/* Until the other thread is inside. */
static int notice_take(void)
{
    char byte;

    return read(notice[0], &byte, 1) == 1;
}

int main(int argc, char **argv)
{
    pthread_t thread;
    void *result;
    int status;
    pid_t child;

    setvbuf(stdout, NULL, _IONBF, 0);
    if (argc != 2 || pipe(ends) != 0 || pipe(notice) != 0) {
        return 2;
    }
    wait_for =
        strcmp(argv[1], "fast") == 0 ? wait_for_pipe : wait_for_pipe_as_said;
    /* Whatever first calls take is over before, and what a first thread takes:
     * QEMU then translates anew, for which it stops all vCPUs. */
    if (write(ends[1], "x", 1) != 1 ||
        pthread_create(&thread, NULL, wait_main, NULL) != 0 ||
        pthread_join(thread, &result) != 0 || (long)result != 1 ||
        !notice_take() || wait_add(1, 2) != 3 || wait_add_leaf(1, 2) != 3) {
        return 1;
    }
    if (pthread_create(&thread, NULL, wait_main, NULL) != 0 || !notice_take()) {
        return 1;
    }
    puts("forking");
    child = fork();
    if (child == 0) {
        _exit(wait_add(3, 4) == 7 ? 0 : 1);
    }
    puts("forked");
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
        return 1;
    }
    if (write(ends[1], "x", 1) != 1 || pthread_join(thread, &result) != 0 ||
        (long)result != 1) {
        return 1;
    }
    puts("done");
    return 0;
}
