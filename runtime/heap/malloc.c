/* SPDX-License-Identifier: MIT
 *
 * libthunk-heap.so: malloc() and its family for the whole program, done by the
 * host (thunk/blocks.h). It comes right behind the program itself in the search
 * for symbols, so libc allocates here, too; a program that has a malloc() of
 * its own never calls this one.
 *
 * Nothing here may allocate, and the first call comes from the dynamic linker,
 * before any constructor has run. Where the host cannot do it, libc does.
 *
 * The plugin looks for knocks while this code is translated, and that costs all
 * code of the program; so it is asked to look for as long as each knock is made
 * once. QEMU may forget what it has translated; then knocks come to nothing,
 * calls take the system call, and the same is done again.
 */
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <thunk/blocks.h>
#include <time.h>
#include <unistd.h>

#include "../guest/guest.h"

#pragma GCC visibility push(default)
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *block, size_t size);
void *memalign(size_t alignment, size_t size);
void *aligned_alloc(size_t alignment, size_t size);
void *valloc(size_t size);
void *pvalloc(size_t size);
int posix_memalign(void **block, size_t alignment, size_t size);
size_t malloc_usable_size(void *block);
void free(void *block);
void cfree(void *block);

/* glibc's own, whoever has the other names. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);
#pragma GCC visibility pop

enum {
    /* dlopen flags as Linux has them on every host of ours */
    HOST_RTLD_NOW = 2,

    PAGE_SIZE = 4096,
    LOST_MAX = 64,
};

/* Where the linker has put this library. */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));
extern const char etext[] __attribute__((visibility("hidden")));

static enum { NEW, SHARED, LIBC } state;
static struct thunk_blocks heap;

/* This thread can knock. */
static __thread bool is_open __attribute__((tls_model("initial-exec")));

/* Knocks that came to nothing since it was last seen to, and how many it takes
 * until it is seen to again. */
static unsigned lost, lost_max = LOST_MAX;

/* ---- requests ---- */

static bool request(uint64_t id, uint64_t a2, uint64_t a3, uint64_t *out)
{
    volatile uint64_t answer = THUNK_UNANSWERED;

    (void)thunk_syscall(THUNK_SYSCALL, id, a2, a3, (uintptr_t)&answer);
    *out = answer;
    return answer != THUNK_UNANSWERED && answer != 0;
}

static void pass(thunk_proc *proc, uint64_t argument,
                 struct thunk_block_frame *frame)
{
    frame->state = THUNK_BLOCK_LOST;
    thunk_pass(proc, (void *)argument, frame);
}

static inline void knock(thunk_proc *proc, uint64_t argument,
                         struct thunk_block_frame *frame)
{
    frame->state = THUNK_BLOCK_LOST;
    if (__builtin_expect(is_open, 1)) {
        thunk_pass_fast(proc, (void *)argument, frame);
    }
}

/* Whether the plugin looks for this library's knocks. */
static bool knocks_watch(bool is_wanted)
{
    uint64_t answer;

    return request(THUNK_WATCH_DOOR, is_wanted ? (uintptr_t)__ehdr_start : 0,
                   is_wanted ? (uintptr_t)etext : 0, &answer);
}

/* ---- what knocks, each at one place ---- */

static void *block_slow(thunk_proc *const *proc, uint64_t argument,
                        uint64_t value, struct thunk_block_frame *frame);
static void free_slow(void *block, struct thunk_block_frame *frame);

static __attribute__((noinline)) void *block_allocate(size_t size)
{
    struct thunk_block_frame frame; /* no more of it is set than is read */

    frame.value = 0;
    knock(heap.allocate, size, &frame);
    return __builtin_expect(frame.value != 0, 1)
               ? (void *)frame.value
               : block_slow(&heap.allocate, size, 0, &frame);
}

static __attribute__((noinline)) void *block_clear(size_t size)
{
    struct thunk_block_frame frame;

    frame.value = 0;
    knock(heap.clear, size, &frame);
    return __builtin_expect(frame.value != 0, 1)
               ? (void *)frame.value
               : block_slow(&heap.clear, size, 0, &frame);
}

static __attribute__((noinline)) void *block_align(size_t alignment,
                                                   size_t size)
{
    struct thunk_block_frame frame = {.value = alignment};

    knock(heap.align, size, &frame);
    return __builtin_expect(frame.state == THUNK_BLOCK_DONE && frame.value != 0,
                            1)
               ? (void *)frame.value
               : block_slow(&heap.align, size, alignment, &frame);
}

static __attribute__((noinline)) void *block_resize(void *block, size_t size)
{
    struct thunk_block_frame frame = {.value = size};

    knock(heap.resize, (uintptr_t)block, &frame);
    return __builtin_expect(frame.state == THUNK_BLOCK_DONE && frame.value != 0,
                            1)
               ? (void *)frame.value
               : block_slow(&heap.resize, (uintptr_t)block, size, &frame);
}

static __attribute__((noinline)) void block_free(void *block)
{
    struct thunk_block_frame frame;

    if (block == NULL) {
        return;
    }
    frame.wanted = 0;
    knock(heap.free, (uintptr_t)block, &frame);
    if (__builtin_expect(frame.state != THUNK_BLOCK_DONE, 0)) {
        free_slow(block, &frame);
    }
}

/* ---- the start ---- */

static bool host_find(void)
{
    static const char host[] = "../../host/libthunk-host.so";
    static char path[PATH_MAX]; /* stacks of handlers are small */
    uint64_t handle, address;
    const char *slash;
    Dl_info info;

    if (dladdr(&state, &info) == 0 || info.dli_fname == NULL ||
        (slash = strrchr(info.dli_fname, '/')) == NULL ||
        (size_t)(slash - info.dli_fname) + 1 + sizeof(host) > sizeof(path)) {
        return false;
    }
    memcpy(path, info.dli_fname, (size_t)(slash - info.dli_fname) + 1);
    memcpy(path + (slash - info.dli_fname) + 1, host, sizeof(host));
    if (!request(THUNK_LOAD_LIBRARY, (uintptr_t)path, HOST_RTLD_NOW, &handle) ||
        !request(THUNK_GET_PROC_ADDRESS, handle, (uintptr_t)THUNK_BLOCKS_SYMBOL,
                 &address) ||
        ((const struct thunk_blocks *)address)->abi != THUNK_ABI) {
        return false;
    }
    heap = *(const struct thunk_blocks *)address;
    return true;
}

static bool host_start(void)
{
    struct thunk_block_frame frame = {0};

    if (!host_find()) {
        return false;
    }
    pass(heap.start, 0, &frame);
    return frame.state == THUNK_BLOCK_DONE && frame.value != 0;
}

/* Each knock once, for the plugin to find it. */
static void knocks_make(void)
{
    if (knocks_watch(true)) {
        block_free(block_align(PAGE_SIZE, 1));
        block_free(block_resize(block_allocate(1), PAGE_SIZE));
        block_free(block_clear(1));
    }
    (void)knocks_watch(false);
}

/* Has QEMU translate this library anew. */
static void knocks_renew(void)
{
    const uintptr_t start =
        (uintptr_t)block_allocate & ~(size_t)(PAGE_SIZE - 1);
    const size_t size = (uintptr_t)etext - start;

    if (mprotect((void *)start, size, PROT_READ | PROT_WRITE | PROT_EXEC) ==
        0) {
        (void)mprotect((void *)start, size, PROT_READ | PROT_EXEC);
        knocks_make();
    }
}

/* Whether the host does it. */
static bool heap_is_ready(void)
{
    if (state == NEW) {
        const bool is_shared = host_start();

        state = is_shared ? SHARED : LIBC;
        if (is_shared) {
            is_open = thunk_guest_mailbox_set();
            knocks_make();
        }
    }
    if (state == SHARED && !is_open) {
        is_open = thunk_guest_mailbox_set();
    }
    return state == SHARED;
}

/* ---- what a knock did not do ---- */

static bool memory_give(size_t size)
{
    struct thunk_block_frame frame = {.value = size};
    void *start = thunk_guest_units_map(size, heap.unit);

    if (start == NULL) {
        return false;
    }
    pass(heap.give, (uintptr_t)start, &frame);
    return frame.state == THUNK_BLOCK_DONE;
}

static void knock_lost(void)
{
    if (__atomic_add_fetch(&lost, 1, __ATOMIC_RELAXED) == lost_max) {
        lost_max *= 2;
        lost = 0;
        knocks_renew();
    }
}

static void *libc_block(thunk_proc *const *proc, uint64_t argument,
                        uint64_t value)
{
    if (proc == &heap.resize) {
        return __libc_realloc((void *)argument, value);
    }
    if (proc == &heap.align) {
        return __libc_memalign(value, argument);
    }
    return proc == &heap.clear ? __libc_calloc(1, argument)
                               : __libc_malloc(argument);
}

static void end(const char *message)
{
    (void)!write(STDERR_FILENO, message, strlen(message));
    abort();
}

/* By a system call, which does not come to nothing: a plugin that has answered
 * before and does not now has been left by QEMU, as another thread ends the
 * process, and this one, too. */
static void pass_surely(thunk_proc *proc, uint64_t argument,
                        struct thunk_block_frame *frame)
{
    const struct timespec pause = {.tv_nsec = 500 * 1000 * 1000};

    pass(proc, argument, frame);
    if (frame->state == THUNK_BLOCK_LOST) {
        (void)nanosleep(&pause, NULL);
        end("thunk: the heap got no answer from the plugin\n");
    }
}

/* As glibc's malloc() ends a program that frees a block twice. */
static void freed_check(const struct thunk_block_frame *frame)
{
    if (frame->state == THUNK_BLOCK_FREED) {
        end("free(): double free detected\n");
    }
}

static void *block_slow(thunk_proc *const *proc, uint64_t argument,
                        uint64_t value, struct thunk_block_frame *frame)
{
    const int saved = errno;
    bool has_collected = false;
    uint64_t is_hosts = 0;

    if (is_open && frame->state == THUNK_BLOCK_LOST) {
        knock_lost();
    }
    if (!heap_is_ready()) {
        return libc_block(proc, argument, value);
    }
    while (frame->state != THUNK_BLOCK_DONE || frame->value == 0) {
        if (frame->state == THUNK_BLOCK_DONE &&
            (frame->wanted == 0 || !memory_give(frame->wanted))) {
            if (has_collected || frame->wanted == 0) {
                errno = ENOMEM;
                return NULL;
            }
            has_collected = true;
            pass(heap.collect, 0, frame);
        }
        freed_check(frame);
        if (frame->state == THUNK_BLOCK_FOREIGN) {
            if (is_hosts || !thunk_guest_block_is_foreign((void *)argument)) {
                return libc_block(proc, argument, value);
            }
            is_hosts = 1;
        }
        frame->value = value;
        frame->wanted = is_hosts;
        pass_surely(*proc, argument, frame);
    }
    errno = saved;
    return (void *)frame->value;
}

static void free_slow(void *block, struct thunk_block_frame *frame)
{
    const int saved = errno;

    if (is_open && frame->state == THUNK_BLOCK_LOST) {
        knock_lost();
    }
    if (!heap_is_ready()) {
        __libc_free(block);
        return;
    }
    if (frame->state == THUNK_BLOCK_LOST) {
        pass_surely(heap.free, (uintptr_t)block, frame);
    }
    /* The host's libc has made it, or the guest's did, for whoever asked just
     * that one. */
    if (frame->state == THUNK_BLOCK_FOREIGN) {
        if (thunk_guest_block_is_foreign(block)) {
            frame->wanted = 1;
            pass(heap.free, (uintptr_t)block, frame);
        }
        if (frame->state == THUNK_BLOCK_FOREIGN) {
            __libc_free(block);
        }
    }
    freed_check(frame);
    errno = saved;
}

/* ---- the family ---- */

void *malloc(size_t size) __attribute__((alias("block_allocate")));
void free(void *block) __attribute__((alias("block_free")));
void cfree(void *block) __attribute__((alias("block_free")));

void *calloc(size_t count, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return block_clear(bytes);
}

void *realloc(void *block, size_t size)
{
    if (block == NULL) {
        return block_allocate(size);
    }
    if (size == 0) {
        block_free(block);
        return NULL;
    }
    return block_resize(block, size);
}

static bool is_power(size_t number)
{
    return number != 0 && (number & (number - 1)) == 0;
}

/* As glibc's, which takes the next power of two. */
void *memalign(size_t alignment, size_t size)
{
    size_t power = 2 * sizeof(void *);

    if (alignment > SIZE_MAX / 2 + 1) {
        errno = EINVAL;
        return NULL;
    }
    while (power < alignment) {
        power *= 2;
    }
    return block_align(power, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
    const int saved = errno;
    void *aligned;

    if (alignment % sizeof(void *) != 0 || !is_power(alignment)) {
        return EINVAL;
    }
    aligned = memalign(alignment, size);
    errno = saved;
    if (aligned == NULL) {
        return ENOMEM;
    }
    *block = aligned;
    return 0;
}

void *valloc(size_t size)
{
    return block_align(PAGE_SIZE, size);
}

void *pvalloc(size_t size)
{
    size_t bytes;

    if (__builtin_add_overflow(size, PAGE_SIZE - 1, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return block_align(PAGE_SIZE, bytes & ~(size_t)(PAGE_SIZE - 1));
}

size_t malloc_usable_size(void *block)
{
    struct thunk_block_frame frame = {0};

    if (block == NULL) {
        return 0;
    }
    if (heap_is_ready()) {
        pass(heap.size, (uintptr_t)block, &frame);
        if (frame.state == THUNK_BLOCK_FOREIGN &&
            thunk_guest_block_is_foreign(block)) {
            frame.wanted = 1;
            pass(heap.size, (uintptr_t)block, &frame);
        }
    }
    if (frame.state != THUNK_BLOCK_DONE) {
        size_t (*own)(void *block) = (size_t(*)(void *))(uintptr_t)dlsym(
            RTLD_NEXT, "malloc_usable_size");

        return own == NULL ? 0 : own(block);
    }
    return frame.value;
}
