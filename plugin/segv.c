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
 * QEMU ends a program that faults while SIGSEGV is blocked. So it is also taken
 * out of each mask that QEMU reads, and put into what the program is told. What
 * masks hold in other ways (ucontext, sigsuspend) is left alone.
 *
 * libc has the kernel's structs on its stack. What the guest cannot write is
 * written as a debugger does it.
 */
#define _GNU_SOURCE
#include "segv.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "thunk/protocol.h"

/* Of Linux, on all our guests. */
enum {
    GUEST_SIGSEGV = 11,
    GUEST_SIGNALS = 64,
    GUEST_SIG_UNBLOCK = 1,
    GUEST_SIG_SETMASK = 2,
    GUEST_SA_SIGINFO = 4,
    SIGSET_SIZE = 8,
};
#define GUEST_SA_NODEFER   UINT64_C(0x40000000)
#define GUEST_SA_RESETHAND UINT64_C(0x80000000)
#define SEGV_BIT           (UINT64_C(1) << (GUEST_SIGSEGV - 1))

static const uint64_t guest_default = 0, guest_ignore = 1;

static int64_t sigaction_number, sigprocmask_number;
static size_t action_size, mask_place;

static struct thunk_segv *_Atomic served;

/* The runtime's action, as it has installed it last. */
static struct thunk_action own;
static atomic_bool own_is_known;

/* Signals whose handlers block SIGSEGV, as the program has it. */
static _Atomic uint64_t blocking;

/* Of this thread, as the program has it. */
static _Thread_local struct {
    bool is_blocked;
    bool is_deferred; /* one waits for the end of that */
} self;

/* A call that QEMU is at. */
static _Thread_local struct {
    int64_t number; /* 0: none; of read() on x86_64, which is none of ours */
    int signal;     /* of rt_sigaction; how, of rt_sigprocmask */
    bool is_own;    /* the runtime's action */
    bool is_exchanged;
    uint64_t given, before;     /* where the guest has them, or 0 */
    struct thunk_action wanted; /* the guest's action */
    struct thunk_action told;   /* what QEMU says of the one before */
    uint64_t mask, mask_told;   /* likewise */
} call;

/* ---- memory ---- */

static bool memory_through_file(void *local, uint64_t guest, size_t size,
                                bool is_write)
{
    const int memory =
        open("/proc/self/mem", (is_write ? O_RDWR : O_RDONLY) | O_CLOEXEC);
    const ssize_t done = is_write ? pwrite(memory, local, size, (off_t)guest)
                                  : pread(memory, local, size, (off_t)guest);

    close(memory);
    return done == (ssize_t)size;
}

/* The kernel looks at both sides, so either can be the guest's. */
static bool memory_copy(void *to, const void *from, size_t size)
{
    const struct iovec local = {to, size};
    const struct iovec remote = {(void *)(uintptr_t)from, size};

    return process_vm_readv(getpid(), &local, 1, &remote, 1, 0) ==
           (ssize_t)size;
}

static bool memory_read(void *to, uint64_t from, size_t size)
{
    return memory_copy(to, (const void *)(uintptr_t)from, size) ||
           memory_through_file(to, from, size, false);
}

static bool memory_write(uint64_t to, void *from, size_t size)
{
    return memory_copy((void *)(uintptr_t)to, from, size) ||
           memory_through_file(from, to, size, true);
}

/* ---- actions ---- */

static struct thunk_segv *segv_get(void)
{
    return atomic_load_explicit(&served, memory_order_acquire);
}

static uint64_t mask_get(const struct thunk_action *action)
{
    uint64_t mask;

    memcpy(&mask, (const char *)action + mask_place, sizeof mask);
    return mask;
}

static void mask_set(struct thunk_action *action, uint64_t mask)
{
    memcpy((char *)action + mask_place, &mask, sizeof mask);
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
    place->blocks_segv = (action->flags & GUEST_SA_NODEFER) == 0 ||
                         (mask_get(action) & SEGV_BIT) != 0;
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
    action.flags |= GUEST_SA_SIGINFO | GUEST_SA_NODEFER;
    action.flags &= ~GUEST_SA_RESETHAND;
    mask_set(&action, mask_get(&action) & ~SEGV_BIT);
    return action;
}

static struct thunk_action segv_action_exchange(struct thunk_segv *segv)
{
    call.is_own = call.wanted.handler == segv->handler;
    if (call.is_own) {
        own = call.wanted;
        atomic_store_explicit(&own_is_known, true, memory_order_release);
        return segv->current ? action_exchange(segv, program_get(segv)) : own;
    }
    return atomic_load_explicit(&own_is_known, memory_order_acquire)
               ? action_exchange(segv, call.wanted)
               : call.wanted;
}

/* The guest's struct is exchanged until the call has been done. If that cannot
 * be, QEMU gets the program's action as it is. */
static void action_see(struct thunk_segv *segv)
{
    struct thunk_action put;

    if (!call.given || !memory_read(&call.wanted, call.given, action_size)) {
        call.given = 0; /* QEMU finds that out, too */
        return;
    }
    put = call.wanted;
    if (call.signal == GUEST_SIGSEGV) {
        put = segv_action_exchange(segv);
    } else {
        mask_set(&put, mask_get(&put) & ~SEGV_BIT);
    }
    call.is_exchanged = memcmp(&put, &call.wanted, action_size) != 0 &&
                        memory_write(call.given, &put, action_size);
}

/* Who is whose: the runtime itself is told of an action that was not its own.
 */
static void segv_action_done(struct thunk_segv *segv)
{
    struct thunk_action program = program_get(segv);

    if (!call.before) {
        /* nobody asks */
    } else if (!call.is_own && call.told.handler == segv->handler) {
        memory_write(call.before, &program, action_size);
    } else if (call.is_own && call.told.handler != segv->handler) {
        program_set(segv, &call.told);
    }
    if (call.given && !call.is_own) {
        program_set(segv, &call.wanted);
    }
}

/* Other signals: only the one bit of their masks. */
static void action_done(void)
{
    const uint64_t bit = UINT64_C(1) << (call.signal - 1);
    const uint64_t known = atomic_load(&blocking);

    if (call.before && (known & bit) != 0) {
        mask_set(&call.told, mask_get(&call.told) | SEGV_BIT);
        memory_write(call.before, &call.told, action_size);
    }
    if (!call.given) {
        return;
    }
    if ((mask_get(&call.wanted) & SEGV_BIT) != 0) {
        atomic_fetch_or(&blocking, bit);
    } else if ((known & bit) != 0) {
        atomic_fetch_and(&blocking, ~bit);
    }
}

/* ---- masks ---- */

static void blocked_set(bool is_blocked)
{
    self.is_blocked = is_blocked;
    if (!is_blocked && self.is_deferred) {
        self.is_deferred = false;
        syscall(SYS_tgkill, getpid(), (pid_t)syscall(SYS_gettid), SIGSEGV);
    }
}

bool segv_block(uint64_t how)
{
    const bool was_blocked = self.is_blocked;

    if (how == THUNK_SEGV_DEFER) {
        self.is_deferred = true;
    } else if (how == THUNK_SEGV_BLOCK || how == THUNK_SEGV_UNBLOCK) {
        blocked_set(how == THUNK_SEGV_BLOCK);
    }
    return was_blocked;
}

static void mask_see(void)
{
    uint64_t put;

    if (!call.given || !memory_read(&call.mask, call.given, SIGSET_SIZE)) {
        call.given = 0;
        return;
    }
    put = call.mask & ~SEGV_BIT;
    call.is_exchanged = put != call.mask && call.signal != GUEST_SIG_UNBLOCK &&
                        memory_write(call.given, &put, sizeof put);
}

static void mask_done(void)
{
    const bool has = (call.mask & SEGV_BIT) != 0;

    if (call.before && self.is_blocked) {
        call.mask_told |= SEGV_BIT;
        memory_write(call.before, &call.mask_told, SIGSET_SIZE);
    }
    if (call.given && (has || call.signal == GUEST_SIG_SETMASK)) {
        blocked_set(has && call.signal != GUEST_SIG_UNBLOCK);
    }
}

/* ---- system calls ---- */

void segv_see(int64_t number, const uint64_t arguments[4])
{
    struct thunk_segv *segv = segv_get();
    const int saved = errno;

    call.number = 0;
    if (!segv || segv->handler == 0 || arguments[3] != SIGSET_SIZE ||
        (number != sigaction_number && number != sigprocmask_number)) {
        return;
    }
    call.number = number;
    call.signal = (int)arguments[0];
    call.is_own = call.is_exchanged = false;
    call.given = arguments[1];
    call.before = arguments[2];
    if (number == sigprocmask_number) {
        mask_see();
    } else if (call.signal >= 1 && call.signal <= GUEST_SIGNALS) {
        action_see(segv);
    } else {
        call.number = 0;
    }
    errno = saved;
}

/* What QEMU has told is read first: it may lie in the very struct that is to be
 * put right. */
static void action_see_result(int64_t result)
{
    if (call.before && !memory_read(&call.told, call.before, action_size)) {
        call.before = 0;
    }
    if (call.is_exchanged && !(result == 0 && call.before == call.given)) {
        memory_write(call.given, &call.wanted, action_size);
    }
    if (result != 0) {
        /* nothing has come of it */
    } else if (call.signal == GUEST_SIGSEGV) {
        segv_action_done(segv_get());
    } else {
        action_done();
    }
}

static void mask_see_result(int64_t result)
{
    /* Only to be put right where the program has it blocked. */
    if (call.before && self.is_blocked &&
        !memory_read(&call.mask_told, call.before, SIGSET_SIZE)) {
        call.before = 0;
    }
    if (call.is_exchanged && !(result == 0 && call.before == call.given)) {
        memory_write(call.given, &call.mask, SIGSET_SIZE);
    }
    if (result == 0) {
        mask_done();
    }
}

void segv_see_result(int64_t number, int64_t result)
{
    const int saved = errno;

    if (call.number != number || number == 0) {
        return;
    }
    call.number = 0;
    if (number == sigprocmask_number) {
        mask_see_result(result);
    } else {
        action_see_result(result);
    }
    errno = saved;
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
    /* riscv64's action has no restorer. */
    const bool has_restorer = strcmp(target, "riscv64") != 0;
    const bool is_x86_64 = strcmp(target, "x86_64") == 0;

    sigaction_number = is_x86_64 ? 13 : 134;
    sigprocmask_number = is_x86_64 ? 14 : 135;
    mask_place = offsetof(struct thunk_action, rest[has_restorer]);
    action_size = mask_place + SIGSET_SIZE;
}
