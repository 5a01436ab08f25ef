/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "door.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "procs.h"
#include "thunk/protocol.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum {
    RANGE_COUNT = 4096,   /* of code: one or two for each thunk library */
    VCPU_COUNT = 1 << 16, /* threads that have a mailbox at a time */
    KNOCK_SIZE = 8,       /* the longest */
};

/* The instruction that does nothing, for each guest: thunk_arch_guest.h says
 * why no other code has it. */
static const struct knock {
    const char *target;
    size_t size;
    unsigned char bytes[KNOCK_SIZE];
} knocks[] = {
    {"x86_64", 8, {0x0f, 0x1f, 0x84, 0x00, 0x77, 0x66, 0x55, 0x44}},
    {"aarch64", 4, {0x1f, 0x8d, 0x8e, 0xd2}},
    {"riscv64", 4, {0x13, 0x30, 0x80, 0x46}},
};

/* System calls that take memory away, or its protection. */
static const struct taker {
    short x86_64, generic; /* numbers */
    enum { UNMAP, MAP, PROTECT } kind;
} takers[] = {
    {11, 215, UNMAP},  /* munmap(start, size) */
    {25, 216, UNMAP},  /* mremap(start, size, ...): it may move */
    {9, 222, MAP},     /* mmap(start, size, prot, flags, ...) */
    {10, 226, PROTECT} /* mprotect(start, size, prot) */
};

static const struct knock *knock;
static bool target_is_x86_64;
static bool data_is_copied; /* what qemu_plugin_insn_data() does */

/* Ranges are only added; readers see `range_count` of them whole. */
static pthread_mutex_t ranges_lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    uint64_t start, end;
} ranges[RANGE_COUNT];
static atomic_size_t range_count;

/* One more, for the time being. */
static _Atomic uint64_t watch_start, watch_end;

static _Atomic(struct thunk_mailbox *) mailboxes[VCPU_COUNT];
static atomic_uint mailbox_count; /* 1 + the highest number that had one */

bool door_install(const char *target, int api)
{
    for (size_t i = 0; i < COUNT(knocks); i++) {
        if (strcmp(knocks[i].target, target) == 0) {
            knock = &knocks[i];
        }
    }
    data_is_copied = api >= QEMU_API_INSN_COPY;
    target_is_x86_64 = strcmp(target, "x86_64") == 0;
    return knock != NULL;
}

static bool address_is_watched_now(uint64_t address)
{
    return address >= atomic_load(&watch_start) &&
           address < atomic_load(&watch_end);
}

bool door_is_open(void)
{
    return atomic_load_explicit(&range_count, memory_order_acquire) > 0 ||
           atomic_load(&watch_end) != 0;
}

static bool range_is_watched(uint64_t start, uint64_t end)
{
    size_t count = atomic_load_explicit(&range_count, memory_order_acquire);

    for (size_t i = 0; i < count; i++) {
        if (ranges[i].start <= start && end <= ranges[i].end) {
            return true;
        }
    }
    return false;
}

bool door_open(uint64_t start, uint64_t end)
{
    bool is_open;

    if (!knock || start >= end) {
        return false;
    }
    pthread_mutex_lock(&ranges_lock);
    is_open = range_is_watched(start, end);
    if (!is_open && range_count < RANGE_COUNT) {
        ranges[range_count].start = start;
        ranges[range_count].end = end;
        atomic_store_explicit(&range_count, range_count + 1,
                              memory_order_release);
        is_open = true;
    }
    pthread_mutex_unlock(&ranges_lock);
    return is_open;
}

bool door_watch(uint64_t start, uint64_t end)
{
    if (!knock || start > end) {
        return false;
    }
    atomic_store(&watch_end, 0);
    atomic_store(&watch_start, start);
    atomic_store(&watch_end, end);
    return true;
}

bool door_mailbox_set(unsigned vcpu, struct thunk_mailbox *mailbox)
{
    unsigned count = mailbox_count;

    if (vcpu >= VCPU_COUNT) {
        return false;
    }
    atomic_store_explicit(&mailboxes[vcpu], mailbox, memory_order_relaxed);
    while (mailbox && count <= vcpu &&
           !atomic_compare_exchange_weak(&mailbox_count, &count, vcpu + 1)) {
    }
    return true;
}

static bool memory_is_taken(const struct taker *taker,
                            const uint64_t arguments[4])
{
    switch (taker->kind) {
    case MAP:
        return (arguments[3] & MAP_FIXED) != 0;
    case PROTECT:
        return (~arguments[2] & (PROT_READ | PROT_WRITE)) != 0;
    default:
        return true;
    }
}

/* A knock reads its mailbox where a fault would be QEMU's end. The mailboxes of
 * threads that have ended are in such memory, too, but not known any more. */
void door_see(int64_t number, const uint64_t arguments[4])
{
    const uint64_t start = arguments[0], size = arguments[1];
    const struct taker *taker = NULL;

    if (mailbox_count == 0) {
        return;
    }
    for (size_t i = 0; i < COUNT(takers); i++) {
        if (number ==
            (target_is_x86_64 ? takers[i].x86_64 : takers[i].generic)) {
            taker = &takers[i];
        }
    }
    if (!taker || !memory_is_taken(taker, arguments)) {
        return;
    }
    for (unsigned vcpu = 0; vcpu < mailbox_count; vcpu++) {
        const uintptr_t at = (uintptr_t)atomic_load_explicit(
            &mailboxes[vcpu], memory_order_relaxed);

        if (at && at + sizeof(struct thunk_mailbox) > start &&
            (at < start || at - start < size)) {
            atomic_store_explicit(&mailboxes[vcpu], NULL, memory_order_relaxed);
        }
    }
}

static bool mailbox_is_mapped(uintptr_t mailbox)
{
    const uintptr_t page = mailbox & ~(uintptr_t)(sysconf(_SC_PAGESIZE) - 1);

    return msync((void *)page, mailbox + sizeof(struct thunk_mailbox) - page,
                 MS_ASYNC) == 0; /* which does nothing else */
}

void door_forget(void)
{
    for (unsigned vcpu = 0; vcpu < mailbox_count; vcpu++) {
        const uintptr_t at = (uintptr_t)atomic_load_explicit(
            &mailboxes[vcpu], memory_order_relaxed);

        if (at && !mailbox_is_mapped(at)) {
            atomic_store_explicit(&mailboxes[vcpu], NULL, memory_order_relaxed);
        }
    }
}

/* The guest knocks. What its mailbox holds may be anything; a proc that no
 * library lists is not called, and the guest finds its frame unanswered.
 * The mailbox is emptied first: should a signal handler of the guest's come
 * between its words and its knock, and knock itself, then the first knock must
 * not find the handler's words again. */
static void knocked(unsigned vcpu, void *userdata)
{
    struct thunk_mailbox *mailbox = NULL;

    (void)userdata;
    if (vcpu < VCPU_COUNT) {
        mailbox = atomic_load_explicit(&mailboxes[vcpu], memory_order_relaxed);
    }
    if (mailbox && mailbox->proc) {
        const uintptr_t proc = (uintptr_t)mailbox->proc;

        mailbox->proc = NULL;
        if (procs_is_listed(proc)) {
            procs_call(proc, (uintptr_t)mailbox->arg1,
                       (uintptr_t)mailbox->arg2);
        }
    }
}

static bool insn_is_knock(const struct qemu_plugin_insn *insn)
{
    unsigned char copy[KNOCK_SIZE];
    size_t result;

    if (qemu_plugin_insn_size(insn) != knock->size) {
        return false;
    }
    result = qemu_plugin_insn_data(insn, copy, knock->size);
    return memcmp(data_is_copied ? copy : (const void *)result, knock->bytes,
                  knock->size) == 0;
}

void door_scan(const struct qemu_plugin_tb *tb)
{
    const size_t count = qemu_plugin_tb_n_insns(tb);
    const uint64_t start = qemu_plugin_tb_vaddr(tb);

    if (!range_is_watched(start, start + 1) && !address_is_watched_now(start)) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);

        if (insn_is_knock(insn)) {
            qemu_plugin_register_vcpu_insn_exec_cb(
                insn, knocked, QEMU_PLUGIN_CB_NO_REGS, NULL);
        }
    }
}
