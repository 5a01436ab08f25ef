/* SPDX-License-Identifier: MIT
 * Speaks the protocol by hand: see thunk/protocol.h and thunk/frame.h. */
#include "garbage.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <thunk/protocol.h>
#include <thunk_arch_guest.h>
#include <unistd.h>

#include "check.h"
#include "loop-frames.h"

#define ADDRESS(pointer) ((uint64_t)(uintptr_t)(pointer))
#define POINTER(address) ((void *)(uintptr_t)(address))
#define COUNT(array)     (sizeof(array) / sizeof(array)[0])

enum door { SYSCALL, KNOCK, DOOR_COUNT };

extern char __executable_start, etext; /* the linker's: our own code */

static __thread struct thunk_mailbox mailbox;

static struct {
    const struct thunk_table *table;
    struct thunk_attachment attachment;
    void *add, *call, *read; /* entries */
    struct garbage thrown;
} host;

/* Memory of every kind that is no good; each is of that size. */
static struct {
    char *zeros; /* can be written; ends where `hidden` begins */
    char *hidden;
    char *constant; /* also zeros */
    char *absent;
    size_t size;
} memory;

/* ---- the protocol ---- */

static void ask(uint64_t id, uint64_t a2, uint64_t a3, uint64_t a4)
{
    (void)thunk_syscall(THUNK_SYSCALL, id, a2, a3, a4);
}

static void pass(enum door door, thunk_proc *proc, void *arg1, void *arg2)
{
    if (door == SYSCALL) {
        ask(THUNK_INVOKE_PROC, ADDRESS(proc), ADDRESS(arg1), ADDRESS(arg2));
        return;
    }
    __asm__("" : "+r"(arg2)); /* see thunk_pass_fast() */
    mailbox.proc = proc;
    mailbox.arg1 = arg1;
    mailbox.arg2 = arg2;
    thunk_knock();
    CHECK(*(thunk_proc *volatile *)&mailbox.proc == NULL); /* it was heard */
}

static void visit_run(thunk_function target, struct thunk_frame *head)
{
    struct thunk_callback_loop_visit *frame = (void *)head;

    frame->result = ((loop_visit)target)(frame->context, frame->value_);
}

static long visit(void *context, long value)
{
    *(long *)context += 1;
    return 2 * value;
}

static void *entry_find(uint64_t index)
{
    struct thunk_resolution resolution = {.index = index};

    pass(SYSCALL, host.table->resolve, &resolution, host.table->library);
    CHECK(resolution.entry != NULL);
    return resolution.entry;
}

static void host_attach(const char *htl)
{
    static thunk_runner *const runners[THUNK_CALLBACK_COUNT] = {
        [THUNK_CALLBACK_loop_visit] = visit_run,
    };
    volatile uint64_t slot = 0;

    ask(THUNK_LOAD_LIBRARY, ADDRESS(htl), 2, ADDRESS(&slot));
    CHECK(slot != 0);
    ask(THUNK_GET_PROC_ADDRESS, slot, ADDRESS(THUNK_TABLE_SYMBOL),
        ADDRESS(&slot));
    CHECK(slot != 0);
    host.table = POINTER(slot);
    CHECK_SAME(host.table->hash, THUNK_HASH);
    host.attachment.runners = runners;
    pass(SYSCALL, host.table->attach, &host.attachment, host.table->library);
    CHECK(host.attachment.error == NULL);
    host.add = entry_find(THUNK_INDEX_loop_add);
    host.call = entry_find(THUNK_INDEX_loop_call);
    host.read = entry_find(THUNK_INDEX_loop_read);

    slot = 0;
    ask(THUNK_OPEN_DOOR, ADDRESS(&__executable_start), ADDRESS(&etext),
        ADDRESS(&slot));
    CHECK_SAME(slot, 1);
    slot = 0;
    ask(THUNK_SET_MAILBOX, ADDRESS(&mailbox), ADDRESS(&slot), 0);
    CHECK_SAME(slot, 1);
}

static void memory_make(void)
{
    char *start;

    memory.size = (size_t)sysconf(_SC_PAGESIZE);
    start = mmap(NULL, 3 * memory.size, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(start != MAP_FAILED);
    memory.zeros = start;
    memory.hidden = start + memory.size;
    memory.constant = start + 2 * memory.size;
    memory.absent = POINTER(0x8000); /* below what Linux ever gives out */
    CHECK(mprotect(memory.hidden, memory.size, PROT_NONE) == 0);
    CHECK(mprotect(memory.constant, memory.size, PROT_READ) == 0);
}

/* ---- proper calls ---- */

/* Each way, through each door that it has. */
static void host_works(void)
{
    static const struct {
        enum thunk_way way;
        enum door door;
    } ways[] = {
        {THUNK_SYSCALL_DOOR, SYSCALL},
        {THUNK_FAST, SYSCALL},
        {THUNK_FAST, KNOCK},
        {THUNK_LEAF, KNOCK},
    };

    for (size_t i = 0; i < COUNT(ways); i++) {
        struct thunk_frame_loop_add frame = {.a = 40, .b = (long)i};

        pass(ways[i].door, host.attachment.enter[ways[i].way], host.add,
             &frame);
        CHECK_SAME(*(volatile uint32_t *)&frame.head.state, THUNK_DONE);
        CHECK_SAME(*(volatile long *)&frame.result, 40 + (long)i);
    }
}

/* A call that waits for its callback. */
static struct thunk_request *call_begin(struct thunk_frame_loop_call *frame,
                                        long *visits)
{
    *frame = (struct thunk_frame_loop_call){
        .visit = visit, .context = visits, .value_ = 21};
    pass(KNOCK, host.attachment.enter[THUNK_FAST], host.call, frame);
    CHECK_SAME(*(volatile uint32_t *)&frame->head.state, THUNK_CALLBACK);
    return frame->head.request;
}

static void call_finish(enum door door, struct thunk_frame_loop_call *frame)
{
    struct thunk_request *request = frame->head.request;

    request->run(request->target, request->frame);
    pass(door, host.attachment.resume, request, frame);
    CHECK_SAME(*(volatile uint32_t *)&frame->head.state, THUNK_DONE);
    CHECK_SAME(*(volatile long *)&frame->result, 43);
}

/* ---- garbage ---- */

/* What the guest's frame says of a piece of garbage. */
static void outcome_count(uint32_t state)
{
    CHECK(state == THUNK_REFUSED || state == THUNK_CRASHED);
    if (state == THUNK_REFUSED) {
        host.thrown.refused++;
    } else {
        host.thrown.crashed++;
    }
}

static void entry_throw(enum thunk_way way, enum door door, void *entry)
{
    struct thunk_frame_loop_add frame = {.a = 1, .b = 2, .result = -1};

    pass(door, host.attachment.enter[way], entry, &frame);
    outcome_count(*(volatile uint32_t *)&frame.head.state);
    CHECK_SAME(*(volatile long *)&frame.result, -1);
    host_works();
}

static void frame_throw(enum thunk_way way, enum door door, void *frame)
{
    pass(door, host.attachment.enter[way], host.add, frame);
    host.thrown.crashed++;
    host_works();
}

static void request_throw(enum door door, void *request)
{
    struct thunk_frame frame = {.state = THUNK_LOST};

    pass(door, host.attachment.resume, request, &frame);
    CHECK_SAME(*(volatile uint32_t *)&frame.state, THUNK_REFUSED);
    host.thrown.refused++;
    host_works();
}

/* AddressSanitizer's code looks by itself at what the program uses, and ends
 * it: only addresses that it takes for good are for us. */
static bool word_is_for_us(const void *word)
{
    return !CHECK_ADDRESS_SANITIZER ||
           (ADDRESS(word) >= 0x10000 && ADDRESS(word) % 8 == 0 &&
            ADDRESS(word) >> 47 == 0);
}

static void entries_throw(enum thunk_way way, enum door door)
{
    char copy[64];
    void *const words[] = {
        NULL,
        POINTER(8),
        POINTER(1),
        POINTER(UINT64_C(1) << 63),
        POINTER(UINT64_MAX),
        POINTER(UINT64_MAX - 7),
        memory.absent,
        memory.hidden,
        memory.zeros,
        memory.constant,
        memory.zeros + 1,
        memory.hidden - 8,   /* only its first word can be read */
        &__executable_start, /* and nothing of the host's */
        (char *)host.add + 1,
        copy, /* an entry that lies elsewhere is none */
    };

    memcpy(copy, host.add, sizeof(copy));
    for (size_t i = 0; i < COUNT(words); i++) {
        if (word_is_for_us(words[i])) {
            entry_throw(way, door, words[i]);
        }
    }
}

static void frames_throw(enum thunk_way way, enum door door)
{
    void *const words[] = {
        NULL,
        POINTER(8),
        POINTER(1),
        POINTER(UINT64_C(1) << 63),
        memory.absent,
        memory.absent + 3,
        memory.hidden,
        memory.hidden - sizeof(struct thunk_frame), /* nothing behind it */
        memory.constant,
    };

    for (size_t i = 0; i < COUNT(words); i++) {
        if (word_is_for_us(words[i])) {
            frame_throw(way, door, words[i]);
        }
    }
    CHECK_SAME(*(volatile uint32_t *)(void *)(memory.hidden -
                                              sizeof(struct thunk_frame)),
               THUNK_CRASHED);
    memset(memory.hidden - sizeof(struct thunk_frame), 0,
           sizeof(struct thunk_frame));
}

/* While a call is suspended, and when it is done. */
static void requests_throw(enum door door)
{
    struct thunk_frame_loop_call frame;
    struct thunk_request copy = {0};
    long visits = 0;
    struct thunk_request *request = call_begin(&frame, &visits);
    void *const words[] = {
        NULL,
        POINTER(8),
        POINTER(1),
        POINTER(UINT64_C(1) << 63),
        POINTER(UINT64_MAX),
        memory.absent,
        memory.hidden,
        memory.zeros + memory.size / 2,
        memory.constant + memory.size / 2,
        &copy,
        host.add, /* host memory, but no call */
        &frame,
        (char *)request - 16,
        (char *)request + 16,
    };

    copy = *request;
    for (size_t i = 0; i < COUNT(words); i++) {
        if (word_is_for_us(words[i])) {
            request_throw(door, words[i]);
        }
    }
    CHECK_SAME(visits, 0);
    call_finish(door, &frame);
    CHECK_SAME(visits, 1);
    request_throw(door, request); /* it is finished */
    CHECK_SAME(visits, 1);
}

/* A guest that hands over another frame when it resumes. */
static void resumed_frames_throw(enum door door)
{
    void *const words[] = {NULL, memory.absent, memory.constant};
    long visits = 0;

    for (size_t i = 0; i < COUNT(words); i++) {
        struct thunk_frame_loop_call frame;
        struct thunk_request *request = call_begin(&frame, &visits);

        if (!word_is_for_us(words[i])) {
            call_finish(door, &frame);
            continue;
        }
        request->run(request->target, request->frame);
        pass(door, host.attachment.resume, request, words[i]);
        if (words[i] == memory.constant) {
            host.thrown.refused++; /* that is not the frame that waits */
        } else {
            host.thrown.crashed++;
        }
        host_works();
        request_throw(door, request); /* it is over, or not that frame's */
    }
    CHECK_SAME(visits, COUNT(words));
}

/* Attaching and resolving, with an argument or a library that is none. */
static void procs_throw(enum door door)
{
    thunk_proc *const procs[] = {host.table->attach, host.table->resolve};
    void *const words[] = {NULL, memory.absent, (void *)1, memory.constant};

    for (size_t p = 0; p < COUNT(procs); p++) {
        for (size_t i = 0; i < COUNT(words); i++) {
            if (!word_is_for_us(words[i])) {
                continue;
            }
            pass(door, procs[p], &host.attachment, words[i]);
            host.thrown.refused++;
            if (words[i] != memory.constant) {
                pass(door, procs[p], words[i], host.table->library);
                host.thrown.refused++;
            }
            host_works();
        }
    }
}

/* A proper call of a leaf, with a pointer that is none. */
static void leaf_crash(enum thunk_way way, enum door door)
{
    struct thunk_frame_loop_read frame = {
        .address = (const long *)(void *)memory.hidden};

    pass(door, host.attachment.enter[way], host.read, &frame);
    CHECK_SAME(*(volatile uint32_t *)&frame.head.state, THUNK_CRASHED);
    host.thrown.crashed++;
    host_works();
}

/* A function that calls back has no business on QEMU's own stack. */
static void leaf_calls_back(enum door door)
{
    long visits = 0;
    struct thunk_frame_loop_call frame = {.visit = visit, .context = &visits};

    pass(door, host.attachment.enter[THUNK_LEAF], host.call, &frame);
    CHECK_SAME(*(volatile uint32_t *)&frame.head.state, THUNK_CRASHED);
    CHECK_SAME(visits, 0);
    host_works();
}

struct garbage garbage_throw(const char *htl)
{
    memory_make();
    host_attach(htl);
    host_works();
    for (int door = 0; door < DOOR_COUNT; door++) {
        for (int way = 0; way < THUNK_WAY_COUNT; way++) {
            entries_throw((enum thunk_way)way, (enum door)door);
            frames_throw((enum thunk_way)way, (enum door)door);
            leaf_crash((enum thunk_way)way, (enum door)door);
        }
        requests_throw((enum door)door);
        resumed_frames_throw((enum door)door);
        leaf_calls_back((enum door)door);
        procs_throw((enum door)door);
    }
    return host.thrown;
}
