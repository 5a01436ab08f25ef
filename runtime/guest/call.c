/* SPDX-License-Identifier: MIT
 *
 * The rest of a call that came back unfinished: its callbacks.
 */
#include <stdlib.h>
#include <time.h>

#include "guest.h"

/* By a knock where this thread can knock, else by a system call. A knock may
 * come to nothing, without anything done (see thunk_pass_fast()); a system call
 * does not. `proc` is for the first and `proc_syscall` for the second. */
static void pass(thunk_proc *proc, thunk_proc *proc_syscall, void *arg1,
                 struct thunk_frame *frame, bool can_knock)
{
    frame->state = THUNK_LOST;
    if (can_knock) {
        thunk_pass_fast(proc, arg1, frame);
    }
    if (frame->state == THUNK_LOST) {
        thunk_pass(proc_syscall, arg1, frame);
    }
}

/* A plugin that has answered before and does not now has been left by QEMU, as
 * another thread ends the process: that is about to end this one, too. */
static void end_await(void)
{
    const struct timespec pause = {.tv_nsec = 500 * 1000 * 1000};

    (void)nanosleep(&pause, NULL);
}

/* errno is one variable for the program, so it is one for both sides of a
 * callback: the guest function sees what the host function had, and the host
 * function goes on with what the guest function left. */
static void call_finish(struct thunk_library *library, void **entry,
                        struct thunk_frame *frame, enum thunk_way way)
{
    thunk_proc *resume = __atomic_load_n(&library->resume, __ATOMIC_RELAXED);
    int before = errno;

    while (frame->state == THUNK_CALLBACK ||
           __builtin_expect(frame->state == THUNK_SIGNALLED, 0)) {
        struct thunk_request *request = frame->request;

        if (__builtin_expect(frame->state == THUNK_CALLBACK, 1)) {
            errno = request->error;
            request->run(request->target, request->frame);
            request->error = errno;
        }
        thunk_guest_service_check(library);
        pass(resume, resume, request, frame,
             way != THUNK_SYSCALL_DOOR &&
                 thunk_guest_mailbox.state == THUNK_MAILBOX_OPEN);
    }
    if (frame->state == THUNK_CRASHED) {
        thunk_guest_crash(library, (uint32_t)(entry - library->entries));
    }
    if (frame->state == THUNK_LOST) {
        end_await();
    }
    if (frame->state != THUNK_DONE) {
        thunk_log(THUNK_LOG_ERROR,
                  frame->state == THUNK_REFUSED
                      ? "%s: the host refuses a call"
                      : "%s: a call got no answer from the plugin",
                  library->soname);
        abort();
    }
    errno = way != THUNK_LEAF && frame->error != 0 ? frame->error : before;
}

thunk_function thunk_guest_finish(struct thunk_library *library, void **entry,
                                  struct thunk_frame *frame, enum thunk_way way)
{
    void *word = __atomic_load_n(entry, __ATOMIC_RELAXED);

    /* The way of every fast call where there is no instruction door. */
    if (frame->state == THUNK_LOST && word != NULL &&
        thunk_guest_mailbox.state == THUNK_MAILBOX_CLOSED) {
        thunk_pass(thunk_enter(library, THUNK_SYSCALL_DOOR), word, frame);
    }
    if (frame->state == THUNK_LOST) {
        return thunk_guest_call(library, entry, frame, way);
    }
    if (frame->state != THUNK_DONE || frame->error != 0) {
        call_finish(library, entry, frame, way);
    }
    return NULL;
}

thunk_function thunk_guest_call(struct thunk_library *library, void **entry,
                                struct thunk_frame *frame, enum thunk_way way)
{
    uint32_t index = (uint32_t)(entry - library->entries);
    void *word = __atomic_load_n(entry, __ATOMIC_ACQUIRE);
    /* Then the caller has knocked already, and in vain. */
    bool was_ready =
        word != NULL && thunk_guest_mailbox.state == THUNK_MAILBOX_OPEN;
    thunk_function real;

    if (word == NULL) {
        /* Known to be the guest's own: no need to ask again. */
        real = __atomic_load_n(&library->reals[index], __ATOMIC_ACQUIRE);
        if (real != NULL) {
            return real;
        }
        word = thunk_guest_resolve(library, index);
        if (word == NULL) {
            return thunk_guest_real(library, index);
        }
    }
    /* A knock came to nothing, or the host wants something first, or it is this
     * thread's first call. */
    if (thunk_guest_mailbox.state == THUNK_MAILBOX_NEW) {
        thunk_guest_mailbox.state = THUNK_MAILBOX_UNUSED;
        thunk_guest_thread_begin();
    }
    thunk_guest_service_check(library);
    pass(thunk_guest_enter_kept(library, way),
         thunk_guest_enter_kept(library, THUNK_SYSCALL_DOOR), word, frame,
         way != THUNK_SYSCALL_DOOR && !was_ready && thunk_guest_mailbox_open());
    call_finish(library, entry, frame, way);
    return NULL;
}
