/* SPDX-License-Identifier: MIT
 *
 * A host library for the plugin's tests: each function is a proc. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <thunk/protocol.h>
#include <unistd.h>

void victim_add(void *sum, void *addend);
void victim_print(void *text, void *unused);
void victim_block(void *unused, void *unused_too);

extern int victim_data;
int victim_data = 42;

thunk_signals dlcall_signals;

extern struct thunk_mailbox victim_mailbox;
struct thunk_mailbox victim_mailbox;

extern int victim_signals;
int victim_signals;

extern bool (*victim_is_vcpu)(void);
bool (*victim_is_vcpu)(void);

extern uint64_t (*victim_handler)(int number);
uint64_t (*victim_handler)(int number);

void dlcall_signals(bool (*is_vcpu)(void), uint64_t (*handler)(int number))
{
    victim_signals++;
    victim_is_vcpu = is_vcpu;
    victim_handler = handler;
}

/* *(uint64_t *)sum += addend */
void victim_add(void *sum, void *addend)
{
    *(uint64_t *)sum += (uintptr_t)addend;
}

/* Leaves the text in stdout's buffer, whatever stdout is. */
void victim_print(void *text, void *unused)
{
    (void)unused;
    setvbuf(stdout, NULL, _IOFBF, BUFSIZ);
    fputs(text, stdout);
}

static void *read_forever(void *file)
{
    fgetc(file);
    return NULL;
}

/* Starts a thread that holds a FILE's lock in a read that never ends. */
void victim_block(void *unused, void *unused_too)
{
    int ends[2];
    FILE *file;
    pthread_t thread;

    (void)unused, (void)unused_too;
    if (pipe(ends) != 0 || !(file = fdopen(ends[0], "r")) ||
        pthread_create(&thread, NULL, read_forever, file) != 0) {
        return;
    }
    while (ftrylockfile(file) == 0) { /* until the thread has it */
        funlockfile(file);
        usleep(1000);
    }
}
