/* SPDX-License-Identifier: MIT
 *
 * The host's side of function pointers without a type (thunk/net.h). Host code
 * that jumps to a guest function that nobody has announced goes on at a
 * trampoline that takes all registers along; a guest that jumps to a host
 * function goes on at a stub that does the same the other way.
 */
#include <errno.h>
#include <stdlib.h>

#include "../common/net.h"
#include "crossing.h"
#include "host.h"
#include "net.h"
#include "observe.h"
#include "probe.h"

enum {
    NAME_SIZE = 128,
    PAGE_SIZE = 4096, /* divides every page size that Linux has */
};

static void call_entry(struct thunk_frame *head, thunk_function real);

/* The guest's, as ELF's e_machine. */
static uint64_t guest_machine;

/* Both directions as one function and one callback of a library. */
static thunk_runner *runner;
static struct thunk_host_library library;
static const struct thunk_table table = {
    .soname = "untyped",
    .count = 1,
    .library = &library,
};
static const struct thunk_host_function function = {
    .name = "host_function",
    .entry = call_entry,
    .trace = "host_function(at=%p, %p, %p, %p, %p, %p, %p)",
};
static const struct thunk_host_callback callback = {
    .name = "guest_function",
    .code = thunk_net_enter,
    .trace = "guest_function(at=%p, %p, %p, %p, %p, %p, %p)",
};
static struct thunk_host_entry untyped_entry;
static struct thunk_host_library library = {
    .table = &table,
    .functions = &function,
    .entry_count = 1,
    .callbacks = &callback,
    .runners = &runner,
    .entries = &untyped_entry,
};

void thunk_host_net_start(struct thunk_attachment *attachment)
{
    bool is_observed = thunk_observe_is_wanted();

    thunk_host_lock();
    if (runner == NULL) {
        runner = attachment->net_run;
        guest_machine = attachment->machine;
        untyped_entry = (struct thunk_host_entry){
            .check = thunk_host_check(&untyped_entry),
            .code = call_entry,
            .library = &library,
            .is_traced = thunk_observe_is_traced(function.name),
        };
    }
    thunk_host_unlock();
    if (is_observed && !thunk_observe_library(&library)) {
        return; /* no memory: there is no net then */
    }
    attachment->net_entry = &untyped_entry;
    attachment->net_fault = thunk_host_net_fault;
}

bool thunk_host_net_is(const struct thunk_host_library *other)
{
    return other == &library;
}

const char *thunk_host_net_carries(void)
{
    return guest_machine == THUNK_ARCH_MACHINE
               ? "all registers, and 128 bytes of the stack"
               : "integers, pointers, and up to eight of float and double; but "
                 "no structs by value, no long double, and not what '...' "
                 "stands for";
}

/* How many arguments there are nobody can see, so what is beyond the above is
 * wrong without a word. Here is the one word of it. */
static void pointer_tell(const char *caller, const char *side,
                         thunk_function address)
{
    thunk_log(THUNK_LOG_INFO,
              "%s calls a function of the %s's at %p, whose type is not known: "
              "what crosses is %s",
              caller, side, (void *)(uintptr_t)address,
              thunk_host_net_carries());
}

/* What lies on the caller's stack, which may end there: then the kernel copies
 * what there is. To the sanitizers it is nobody's. */
static __attribute__((noinline, no_sanitize("address", "thread"))) void
words_copy(struct thunk_net_frame *frame)
{
    const volatile uint64_t *from = frame->stack;
    uintptr_t last = (uintptr_t)(from + THUNK_NET_WORD_COUNT) - 1;
    int saved = errno;

    /* The caller's return address is just below. */
    if (((uintptr_t)(from - 1) ^ last) < PAGE_SIZE) {
        for (size_t i = 0; i < THUNK_NET_WORD_COUNT; i++) {
            frame->words[i] = from[i];
        }
        return;
    }
    memset(frame->words, 0, sizeof(frame->words));
    (void)thunk_host_probe(frame->words, frame->stack, sizeof(frame->words));
    errno = saved;
}

/* ---- the guest calls the host ---- */

static void call_entry(struct thunk_frame *head, thunk_function real)
{
    struct thunk_net_frame *frame = (struct thunk_net_frame *)(void *)head;

    (void)real; /* the frame has it */
    words_copy(frame);
    thunk_host_files_take();
    thunk_host_data_take_all();
    thunk_net_call(frame->function, frame);
    thunk_host_data_give_all();
    thunk_host_files_settle();
}

/* A place in the code of a library of the host's, or in code that one has made.
 * QEMU's own is different in that it is writable as well, and the trampolines
 * are known. */
static bool is_host_function(uintptr_t address)
{
    struct thunk_probe_memory memory;

    return thunk_host_probe_memory(address, &memory) && memory.is_executable &&
           (memory.is_file || !memory.is_writable) &&
           !thunk_host_trampoline_pool_has(address);
}

static void fault_settle(struct thunk_net_fault *fault)
{
    thunk_function address = (thunk_function)fault->address;
    thunk_function made = fault->stub;

    fault->is_wanted = 0;
    fault->stub = thunk_host_trampoline_target(address);
    if (fault->stub == NULL && made != NULL) {
        (void)thunk_host_stub_add(&library, 0, address, made);
        pointer_tell("the program", "host", address);
    }
    if (fault->stub == NULL) {
        fault->stub = thunk_host_stub_fault(address);
    }
    if (fault->stub == NULL && made == NULL) {
        fault->is_wanted = is_host_function(fault->address);
    }
    if (fault->stub == NULL && !fault->is_wanted) {
        thunk_host_call_tell_bad_callback(address);
    }
}

void thunk_host_net_fault(void *fault_, void *unused)
{
    struct thunk_net_fault fault;
    int saved = errno;

    (void)unused;
    if (thunk_host_give(&fault, fault_, sizeof(fault))) {
        fault_settle(&fault);
        (void)thunk_host_give(fault_, &fault, sizeof(fault));
    }
    errno = saved;
}

/* ---- the host calls the guest ---- */

/* What this thread has jumped to, until it is known what that is. */
static __thread struct thunk_host_target pending
    __attribute__((tls_model("initial-exec")));

thunk_function thunk_host_net_enter(uintptr_t address)
{
    pending = (struct thunk_host_target){
        .library = &library,
        .target = (thunk_function)address,
    };
    thunk_host_target_set(&pending);
    return thunk_net_enter;
}

/* Makes it known, if that may be a guest function; whether it really is code,
 * only the guest's own jump to it tells. Else that is a crash. */
static __attribute__((noinline)) const struct thunk_host_target *
pending_settle(const struct thunk_net_frame *frame)
{
    const struct thunk_host_entry *entry = thunk_host_call_entry();
    thunk_function target = pending.target;
    const struct thunk_crossing *found = NULL;
    struct thunk_probe_memory memory;
    int saved = errno;

    if (runner != NULL && thunk_host_probe_memory((uintptr_t)target, &memory) &&
        memory.is_readable && !memory.is_executable &&
        thunk_host_trampoline(&library, 0, target) != NULL) {
        found = thunk_crossing_find(thunk_host_trampolines(), &library, 0,
                                    (uintptr_t)target);
    }
    if (found == NULL) {
        /* What net_enter.S leaves below its caller's arguments */
        thunk_host_fault_jump((uintptr_t)target, frame->stack[-1]);
    }
    thunk_crossing_count(found, entry);
    pointer_tell(entry == NULL || entry->library == NULL
                     ? "the host"
                     : entry->library->functions[entry->index].name,
                 "guest", target);
    errno = saved;
    return &found->target;
}

/* The place for the guest function's name, if it is wanted and not known. */
static __attribute__((noinline)) char *
name_place(const struct thunk_host_target *target)
{
    struct thunk_crossing *crossing =
        (struct thunk_crossing *)(uintptr_t)target;
    int saved = errno;
    char *none = NULL;
    char *name = NULL;

    if (thunk_observe_is_wanted() &&
        __atomic_load_n(&crossing->name, __ATOMIC_RELAXED) == NULL) {
        name = calloc(1, NAME_SIZE);
        if (!__atomic_compare_exchange_n(&crossing->name, &none, name, false,
                                         __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
            free(name);
            name = NULL;
        }
    }
    errno = saved;
    return name;
}

/* errno is looked at in functions of their own, for the reason that stub.c
 * gives. */
void thunk_net_pass(struct thunk_net_frame *frame)
{
    const struct thunk_host_target *target = thunk_host_target();

    if (target == &pending) {
        target = pending_settle(frame);
    }
    frame->function = target->target;
    frame->name = name_place(target);
    frame->name_size = NAME_SIZE;
    thunk_net_give(frame);
    words_copy(frame);
    thunk_host_data_give_all();
    thunk_host_files_lend();
    thunk_host_callback(target, &frame->head);
    thunk_host_files_take();
    thunk_host_data_take_all();
    thunk_net_take(frame);
}
