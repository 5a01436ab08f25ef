/* SPDX-License-Identifier: MIT */
#include "program.h"

#include "heap.h"
#include "host.h"
#include "process.h"

/* ---- the host calls the guest ---- */

static thunk_runner *program_runner;

static const struct thunk_table program_table = {.soname = "libthunk-guest.so"};
static const struct thunk_host_callback program_callback = {
    .name = "program",
    .trace = "program(name=%s)",
};
static struct thunk_host_library program_library = {
    .table = &program_table,
    .callbacks = &program_callback,
    .runners = &program_runner,
};

static bool guest_ask(struct thunk_program_frame *frame)
{
    const struct thunk_host_target target = {.library = &program_library};

    if (!thunk_host_heap_has_guest()) {
        return false;
    }
    thunk_host_callback(&target, &frame->head);
    return true;
}

thunk_function thunk_host_program_find(const char *name)
{
    struct thunk_program_frame frame = {
        .name = name,
        .kind = THUNK_PROGRAM_FIND,
    };

    return guest_ask(&frame) ? frame.function : NULL;
}

bool thunk_host_program_call(struct thunk_procedure *procedure,
                             struct thunk_program_frame *frame)
{
    frame->name = procedure->name;
    frame->function = __atomic_load_n(&procedure->function, __ATOMIC_RELAXED);
    if (!guest_ask(frame)) {
        return false;
    }
    if (frame->function == NULL) {
        thunk_log(THUNK_LOG_ERROR, "the program has no %s()", procedure->name);
        return false;
    }
    __atomic_store_n(&procedure->function, frame->function, __ATOMIC_RELAXED);
    return true;
}

bool thunk_host_program_try(struct thunk_procedure *procedure,
                            struct thunk_program_frame *frame)
{
    return !thunk_host_call_is_leaf() &&
           thunk_host_program_call(procedure, frame);
}

/* ---- the guest calls the host ---- */

static void finish_entry(struct thunk_frame *head, thunk_function real)
{
    (void)head;
    (void)real;
    if (thunk_host_heap_is_apart()) {
        thunk_host_finish();
    }
}

static void thread_end_entry(struct thunk_frame *head, thunk_function real)
{
    struct thunk_process_frame *frame =
        (struct thunk_process_frame *)(void *)head;

    (void)real;
    frame->was_needed = thunk_host_thread_end();
}

static void attached_entry(struct thunk_frame *head, thunk_function real)
{
    (void)head;
    (void)real;
    if (thunk_host_heap_is_apart()) {
        thunk_host_hooks_settle();
    }
}

static void handler_entry(struct thunk_frame *head, thunk_function real)
{
    const struct thunk_process_frame *frame =
        (struct thunk_process_frame *)(void *)head;

    (void)real;
    thunk_host_handler_run(frame->handler, (int)frame->status);
}

static struct thunk_host_library process_library;
static const struct thunk_table process_table = {
    .soname = "process",
    .count = THUNK_PROCESS_CALL_COUNT,
    .library = &process_library,
};
static const struct thunk_host_function functions[THUNK_PROCESS_CALL_COUNT] = {
    [THUNK_PROCESS_FINISH] = {.name = "host_finish", .entry = finish_entry},
    [THUNK_PROCESS_THREAD_END] = {.name = "host_thread_end",
                                  .entry = thread_end_entry},
    [THUNK_PROCESS_ATTACHED] = {.name = "host_attached",
                                .entry = attached_entry},
    [THUNK_PROCESS_HANDLER] = {.name = "host_handler", .entry = handler_entry},
};
static struct thunk_host_entry entries[THUNK_PROCESS_CALL_COUNT];

/* Without statistics: these are no calls of the program's. */
static struct thunk_host_library process_library = {
    .table = &process_table,
    .functions = functions,
    .symbol_count = THUNK_PROCESS_CALL_COUNT,
    .entry_count = THUNK_PROCESS_CALL_COUNT,
    .entries = entries,
};

void thunk_host_program_start(struct thunk_attachment *attachment)
{
    thunk_host_lock();
    if (program_runner == NULL) {
        program_runner = attachment->program;
        thunk_host_end_start(attachment);
    }
    for (uint32_t i = 0; i < THUNK_PROCESS_CALL_COUNT; i++) {
        if (entries[i].code == NULL) {
            thunk_host_entry_set(&entries[i], &process_library, i, NULL);
            entries[i].is_traced = false;
        }
        attachment->process_entries[i] = &entries[i];
    }
    thunk_host_unlock();
}
