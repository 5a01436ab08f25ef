/* SPDX-License-Identifier: MIT
 * What the files of the host runtime share among themselves. */
#ifndef THUNK_HOST_INTERNAL_H
#define THUNK_HOST_INTERNAL_H

#include <signal.h>
#include <stdbool.h>
#include <thunk/host.h>
#include <thunk/protocol.h>
#include <thunk/service.h>

#include "../common/log.h"

/* A function that can be called: what resolving gives the guest, and the first
 * argument of enter(). The guest only hands it back; that it did is seen by the
 * check, so a wild word is refused and nothing is run that no table lists. */
struct thunk_host_entry {
    uint64_t check; /* thunk_host_check(), of its own address */
    thunk_entry *code;
    thunk_function real; /* what the code calls; NULL: the frame holds it */
    struct thunk_host_library *library; /* NULL: the runtime's own */
    uint32_t index;                     /* in the library's table */
    bool is_traced;
};

/* Differs for every address, and no memory that is something else holds it. */
static inline uint64_t thunk_host_check(const void *address)
{
    return (uint64_t)(uintptr_t)address ^ UINT64_C(0x7e41c9d3a85b0f26);
}

/* The procs of struct thunk_attachment. Exported only because the instruction
 * door calls nothing that its library does not list.
 *
 * enter: runs an entry on a host stack of its own; enter_leaf: on the caller's.
 * Their arguments are a struct thunk_host_entry and a struct thunk_frame. The
 * observed ones do the same for --stats and --trace. */
THUNK_EXPORT void thunk_host_enter(void *entry, void *frame);
THUNK_EXPORT void thunk_host_enter_leaf(void *entry, void *frame);
THUNK_EXPORT void thunk_host_enter_observed_syscall(void *entry, void *frame);
THUNK_EXPORT void thunk_host_enter_observed_fast(void *entry, void *frame);
THUNK_EXPORT void thunk_host_enter_observed_leaf(void *entry, void *frame);

/* Goes on with a suspended call: its struct thunk_request, and its frame. */
THUNK_EXPORT void thunk_host_resume(void *request, void *frame);
THUNK_EXPORT void thunk_host_resume_observed(void *request, void *frame);

/* Work of the runtime that needs a stack as host functions have it, a large one
 * on which a fault is caught. False: it was not done. */
bool thunk_host_stack_run(thunk_entry *code, struct thunk_frame *head);

/* Fills in the entry of a function of the library for the real one. */
void thunk_host_entry_set(struct thunk_host_entry *entry,
                          struct thunk_host_library *library, uint32_t index,
                          thunk_function real);

/* The library's own symbol of an exported function; NULL: it has none. */
thunk_function thunk_host_symbol(const struct thunk_host_library *library,
                                 uint32_t index);

/* For work that is seldom: stacks, trampolines, libraries. A forked child finds
 * it open. */
void thunk_host_lock(void);
bool thunk_host_try_lock(void);
void thunk_host_unlock(void);

/* Whether this thread has either of the locks. From signal handlers. */
bool thunk_host_has_lock(void);

/* Another one, under which nothing is done that may wait: no lock is taken, the
 * dynamic linker's neither, and no other code called. So it may be taken under
 * any lock. */
void thunk_host_lock_last(void);
void thunk_host_unlock_last(void);

/* Whether this thread is inside a host function that a guest called. */
bool thunk_host_call_is_running(void);

/* Whether that may call back: the guest waits for it, which it does not do for
 * the runtime's own work. A leaf must not, but is told so. */
bool thunk_host_call_has_guest(void);
bool thunk_host_call_is_leaf(void);

/* Which function a call on this thread is in, or NULL. */
const struct thunk_host_entry *thunk_host_call_entry(void);

/* Copies to or from memory of the guest's that may not be there, or not be
 * writable. Must not be called inside of a call. */
bool thunk_host_give(void *to, const void *from, size_t size);

/* Leaves the running call for good and tells the guest that it crashed. */
void thunk_host_call_abandon(void) __attribute__((noreturn));

/* Whether the call that runs on this thread can be suspended where it is,
 * with that stack pointer; and suspends it until the guest comes back to it, as
 * for a callback of nothing. From a signal handler on the call's stack. */
bool thunk_host_call_can_pause(uintptr_t stack_pointer);
void thunk_host_call_pause(void);

/* A thread ends, or its call comes back to the guest: nothing of the program's
 * signals is looked at any more. */
void thunk_host_signal_leave(void);

/* The process in which something is, in this thread; 0: nothing. */
extern __thread pid_t thunk_host_signal_looks
    __attribute__((tls_model("initial-exec")));

/* The signals that are for the program: all but those of a thread's own faults,
 * abort() among them. */
void thunk_host_signal_set(sigset_t *set);

/* Called by the plugin when the guest has set a signal's action. */
THUNK_EXPORT thunk_signals dlcall_signals;

/* Threads of the host's own; see thread.c. */

/* Has the partner of this host thread run the target with `frame`. Does not
 * return where the guest function ends its thread. */
void thunk_host_thread_callback(const struct thunk_host_target *target,
                                struct thunk_frame *frame);

/* Where this vCPU serves a host thread: has that one run proc(arg1, arg2). */
bool thunk_host_thread_forward(thunk_proc *proc, void *arg1, void *arg2);

/* Whether this is a host thread that has called back, and whether this vCPU
 * serves one. */
bool thunk_host_thread_has_partner(void);
bool thunk_host_thread_serves(void);

/* The guest function that this vCPU runs, or has run last, for a host thread;
 * NULL: it serves none. */
thunk_function thunk_host_thread_target(void);

/* Those that have been attached, the last first, by next_deferred. With the
 * lock held. */
struct thunk_host_library *thunk_host_libraries(void);

/* Notes where the guest keeps enter() of a library, and gives the service;
 * NULL: another GTL of that library's has attached before. */
struct thunk_service *thunk_host_service(struct thunk_host_library *library,
                                         thunk_proc **guest_enter);

/* Whether this thread has run guest calls: then it is a vCPU's, unless it has
 * a partner. */
bool thunk_host_call_is_registered(void);

/* What stands for this guest address on the host, in whatever type: a
 * trampoline or, for a stub, the host function. NULL when nothing or only it
 * itself does. Takes no lock: it is called from a signal handler. */
thunk_function thunk_host_trampoline_find(uintptr_t target);

/* The same for a host that has jumped there: counts it. */
thunk_function thunk_host_trampoline_fault(uintptr_t target);

/* The guest function behind a trampoline; NULL: it is no trampoline. */
thunk_function thunk_host_trampoline_target(thunk_function trampoline);

/* Whether this is in memory that holds trampolines, or will. */
bool thunk_host_trampoline_pool_has(uintptr_t address);

/* Has the host function stand for its stub when that comes back. With the lock
 * held. */
void thunk_host_trampoline_add(struct thunk_host_library *library,
                               uint32_t index, thunk_function stub,
                               thunk_function function);

/* Whether a stub stands for this host function, of whatever type. */
bool thunk_host_stub_has(thunk_function function);

/* The host function that this stub stands for; NULL: it is none. */
thunk_function thunk_host_stub_function(thunk_function stub);

/* The stub for a host function that the guest has jumped to, in whatever type,
 * or NULL: counts it. */
thunk_function thunk_host_stub_fault(thunk_function function);

/* Has that stub, which the guest has made, stand for the host function, unless
 * another one does; gives the one that does, or NULL: no memory. */
thunk_function thunk_host_stub_add(struct thunk_host_library *library,
                                   uint32_t index, thunk_function function,
                                   thunk_function stub);

/* Finds the library's variables for the guest. With the lock held. False: no
 * memory. */
bool thunk_host_data_start(struct thunk_host_library *library,
                           struct thunk_datum *data, uint64_t count);

/* Then, without the lock, what of those that are converted the guest begins
 * with. */
void thunk_host_data_first(struct thunk_host_library *library,
                           struct thunk_datum *data, uint64_t count);

/* The same as thunk_host_data_start() for a thread-local one that dlsym() has
 * found: tells what it begins as, and notes it if `is_new`. */
bool thunk_host_thread_datum_start(struct thunk_host_library *library,
                                   struct thunk_datum *datum, bool is_new);

/* The same as thunk_host_data_take() and _give(), of all libraries that have
 * such variables: where control crosses otherwise than by the code of a
 * library. May suspend the host call. Keep errno. */
void thunk_host_data_take_all(void);
void thunk_host_data_give_all(void);

/* A block of the guest's heap, which the program is to free(). NULL where the
 * guest has no memory, which is told. May suspend the host call. */
void *thunk_host_block_make(size_t size);

/* A block of libc's, as the program can free it. */
void *thunk_host_block_adopt(void *of_libc);

/* Frees a block of the library's, which may be the program's if the library
 * frees such. */
void thunk_host_block_free(void *block);

/* errno of the thread that runs now. Functions of their own: where a call may
 * go on on another thread, nobody may keep errno's place. */
int thunk_host_error_get(void);
void thunk_host_error_set(int error);

/* The guest's own function for one of the host's that the library exports;
 * from then on the two stand for each other, as pointers of that type. NULL: it
 * is none, or the thunk has no table of them. */
thunk_function thunk_host_exported(struct thunk_host_library *library,
                                   uint32_t index, thunk_function function);

/* The other way round: of which function of the library this is the thunk. */
thunk_function
thunk_host_exported_find(const struct thunk_host_library *library,
                         thunk_function guest);

/* Has numbers converted for a guest with that LDBL_MANT_DIG. */
void thunk_host_numbers_start(uint64_t digits);

/* Has stubs made by that runner, which is the guest runtime's. With the lock
 * held. */
void thunk_host_stub_start(thunk_runner *make_stub);

/* Whether long doubles are something else to the guest. */
bool thunk_host_numbers_differ(void);

/* Tells of a callback that is no code, if the guest has jumped to that address
 * for a callback of this thread's. */
void thunk_host_call_tell_bad_callback(thunk_function address);

/* Counts a fault that became a callback for the running call, if it is
 * observed. */
void thunk_host_call_count_fault(void);

/* The end of a call whose host code has jumped to what is no code, from the
 * place before `caller`. */
void thunk_host_fault_jump(uintptr_t address, uintptr_t caller)
    __attribute__((noreturn));

/* What thunk_host_target() gives next on this thread. */
void thunk_host_target_set(const struct thunk_host_target *target);

/* Puts the handler for adopted pointers before QEMU's own; once. */
void thunk_host_fault_handler_install(void);

#endif
