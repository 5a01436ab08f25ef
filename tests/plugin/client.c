/* SPDX-License-Identifier: MIT
 *
 * A guest that speaks the raw dlcall protocol, for e2e.sh.
 * usage: client CASE VICTIM [NUMBER]; exit 0 when all went as it should. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "thunk/protocol.h"
#include "thunk_arch_guest.h"

#define COUNT(array)     (sizeof(array) / sizeof(array)[0])
#define ADDRESS(pointer) ((uint64_t)(uintptr_t)(pointer))
#define CHECK(condition)                                                       \
    do {                                                                       \
        if (!(condition)) {                                                    \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__,         \
                    #condition);                                               \
            exit(1);                                                           \
        }                                                                      \
    } while (0)

static long number = THUNK_SYSCALL;
static const char *victim;

static long ask(uint64_t id, uint64_t a2, uint64_t a3, uint64_t a4)
{
    return syscall(number, id, a2, a3, a4) == -1 ? -errno : 0;
}

static const char *attribute(const char *key)
{
    uint64_t slot = THUNK_UNANSWERED;

    ask(THUNK_GET_HOST_ATTRIBUTE, ADDRESS(key), ADDRESS(&slot), 0);
    CHECK(slot != THUNK_UNANSWERED);
    return (const char *)(uintptr_t)slot;
}

static uint64_t load(const char *path)
{
    uint64_t slot = THUNK_UNANSWERED;

    ask(THUNK_LOAD_LIBRARY, ADDRESS(path), 2, ADDRESS(&slot));
    CHECK(slot != THUNK_UNANSWERED);
    return slot;
}

static uint64_t find(uint64_t handle, const char *name)
{
    uint64_t slot = THUNK_UNANSWERED;

    ask(THUNK_GET_PROC_ADDRESS, handle, ADDRESS(name), ADDRESS(&slot));
    CHECK(slot != THUNK_UNANSWERED);
    return slot;
}

static const char *error(void)
{
    uint64_t slot = THUNK_UNANSWERED;

    ask(THUNK_GET_LIBRARY_ERROR, ADDRESS(&slot), 0, 0);
    CHECK(slot != THUNK_UNANSWERED);
    return (const char *)(uintptr_t)slot;
}

static void invoke(const char *name, const void *argument)
{
    uint64_t proc = find(load(victim), name);

    CHECK(proc != 0);
    ask(THUNK_INVOKE_PROC, proc, ADDRESS(argument), 0);
}

/* The result of a system call is the plugin's only in filter mode. */
static long status(long filtered)
{
    return strcmp(attribute(THUNK_ATTRIBUTE_MODE), "filter") == 0 ? filtered
                                                                  : -ENOSYS;
}

static void *thread_invoke(void *proc)
{
    uint64_t sum = 0;

    for (uint64_t i = 0; i < 10000; i++) {
        ask(THUNK_INVOKE_PROC, ADDRESS(proc), ADDRESS(&sum), i);
    }
    return (void *)(uintptr_t)(sum == 49995000);
}

static void case_basic(void)
{
    uint64_t handle, proc, sum = 40;
    pthread_t threads[4];
    int freed = -1000;

    CHECK(strcmp(attribute("emu"), "qemu") == 0);
    CHECK(!attribute("no such key"));
    CHECK(load("libc.so.6") != 0 && find(load("libc.so.6"), "getpid") != 0);
    CHECK(ask(THUNK_INVOKE_PROC, find(load("libc.so.6"), "getpid"), 0, 0) ==
          status(0));
    CHECK(load("libz.so.1") != 0 && find(load("libz.so.1"), "crc32") != 0);
    handle = load(victim);
    proc = find(handle, "victim_add");
    CHECK(handle != 0 && proc != 0);
    CHECK(ask(THUNK_INVOKE_PROC, proc, ADDRESS(&sum), 2) == status(0));
    CHECK(sum == 42);
    for (size_t i = 0; i < COUNT(threads); i++) {
        CHECK(pthread_create(&threads[i], NULL, thread_invoke,
                             (void *)(uintptr_t)proc) == 0);
    }
    for (size_t i = 0; i < COUNT(threads); i++) {
        void *right;

        CHECK(pthread_join(threads[i], &right) == 0 && right);
    }
    CHECK(ask(THUNK_FREE_LIBRARY, handle, ADDRESS(&freed), 0) == status(0));
    CHECK(freed == 0);
    CHECK(ask(THUNK_INVOKE_PROC, proc, ADDRESS(&sum), 2) == status(-EFAULT));
    CHECK(sum == 42);
}

static void case_errors(void)
{
    char *page =
        mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    const uint64_t bad[] = {0, 8, UINT64_MAX - 2, 1ULL << 63, ADDRESS(page)};
    const uint64_t emulator = ADDRESS("emu");
    uint64_t slot;

    CHECK(load("/no/such/library.so") == 0);
    CHECK(strstr(error(), "/no/such/library.so"));
    CHECK(!error());
    CHECK(find(load(victim), "no_such") == 0 && strstr(error(), "no_such"));
    CHECK(find(0x1234, "malloc") == 0 && strstr(error(), "not the handle"));
    CHECK(ask(6, 0, 0, 0) == status(-EINVAL));
    CHECK(ask(UINT64_MAX, 0, 0, 0) == status(-EINVAL));
    for (size_t i = 0; i < COUNT(bad); i++) {
        CHECK(ask(THUNK_GET_HOST_ATTRIBUTE, emulator, bad[i], 0) ==
              status(-EFAULT));
        CHECK(ask(THUNK_GET_LIBRARY_ERROR, bad[i], 0, 0) == status(-EFAULT));
        CHECK(ask(THUNK_INVOKE_PROC, bad[i], 0, 0) == status(-EFAULT));
        if (bad[i] != ADDRESS(page)) { /* a string, though empty */
            CHECK(ask(THUNK_LOAD_LIBRARY, bad[i], 2, ADDRESS(&slot)) ==
                  status(-EFAULT));
            CHECK(slot == 0);
        }
    }
    CHECK(page[0] == 0);
    /* Code of the guest is none of the host. */
    CHECK(ask(THUNK_INVOKE_PROC, (uintptr_t)case_basic, 0, 0) ==
          status(-EFAULT));
}

static void case_print(void)
{
    invoke("victim_print", "printed by the host\n");
}

static void case_blocked(void)
{
    case_print();
    invoke("victim_block", NULL);
}

/* The child's copy of the text must not come out as well. */
static void case_fork(void)
{
    int ended = -1;
    pid_t child;

    case_print();
    child = fork();
    if (child == 0) {
        _exit(0);
    }
    CHECK(waitpid(child, &ended, 0) == child && ended == 0);
}

/* A child has its own process id, by which its memory is read. */
static void case_child(void)
{
    int ended = -1;
    pid_t child;

    CHECK(strcmp(attribute("emu"), "qemu") == 0);
    child = fork();
    if (child == 0) {
        case_print();
        exit(0);
    }
    CHECK(waitpid(child, &ended, 0) == child && ended == 0);
}

/* ---- the instruction door ---- */

extern char __executable_start, etext; /* the linker's: our own code */

static __thread struct thunk_mailbox mailbox;
static void (*victim_proc)(void *, void *);

static bool granted(uint64_t id, uint64_t a2, uint64_t a3)
{
    uint64_t slot = THUNK_UNANSWERED;

    ask(id, a2, id == THUNK_SET_MAILBOX ? ADDRESS(&slot) : a3, ADDRESS(&slot));
    return slot == 1;
}

/* True when the host has done it. */
static bool knock(uint64_t *sum, uint64_t addend)
{
    const uint64_t before = *(volatile uint64_t *)sum;

    mailbox.proc = victim_proc;
    mailbox.arg1 = sum;
    mailbox.arg2 = (void *)(uintptr_t)addend;
    thunk_knock();
    return *(volatile uint64_t *)sum == before + addend;
}

/* A new thread for each vCPU number that comes round again. */
static void *thread_knock(void *wrong)
{
    uint64_t sum = 0;

    *(int *)wrong += knock(&sum, 1); /* its mailbox is not known yet */
    if (!granted(THUNK_SET_MAILBOX, ADDRESS(&mailbox), 0)) {
        ++*(int *)wrong;
    }
    for (uint64_t i = 1; i <= 1000; i++) {
        *(int *)wrong += !knock(&sum, i);
    }
    return NULL;
}

static volatile uint64_t handled;

/* Comes anywhere, between the words and the knock too. */
static void handler_knock(int signal)
{
    uint64_t sum = 0;

    (void)signal;
    handled += knock(&sum, 1);
}

static void door_signals(void)
{
    const struct itimerval often = {{0, 100}, {0, 100}}, never = {0};
    struct sigaction action = {.sa_handler = handler_knock};
    uint64_t sum = 0, done = 0;

    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    CHECK(setitimer(ITIMER_REAL, &often, NULL) == 0);
    for (int i = 0; i < 1000000; i++) {
        done += knock(&sum, 1);
    }
    CHECK(setitimer(ITIMER_REAL, &never, NULL) == 0);
    CHECK(sum == done); /* nothing was done twice, nothing unseen */
    CHECK(done > 990000 && handled > 0);
}

static void case_door(void)
{
    uint64_t sum = 0;
    int wrong = 0;
    pthread_t threads[4];
    pid_t child;
    int ended = -1;

    victim_proc =
        (void (*)(void *, void *))(uintptr_t)find(load(victim), "victim_add");
    CHECK(strstr(attribute(THUNK_ATTRIBUTE_DOORS), "instruction"));
    CHECK(granted(THUNK_OPEN_DOOR, ADDRESS(&__executable_start),
                  ADDRESS(&etext)));
    CHECK(!knock(&sum, 1)); /* no mailbox */
    CHECK(granted(THUNK_SET_MAILBOX, ADDRESS(&mailbox), 0));
    CHECK(knock(&sum, 1));
    for (int i = 0; i < 100; i++) {
        for (size_t j = 0; j < COUNT(threads); j++) {
            CHECK(pthread_create(&threads[j], NULL, thread_knock, &wrong) == 0);
        }
        for (size_t j = 0; j < COUNT(threads); j++) {
            CHECK(pthread_join(threads[j], NULL) == 0);
        }
    }
    CHECK(wrong == 0);
    door_signals();
    child = fork();
    if (child == 0) {
        _exit(knock(&sum, 1) ? 0 : 1);
    }
    CHECK(waitpid(child, &ended, 0) == child && ended == 0);

    /* Words that are garbage. */
    mailbox.proc = (void (*)(void *, void *))(uintptr_t)case_basic;
    thunk_knock();
    mailbox.proc = (void (*)(void *, void *))8;
    thunk_knock();
    CHECK(knock(&sum, 1));
}

/* A proc's pointer that is none: the guest's own SIGSEGV, not QEMU's. */
static void case_crash(void)
{
    victim_proc =
        (void (*)(void *, void *))(uintptr_t)find(load(victim), "victim_add");
    CHECK(granted(THUNK_OPEN_DOOR, ADDRESS(&__executable_start),
                  ADDRESS(&etext)));
    CHECK(granted(THUNK_SET_MAILBOX, ADDRESS(&mailbox), 0));
    mailbox.proc = victim_proc;
    mailbox.arg1 = (void *)8;
    thunk_knock();
}

/* Nobody there: the slot stays as it was. */
static void case_unanswered(void)
{
    uint64_t slot = THUNK_UNANSWERED;

    for (int i = 0; i < 2; i++) {
        CHECK(ask(THUNK_GET_HOST_ATTRIBUTE, ADDRESS("emu"), ADDRESS(&slot),
                  0) == -ENOSYS);
        CHECK(slot == THUNK_UNANSWERED);
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } cases[] = {
        {"basic", case_basic},
        {"door", case_door},
        {"crash", case_crash},
        {"errors", case_errors},
        {"print", case_print},
        {"blocked", case_blocked},
        {"fork", case_fork},
        {"child", case_child},
        {"unanswered", case_unanswered},
    };

    CHECK(argc >= 3);
    victim = argv[2];
    if (argc > 3) {
        number = atol(argv[3]);
    }
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (strcmp(argv[1], cases[i].name) == 0) {
            cases[i].run();
            return 0;
        }
    }
    fprintf(stderr, "%s: no such case\n", argv[1]);
    return 2;
}
