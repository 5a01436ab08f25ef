/* SPDX-License-Identifier: MIT
 *
 * The plugin, in the hands of the harness. */
#define _GNU_SOURCE
#include "harness.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, THREADS = 8 };

/* ---- pointers ---- */

/* Two pages: the first as it says, the second unmapped. */
static char *page_new(int protection)
{
    char *page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    assert_ptr_not_equal(page, MAP_FAILED);
    memset(page, 'x', PAGE);
    munmap(page + PAGE, PAGE);
    mprotect(page, PAGE, protection);
    return page;
}

static void page_free(char *page)
{
    munmap(page, PAGE);
}

struct bad {
    char *unreadable, *read_only, *unended;
    uint64_t readable[8], writable[8]; /* each array: bad for that */
    size_t readable_count, writable_count;
};

static struct bad bad_new(void)
{
    struct bad bad = {
        .unreadable = page_new(PROT_NONE),
        .read_only = page_new(PROT_READ),
        .unended = page_new(PROT_READ | PROT_WRITE),
    };
    const uint64_t both[] = {
        0,
        8,
        0x7ffffffff000,
        0xffffffff81000000,
        UINT64_MAX - 2,
        ADDRESS(bad.unended + PAGE),
    };

    memcpy(bad.readable, both, sizeof both);
    memcpy(bad.writable, both, sizeof both);
    bad.readable[COUNT(both)] = ADDRESS(bad.unended);
    bad.readable_count = COUNT(both) + 1;
    bad.writable[COUNT(both)] = ADDRESS(bad.read_only);
    bad.writable[COUNT(both) + 1] = ADDRESS(bad.unended + PAGE - 2);
    bad.writable_count = COUNT(both) + 2;
    return bad;
}

static void bad_free(struct bad *bad)
{
    page_free(bad->unreadable);
    page_free(bad->read_only);
    page_free(bad->unended);
}

/* ---- requests, as a good client makes them ---- */

static const char *attribute(const char *key)
{
    uint64_t slot = THUNK_UNANSWERED;

    expect(ask(THUNK_GET_HOST_ATTRIBUTE, ADDRESS(key), ADDRESS(&slot), 0), 0);
    assert_true(slot != THUNK_UNANSWERED);
    return (const char *)(uintptr_t)slot;
}

static uint64_t load(const char *path, int flags)
{
    uint64_t slot = THUNK_UNANSWERED;

    expect(
        ask(THUNK_LOAD_LIBRARY, ADDRESS(path), (uint64_t)flags, ADDRESS(&slot)),
        0);
    assert_true(slot != THUNK_UNANSWERED);
    return slot;
}

static uint64_t find(uint64_t handle, const char *name)
{
    uint64_t slot = THUNK_UNANSWERED;

    expect(ask(THUNK_GET_PROC_ADDRESS, handle, ADDRESS(name), ADDRESS(&slot)),
           0);
    assert_true(slot != THUNK_UNANSWERED);
    return slot;
}

static int unload(uint64_t handle)
{
    int slots[2] = {-1000, -1000};

    expect(ask(THUNK_FREE_LIBRARY, handle, ADDRESS(slots), 0), 0);
    assert_int_not_equal(slots[0], -1000);
    assert_int_equal(slots[1], -1000); /* an int and no more */
    return slots[0];
}

static const char *error(void)
{
    uint64_t slot = THUNK_UNANSWERED;

    expect(ask(THUNK_GET_LIBRARY_ERROR, ADDRESS(&slot), 0, 0), 0);
    assert_true(slot != THUNK_UNANSWERED);
    return (const char *)(uintptr_t)slot;
}

static void expect_error(const char *part)
{
    const char *text = error();

    assert_non_null(text);
    if (!strstr(text, part)) {
        fail_msg("'%s' is not in '%s'", part, text);
    }
    assert_null(error()); /* told once */
}

/* ---- tests ---- */

static void version_fits(void **state)
{
    const int *version = dlsym(plugin, "qemu_plugin_version");

    (void)state;
    assert_non_null(version);
    assert_in_range(*version, HARNESS_MIN, HARNESS_API);
    assert_int_equal(*version, HARNESS_WANT);
}

static void options_refused(void **state)
{
    static const struct {
        const char *option, *message;
    } bad[] = {
        {"", "unknown option ''"},
        {"syscall_num", "unknown option 'syscall_num'"},
        {"syscall_number=5000", "unknown option"},
        {"frob=1", "unknown option 'frob=1'"},
        {"syscall_num=", "no whole number"},
        {"syscall_num=x", "no whole number"},
        {"syscall_num=5000x", "no whole number"},
        {"syscall_num=-5000", "no whole number"},
        {"syscall_num= 5000", "no whole number"},
        {"syscall_num=4095", "out of range"},
        {"syscall_num=9223372036854775808", "out of range"},
        {"syscall_num=99999999999999999999", "out of range"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        char *argv[] = {(char *)(uintptr_t)bad[i].option};

        assert_int_not_equal(install(false, 1, argv), 0);
        assert_int_equal(messages_count(bad[i].message), 1);
        assert_int_equal(messages_count("plugin dlcall: "), 1);
        assert_int_equal(ftruncate(messages, 0), 0);
        lseek(messages, 0, SEEK_SET);
    }
    assert_null(syscall_callback);
    assert_null(filter_callback);
}

static void system_refused(void **state)
{
    (void)state;
    assert_int_not_equal(install(true, 0, NULL), 0);
    assert_int_equal(messages_count("user-mode emulation only"), 1);
    assert_null(syscall_callback);
    assert_null(filter_callback);
}

static void number_chosen(void **state)
{
    static char option[] = "syscall_num=0x1388";
    char *argv[] = {option};
    uint64_t slot = THUNK_UNANSWERED;

    (void)state;
    assert_int_equal(install(false, 1, argv), 0);
    block_translate(0x1000, 0x1000);
    assert_int_equal(number_ask(4096, THUNK_GET_HOST_ATTRIBUTE,
                                ADDRESS(THUNK_ATTRIBUTE_EMULATOR),
                                ADDRESS(&slot), 0),
                     NOT_TAKEN);
    assert_true(slot == THUNK_UNANSWERED);
    expect(number_ask(5000, THUNK_GET_HOST_ATTRIBUTE,
                      ADDRESS(THUNK_ATTRIBUTE_EMULATOR), ADDRESS(&slot), 0),
           0);
    assert_string_equal((const char *)(uintptr_t)slot, "qemu");
}

static void base_shifted(void **state)
{
    uint64_t slot = THUNK_UNANSWERED;

    (void)state;
    assert_int_equal(install(false, 0, NULL), 0);
    block_translate(0x1000, 0); /* QEMU cannot tell: asked again */
    assert_non_null(translate_callback);
    block_translate(0x1000, 0x11000);
    assert_null(translate_callback);
    assert_int_equal(messages_count("-B"), 0);
    for (int i = 0; i < 2; i++) {
        expect(ask(THUNK_GET_HOST_ATTRIBUTE, ADDRESS(THUNK_ATTRIBUTE_EMULATOR),
                   ADDRESS(&slot), 0),
               -ENOSYS);
        assert_true(slot == THUNK_UNANSWERED);
    }
    assert_int_equal(messages_count("0x10000; run QEMU without -B"), 1);
}

static void attributes_answered(void **state)
{
    struct utsname host;

    (void)state;
    uname(&host);
    assert_null(translate_callback);
    assert_string_equal(attribute("emu"), "qemu");
    assert_string_equal(attribute("dlcall.version"), "1");
    assert_string_equal(attribute("dlcall.doors"), "syscall instruction");
    assert_string_equal(attribute("dlcall.arch"), host.machine);
    assert_string_equal(attribute("dlcall.mode"),
                        HARNESS_API >= 6 ? "filter" : "observe");
    assert_null(attribute(""));
    assert_null(attribute("em"));
    assert_null(attribute("a key that is much longer than any that there is, "
                          "but which is a string like any other"));
}

static void library_used(void **state)
{
    uint64_t handle = load(VICTIM_PATH, RTLD_NOW), proc, sum = 1;

    (void)state;
    assert_true(handle != 0);
    assert_null(error());
    assert_true(load(VICTIM_PATH, RTLD_LAZY) == handle);
    proc = find(handle, "victim_add");
    assert_true(proc != 0);
    assert_null(error());
    for (uint64_t i = 0; i < 10; i++) {
        expect(ask(THUNK_INVOKE_PROC, proc, ADDRESS(&sum), i), 0);
    }
    assert_int_equal(sum, 46);
    assert_int_equal(unload(handle), 0);
    expect(ask(THUNK_INVOKE_PROC, proc, ADDRESS(&sum), 1), 0);
    assert_int_equal(unload(handle), 0);
    assert_null(dlopen(VICTIM_PATH, RTLD_NOW | RTLD_NOLOAD));
    /* Its code is gone, and the cache does not remember it. */
    expect(ask(THUNK_INVOKE_PROC, proc, ADDRESS(&sum), 1), -EFAULT);
    assert_int_equal(sum, 47);
    expect_error("is not the address of host code");
    assert_int_equal(unload(handle), -1);
    expect_error("not the handle");
}

static void *vcpu_ask(void *is_vcpu)
{
    return (*(bool (**)(void))is_vcpu)() ? is_vcpu : NULL;
}

/* Whether a thread that has made no system call of the guest's is a vCPU's. */
static bool other_thread_is_vcpu(bool (**is_vcpu)(void))
{
    pthread_t thread;
    void *answer;

    assert_int_equal(pthread_create(&thread, NULL, vcpu_ask, is_vcpu), 0);
    assert_int_equal(pthread_join(thread, &answer), 0);
    return answer != NULL;
}

static void action_set_by_guest(uint64_t signal, uint64_t handler,
                                int64_t result)
{
    const uint64_t action[4] = {handler};

    number_ask(13, signal, ADDRESS(action), 0, 8);
    number_done(13, result);
}

/* A library that wants to know of the guest's actions is told, as long as it is
 * there. */
static void signals_told(void **state)
{
    const int64_t sigaction_number = 13, other = 14;
    uint64_t handle = load(VICTIM_PATH, RTLD_NOW);
    const int *told = (const int *)(uintptr_t)find(handle, "victim_signals");

    bool (**is_vcpu)(void) =
        (bool (**)(void))(uintptr_t)find(handle, "victim_is_vcpu");
    uint64_t (**handler)(int) =
        (uint64_t(**)(int))(uintptr_t)find(handle, "victim_handler");

    (void)state;
    assert_int_equal(*told, 1);
    assert_true((*is_vcpu)());
    assert_false(other_thread_is_vcpu(is_vcpu));
    result_see(other);
    assert_int_equal(*told, 1);
    action_set_by_guest(SIGTERM, 0x5000, 0);
    assert_int_equal(*told, 2);
    assert_true((*handler)(SIGTERM) == 0x5000);
    assert_true((*handler)(SIGINT) == 0);
    assert_true((*handler)(-1) == 0 && (*handler)(65) == 0);
    action_set_by_guest(SIGTERM, 0, -1); /* refused */
    assert_true((*handler)(SIGTERM) == 0x5000);
    action_set_by_guest(SIGTERM, 0, 0);
    assert_true((*handler)(SIGTERM) == 0);
    assert_int_equal(*told, 4);
    result_see(sigaction_number);
    assert_int_equal(*told, 5);
    assert_int_equal(unload(handle), 0);
    assert_null(dlopen(VICTIM_PATH, RTLD_NOW | RTLD_NOLOAD));
    result_see(sigaction_number); /* nobody is there */
    handle = load(VICTIM_PATH, RTLD_NOW);
    told = (const int *)(uintptr_t)find(handle, "victim_signals");
    assert_int_equal(*told, 1);
    result_see(sigaction_number);
    assert_int_equal(*told, 2);
    assert_int_equal(unload(handle), 0);
}

static void errors_told(void **state)
{
    uint64_t handle = load(VICTIM_PATH, RTLD_NOW);
    char *name = malloc(70000);
    char *page = page_new(PROT_READ | PROT_WRITE);

    (void)state;
    assert_null(error());
    assert_true(load("/no/such/library.so", RTLD_NOW) == 0);
    dlopen("/another/library.so", RTLD_NOW); /* by host code, meanwhile */
    expect_error("/no/such/library.so");
    assert_true(load(VICTIM_PATH, 0) == 0);
    expect_error("invalid mode");
    assert_true(find(handle, "no_such_function") == 0);
    expect_error("no_such_function");
    assert_true(find(handle, "no_such_function") == 0);
    assert_true(find(handle, "victim_data") != 0);
    assert_null(error());

    /* Strings: as long as may be, and ending where memory ends. */
    memset(name, 'n', 69999);
    name[69999] = '\0';
    expect(ask(THUNK_GET_PROC_ADDRESS, handle, ADDRESS(name), ADDRESS(page)),
           -EFAULT);
    expect_error("at most 65535");
    name[65535] = '\0';
    assert_true(find(handle, name) == 0);
    expect_error("undefined symbol");
    expect(ask(THUNK_LOAD_LIBRARY, ADDRESS(name), RTLD_NOW, ADDRESS(page)),
           -EFAULT);
    expect_error("no readable string");
    strncpy(page + PAGE - 11, "victim_add", 11);
    assert_true(find(handle, page + PAGE - 11) != 0);

    /* Handles that are none. */
    assert_true(find(0, "malloc") == 0); /* RTLD_DEFAULT: QEMU's own */
    expect_error("not the handle");
    assert_true(find(UINT64_MAX, "malloc") == 0);
    expect_error("not the handle");
    assert_true(find(ADDRESS(name), "malloc") == 0);
    expect_error("not the handle");
    assert_int_equal(unload(handle + 8), -1);
    expect_error("not the handle");
    free(name);
    page_free(page);
    assert_int_equal(unload(handle), 0);
}

static void pointers_refused(void **state)
{
    uint64_t handle = load(VICTIM_PATH, RTLD_NOW), slot;
    struct bad bad = bad_new();

    (void)state;
    for (size_t i = 0; i < bad.readable_count; i++) {
        slot = THUNK_UNANSWERED;
        expect(
            ask(THUNK_GET_HOST_ATTRIBUTE, bad.readable[i], ADDRESS(&slot), 0),
            -EFAULT);
        assert_true(slot == 0);
        slot = THUNK_UNANSWERED;
        expect(
            ask(THUNK_LOAD_LIBRARY, bad.readable[i], RTLD_NOW, ADDRESS(&slot)),
            -EFAULT);
        assert_true(slot == 0);
        expect_error("no readable string");
        slot = THUNK_UNANSWERED;
        expect(ask(THUNK_GET_PROC_ADDRESS, handle, bad.readable[i],
                   ADDRESS(&slot)),
               -EFAULT);
        assert_true(slot == 0);
        expect_error("no readable string");
    }
    for (size_t i = 0; i < bad.writable_count; i++) {
        const uint64_t at = bad.writable[i];

        expect(ask(THUNK_GET_HOST_ATTRIBUTE, ADDRESS("emu"), at, 0), -EFAULT);
        expect(ask(THUNK_LOAD_LIBRARY, ADDRESS("/no/such.so"), RTLD_NOW, at),
               -EFAULT);
        expect(ask(THUNK_GET_PROC_ADDRESS, handle, ADDRESS("victim_add"), at),
               -EFAULT);
        expect(ask(THUNK_FREE_LIBRARY, handle, at, 0), -EFAULT);
        expect(ask(THUNK_GET_LIBRARY_ERROR, at, 0, 0), -EFAULT);
    }
    assert_int_equal(bad.read_only[0], 'x');
    assert_int_equal(unload(handle), 0); /* none of those freed it */
    bad_free(&bad);
}

static void procs_refused(void **state)
{
    uint64_t handle = load(VICTIM_PATH, RTLD_NOW);
    void *heap = malloc(64);
    struct bad bad = bad_new();
    const uint64_t data[] = {
        ADDRESS(heap),           ADDRESS(&bad),   ADDRESS(bad.read_only),
        ADDRESS(bad.unreadable), ADDRESS("text"), find(handle, "victim_data"),
    };

    (void)state;
    for (size_t i = 0; i < COUNT(data); i++) {
        expect(ask(THUNK_INVOKE_PROC, data[i], 0, 0), -EFAULT);
        expect_error("is not the address of host code");
    }
    for (size_t i = 0; i < bad.readable_count; i++) {
        expect(ask(THUNK_INVOKE_PROC, bad.readable[i], 0, 0), -EFAULT);
    }
    free(heap);
    bad_free(&bad);
    assert_int_equal(unload(handle), 0);
}

static void ids_refused(void **state)
{
    uint64_t slot = THUNK_UNANSWERED;
    static const uint64_t ids[] = {6,      7,          100,       4096,
                                   0x7408, 1ULL << 32, UINT64_MAX};

    (void)state;
    for (size_t i = 0; i < COUNT(ids); i++) {
        expect(ask(ids[i], ADDRESS(&slot), ADDRESS(&slot), ADDRESS(&slot)),
               -EINVAL);
    }
    assert_int_equal(number_ask(1, 0, ADDRESS("emu"), ADDRESS(&slot), 0),
                     NOT_TAKEN);
    assert_int_equal(number_ask(-1, 0, ADDRESS("emu"), ADDRESS(&slot), 0),
                     NOT_TAKEN);
    assert_true(slot == THUNK_UNANSWERED);
}

static void *thread_hammer(void *failures)
{
    char wrong[64];
    uint64_t self = ADDRESS(wrong), sum = 0, handle = 0, proc = 0;

    snprintf(wrong, sizeof wrong, "/no/library-%jx.so", (uintmax_t)self);
    for (uint64_t i = 0; i < 300; i++) {
        uint64_t missing = 1, text = 0;
        int freed = -1;

        ask(THUNK_LOAD_LIBRARY, ADDRESS(VICTIM_PATH), RTLD_NOW,
            ADDRESS(&handle));
        ask(THUNK_GET_PROC_ADDRESS, handle, ADDRESS("victim_add"),
            ADDRESS(&proc));
        ask(THUNK_LOAD_LIBRARY, self, RTLD_NOW, ADDRESS(&missing));
        for (uint64_t j = 1; j <= 100; j++) {
            ask(THUNK_INVOKE_PROC, proc, ADDRESS(&sum), j);
        }
        ask(THUNK_GET_LIBRARY_ERROR, ADDRESS(&text), 0, 0);
        ask(THUNK_FREE_LIBRARY, handle, ADDRESS(&freed), 0);
        if (missing != 0 || freed != 0 || sum != (i + 1) * 5050 || !text ||
            !strstr((const char *)(uintptr_t)text, wrong)) {
            atomic_fetch_add((atomic_int *)failures, 1);
        }
    }
    return NULL;
}

static void threads_served(void **state)
{
    pthread_t threads[THREADS];
    atomic_int failures = 0;

    (void)state;
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(
            pthread_create(&threads[i], NULL, thread_hammer, &failures), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(failures, 0);
}

static uint64_t random_next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* ---- the instruction door ---- */

typedef void (*proc_function)(void *, void *);

static const struct {
    const char *target;
    size_t size;
    unsigned char bytes[8];
} knocks[] = {
    {"x86_64", 8, {0x0f, 0x1f, 0x84, 0x00, 0x77, 0x66, 0x55, 0x44}},
    {"aarch64", 4, {0x1f, 0x8d, 0x8e, 0xd2}},
    {"riscv64", 4, {0x13, 0x30, 0x80, 0x46}},
};

static bool door_opens(uint64_t start, uint64_t end)
{
    uint64_t slot = THUNK_UNANSWERED;

    expect(ask(THUNK_OPEN_DOOR, start, end, ADDRESS(&slot)), 0);
    assert_in_range(slot, 0, 1);
    return slot == 1;
}

static bool mailbox_opens(unsigned vcpu, struct thunk_mailbox *mailbox)
{
    uint64_t slot = THUNK_UNANSWERED;

    harness_vcpu = vcpu;
    expect(ask(THUNK_SET_MAILBOX, ADDRESS(mailbox), ADDRESS(&slot), 0), 0);
    harness_vcpu = 0;
    assert_in_range(slot, 0, 1);
    return slot == 1;
}

static void knocks_answered(size_t i)
{
    uint64_t handle = load(VICTIM_PATH, RTLD_NOW), sum = 40;
    struct thunk_mailbox mailbox = {0};
    qemu_insn_exec *knock;
    proc_function add = (proc_function)(uintptr_t)find(handle, "victim_add");

    /* Before the door is open nothing is looked at. */
    assert_null(translate_callback);
    assert_true(door_opens(0x10000, 0x20000));
    assert_non_null(translate_callback);
    assert_true(door_opens(0x10000, 0x20000));

    /* Only the very instruction, only in the range. */
    knock = insn_translate(0x10010, knocks[i].bytes, knocks[i].size);
    assert_non_null(knock);
    assert_null(insn_translate(0xffff0, knocks[i].bytes, knocks[i].size));
    assert_null(insn_translate(0x20000, knocks[i].bytes, knocks[i].size));
    assert_null(
        insn_translate(0x10010, knocks[i].bytes + 1, knocks[i].size - 1));
    assert_null(insn_translate(0x10010, "\x0f\x1f\x84\0\0\0\0\0", 8));

    /* Nobody's mailbox, then an empty one, then a full one: once. */
    knock(3, NULL);
    assert_true(mailbox_opens(3, &mailbox));
    knock(3, NULL);
    mailbox = (struct thunk_mailbox){add, &sum, (void *)2};
    knock(4, NULL); /* another thread's */
    assert_int_equal(sum, 40);
    knock(3, NULL);
    assert_int_equal(sum, 42);
    assert_null(mailbox.proc);
    knock(3, NULL);
    assert_int_equal(sum, 42);

    /* What is no host code is not called. */
    mailbox.proc = (proc_function)(uintptr_t)&sum;
    knock(3, NULL);
    mailbox.proc = (proc_function)8;
    knock(3, NULL);

    /* The thread ends: its mailbox may be gone. */
    mailbox.proc = add;
    vcpu_end(3);
    knock(3, NULL);
    assert_int_equal(sum, 42);
    assert_int_equal(unload(handle), 0);
}

static void door_knocked(void **state)
{
    for (size_t i = 0; i < COUNT(knocks); i++) {
        harness_target = knocks[i].target;
        assert_int_equal(plugin_start(state), 0);
        knocks_answered(i);
        assert_int_equal(plugin_close(state), 0);
    }
    harness_target = "x86_64";
}

static bool door_watches(uint64_t start, uint64_t end)
{
    uint64_t answer = THUNK_UNANSWERED;

    expect(ask(THUNK_WATCH_DOOR, start, end, ADDRESS(&answer)), 0);
    return answer == 1;
}

/* Blocks are looked at only meanwhile, unless a door is open for good; what was
 * translated then keeps its knock. */
static void door_watched(void **state)
{
    const __typeof__(knocks[0]) *knock = &knocks[0];
    struct thunk_mailbox mailbox = {0};
    qemu_insn_exec *kept;

    (void)state;
    assert_true(mailbox_opens(1, &mailbox));
    assert_null(translate_callback);
    assert_true(door_watches(0x1000, 0x2000));
    assert_non_null(translate_callback);
    kept = insn_translate(0x1010, knock->bytes, knock->size);
    assert_non_null(kept);
    assert_null(insn_translate(0x2010, knock->bytes, knock->size));
    assert_true(door_watches(0x3000, 0x4000));
    assert_null(insn_translate(0x1010, knock->bytes, knock->size));
    assert_true(door_watches(0, 0));
    assert_null(translate_callback);
    kept(1, NULL);

    assert_true(door_opens(0x5000, 0x6000));
    assert_true(door_watches(0x1000, 0x2000));
    assert_true(door_watches(0, 0));
    assert_non_null(translate_callback);
    assert_null(insn_translate(0x1010, knock->bytes, knock->size));
    assert_non_null(insn_translate(0x5010, knock->bytes, knock->size));
    assert_false(door_watches(0x2000, 0x1000));
}

static void door_refused(void **state)
{
    struct bad bad = bad_new();
    uint64_t slot = THUNK_UNANSWERED;
    struct thunk_mailbox mailbox = {0};

    (void)state;
    assert_false(door_opens(0x2000, 0x2000));
    assert_false(door_opens(0x2000, 0x1000));
    assert_null(translate_callback);
    for (size_t i = 0; i < bad.writable_count; i++) {
        expect(ask(THUNK_SET_MAILBOX, bad.writable[i], ADDRESS(&slot), 0),
               -EFAULT);
    }
    expect(ask(THUNK_SET_MAILBOX, ADDRESS(&mailbox) + 1, ADDRESS(&slot), 0),
           -EFAULT);
    assert_true(slot == THUNK_UNANSWERED);
    for (size_t i = 0; i < bad.writable_count; i++) {
        expect(ask(THUNK_OPEN_DOOR, 0x1000, 0x2000, bad.writable[i]), -EFAULT);
        expect(ask(THUNK_SET_MAILBOX, ADDRESS(&mailbox), bad.writable[i], 0),
               -EFAULT);
        expect(ask(THUNK_GET_OWNER, ADDRESS(&slot), bad.writable[i], 0),
               -EFAULT);
    }
    assert_false(mailbox_opens(1 << 16, &mailbox));
    assert_true(mailbox_opens((1 << 16) - 1, &mailbox));
    bad_free(&bad);
}

/* A mailbox may be in any memory, a library's as well, which goes with it. */
static void door_unloaded(void **state)
{
    uint64_t handle = load(VICTIM_PATH, RTLD_NOW);
    qemu_insn_exec *knock;

    (void)state;
    assert_true(door_opens(0x10000, 0x20000));
    knock = insn_translate(0x10010, knocks[0].bytes, knocks[0].size);
    assert_non_null(knock);
    assert_true(mailbox_opens(
        3, (struct thunk_mailbox *)(uintptr_t)find(handle, "victim_mailbox")));
    assert_int_equal(unload(handle), 0);
    assert_null(dlopen(VICTIM_PATH, RTLD_NOW | RTLD_NOLOAD));
    knock(3, NULL);
}

/* A guest that QEMU emulates and the door does not know. */
static void door_unknown(void **state)
{
    (void)state;
    harness_target = "mips64";
    assert_int_equal(install(false, 0, NULL), 0);
    harness_target = "x86_64";
    block_translate(0x1000, 0x1000);
    assert_false(door_opens(0x1000, 0x2000));
    assert_null(translate_callback);
}

/* More ranges than any program has libraries. */
static void door_crowded(void **state)
{
    uint64_t opened = 0;

    (void)state;
    for (uint64_t i = 0; i < 5000; i++) {
        opened += door_opens(0x100000 + i * 0x1000, 0x100000 + i * 0x1000 + 1);
    }
    assert_int_equal(opened, 4096);
}

/* No plan: whatever is asked, QEMU lives. Handles are memory of the host's own,
 * so they stand first and are no slots. It leaves libraries loaded. */
static void fuzz_survived(void **state)
{
    uint64_t seed = 0x7468756e6b67656e, handle = load(VICTIM_PATH, RTLD_NOW);
    uint64_t proc = find(load("libm.so.6", RTLD_NOW), "abs");
    struct bad bad = bad_new();
    uint64_t slots[4] = {0};
    enum { HANDLES = 2 };
    const uint64_t words[] = {
        handle,
        handle + 1,
        0,
        1,
        2,
        8,
        proc,
        find(handle, "victim_data"),
        ADDRESS(&slots[0]),
        ADDRESS(&slots[1]) + 1,
        ADDRESS("emu"),
        ADDRESS("dlcall.arch"),
        ADDRESS(VICTIM_PATH),
        ADDRESS("victim_add"),
        ADDRESS("abs"),
        ADDRESS(bad.unreadable),
        ADDRESS(bad.read_only),
        ADDRESS(bad.unended),
        ADDRESS(bad.unended + PAGE - 2),
        ADDRESS(bad.unended + PAGE),
        0x7ffffffff000,
        0xffffffff81000000,
        UINT64_MAX,
    };

    (void)state;
    for (int i = 0; i < 100000; i++) {
        static const uint64_t ids[] = {
            0, 1, 2, 3, 4, 5, 6, THUNK_OPEN_DOOR, THUNK_SET_MAILBOX,
        };
        uint64_t random = random_next(&seed), id = ids[random % COUNT(ids)];
        uint64_t a[3];
        int64_t status;

        for (size_t j = 0; j < COUNT(a); j++) {
            bool is_slot = id == THUNK_GET_LIBRARY_ERROR ||
                           id == THUNK_SET_MAILBOX || j > 0;
            size_t first = is_slot ? HANDLES : 0;

            a[j] = words[first +
                         (random >> (8 + 16 * j)) % (COUNT(words) - first)];
        }
        if (id == THUNK_LOAD_LIBRARY) { /* AddressSanitizer will have none */
            a[1] &= ~(uint64_t)RTLD_DEEPBIND;
        }
        status = ask(id, a[0], a[1], a[2]);
        if (i % 16 == 0) {
            qemu_insn_exec *knock =
                insn_translate(1, knocks[0].bytes, knocks[0].size);

            if (knock) {
                knock(0, NULL);
            }
        }
        if (id == 6) {
            expect(status, -EINVAL);
        } else if (HARNESS_API >= 6) {
            assert_true(status == 0 || status == -EFAULT);
        }
    }
    assert_int_equal(bad.read_only[0], 'x');
    bad_free(&bad);
    assert_string_equal(attribute("emu"), "qemu");
}

/* Ends a child as QEMU does, by the exit callback and _exit; gives what it
 * wrote to stdout. */
static void child_run(void (*child)(void), char *output, size_t size)
{
    int ends[2], status;
    ssize_t length;
    pid_t pid;

    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    pid = fork();
    assert_int_not_equal(pid, -1);
    if (pid == 0) {
        alarm(20);
        dup2(ends[1], STDOUT_FILENO);
        child();
        plugin_exit();
        _exit(0);
    }
    close(ends[1]);
    length = read(ends[0], output, size - 1);
    output[length > 0 ? length : 0] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void invoke(const char *name, const void *argument)
{
    ask(THUNK_INVOKE_PROC, find(load(VICTIM_PATH, RTLD_NOW), name),
        ADDRESS(argument), 0);
}

static void child_print(void)
{
    invoke("victim_print", "printed");
}

static void child_print_blocked(void)
{
    invoke("victim_print", "printed");
    invoke("victim_block", NULL);
}

static void child_idle(void)
{
    printf("the parent's"); /* no host code: not ours to flush */
}

static void exit_flushes(void **state)
{
    char output[64];

    (void)state;
    child_run(child_print, output, sizeof output);
    assert_string_equal(output, "printed");
    child_run(child_print_blocked, output, sizeof output);
    assert_string_equal(output, "printed");
    child_run(child_idle, output, sizeof output);
    assert_string_equal(output, "");
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, plugin_start, plugin_close)
#define TEST_EARLY(name)                                                       \
    cmocka_unit_test_setup_teardown(name, plugin_open, plugin_close)
#define TEST_FALLBACK(name)                                                    \
    {                                                                          \
#name " without process_vm_readv", name, plugin_start_without_copy,    \
            plugin_close, NULL                                                 \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_EARLY(version_fits),
        TEST_EARLY(options_refused),
        TEST_EARLY(system_refused),
        TEST_EARLY(number_chosen),
        TEST_EARLY(base_shifted),
        TEST(attributes_answered),
        TEST(library_used),
        TEST(signals_told),
        TEST(errors_told),
        TEST(pointers_refused),
        TEST(procs_refused),
        TEST(ids_refused),
        TEST(threads_served),
        TEST(exit_flushes),
        TEST_FALLBACK(library_used),
        TEST_FALLBACK(errors_told),
        TEST_FALLBACK(pointers_refused),
        cmocka_unit_test(door_knocked),
        TEST(door_watched),
        TEST(door_refused),
        TEST(door_unloaded),
        TEST_EARLY(door_unknown),
        TEST(door_crowded),
        TEST(fuzz_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
