/* SPDX-License-Identifier: MIT
 *
 * The first call of a library, and the first block, on a small stack with
 * nothing below it: a thread's, a signal handler's or a task's.
 * usage: small_stack thread|handler|task BYTES
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "blocks.h"

static size_t got;

static void call(void)
{
    got = blocks_take(blocks_make(BLOCKS_MALLOC, 'x', 10));
}

static void *work(void *argument)
{
    call();
    return argument;
}

static void handle(int number)
{
    (void)number;
    call();
}

/* With a page below that is not there. */
static char *stack_make(size_t size)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *memory = mmap(NULL, page + size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED || mprotect(memory, page, PROT_NONE) != 0) {
        exit(1);
    }
    return memory + page;
}

static void thread_run(size_t size)
{
    pthread_attr_t attributes;
    pthread_t thread;

    pthread_attr_init(&attributes);
    pthread_attr_setstack(&attributes, stack_make(size), size);
    if (pthread_create(&thread, &attributes, work, NULL) == 0) {
        pthread_join(thread, NULL);
    }
}

static void handler_run(size_t size)
{
    stack_t stack = {.ss_sp = stack_make(size), .ss_size = size};
    struct sigaction action = {.sa_handler = handle, .sa_flags = SA_ONSTACK};

    sigaltstack(&stack, NULL);
    sigaction(SIGUSR1, &action, NULL);
    raise(SIGUSR1);
}

static void task_run(size_t size)
{
    static ucontext_t before, task;

    getcontext(&task);
    task.uc_stack.ss_sp = stack_make(size);
    task.uc_stack.ss_size = size;
    task.uc_link = &before;
    makecontext(&task, call, 0);
    swapcontext(&before, &task);
}

int main(int argc, char **argv)
{
    const size_t size = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;

    if (argc > 1 && strcmp(argv[1], "thread") == 0) {
        thread_run(size);
    } else if (argc > 1 && strcmp(argv[1], "handler") == 0) {
        handler_run(size);
    } else if (argc > 1) {
        task_run(size);
    }
    printf("%zu\n", got);
    return got != 10;
}
