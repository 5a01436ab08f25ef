/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A guest that jumps to a host function gets SIGSEGV from QEMU, and its runtime
 * can go on at a stub, if its handler is asked. A program may install a handler
 * at any time, by whatever libc. So each rt_sigaction for SIGSEGV is seen here
 * before QEMU does it, and the struct that it reads has the runtime's handler
 * in place of the program's for so long. The rest of the program's action
 * stays: its handler is to find mask and stack as it wants them. What QEMU then
 * says of the action before is put right for the program.
 *
 * libc has the kernel's struct on its stack. One in memory that the guest
 * cannot write is written as a debugger does it.
 */
#define _GNU_SOURCE
#include "segv.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "thunk/protocol.h"

/* Linux's numbers on all our guests. */
enum {
    GUEST_SIGSEGV = 11,
    GUEST_SA_SIGINFO = 4,
    SIGSET_SIZE = 8,
};
#define GUEST_SA_RESETHAND UINT64_C(0x80000000)

static const uint64_t guest_default = 0, guest_ignore = 1;

static int64_t sigaction_number;
static size_t action_size;

static struct thunk_segv *_Atomic served;

/* The runtime's action, as it has installed it last. */
static struct thunk_action own;
static atomic_bool own_is_known;

/* A call that QEMU is at. */
static _Thread_local struct {
    bool is_under_way;
    bool is_own; /* of the runtime's */
    uint64_t action, before;
    struct thunk_action wanted; /* what the guest has there */
} call;

static bool memory_read(void *to, uint64_t from, size_t size)
{
    const int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    const ssize_t done = pread(memory, to, size, (off_t)from);

    close(memory);
    return done == (ssize_t)size;
}

static bool memory_write(uint64_t to, const void *from, size_t size)
{
    const int memory = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
    const ssize_t done = pwrite(memory, from, size, (off_t)to);

    close(memory);
    return done == (ssize_t)size;
}

static struct thunk_segv *segv_get(void)
{
    return atomic_load_explicit(&served, memory_order_acquire);
}

/* The program's action; all 0, the default, as long as it is not known. */
static struct thunk_action program_get(const struct thunk_segv *segv)
{
    const uint64_t place = __atomic_load_n(&segv->current, __ATOMIC_ACQUIRE);
    struct thunk_action action = {0};

    if (place) {
        memcpy(&action, (const void *)(uintptr_t)place, sizeof action);
    }
    return action;
}

static void program_set(struct thunk_segv *segv,
                        const struct thunk_action *action)
{
    const size_t count = sizeof segv->actions / sizeof segv->actions[0];
    struct thunk_action *place =
        &segv->actions[__atomic_fetch_add(&segv->used, 1, __ATOMIC_RELAXED) %
                       count];

    *place = *action;
    __atomic_store_n(&segv->current, (uintptr_t)place, __ATOMIC_RELEASE);
}

/* What QEMU gets for an action of the program's. */
static struct thunk_action action_exchange(const struct thunk_segv *segv,
                                           struct thunk_action action)
{
    if (action.handler == guest_default || action.handler == guest_ignore) {
        return own;
    }
    action.handler = segv->handler;
    action.flags |= GUEST_SA_SIGINFO;
    action.flags &= ~GUEST_SA_RESETHAND;
    return action;
}

/* The struct in the guest's memory is exchanged. */
static void action_see(struct thunk_segv *segv)
{
    struct thunk_action put;

    if (!memory_read(&call.wanted, call.action, action_size)) {
        call.action = 0; /* QEMU finds that out, too */
        return;
    }
    call.is_own = call.wanted.handler == segv->handler;
    if (call.is_own) {
        own = call.wanted;
        atomic_store_explicit(&own_is_known, true, memory_order_release);
        put = segv->current ? action_exchange(segv, program_get(segv)) : own;
    } else if (!atomic_load_explicit(&own_is_known, memory_order_acquire)) {
        put = call.wanted;
    } else {
        put = action_exchange(segv, call.wanted);
    }
    if (!memory_write(call.action, &put, action_size)) {
        call.action = 0; /* the program's is then installed as it is */
    }
}

void segv_see(int64_t number, const uint64_t arguments[4])
{
    struct thunk_segv *segv = segv_get();

    if (!segv || number != sigaction_number || arguments[0] != GUEST_SIGSEGV ||
        arguments[3] != SIGSET_SIZE || segv->handler == 0) {
        return;
    }
    memset(&call, 0, sizeof call);
    call.is_under_way = true;
    call.action = arguments[1];
    call.before = arguments[2];
    if (call.action) {
        action_see(segv);
    }
}

/* After a call that has been done: who is whose. The runtime itself is told of
 * an action that was not its own. */
static void action_done(struct thunk_segv *segv)
{
    const struct thunk_action program = program_get(segv);
    struct thunk_action before = {0};

    if (call.before && memory_read(&before, call.before, action_size)) {
        if (!call.is_own && before.handler == segv->handler) {
            memory_write(call.before, &program, action_size);
        } else if (call.is_own && before.handler != segv->handler) {
            program_set(segv, &before);
        }
    }
    if (call.action && !call.is_own) {
        program_set(segv, &call.wanted);
    }
}

void segv_see_result(int64_t number, int64_t result)
{
    struct thunk_segv *segv = segv_get();

    if (!call.is_under_way || number != sigaction_number) {
        return;
    }
    call.is_under_way = false;
    if (call.action) {
        memory_write(call.action, &call.wanted, action_size);
    }
    if (result == 0) {
        action_done(segv);
    }
}

bool segv_set(uint64_t address)
{
    struct thunk_segv *segv = (struct thunk_segv *)(uintptr_t)address;
    struct thunk_segv *none = NULL;
    struct thunk_segv copy;

    if (!memory_read(&copy, address, sizeof copy) ||
        !memory_write(address, &copy, sizeof copy)) {
        return false;
    }
    return atomic_compare_exchange_strong(&served, &none, segv) || none == segv;
}

void segv_install(const char *target)
{
    sigaction_number = strcmp(target, "x86_64") == 0 ? 13 : 134;
    /* riscv64's has no restorer. */
    action_size = strcmp(target, "riscv64") == 0
                      ? offsetof(struct thunk_action, rest[1])
                      : sizeof(struct thunk_action);
}
