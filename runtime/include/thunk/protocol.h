/* SPDX-License-Identifier: MIT
 *
 * The dlcall protocol: how code in the guest asks the plugin inside QEMU for
 * work on the host. It is the wire format of QEMU 11.1's own
 * contrib/plugins/dlcall.c; a client of one works with the other.
 *
 * A request is a system call that Linux does not have, THUNK_SYSCALL by
 * default, with a request id as its first argument:
 *
 *   id                              a2            a3            a4
 *   THUNK_GET_HOST_ATTRIBUTE        key           value out
 *   THUNK_LOAD_LIBRARY              path          dlopen flags  handle out
 *   THUNK_GET_PROC_ADDRESS          handle        name          address out
 *   THUNK_FREE_LIBRARY              handle        int out
 *   THUNK_GET_LIBRARY_ERROR         text out
 *   THUNK_INVOKE_PROC               proc          arg1          arg2
 *
 * Strings are NUL-terminated; out arguments point to 8 bytes (4 for the int)
 * of guest memory. A handle or an address that could not be had is NULL, and
 * THUNK_GET_LIBRARY_ERROR then tells why (a host string, valid until the next
 * request of this thread). A key that the plugin does not know gives NULL.
 *
 * Of our own, for the instruction door below:
 *
 *   THUNK_OPEN_DOOR                 start         end           uint64_t out
 *   THUNK_SET_MAILBOX               mailbox       uint64_t out
 *   THUNK_WATCH_DOOR                start         end           uint64_t out
 *
 * And to be the first that is told of a SIGSEGV, see below:
 *
 *   THUNK_SET_SEGV                  segv          uint64_t out
 *   THUNK_BLOCK_SEGV                how           uint64_t out
 *
 * And where guest and host must not be mistaken for each other:
 *
 *   THUNK_GET_OWNER                 address       uint64_t out
 *
 * And where the plugin gives the guest's dynamic linker thunks for libraries:
 *
 *   THUNK_GET_THUNK                 soname        path out
 *   THUNK_USE_OWN                   0 or 1        uint64_t out
 *
 * The system call's own result is not part of the answer: a QEMU without
 * syscall filter (before 11.0) always makes it -ENOSYS, after the plugin has
 * done the work; one with the filter gives 0, -EINVAL for an unknown id and
 * -EFAULT for a pointer that is not the guest's. So a client presets every out
 * slot with THUNK_UNANSWERED: what still holds it afterwards was not answered,
 * because no plugin is there or because the request was bad.
 */
#ifndef THUNK_PROTOCOL_H
#define THUNK_PROTOCOL_H

#include <stdbool.h>
#include <stdint.h>

/* The system call's number; the plugin's option syscall_num=N changes it.
 * Linux promises none so high on any of our guests. */
#define THUNK_SYSCALL 4096

enum thunk_request_id {
    THUNK_GET_HOST_ATTRIBUTE = 0,
    THUNK_LOAD_LIBRARY = 1,
    THUNK_GET_PROC_ADDRESS = 2,
    THUNK_FREE_LIBRARY = 3,
    THUNK_GET_LIBRARY_ERROR = 4,
    THUNK_INVOKE_PROC = 5, /* proc is void (*)(void *arg1, void *arg2) */

    THUNK_OPEN_DOOR = 0x7400,   /* 1: the range of guest code is watched */
    THUNK_SET_MAILBOX = 0x7401, /* 1: this thread's mailbox is known */
    THUNK_SET_SEGV = 0x7402,    /* 1: SIGSEGV is the segv's from now on */
    THUNK_BLOCK_SEGV = 0x7403,  /* 0 or 1: it was blocked for the program */
    THUNK_GET_OWNER = 0x7404,   /* enum thunk_owner, of that memory */

    /* The file of the thunk that the dynamic linker has been given for a
     * library: a host string that stays; NULL: it has been given none. */
    THUNK_GET_THUNK = 0x7405,
    /* With 1 this thread's dynamic linker gets no more thunks, but the guest's
     * own libraries, until 0. The answer is 1. */
    THUNK_USE_OWN = 0x7406,

    /* As THUNK_OPEN_DOOR, for a range that is watched until the next such
     * request, which may have none (0, 0); see below. The answer is 1. */
    THUNK_WATCH_DOOR = 0x7407,
};

/* Whose memory an address is in. The plugin knows it by the flags that QEMU
 * keeps for the guest's pages, where it can see them. Memory that is nobody's
 * counts as the host's. */
enum thunk_owner {
    THUNK_OWNER_UNKNOWN = 0,
    THUNK_OWNER_GUEST = 1,
    THUNK_OWNER_HOST = 2,
};

/* The instruction door: INVOKE_PROC without a system call. A thunk library
 * opens its code once; the plugin then looks, in that code alone, for one
 * instruction that does nothing (thunk_knock() in thunk_arch_guest.h), and has
 * itself called wherever it is executed. The three words wait in a mailbox of
 * the thread, which it has told the plugin of: 8-byte aligned, its own until
 * it ends.
 *
 * The plugin calls only a function that a library of the host lists in its
 * dynamic symbol table. QEMU does not leave translated code for it, so it costs
 * a fraction of a system call; but it counts the thread as running meanwhile.
 * What needs all threads to stop (fork, a full translation cache, an atomic
 * operation that QEMU must do alone) waits for the host function. So a function
 * that may block or take long must not go through it. An instruction that was
 * translated before the door was opened does nothing: the caller sees that by
 * THUNK_LOST in its frame, and takes the system call.
 *
 * As long as a door is open QEMU translates all code of the program slower. A
 * client with a few knocks, all of which it can make at once, has them watched
 * only meanwhile: what is translated keeps its knock, until QEMU forgets it. */
struct thunk_mailbox {
    void (*proc)(void *arg1, void *arg2);
    void *arg1;
    void *arg2;
};

/* What rt_sigaction(2) takes: handler, flags, and two words more: the restorer,
 * where the guest's ISA has one, and the mask. */
struct thunk_action {
    uint64_t handler;
    uint64_t flags;
    uint64_t rest[2];
    uint64_t blocks_segv; /* ours: SIGSEGV is blocked while the handler runs */
};

/* One handler of the client's gets every SIGSEGV of the process first, whatever
 * the program does. From this request on the plugin looks at rt_sigaction() and
 * rt_sigprocmask(). The client installs its own handler; each other action for
 * SIGSEGV is noted here as the program's, and what the kernel (QEMU) gets for
 * it is the client's handler with the program's flags and mask, so that it runs
 * just where and how the program's would. To the program its own action stays
 * what it was.
 *
 * Nor is SIGSEGV ever blocked, as a fault under it would end the process: it is
 * left out of all masks that the program sets. Whether it is blocked as far as
 * the program knows is noted for each thread, and told to the program; the
 * handler asks for it, and says when the program's handler begins and ends.
 *
 * A thread that installs an action while the client does so for the first time
 * may come between; so the client repeats that until the action before was its
 * own. `handler` 0 ends it all. */
enum thunk_block_segv {
    THUNK_SEGV_UNBLOCK = 0,
    THUNK_SEGV_BLOCK = 1,
    THUNK_SEGV_ASK = 2,  /* leaves it as it is */
    THUNK_SEGV_DEFER = 3 /* likewise; one has been sent that is to come again
                          * when it is not blocked any more */
};

struct thunk_segv {
    uint64_t handler; /* the client's */
    uint64_t current; /* address of the program's action; 0: not known yet */
    uint64_t used;    /* places of actions[] taken so far, round and round */
    struct thunk_action actions[16];
};

/* What a client puts into an out slot before it asks. No address: bit 63 of a
 * user address is 0 on every host we run on. */
#define THUNK_UNANSWERED 0xd1ca11d1ca11d1caULL

/* Keys of THUNK_GET_HOST_ATTRIBUTE. */
#define THUNK_ATTRIBUTE_EMULATOR                                               \
    "emu" /* "qemu"; every dlcall plugin has it                                \
           */
#define THUNK_ATTRIBUTE_VERSION "dlcall.version" /* ours: "1" */
#define THUNK_ATTRIBUTE_DOORS   "dlcall.doors" /* ours: "syscall instruction" */
#define THUNK_ATTRIBUTE_MODE    "dlcall.mode"  /* ours: "observe" or "filter" */
#define THUNK_ATTRIBUTE_ARCH    "dlcall.arch" /* ours: host ISA, "x86_64" ... */
#define THUNK_ATTRIBUTE_API     "dlcall.api"  /* ours: QEMU's plugin API, "1" */

/* QEMU ends the process without destructors. Our plugin then calls a function
 * of this name and of type void (*)(void) in every library that was loaded and
 * that has one, itself or in what it is linked with. */
#define THUNK_EXIT_SYMBOL "dlcall_exit"

/* The same before the process becomes another program by execve(), which may
 * still fail. */
#define THUNK_EXEC_SYMBOL "dlcall_exec"

/* What FILEs of the host's hold is written at that end, if host code has run. A
 * function whose name starts so has nothing to do with FILEs, and does not
 * count as such: the heap's, which every program calls. */
#define THUNK_PURE_PREFIX "dlcall_pure_"

/* The same for a function of type thunk_signals that is called when the guest
 * may have set a signal's action, and once when the library is loaded. */
#define THUNK_SIGNALS_SYMBOL "dlcall_signals"

/* `is_vcpu` tells whether the thread that calls it is a vCPU's, `handler` what
 * the guest has set last as a signal's: an address as the guest has given it,
 * or 0 for SIG_DFL, 1 for SIG_IGN. Both may be called from signal handlers as
 * long as the plugin is there. */
typedef void thunk_signals(bool (*is_vcpu)(void),
                           uint64_t (*handler)(int number));

/* The same for a function of type thunk_owners that is called when the library
 * is loaded. `owner` tells whose the memory at an address is, as enum
 * thunk_owner; it may be called in vCPUs' threads as long as the plugin is
 * there. */
#define THUNK_OWNERS_SYMBOL "dlcall_owners"

typedef void thunk_owners(uint64_t (*owner)(uint64_t address));

#endif
