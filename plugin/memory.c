/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * QEMU keeps flags for every page of the guest's and refuses system calls on
 * pages without any: EFAULT. Memory that a host library allocates has none, so
 * before a system call this gives them to the pages of the host that it is
 * about. They are marked in those very flags, where a guest's own mmap over
 * them drops the mark as well; so there is no second account that could differ
 * from QEMU's.
 *
 * Flags never say that host memory is executable: a guest that jumps there is
 * to fault.
 */
#define _GNU_SOURCE
#include "memory.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../runtime/common/maps.h"
#include "qemu_symbols.h"
#include "thunk/protocol.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define PAGE_SIZE 4096UL      /* of QEMU's flags: its smallest */
#define WINDOW    (1UL << 21) /* is brought up to date at once */
#define LOW_END   (1UL << 32) /* of lengths, flags and such */
#define HIGHEST   (1UL << 56)

/* QEMU's flags, the same since plugins exist, and one that it has no use for
 * and leaves as it is. */
enum {
    PAGE_READ = 1,
    PAGE_WRITE = 2,
    PAGE_VALID = 8,
    PAGE_WRITE_ORG = 16, /* QEMU adds it to PAGE_WRITE */
    PAGE_HOST = 1 << 28,
    PAGE_OURS = PAGE_HOST | PAGE_VALID | PAGE_READ,
};

enum {
    SIZE_MIN = 1,         /* behind a pointer whose size is not known */
    STRUCT_SIZE = 512,    /* and so much where there is memory */
    CALL_SIZE = INT_MAX,  /* Linux takes no more from one buffer a call */
    VECTORS_MAX = 1024,   /* Linux has no more iovecs or messages a call */
    STRINGS_MAX = 131072, /* arguments of an execve */
};

/* What QEMU has:
 *   int page_get_flags(address)             see page_flags()
 *   void page_set_flags(start, last, flags) with mmap_lock
 * `last` was `end`, the byte behind the range, before QEMU 8, but that one
 * rounds it up to a page; and newer ones take as a fourth parameter which flags
 * to clear first. */
static struct {
    int (*get)(uint64_t address);
    void (*set)(uint64_t start, uint64_t last, int flags, int clear);
    void (*lock)(void);
    void (*unlock)(void);
} qemu;

/* No host memory is below: what is there is the guest's, or a number. */
static uint64_t lowest;

static uint64_t host_page_size;

static atomic_bool is_started;

/* ---- pages ---- */

/* With QEMU's lock, since from QEMU 8 on page_get_flags() looks once more with
 * the lock for a page that it does not find, and does that as a reader of RCU:
 * a fork() of another thread, which has the lock already, then waits for all
 * readers, for ever. Most that is asked for here is such a page. */
static int page_flags(uint64_t address)
{
    int flags;

    qemu.lock();
    flags = qemu.get(address);
    qemu.unlock();
    return flags;
}

static bool page_is_guest(int flags)
{
    return flags != 0 && !(flags & PAGE_HOST);
}

/* Whether the kernel has memory everywhere in the range; it may be PROT_NONE.
 * MS_ASYNC does nothing else. */
static bool range_is_mapped(uint64_t start, uint64_t last)
{
    const uint64_t page = start & ~(host_page_size - 1);

    return msync((void *)(uintptr_t)page, last - page + 1, MS_ASYNC) == 0;
}

/* Gives pages that are not the guest's the flags. */
static void pages_set(uint64_t start, uint64_t end, int wanted)
{
    uint64_t from = end; /* of a run of pages that have others */

    for (uint64_t at = start; at < end; at += PAGE_SIZE) {
        const int flags = page_flags(at);
        const bool change =
            !page_is_guest(flags) && (flags & ~PAGE_WRITE_ORG) != wanted;

        if (change && from == end) {
            from = at;
        } else if (!change && from != end) {
            qemu.set(from, at - 1, wanted, -1);
            from = end;
        }
    }
    if (from != end) {
        qemu.set(from, end - 1, wanted, -1);
    }
}

/* Has QEMU know the host's memory in the range as it is now, up to the first
 * large hole, and no more what the host has unmapped. QEMU's lock keeps the
 * guest from mapping meanwhile. */
static void range_update(uint64_t start, uint64_t last)
{
    uint64_t at = start & ~(WINDOW - 1);
    const uint64_t end = (last | (WINDOW - 1)) + 1;
    char line[PATH_MAX + 128];
    struct thunk_maps maps;

    if (!thunk_maps_open(&maps)) {
        return;
    }
    qemu.lock();
    while (at < end && fgets(line, sizeof line, maps.lines)) {
        uintmax_t from, to;
        char read, write;

        if (sscanf(line, "%jx-%jx %c%c", &from, &to, &read, &write) != 4 ||
            to <= at) {
            continue;
        }
        if (from >= at + WINDOW) {
            break;
        }
        from = from < at ? at : from < end ? from : end;
        to = to < end ? to : end;
        pages_set(at, from, 0);
        pages_set(from, to,
                  read != 'r'    ? 0
                  : write == 'w' ? PAGE_OURS | PAGE_WRITE
                                 : PAGE_OURS);
        at = to;
    }
    if (at < end && !ferror(maps.lines)) {
        pages_set(at, end - at < WINDOW ? end : at + WINDOW, 0);
    }
    qemu.unlock();
    thunk_maps_close(&maps);
}

static bool range_is_known(uint64_t start, uint64_t last)
{
    for (uint64_t at = start; at <= last; at += PAGE_SIZE) {
        if (page_flags(at) == 0) {
            return false;
        }
    }
    return page_flags(last) != 0;
}

/* ---- arguments ---- */

/* Whether the address is no guest memory: host memory, none, or a number. */
static bool may_be_host(uint64_t address)
{
    return address >= lowest && address < HIGHEST &&
           !page_is_guest(page_flags(address));
}

/* For an address that may be the host's, and what a call takes behind it. */
static void host_range_see(uint64_t start, uint64_t size)
{
    const uint64_t next = start + STRUCT_SIZE;
    uint64_t last;

    if (page_flags(start) == 0 && !range_is_mapped(start, start)) {
        return;
    }
    size = size < SIZE_MIN ? SIZE_MIN : size < CALL_SIZE ? size : CALL_SIZE;
    last = start + size - 1;
    if (last < next && may_be_host(next) &&
        (page_flags(next) != 0 || range_is_mapped(next, next))) {
        last = next;
    }
    if (!range_is_known(start, last) || !range_is_mapped(start, last)) {
        range_update(start, last);
    }
}

static void range_see(uint64_t start, uint64_t size)
{
    if (may_be_host(start)) {
        host_range_see(start, size);
    }
}

/* Any argument may be a pointer, and its size is the next if that is no
 * pointer: so it is with all system calls of Linux whose memory can be large.
 */
static void argument_see(uint64_t value, uint64_t next)
{
    if (may_be_host(value)) {
        host_range_see(value, page_flags(next) == 0 ? next : SIZE_MIN);
    }
}

/* ---- pointers in memory ---- */

/* Sees the memory and tells whether it can be read here. As in QEMU itself,
 * which reads it next, a guest that unmaps it meanwhile is on its own. */
static bool range_is_readable(uint64_t start, uint64_t size)
{
    range_see(start, size);
    if (start >= HIGHEST || size > HIGHEST - start) {
        return false;
    }
    for (uint64_t at = start; at < start + size; at += PAGE_SIZE) {
        if (!(page_flags(at) & PAGE_READ)) {
            return false;
        }
    }
    return size > 0 && (page_flags(start + size - 1) & PAGE_READ);
}

/* Copies what has been seen to be readable; the guest need not align it. */
static void range_copy(void *to, uint64_t from, size_t size)
{
    memcpy(to, (const void *)(uintptr_t)from, size);
}

static void vectors_see(uint64_t address, uint64_t count)
{
    struct iovec vector;

    if (count > VECTORS_MAX ||
        !range_is_readable(address, count * sizeof vector)) {
        return;
    }
    for (uint64_t i = 0; i < count; i++) {
        range_copy(&vector, address + i * sizeof vector, sizeof vector);
        range_see((uintptr_t)vector.iov_base, vector.iov_len);
    }
}

/* struct msghdr and struct iovec are the same for all our guests and hosts. */
static void messages_see(uint64_t address, uint64_t count, size_t stride)
{
    struct msghdr message;

    if (count > VECTORS_MAX || !range_is_readable(address, count * stride)) {
        return;
    }
    for (uint64_t i = 0; i < count; i++) {
        range_copy(&message, address + i * stride, sizeof message);
        range_see((uintptr_t)message.msg_name, message.msg_namelen);
        range_see((uintptr_t)message.msg_control, message.msg_controllen);
        vectors_see((uintptr_t)message.msg_iov, message.msg_iovlen);
    }
}

static void strings_see(uint64_t address)
{
    for (size_t i = 0; i < STRINGS_MAX; i++, address += sizeof(uint64_t)) {
        uint64_t string;

        if (!range_is_readable(address, sizeof string)) {
            return;
        }
        range_copy(&string, address, sizeof string);
        if (string == 0) {
            return;
        }
        range_see(string, SIZE_MIN);
    }
}

/* ---- system calls ---- */

/* Those whose memory holds pointers, by their numbers for x86_64 and for the
 * guests that have Linux's generic ones. */
static const struct call {
    short x86_64, generic;
    enum { VECTORS, MESSAGE, MESSAGES, STRINGS } kind;
    unsigned char argument;
} calls[] = {
    {19, 65, VECTORS, 1},    /* readv */
    {20, 66, VECTORS, 1},    /* writev */
    {295, 69, VECTORS, 1},   /* preadv */
    {296, 70, VECTORS, 1},   /* pwritev */
    {327, 286, VECTORS, 1},  /* preadv2 */
    {328, 287, VECTORS, 1},  /* pwritev2 */
    {278, 75, VECTORS, 1},   /* vmsplice */
    {310, 270, VECTORS, 1},  /* process_vm_readv */
    {311, 271, VECTORS, 1},  /* process_vm_writev */
    {46, 211, MESSAGE, 1},   /* sendmsg */
    {47, 212, MESSAGE, 1},   /* recvmsg */
    {307, 269, MESSAGES, 1}, /* sendmmsg */
    {299, 243, MESSAGES, 1}, /* recvmmsg */
    {59, 221, STRINGS, 1},   /* execve */
    {322, 281, STRINGS, 2},  /* execveat */
};

enum { NUMBER_COUNT = 512 };

/* Of rt_sigreturn, which takes nothing: what its registers hold is left from
 * the signal's handler. The runtime's own, for a jump to the host, has been
 * told host addresses. */
static int64_t sigreturn_number;

/* By the guest's number, 1 + the place in calls[]; 0: plain arguments. */
static unsigned char call_of[NUMBER_COUNT];

static void call_see(const struct call *call, const uint64_t *arguments)
{
    const uint64_t *at = arguments + call->argument;

    switch (call->kind) {
    case VECTORS:
        vectors_see(at[0], at[1]);
        break;
    case MESSAGE:
        messages_see(at[0], 1, sizeof(struct msghdr));
        break;
    case MESSAGES:
        messages_see(at[0], at[1], sizeof(struct mmsghdr));
        break;
    case STRINGS:
        strings_see(at[0]);
        strings_see(at[1]);
        break;
    }
}

void memory_see(int64_t number, const uint64_t arguments[MEMORY_ARGUMENTS])
{
    const int saved = errno;

    if (!atomic_load_explicit(&is_started, memory_order_acquire) ||
        number == sigreturn_number) {
        return;
    }
    /* From the last: the next one is known by then if it is a pointer. */
    for (size_t i = MEMORY_ARGUMENTS; i-- > 0;) {
        argument_see(arguments[i],
                     i + 1 < MEMORY_ARGUMENTS ? arguments[i + 1] : 0);
    }
    if (number >= 0 && number < NUMBER_COUNT && call_of[number] > 0) {
        call_see(&calls[call_of[number] - 1], arguments);
    }
    errno = saved;
}

uint64_t memory_owner(uint64_t address)
{
    if (!atomic_load_explicit(&is_started, memory_order_acquire)) {
        return THUNK_OWNER_UNKNOWN;
    }
    return page_is_guest(page_flags(address)) ? THUNK_OWNER_GUEST
                                              : THUNK_OWNER_HOST;
}

void memory_tell(void *handle)
{
    thunk_owners *tell =
        (thunk_owners *)(uintptr_t)dlsym(handle, THUNK_OWNERS_SYMBOL);

    (void)dlerror(); /* few libraries have it */
    if (tell != NULL) {
        tell(memory_owner);
    }
}

/* ---- start ---- */

void memory_install(const char *target)
{
    const bool is_x86_64 = strcmp(target, "x86_64") == 0;

    sigreturn_number = is_x86_64 ? 15 : 139;
    for (size_t i = 0; i < COUNT(calls); i++) {
        call_of[is_x86_64 ? calls[i].x86_64 : calls[i].generic] =
            (unsigned char)(i + 1);
    }
}

/* An address that the guest can read. */
static _Atomic uint64_t guest_address;

static void qemu_find(void)
{
    static const char *const names[] = {"page_get_flags", "page_set_flags",
                                        "mmap_lock", "mmap_unlock"};
    void *found[COUNT(names)];
    const int wanted = PAGE_VALID | PAGE_READ;

    if (!qemu_symbols_find(names, found, COUNT(names))) {
        return;
    }
    memcpy(&qemu.get, &found[0], sizeof qemu.get);
    memcpy(&qemu.set, &found[1], sizeof qemu.set);
    memcpy(&qemu.lock, &found[2], sizeof qemu.lock);
    memcpy(&qemu.unlock, &found[3], sizeof qemu.unlock);
    host_page_size = (uint64_t)sysconf(_SC_PAGESIZE);
    /* A program's own image and heap may be low if it is not relocatable; all
     * else is where the kernel puts it, high. */
    lowest = (uintptr_t)sbrk(0) < LOW_END ? PAGE_SIZE : LOW_END;
    /* They should be what they are called. */
    if ((page_flags(guest_address) & wanted) == wanted &&
        page_flags((uintptr_t)&qemu) == 0) {
        atomic_store_explicit(&is_started, true, memory_order_release);
    }
}

void memory_start(uint64_t guest)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    guest_address = guest;
    pthread_once(&once, qemu_find);
}
