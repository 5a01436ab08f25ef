/* SPDX-License-Identifier: MIT
 *
 * Calls on stacks of their own. A call is one object together with its stack;
 * while a callback runs in the guest it is just left suspended, so calls of one
 * thread may finish in any order. Unused ones wait in a list of their thread,
 * and what a thread leaves behind in the pool of the process (stack.c).
 */
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <thunk_arch_host.h>

#include "convert.h"
#include "probe.h"
#include "stack.h"

struct thread_state {
    struct thunk_host_call *running;
    struct thunk_host_call *unused;
    struct thunk_host_call *suspended; /* last, unless it has been resumed */
    const void *guarded; /* on the door's own stack, where a fault goes to: */
    void *guard[5];      /* __builtin_setjmp()'s */
    int *error;          /* errno's place, which would take a call */
    uint64_t control; /* of the vCPU: nothing else that runs there changes it */
    bool is_registered; /* the two above are set, thread_leave() will come */
};

static __thread struct thread_state self
    __attribute__((tls_model("initial-exec")));

static pthread_key_t thread_key;
static bool has_thread_key;
static pthread_once_t thread_key_once = PTHREAD_ONCE_INIT;

/* Around code that may fault on the door's own stack: for a leaf its entry,
 * plus 1, for other code whatever is not NULL, and NULL afterwards. The handler
 * looks at it, of which the compiler knows nothing: it must neither drop the
 * one store for the other, nor move over them what may fault. */
static inline void guard_set(const void *guarded)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    self.guarded = guarded;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

/* What may fault must be a call, and one that the compiler knows nothing of:
 * gcc leaves out the way back from __builtin_setjmp() if it sees no call that
 * could take it, and a store or load of our own is none to it. */
#if __has_attribute(noipa)
#define MAY_FAULT __attribute__((noipa))
#else
#define MAY_FAULT __attribute__((noinline))
#endif

/* Runs an entry, and fills in the frame's head. */
static inline enum thunk_outcome entry_run(const struct thunk_host_entry *entry,
                                           struct thunk_frame *frame)
{
    if (__builtin_expect(entry->check != thunk_host_check(entry), 0)) {
        return CALL_REFUSED;
    }
    entry->code(frame, entry->real);
    return CALL_DONE;
}

static inline bool files_are_touched(void)
{
    return __builtin_expect(
        __atomic_load_n(&thunk_host_files_touched, __ATOMIC_RELAXED) != 0, 0);
}

/* A library that has no streams in its interface may have read from stdin. */
static __attribute__((noinline, cold)) void files_give_back(void)
{
    const int error = thunk_host_error_get();

    thunk_host_files_give_back(true);
    thunk_host_error_set(error);
}

/* A stack is used again from inside this loop, by whatever thread: so it must
 * not touch errno, whose place a compiler may keep in a register. The vCPU's
 * side has left that in the call. */
void thunk_host_call_main(void)
{
    struct thunk_host_call *call = self.running;

    for (;;) {
        call->outcome = entry_run(call->entry, call->frame);
        if (__builtin_expect(call->outcome == CALL_DONE, 1)) {
            if (files_are_touched()) {
                files_give_back();
                call->outcome = CALL_DONE;
            }
            call->frame->error = *call->error;
            call->frame->state = THUNK_DONE;
        }
        fiber_leave(&call->fiber);
        thunk_switch_here(&call->stack_pointer, call->door_pointer,
                          thunk_arch_control());
    }
}

/* Only the call's own thread does this, and stack.c when that does not; so it
 * is no atomic addition. */
static inline void turn_next(struct thunk_host_call *call, int order)
{
    uint64_t turn = __atomic_load_n(&call->turns, __ATOMIC_RELAXED);

    __atomic_store_n(&call->turns, turn + 1, order);
}

/* Hands the unused stacks of a thread that ends to the process. */
static void thread_leave(void *state)
{
    struct thread_state *thread = state;

    thread->is_registered = false; /* destructors to come may call again */
    thunk_host_signal_leave();
    thunk_observe_leave();
    while (thread->unused != NULL) {
        struct thunk_host_call *call = thread->unused;

        thread->unused = call->next;
        thunk_host_stack_give(call);
    }
}

static void thread_key_make(void)
{
    has_thread_key = pthread_key_create(&thread_key, thread_leave) == 0;
    if (!has_thread_key) {
        thunk_log(THUNK_LOG_ERROR, "no pthread key left: stacks of threads "
                                   "that end are not used again");
    }
}

static __attribute__((noinline, cold)) void thread_register(void)
{
    pthread_once(&thread_key_once, thread_key_make);
    if (has_thread_key) {
        pthread_setspecific(thread_key, &self);
    }
    self.error = &errno;
    self.control = thunk_arch_control();
    self.is_registered = true;
}

static __attribute__((noinline, cold)) struct thunk_host_call *
call_take_slowly(void)
{
    if (!self.is_registered) {
        thread_register();
    }
    return thunk_host_stack_take();
}

static MAY_FAULT void memory_write(char *to, const char *from, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        to[i] = from[i];
    }
}

bool thunk_host_give(void *to, const void *from, size_t size)
{
    volatile bool is_done = false;

    if (__builtin_setjmp(self.guard) == 0) {
        guard_set(&self);
        memory_write(to, from, size);
        is_done = true;
    }
    guard_set(NULL);
    return is_done;
}

/* The names of what may be any word of the guest's. */
struct names {
    const char *soname, *function;
};

static struct names entry_names(const struct thunk_host_entry *entry)
{
    struct thunk_host_entry copy;

    if (thunk_host_probe(&copy, entry, sizeof(copy)) != THUNK_PROBE_DONE ||
        copy.check != thunk_host_check(entry) || copy.library == NULL) {
        return (struct names){"?", "?"};
    }
    return (struct names){copy.library->table->soname,
                          copy.library->functions[copy.index].name};
}

/* Tells the guest how its call ended where that is not as it should. Where
 * there is no frame, the guest finds its own as it has preset it. */
static __attribute__((noinline, cold)) void
frame_tell(struct thunk_frame *frame, enum thunk_outcome outcome)
{
    uint32_t state = outcome == CALL_CRASHED ? THUNK_CRASHED : THUNK_REFUSED;

    (void)thunk_host_give(&frame->state, &state, sizeof(state));
}

static __attribute__((noinline, cold)) void
call_fail(struct thunk_frame *frame, enum thunk_outcome outcome,
          const void *entry)
{
    if (outcome == CALL_REFUSED) {
        thunk_log(THUNK_LOG_ERROR,
                  "refused: a call of %p, which is no function of a thunk "
                  "library",
                  entry);
    }
    frame_tell(frame, outcome);
}

/* There is no stack for the call. Where each waits for the next, a program
 * natively has no stack left, and gets its SIGSEGV. */
static __attribute__((noinline, cold)) void
call_refuse(const struct thunk_host_entry *entry, struct thunk_frame *frame)
{
    const struct names names = entry_names(entry);
    const struct thunk_stack_count count = thunk_host_stack_count();

    if (count.made >= count.limit) {
        thunk_log(THUNK_LOG_ERROR,
                  "%s: %s: %zu calls wait for callbacks to return, so this "
                  "looks like a recursion without end; THUNK_STACKS=N in the "
                  "environment allows for N",
                  names.soname, names.function, count.limit);
    } else {
        thunk_log(THUNK_LOG_ERROR,
                  "%s: %s: no memory for a host stack; %zu are there",
                  names.soname, names.function, count.made);
    }
    frame_tell(frame, CALL_CRASHED);
}

static __attribute__((noinline, cold)) void
resume_refuse(const void *request, struct thunk_frame *frame)
{
    thunk_log(THUNK_LOG_ERROR,
              "refused: to resume %p, which is no suspended call, or another "
              "one by now",
              request);
    frame_tell(frame, CALL_REFUSED);
}

/* Runs the call until it is done or wants something of the guest. `error` is
 * errno as the host function is to see it. */
static inline void call_continue(struct thunk_host_call *call, int error)
{
    self.running = call;
    call->error = self.error;
    *self.error = error;
    fiber_enter(&call->fiber);
    thunk_switch_here(&call->door_pointer, call->stack_pointer, self.control);
    self.running = NULL;
    if (__builtin_expect(thunk_host_signal_looks != 0, 0)) {
        thunk_host_signal_leave();
    }
    if (call->outcome == CALL_SUSPENDED) {
        return;
    }
    if (__builtin_expect(call->outcome == CALL_MISTAKEN, 0)) {
        resume_refuse(&call->request, call->mistaken);
        return;
    }
    if (__builtin_expect(call->outcome != CALL_DONE, 0)) {
        call_fail(call->frame, call->outcome, call->entry);
        thunk_host_stack_reset(call);
    }
    call->next = self.unused;
    self.unused = call;
}

/* A call that has not begun. NULL: another thread has made it, by `proc`; or
 * there is no memory, which the guest is told. */
static inline struct thunk_host_call *
call_take(const struct thunk_host_entry *entry, struct thunk_frame *frame,
          thunk_proc *proc)
{
    struct thunk_host_call *call = self.unused;

    if (__builtin_expect(call != NULL, 1)) {
        self.unused = call->next;
    } else {
        /* A vCPU that passes its calls on has no stacks. */
        if (thunk_host_thread_forward(proc, (void *)(uintptr_t)entry, frame)) {
            return NULL;
        }
        call = call_take_slowly();
        if (call == NULL) {
            call_refuse(entry, frame);
            return NULL;
        }
    }
    call->entry = entry;
    __atomic_store_n(&call->frame, frame, __ATOMIC_RELAXED);
    return call;
}

void thunk_host_enter(void *entry, void *frame)
{
    struct thunk_host_call *call = call_take(entry, frame, thunk_host_enter);

    if (__builtin_expect(call != NULL, 1)) {
        call_continue(call, 0);
        if (call->outcome == CALL_SUSPENDED) {
            thunk_leave();
        }
    }
}

/* A crash must not reach QEMU: it does not expect one in code that translated
 * code has called. The builtin notes three words, where setjmp() would save all
 * registers and a signal mask. */
void thunk_host_enter_leaf(void *entry, void *frame)
{
    volatile enum thunk_outcome outcome = CALL_CRASHED;

    if (__builtin_setjmp(self.guard) == 0) {
        guard_set((const void *)((uintptr_t)entry | 1));
        outcome = entry_run(entry, frame);
        if (__builtin_expect(outcome == CALL_DONE, 1)) {
            ((struct thunk_frame *)frame)->state = THUNK_DONE;
        }
    }
    guard_set(NULL);
    if (__builtin_expect(outcome != CALL_DONE, 0)) {
        call_fail(frame, outcome, entry);
    }
}

/* Whether it is a call, and suspended. */
static MAY_FAULT bool call_is_good(const struct thunk_host_call *call)
{
    return call->check == thunk_host_check(call) &&
           __atomic_load_n(&call->turns, __ATOMIC_RELAXED) % 2 == 1;
}

/* The same for what may be anything. */
static bool call_is_suspended(const struct thunk_host_call *call)
{
    volatile bool is_suspended = false;

    if (__builtin_setjmp(self.guard) == 0) {
        guard_set(&self);
        is_suspended = call_is_good(call);
    }
    guard_set(NULL);
    return is_suspended;
}

/* Ready to go on, with that frame. NULL: another thread has gone on with it, by
 * `proc`; or refused, which the guest is told. */
static inline struct thunk_host_call *
call_resume(void *request, struct thunk_frame *frame, thunk_proc *proc)
{
    struct thunk_host_call *call =
        (struct thunk_host_call *)(void *)((char *)request -
                                           offsetof(struct thunk_host_call,
                                                    request));

    if (__builtin_expect(
            call != self.suspended ||
                __atomic_load_n(&call->turns, __ATOMIC_RELAXED) % 2 == 0,
            0) &&
        !call_is_suspended(call)) {
        resume_refuse(request, frame);
        return NULL;
    }
    if (__builtin_expect(!self.is_registered, 0)) {
        if (thunk_host_thread_forward(proc, request, frame)) {
            return NULL;
        }
        thread_register(); /* the call began on another thread */
    }
    self.suspended = NULL;
    /* Before anything is written to the frame, as stack.c needs */
    turn_next(call, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    __atomic_store_n(&call->frame, frame, __ATOMIC_RELAXED);
    return call;
}

void thunk_host_resume(void *request, void *frame)
{
    struct thunk_host_call *call =
        call_resume(request, frame, thunk_host_resume);

    if (__builtin_expect(call != NULL, 1)) {
        call_continue(call, call->request.error);
        if (call->outcome == CALL_SUSPENDED) {
            thunk_leave();
        }
    }
}

/* ---- the same for calls that are observed ---- */

static bool frame_is_done(const struct thunk_frame *frame)
{
    uint32_t state;

    return thunk_host_probe(&state, &frame->state, sizeof(state)) ==
               THUNK_PROBE_DONE &&
           state == THUNK_DONE;
}

static void call_continue_observed(struct thunk_host_call *call, int error)
{
    call_continue(call, error);
    if (call->outcome != CALL_SUSPENDED) {
        thunk_observe_end(&call->observation, call->outcome == CALL_DONE);
    }
}

static void enter_observed(void *entry, void *frame, enum thunk_way way,
                           thunk_proc *proc)
{
    struct thunk_host_call *call = call_take(entry, frame, proc);

    if (call != NULL) {
        thunk_observe_start(&call->observation, entry, frame, way);
        call_continue_observed(call, 0);
    }
}

void thunk_host_enter_observed_syscall(void *entry, void *frame)
{
    enter_observed(entry, frame, THUNK_SYSCALL_DOOR,
                   thunk_host_enter_observed_syscall);
}

void thunk_host_enter_observed_fast(void *entry, void *frame)
{
    enter_observed(entry, frame, THUNK_FAST, thunk_host_enter_observed_fast);
}

/* Takes a call for its place alone, which the watch may look at any time. */
void thunk_host_enter_observed_leaf(void *entry, void *frame)
{
    struct thunk_host_call *call =
        call_take(entry, frame, thunk_host_enter_observed_leaf);

    if (call != NULL) {
        thunk_observe_start(&call->observation, entry, frame, THUNK_LEAF);
        thunk_host_enter_leaf(entry, frame);
        thunk_observe_end(&call->observation, frame_is_done(frame));
        call->next = self.unused;
        self.unused = call;
    }
}

void thunk_host_resume_observed(void *request, void *frame)
{
    struct thunk_host_call *call =
        call_resume(request, frame, thunk_host_resume_observed);

    if (call != NULL) {
        thunk_observe_resume(&call->observation, call->target,
                             call->request.frame);
        call_continue_observed(call, call->request.error);
    }
}

/* ---- what happens inside of a call ---- */

bool thunk_host_call_is_running(void)
{
    return self.running != NULL || self.guarded != NULL;
}

bool thunk_host_call_is_leaf(void)
{
    return self.guarded != NULL;
}

bool thunk_host_call_has_guest(void)
{
    return self.guarded != NULL ||
           (self.running != NULL && self.running->entry->library != NULL);
}

const struct thunk_host_entry *thunk_host_call_entry(void)
{
    return self.running == NULL ? NULL : self.running->entry;
}

struct thunk_host_block **thunk_host_call_blocks(void)
{
    return self.running == NULL || self.guarded != NULL ? NULL
                                                        : &self.running->blocks;
}

void thunk_host_call_count_fault(void)
{
    if (self.running != NULL && self.running->observation.entry != NULL) {
        thunk_observe_fault(&self.running->observation);
    }
}

void thunk_host_call_tell_bad_callback(thunk_function address)
{
    const struct thunk_host_call *call = self.suspended;
    void *place = (void *)(uintptr_t)address;

    if (call != NULL && call->request.target == address) {
        const struct thunk_host_library *caller = call->entry->library;
        const struct thunk_host_target *target = call->target;

        thunk_log(
            THUNK_LOG_ERROR, "%s: %s calls back (%s) to %p, which is no code",
            caller->table->soname, caller->functions[call->entry->index].name,
            target->library->callbacks[target->index].name, place);
    } else if (address != NULL && address == thunk_host_thread_target()) {
        thunk_log(THUNK_LOG_ERROR,
                  "a thread of the host's own calls back to %p, which is no "
                  "code",
                  place);
    }
}

bool thunk_host_call_is_registered(void)
{
    return self.is_registered;
}

void thunk_host_call_abandon(void)
{
    struct thunk_host_call *call = self.running;

    if (self.guarded != NULL) {
        __builtin_longjmp(self.guard, 1);
    }
    call->outcome = CALL_CRASHED;
    fiber_leave(&call->fiber);
    thunk_switch(&call->stack_pointer, call->door_pointer);
    abort(); /* nobody resumes it */
}

/* Leaves the call's stack until the guest comes back. */
static inline void call_leave(struct thunk_host_call *call,
                              enum thunk_outcome outcome)
{
    call->outcome = outcome;
    self.suspended = call;
    turn_next(call, __ATOMIC_RELEASE);
    fiber_leave(&call->fiber);
    thunk_switch(&call->stack_pointer, call->door_pointer);
}

/* The guest has come back with a frame that is not the one that was left, but
 * one from before: the call was given up and is now another's, which goes on
 * waiting. Here, since only here a fault is caught. */
static __attribute__((noinline, cold)) void
call_mistaken(struct thunk_host_call *call, struct thunk_frame *frame,
              int32_t turn)
{
    while (call->frame->error != turn) {
        call->mistaken = call->frame;
        call->frame = frame;
        call_leave(call, CALL_MISTAKEN);
    }
}

/* Until the guest comes back by thunk_host_resume(), with the frame as it is
 * now. */
static inline void call_suspend(struct thunk_host_call *call, uint32_t state)
{
    struct thunk_frame *frame = call->frame;
    /* An abandoned call's is written by who reclaims it. */
    int32_t turn = (int32_t)__atomic_load_n(&call->turns, __ATOMIC_RELAXED);

    frame->error = turn;
    frame->request = &call->request;
    frame->state = state;
    call_leave(call, CALL_SUSPENDED);
    if (__builtin_expect(call->frame->error != turn, 0)) {
        call_mistaken(call, frame, turn);
    }
}

/* Not the runtime's own work, for which no guest waits. */
bool thunk_host_call_can_pause(uintptr_t stack_pointer)
{
    struct thunk_host_call *call = self.running;

    return call != NULL && self.guarded == NULL &&
           call->entry->library != NULL &&
           stack_pointer >= (uintptr_t)thunk_host_stack_lowest(call) &&
           stack_pointer < (uintptr_t)call;
}

void thunk_host_call_pause(void)
{
    struct thunk_host_call *call = self.running;

    thunk_host_data_give_all();
    call->request = (struct thunk_request){.error = *call->error};
    call->target = NULL;
    if (call->observation.entry != NULL) {
        thunk_observe_suspend(&call->observation, NULL, NULL);
    }
    call_suspend(call, THUNK_SIGNALLED);
    thunk_host_data_take_all();
}

static __attribute__((noinline, cold)) void
leaf_tell(const struct thunk_host_target *target)
{
    uintptr_t entry = (uintptr_t)self.guarded & ~(uintptr_t)1;

    thunk_log(THUNK_LOG_ERROR,
              "%s: the spec calls %s a leaf, but it calls back (%s): remove "
              "'leaf'",
              target->library->table->soname,
              entry_names((const struct thunk_host_entry *)entry).function,
              target->library->callbacks[target->index].name);
}

void thunk_host_callback(const struct thunk_host_target *target,
                         struct thunk_frame *frame)
{
    struct thunk_host_call *call = self.running;

    if (self.guarded != NULL) {
        leaf_tell(target);
        thunk_host_call_abandon();
    }
    if (call == NULL) {
        thunk_host_thread_callback(target, frame);
        return;
    }
    if (files_are_touched() && target->library->handle != NULL) {
        thunk_host_files_give_back(false);
    }
    call->request = (struct thunk_request){
        .run = target->library->runners[target->index],
        .target = target->target,
        .frame = frame,
        .error = *call->error,
    };
    call->target = target;
    if (__builtin_expect(call->observation.entry != NULL, 0)) {
        thunk_observe_suspend(&call->observation, target, frame);
    }
    call_suspend(call, THUNK_CALLBACK);
}
