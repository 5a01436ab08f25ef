/* SPDX-License-Identifier: MIT
 * What the files of the guest runtime share among themselves. */
#ifndef THUNK_GUEST_INTERNAL_H
#define THUNK_GUEST_INTERNAL_H

#include <thunk/guest.h>
#include <thunk/service.h>

#include "../common/log.h"

/* The thunk's file where the plugin has given it to the dynamic linker, for
 * which it lies where the guest's own library does; NULL: it was found as it
 * is. */
const char *thunk_guest_given_path(const struct thunk_library *library);

/* The file of the guest's own library, opened if it was not yet; a text that
 * says that there is none otherwise. For messages. */
const char *thunk_guest_real_path(struct thunk_library *library);

/* Function `index` of the guest's own library. Never NULL: without it the
 * process ends with a message. */
thunk_function thunk_guest_real(struct thunk_library *library, uint32_t index);

/* Any function of the guest's own library, likewise. */
thunk_function thunk_guest_real_function(struct thunk_library *library,
                                         const char *name, const char *version);

/* A variable of the guest's own library; NULL: there is none. */
void *thunk_guest_real_data(struct thunk_library *library,
                            const struct thunk_datum *datum);

/* Whether anything that is loaded refers to the library's variables; marks
 * those. */
bool thunk_guest_data_are_used(const struct thunk_library *library);

/* Gives the library's variables their values, from the host's where it is
 * attached; for the thread that attaches, before it makes a call. */
void thunk_guest_data_begin(struct thunk_library *library, bool is_attached);

/* Something has been loaded: attaches those libraries to whose variables it
 * refers. */
void thunk_guest_data_check(void);

/* The guest's own library has been opened: what it shares with the thunk and
 * the host does not know gets its values. */
void thunk_guest_data_own(struct thunk_library *library);

/* Writes a variable, also where the dynamic linker has made it read-only. */
void thunk_guest_datum_write(void *place, const void *value, uint64_t size);

/* Has threads to come begin with that value of a thread-local variable; NULL:
 * zero. False: the variable is in no library's segment. */
bool thunk_guest_thread_datum_start(const struct thunk_datum *datum,
                                    const void *initial);

/* Calls `take` with each soname that the library's file at `path` needs, and
 * `context`; not at all where that is no such file. */
void thunk_guest_needs_walk(const char *path,
                            void (*take)(void *context, const char *soname),
                            void *context);

/* Ties the GTL to its HTL, unless that was tried before. False: there is none.
 */
bool thunk_guest_attach(struct thunk_library *library);

/* Opens the instruction door for the library's code, if the plugin has one and
 * the environment's THUNK_DOOR is not "syscall". */
void thunk_guest_door_open(const struct thunk_library *library);

/* Around everything that may call dlopen() or dlsym(), on either side: keeps
 * fork() of other threads out. May be nested. */
void thunk_guest_search_begin(void);
void thunk_guest_search_end(void);

/* Makes this thread's mailbox known, if it is not. False: take the system call.
 */
bool thunk_guest_mailbox_open(void);

/* The same for the heap, which opens its own door. */
THUNK_EXPORT bool thunk_guest_mailbox_set(void);

/* Starts the guest thread that makes partners for threads of the host's own,
 * unless there is one. */
void thunk_guest_service_start(struct thunk_service *service);

/* The host has barred this library's way in, because it wants that service:
 * starts it and opens the way again. */
void thunk_guest_service_resume(struct thunk_library *library);

/* The ways into the host, as attaching has given them; `library` may be the
 * runtime's own, which the host has one function for. */
void thunk_guest_library_start(struct thunk_library *library,
                               const struct thunk_attachment *attachment);

/* What runs an entry that way, though the host may have barred it. */
static inline thunk_proc *
thunk_guest_enter_kept(const struct thunk_library *library, enum thunk_way way)
{
    return __atomic_load_n(&library->enter_kept[way], __ATOMIC_RELAXED);
}

static inline void thunk_guest_service_check(struct thunk_library *library)
{
    thunk_proc *enter =
        __atomic_load_n(&library->enter[THUNK_SYSCALL_DOOR], __ATOMIC_ACQUIRE);

    if (__builtin_expect(
            enter != thunk_guest_enter_kept(library, THUNK_SYSCALL_DOOR), 0)) {
        thunk_guest_service_resume(library);
    }
}

/* Runner of a struct thunk_stub_frame: makes a stub that is entered by `code`.
 */
void thunk_guest_stub_make(thunk_function code, struct thunk_frame *frame);

/* Whether a block of no known heap is in memory of the host's. */
THUNK_EXPORT bool thunk_guest_block_is_foreign(const void *block);

/* New memory of that size at a multiple of `unit`, a power of two of pages.
 * NULL: there is none. Keeps errno. */
THUNK_EXPORT void *thunk_guest_units_map(size_t size, size_t unit);

/* Runner of a struct thunk_heap_frame. */
void thunk_guest_heap(thunk_function target, struct thunk_frame *frame);

/* What the process has once; see process.c. */

/* Runner of a struct thunk_program_frame. */
void thunk_guest_program(thunk_function target, struct thunk_frame *frame);

/* Makes it work, with what attaching any library gives. */
void thunk_guest_process_start(const struct thunk_attachment *attachment);

/* Of struct thunk_attachment. */
void thunk_guest_at_exit(void *handler);
void thunk_guest_on_exit(int status, void *handler);
int thunk_guest_quick_exit_add(void);

/* The host may now ask for what it could not ask for while it attached. */
void thunk_guest_process_attached(void);

/* This thread makes a call, maybe its first: the host will be told of its end.
 * Or it is to be told nothing of it. */
void thunk_guest_thread_begin(void);
void thunk_guest_thread_forget(void);

/* Streams that stand for the host's; see stream.c. The `host` is its FILE. */

struct thunk_file_frame;

/* Makes them work, with what attaching any library gives. */
void thunk_guest_stream_start(const struct thunk_attachment *attachment);

/* The stream for that of the host's which the frame tells of: there is one, or
 * it is made. NULL: no memory. */
void *thunk_guest_stream_lend(const struct thunk_file_frame *frame);

/* Has what the program has written to it, or not read of it yet, go to the
 * host's. Does nothing while another thread uses it. `settler` has the number
 * of the thread that does so, or 0. */
void thunk_guest_stream_settle(void *host, uint32_t *settler);

/* The library has closed the host's: ends the guest's. */
void thunk_guest_stream_gone(void *host);

/* The end of a call of function `index` that has crashed on the host. */
void thunk_guest_crash(const struct thunk_library *library, uint32_t index)
    __attribute__((noreturn));

/* Function pointers without a type; see net.c. */

/* Makes them work, with what attaching any library gives. */
void thunk_guest_net_start(const struct thunk_attachment *attachment);

/* Where to go on when the guest has jumped to an address of the host's; NULL:
 * there is no host function. Not to be asked inside of a host call. */
thunk_function thunk_guest_net_find(uintptr_t address);

/* Runner of a struct thunk_net_frame. */
void thunk_guest_net_run(thunk_function target, struct thunk_frame *frame);

/* Puts the runtime's handler before the program's; once. */
void thunk_guest_segv_start(void);

/* The library's functions as the program's pointers to them are. */
const thunk_function *thunk_guest_exports(const struct thunk_library *library);

/* Finds the host's function `index`. Returns the word for enter(), or NULL when
 * the guest's own is to be used. */
void *thunk_guest_resolve(struct thunk_library *library, uint32_t index);

#endif
