/* SPDX-License-Identifier: MIT
 *
 * The rest of a call that came back unfinished: its callbacks.
 */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "guest.h"

/* The host has told the details. A handler of the program's gets its chance,
 * by longjmp; if it returns, the same fault would come again and again. */
__attribute__((noreturn)) static void
crash_as_native(const struct thunk_library *library)
{
    thunk_log(THUNK_LOG_ERROR, "%s: SIGSEGV for the program", library->soname);
    raise(SIGSEGV);
    signal(SIGSEGV, SIG_DFL);
    raise(SIGSEGV);
    abort();
}

/* Resumes a suspended call. A knock may be lost, without anything done (see
 * thunk_pass_fast()); a system call never is. */
static void call_resume(thunk_proc *resume, struct thunk_request *request,
                        struct thunk_frame *frame, enum thunk_way way)
{
    frame->state = THUNK_LOST;
    if (way != THUNK_SYSCALL_DOOR &&
        thunk_guest_mailbox.state == THUNK_MAILBOX_OPEN) {
        thunk_pass_fast(resume, request, frame);
    }
    if (frame->state == THUNK_LOST) {
        thunk_pass(resume, request, frame);
    }
}

/* errno is one variable for the program, so it is one for both sides of a
 * callback: the guest function sees what the host function had, and the host
 * function goes on with what the guest function left. */
void thunk_guest_finish(struct thunk_library *library, void *word,
                        struct thunk_frame *frame, enum thunk_way way)
{
    thunk_proc *resume = __atomic_load_n(&library->resume, __ATOMIC_RELAXED);
    int before = errno;

    if (frame->state == THUNK_LOST) {
        /* The knock came to nothing. */
        thunk_pass(thunk_enter(library, THUNK_SYSCALL_DOOR), word, frame);
    }
    while (frame->state == THUNK_CALLBACK) {
        struct thunk_request *request = frame->request;

        errno = request->error;
        request->run(request->target, request->frame);
        request->error = errno;
        call_resume(resume, request, frame, way);
    }
    if (frame->state == THUNK_CRASHED) {
        crash_as_native(library);
    }
    if (frame->state != THUNK_DONE) {
        thunk_log(THUNK_LOG_ERROR,
                  frame->state == THUNK_REFUSED
                      ? "%s: the host refuses a call"
                      : "%s: a call got no answer from the plugin",
                  library->soname);
        abort();
    }
    errno = frame->error != 0 ? frame->error : before;
}

bool thunk_guest_call(struct thunk_library *library, void **entry,
                      struct thunk_frame *frame, enum thunk_way way)
{
    uint32_t index = (uint32_t)(entry - library->entries);
    void *word = __atomic_load_n(entry, __ATOMIC_ACQUIRE);

    if (word == NULL) {
        /* Known to be the guest's own: no need to ask again. */
        if (__atomic_load_n(&library->reals[index], __ATOMIC_ACQUIRE) != NULL) {
            return false;
        }
        word = thunk_guest_resolve(library, index);
        if (word == NULL) {
            return false;
        }
    }
    if (way != THUNK_SYSCALL_DOOR && !thunk_guest_mailbox_open()) {
        way = THUNK_SYSCALL_DOOR;
    }
    thunk_send(library, word, frame, way);
    return true;
}
