/* SPDX-License-Identifier: MIT
 *
 * usage: garbage HTL
 *
 * A guest that says to plugin and host what no thunk says: the words of
 * tests/loopback/garbage.c, and those that only the plugin sees. Exits 0 when
 * all is well at the end, and then prints how many lines of messages there have
 * to be: "refused N crashed N".
 */
#include "garbage.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <thunk/frame.h>
#include <thunk/protocol.h>
#include <thunk_arch_guest.h>
#include <unistd.h>

#include "check.h"

#define ADDRESS(pointer) ((uint64_t)(uintptr_t)(pointer))
#define POINTER(address) ((void *)(uintptr_t)(address))
#define COUNT(array)     (sizeof(array) / sizeof(array)[0])

extern char __executable_start; /* the linker's: our own code */

static __thread struct thunk_mailbox mailbox;

void check_fail(const char *file, int line, const char *text)
{
    fprintf(stderr, "%s:%d: failed: %s\n", file, line, text);
    exit(1);
}

void check_fail_same(const char *file, int line, const char *text,
                     long long one, long long two)
{
    fprintf(stderr, "%s:%d: failed: %s: %lld is not %lld\n", file, line, text,
            one, two);
    exit(1);
}

/* What the plugin puts into the out slot, or 0 where it does not answer. */
static uint64_t ask(uint64_t id, uint64_t a2, uint64_t a3, bool is_third)
{
    volatile uint64_t slot = 0;

    (void)thunk_syscall(THUNK_SYSCALL, id, a2, is_third ? a3 : ADDRESS(&slot),
                        ADDRESS(&slot));
    return slot;
}

/* Nobody has opened the door, nor told of a mailbox. This instruction is
 * translated for good by that, so no other knock may be it. */
static __attribute__((noinline)) void knock_early(void)
{
    thunk_proc *const early = (thunk_proc *)(uintptr_t)8;

    mailbox.proc = early;
    thunk_knock();
    CHECK(*(thunk_proc *volatile *)&mailbox.proc == early);
}

/* Words that are no host code, through both doors. */
static void procs_throw(void *const words[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        (void)thunk_syscall(THUNK_SYSCALL, THUNK_INVOKE_PROC, ADDRESS(words[i]),
                            ADDRESS(&mailbox), 0);
        mailbox.proc = (thunk_proc *)(uintptr_t)words[i];
        mailbox.arg1 = POINTER(8);
        mailbox.arg2 = POINTER(UINT64_MAX);
        thunk_knock();
        CHECK(*(thunk_proc *volatile *)&mailbox.proc == NULL); /* heard */
    }
}

static void mailboxes_throw(void *const words[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        CHECK_SAME(ask(THUNK_SET_MAILBOX, ADDRESS(words[i]), 0, false), 0);
        /* The next knock finds no mailbox, or the one from before. */
        mailbox.proc = NULL;
        thunk_knock();
    }
}

/* Memory that was good when the plugin was told of it. */
static void mailboxes_lose(size_t size)
{
    for (int way = 0; way < 4; way++) {
        char *start = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        /* Over the end of a page, of which the second goes. */
        char *lost = start + size - 8;

        CHECK(start != MAP_FAILED);
        CHECK_SAME(ask(THUNK_SET_MAILBOX, ADDRESS(lost), 0, false), 1);
        switch (way) {
        case 0:
            CHECK(munmap(start + size, size) == 0);
            break;
        case 1:
            CHECK(mprotect(start, 2 * size, PROT_READ) == 0);
            break;
        case 2:
            CHECK(mmap(start, 2 * size, PROT_NONE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
                       0) == start);
            break;
        default:
            CHECK(mremap(start, 2 * size, 4 * size, MREMAP_MAYMOVE) !=
                  MAP_FAILED);
            break;
        }
        thunk_knock();
    }
}

static void ranges_throw(void)
{
    CHECK_SAME(ask(THUNK_OPEN_DOOR, 0, 0, true), 0);
    CHECK_SAME(ask(THUNK_OPEN_DOOR, 8, 4, true), 0);
    CHECK_SAME(ask(THUNK_OPEN_DOOR, UINT64_MAX, 0, true), 0);
    /* Where there is nothing, nothing is found. */
    CHECK_SAME(ask(THUNK_OPEN_DOOR, 4, 8, true), 1);
    CHECK_SAME(ask(THUNK_OPEN_DOOR, UINT64_MAX - 8, UINT64_MAX, true), 1);
}

static void requests_throw(void)
{
    for (uint64_t id = 0; id < 16; id++) {
        (void)thunk_syscall(THUNK_SYSCALL, id, 0, 0, 0);
        (void)thunk_syscall(THUNK_SYSCALL, id, 1, 8, UINT64_MAX);
        (void)thunk_syscall(THUNK_SYSCALL, THUNK_OPEN_DOOR + id, 0, 0, 0);
        (void)thunk_syscall(THUNK_SYSCALL, UINT64_MAX << id, 0, 0, 0);
    }
}

int main(int argc, char **argv)
{
    size_t size = (size_t)sysconf(_SC_PAGESIZE);
    char *constant =
        mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *hidden =
        mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    void *const words[] = {
        NULL,
        POINTER(1),
        hidden,
        POINTER(UINT64_C(1) << 63),
        constant,
        POINTER(UINT64_MAX - 7),
        &__executable_start,
    };
    struct garbage thrown;

    CHECK(argc == 2 && constant != MAP_FAILED && hidden != MAP_FAILED);
    requests_throw();
    knock_early();
    ranges_throw();
    mailboxes_throw(words, COUNT(words));
    (void)garbage_throw(argv[1]);
    /* The door is open by now, but the mailbox is one of its own. */
    CHECK_SAME(ask(THUNK_SET_MAILBOX, ADDRESS(&mailbox), 0, false), 1);
    procs_throw(words, COUNT(words));
    mailboxes_throw(words, COUNT(words));
    mailboxes_lose(size);
    thrown = garbage_throw(argv[1]);
    printf("refused %d crashed %d\n", thrown.refused, thrown.crashed);
    return 0;
}
