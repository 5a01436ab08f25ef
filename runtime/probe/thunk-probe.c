/* SPDX-License-Identifier: MIT
 *
 * A guest program that tries the ways into the host and says which work, for
 * thunk-run --doctor. It needs no library and no dynamic linker, so that it
 * runs on a machine that has nothing of the guest's.
 *
 * What it prints, a line each: an attribute of the plugin and its value, or
 *
 *   call syscall       a host function was called by a system call
 *   call instruction   and by the instruction door
 *   qemu memory        a system call read host memory: "qemu"
 *
 * Nothing of it lies on the stack, which is not aligned at a process's start as
 * functions have it.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <thunk/protocol.h>
#include <thunk_arch_guest.h>

enum { HOST_RTLD_NOW = 2, STDOUT = 1 };

/* The linker's: where the program's code begins and ends. */
extern const char __executable_start[], etext[];

static volatile uint64_t answer;
static struct thunk_mailbox mailbox;

/* What the host's inet_aton() reads, and makes of it: the bytes in their order.
 */
static const char address[] = "127.0.0.1";
static const uint32_t expected = 0x0100007f;
static volatile uint32_t result;

static char letter[2];

/* Gives whether the kernel, or QEMU, could read it all. */
static bool print(const char *text)
{
    int64_t length = 0;

    while (text[length] != '\0') {
        length++;
    }
    return thunk_syscall(SYS_write, STDOUT, (uintptr_t)text, (uint64_t)length,
                         0) == length;
}

/* The plugin's answer, 0 if there is none: to a request with one argument, and
 * with two. */
static uint64_t ask(enum thunk_request_id request, const void *a2)
{
    answer = THUNK_UNANSWERED;
    (void)thunk_syscall(THUNK_SYSCALL, request, (uintptr_t)a2,
                        (uintptr_t)&answer, 0);
    return answer == THUNK_UNANSWERED ? 0 : answer;
}

static uint64_t ask_two(enum thunk_request_id request, uint64_t a2, uint64_t a3)
{
    answer = THUNK_UNANSWERED;
    (void)thunk_syscall(THUNK_SYSCALL, request, a2, a3, (uintptr_t)&answer);
    return answer == THUNK_UNANSWERED ? 0 : answer;
}

/* Host memory is read by instructions alone, which always can. */
static void attribute_print(const char *key)
{
    const char *value =
        (const char *)(uintptr_t)ask(THUNK_GET_HOST_ATTRIBUTE, key);

    if (value == 0) {
        return;
    }
    print(key);
    print(" ");
    for (; (letter[0] = *value) != '\0'; value++) {
        print(letter);
    }
    print("\n");
}

static void instruction_try(uint64_t proc)
{
    const uint64_t start = (uintptr_t)__executable_start;

    if (ask_two(THUNK_OPEN_DOOR, start, (uintptr_t)etext) != 1 ||
        ask(THUNK_SET_MAILBOX, &mailbox) != 1) {
        return;
    }
    result = 0;
    mailbox.proc = (void (*)(void *, void *))(uintptr_t)proc;
    mailbox.arg1 = (void *)(uintptr_t)address;
    mailbox.arg2 = (void *)(uintptr_t)&result;
    thunk_knock();
    if (result == expected) {
        print("call instruction\n");
    }
}

static void host_try(void)
{
    const uint64_t libc =
        ask_two(THUNK_LOAD_LIBRARY, (uintptr_t) "libc.so.6", HOST_RTLD_NOW);
    const uint64_t proc =
        ask_two(THUNK_GET_PROC_ADDRESS, libc, (uintptr_t) "inet_aton");
    const char *name;

    if (libc == 0 || proc == 0) {
        return;
    }
    (void)thunk_syscall(THUNK_SYSCALL, THUNK_INVOKE_PROC, proc,
                        (uintptr_t)address, (uintptr_t)&result);
    if (result == expected) {
        print("call syscall\n");
    }
    instruction_try(proc);
    name = (const char *)(uintptr_t)ask(THUNK_GET_HOST_ATTRIBUTE,
                                        THUNK_ATTRIBUTE_EMULATOR);
    if (name != 0 && print(name)) {
        print(" memory\n");
    }
}

_Noreturn void _start(void);

void _start(void)
{
    attribute_print(THUNK_ATTRIBUTE_EMULATOR);
    attribute_print(THUNK_ATTRIBUTE_VERSION);
    attribute_print(THUNK_ATTRIBUTE_API);
    attribute_print(THUNK_ATTRIBUTE_MODE);
    attribute_print(THUNK_ATTRIBUTE_ARCH);
    host_try();
    for (;;) {
        (void)thunk_syscall(SYS_exit_group, 0, 0, 0, 0);
    }
}
