/* SPDX-License-Identifier: MIT
 *
 * What the process has once and both sides want: functions of the guest's libc,
 * which the host's libraries call (thunk/program.h), and the ends of threads
 * and of the process, of which the host is told.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <thunk/program.h>

#include "guest.h"

/* ---- the host calls the guest's libc ---- */

typedef int64_t integer_function(uint64_t, uint64_t, uint64_t, uint64_t,
                                 uint64_t, uint64_t);
typedef double real_function(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t,
                             uint64_t);

static thunk_function function_find(const char *name)
{
    const int saved = errno;
    void *found;

    thunk_guest_search_begin();
    found = dlsym(RTLD_DEFAULT, name);
    if (found == NULL) {
        (void)dlerror(); /* the program's own would come to see it */
    }
    thunk_guest_search_end();
    errno = saved;
    return (thunk_function)(uintptr_t)found;
}

void thunk_guest_program(thunk_function target, struct thunk_frame *head)
{
    struct thunk_program_frame *frame =
        (struct thunk_program_frame *)(void *)head;
    const uint64_t *a = frame->arguments;

    (void)target;
    if (frame->function == NULL) {
        frame->function = function_find(frame->name);
    }
    if (frame->function == NULL || frame->kind == THUNK_PROGRAM_FIND) {
        return;
    }
    if (frame->kind == THUNK_PROGRAM_DOUBLE) {
        frame->result.real = ((real_function *)frame->function)(
            a[0], a[1], a[2], a[3], a[4], a[5]);
    } else {
        frame->result.integer = ((integer_function *)frame->function)(
            a[0], a[1], a[2], a[3], a[4], a[5]);
    }
}

/* ---- the host is told ---- */

/* The host's half, as a library of these functions. */
static void *entries[THUNK_PROCESS_CALL_COUNT];
static const struct thunk_guest_symbol symbols[THUNK_PROCESS_CALL_COUNT] = {
    [THUNK_PROCESS_FINISH] = {"host_finish", NULL},
    [THUNK_PROCESS_THREAD_END] = {"host_thread_end", NULL},
    [THUNK_PROCESS_ATTACHED] = {"host_attached", NULL},
    [THUNK_PROCESS_HANDLER] = {"host_handler", NULL},
};
static struct thunk_library library = {
    .soname = "process",
    .count = THUNK_PROCESS_CALL_COUNT,
    .symbols = symbols,
    .entries = entries,
};

void thunk_guest_process_start(const struct thunk_attachment *attachment)
{
    thunk_guest_library_start(&library, attachment);
    for (int i = 0; i < THUNK_PROCESS_CALL_COUNT; i++) {
        __atomic_store_n(&entries[i], attachment->process_entries[i],
                         __ATOMIC_RELEASE);
    }
}

static void host_call(enum thunk_process_call call,
                      struct thunk_process_frame *frame)
{
    if (__atomic_load_n(&entries[call], __ATOMIC_ACQUIRE) != NULL) {
        (void)thunk_call(&library, &entries[call], &frame->head,
                         THUNK_SYSCALL_DOOR);
    }
}

/* Whether the host had something to do. */
static bool host_tell(enum thunk_process_call call)
{
    struct thunk_process_frame frame = {0};

    host_call(call, &frame);
    return frame.was_needed;
}

void thunk_guest_on_exit(int status, void *handler)
{
    struct thunk_process_frame frame = {
        .handler = (uintptr_t)handler,
        .status = status,
    };

    host_call(THUNK_PROCESS_HANDLER, &frame);
}

void thunk_guest_at_exit(void *handler)
{
    thunk_guest_on_exit(0, handler);
}

static void quick_exit_run(void)
{
    thunk_guest_on_exit(0, NULL);
}

int thunk_guest_quick_exit_add(void)
{
    return at_quick_exit(quick_exit_run);
}

void thunk_guest_process_attached(void)
{
    (void)host_tell(THUNK_PROCESS_ATTACHED);
}

/* The GTLs and all that is linked with them are at their end by now. */
__attribute__((destructor)) static void process_finish(void)
{
    (void)host_tell(THUNK_PROCESS_FINISH);
}

enum {
    /* POSIX promises so many rounds of destructors. The first is for the
     * program's, which may call the host's libraries; in the others they may do
     * so as well, and what these do then may lead to more. */
    ROUNDS = 4,
};

static pthread_key_t end_key;
static bool has_end_key;

static __thread struct {
    bool is_known; /* its end will be told, or need not be */
    int rounds;
} self __attribute__((tls_model("initial-exec")));

static void thread_end(void *value)
{
    const bool is_first = ++self.rounds == 1;

    if (is_first ||
        (host_tell(THUNK_PROCESS_THREAD_END) && self.rounds < ROUNDS)) {
        (void)pthread_setspecific(end_key, value);
    }
}

void thunk_guest_thread_begin(void)
{
    if (!self.is_known && has_end_key) {
        self.is_known = true;
        (void)pthread_setspecific(end_key, &self);
    }
}

/* Early, so that the key is one of those that need no memory: a thread's first
 * call may come from a signal handler, and the heap's has no memory yet. Before
 * this, only the first thread has been there. */
__attribute__((constructor)) static void end_key_make(void)
{
    has_end_key = pthread_key_create(&end_key, thread_end) == 0;
    thunk_guest_thread_begin();
}

void thunk_guest_thread_forget(void)
{
    self.is_known = true;
}
