/* SPDX-License-Identifier: MIT
 *
 * The guest runtime, as generated guest thunk libraries (GTLs) use it.
 *
 * A thunk fills in a frame and calls thunk_call(). Where the host cannot do the
 * work (no plugin behind this process, no such library on the host, a host half
 * from another generation), that gives it the guest's own function to call. All
 * functions may be called from any thread and from signal handlers. The first
 * call attaches the library, and the first of each function looks for it;
 * fork() waits while one of them is under way.
 */
#ifndef THUNK_GUEST_H
#define THUNK_GUEST_H

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <thunk/frame.h>
#include <thunk/list.h>
#include <thunk/protocol.h>
#include <thunk/thread_data.h>
#include <thunk/words.h>
#include <thunk_arch_forward.h>
#include <thunk_arch_guest.h>

struct thunk_guest_symbol {
    const char *name;
    const char *version; /* NULL: the symbol has none */
};

/* Where a call of a symbol goes that the library exports and the thunk does not
 * carry. */
enum thunk_forward_to {
    THUNK_FORWARD_OWN = 0,  /* to the guest's own library */
    THUNK_FORWARD_HOST = 1, /* to the host's, all registers as they are; to the
                             * guest's own where there is none */
};

/* Such a symbol. Its code in the GTL jumps to `target`, which is found at the
 * first call. */
struct thunk_forward {
    thunk_function target; /* thunk_forward_first() at first */
    const char *name;
    const char *version; /* NULL: the symbol has none */
    uint64_t to;         /* enum thunk_forward_to */
};

/* One GTL; static in its source, which fills in the first group. */
struct thunk_library {
    const char *soname;
    const char *host_name; /* file name of the HTL */
    uint64_t hash;         /* must be the HTL's */
    uint32_t count;
    const struct thunk_guest_symbol *symbols; /* count */
    void **entries;                           /* count, NULL at first */
    thunk_function *reals;                    /* count, NULL at first */
    thunk_runner *const *runners;             /* by callback index */
    const thunk_function *stubs;              /* that, too; see below */
    const thunk_function *procedures;         /* see struct thunk_attachment */
    thunk_function *exports;                  /* likewise */
    uint32_t export_count;
    struct thunk_datum *data; /* data_count */
    uint32_t data_count;
    bool is_fast;     /* any call is */
    bool has_threads; /* the host's library makes threads that call back */

    /* Run before the first call, by each thread that attaches; or NULL. It may
     * call the library. */
    void (*start)(void);

    /* The rest belongs to the runtime and starts as 0. */
    thunk_proc *enter[THUNK_WAY_COUNT];      /* what runs an entry; the host may
                                              * bar that way for a moment */
    thunk_proc *enter_kept[THUNK_WAY_COUNT]; /* the same, never barred */
    thunk_proc *resume; /* what goes on with an entry's call */
    struct thunk_service *service;
    const struct thunk_table *table;
    void *handle;               /* dlopen handle of the guest's own library */
    struct thunk_library *next; /* of those that have variables */
    uint32_t state;
};

/* The whole of thunk_call(), for when not everything is ready for it: attaches
 * the library, resolves the function, opens this thread's mailbox; or the knock
 * came to nothing. The reason why a call cannot go to the host is told on
 * stderr, once. */
THUNK_EXPORT thunk_function thunk_guest_call(struct thunk_library *library,
                                             void **entry,
                                             struct thunk_frame *frame,
                                             enum thunk_way way);

/* Takes a call that came back other than done to its end: makes it if nothing
 * was done, runs the callbacks that the host function asks for. Returns what
 * thunk_call() does. Ends the process with a message when the call is lost,
 * because its frame then holds no result. */
THUNK_EXPORT thunk_function thunk_guest_finish(struct thunk_library *library,
                                               void **entry,
                                               struct thunk_frame *frame,
                                               enum thunk_way way);

/* The guest's code for host functions of one type, one of library->stubs: a
 * function of exactly that C type. It runs when the guest calls a pointer that
 * it was given for such a host function, learns with thunk_guest_target() which
 * one is meant, fills a frame and has the host call it. */

/* From the stub to its code the host function waits here. A signal handler that
 * comes between the two puts its own on top and takes them off again; one that
 * leaves by longjmp() leaves its slot behind, which does no harm, as places
 * count from the top only. */
struct thunk_guest_ring {
    uint64_t top; /* bytes to the slot in use, and any number of turns */
    thunk_function slots[8];
};

THUNK_EXPORT extern __thread struct thunk_guest_ring thunk_guest_ring
    __attribute__((tls_model("initial-exec")));

/* Who is called; to be asked first of all in a stub's code, and once. */
static inline thunk_function thunk_guest_target(void)
{
    volatile struct thunk_guest_ring *ring = &thunk_guest_ring;
    uint64_t top = ring->top;
    thunk_function function =
        ring->slots[top % sizeof(ring->slots) / sizeof(ring->slots[0])];

    ring->top = top - sizeof(ring->slots[0]);
    return function;
}

/* Symbols that are forwarded. The table and what calls get to at first are a
 * GTL's own, and so is the other name of its `library`. */
extern struct thunk_forward thunk_forwards[]
    __attribute__((visibility("hidden")));
extern struct thunk_library thunk_forward_library
    __attribute__((visibility("hidden")));
void thunk_forward_first(void) __attribute__((visibility("hidden")));

_Static_assert(sizeof(struct thunk_forward) == THUNK_ARCH_FORWARD_SIZE &&
                   offsetof(struct thunk_forward, target) == 0,
               "THUNK_ARCH_FORWARD knows it");

/* An entry of the table. */
#define THUNK_TO_OWN(name, version)                                            \
    {                                                                          \
        thunk_forward_first, name, version, THUNK_FORWARD_OWN                  \
    }
#define THUNK_TO_HOST(name, version)                                           \
    {                                                                          \
        thunk_forward_first, name, version, THUNK_FORWARD_HOST                 \
    }

#define THUNK_FORWARD_CODE(binding, symbol, code)                              \
    __asm__(".pushsection .text\n"                                             \
            ".p2align 4\n"                                                     \
            ".globl " symbol "\n" binding ".type " symbol                      \
            ", %function\n" symbol ":\n" code ".size " symbol ", . - " symbol  \
            "\n"                                                               \
            ".popsection\n")

/* The symbol of entry `number` of the table; an older version of one, which is
 * name@version; and thunk_forward_first(), once. */
#define THUNK_FORWARD(number, name)                                            \
    THUNK_FORWARD_CODE("", name, THUNK_ARCH_FORWARD(#number))
#define THUNK_FORWARD_OLD(number, name, version)                               \
    THUNK_FORWARD_CODE("", "thunk_forward_" #number,                           \
                       THUNK_ARCH_FORWARD(#number));                           \
    __asm__(".symver thunk_forward_" #number ", " name "@" version ", remove")
#define THUNK_FORWARD_START                                                    \
    THUNK_FORWARD_CODE(".hidden thunk_forward_first\n", "thunk_forward_first", \
                       THUNK_ARCH_FORWARD_FIRST)

/* Called by thunk_guest_forward_enter(), to which thunk_forward_first() leads
 * with all that the caller has in registers: finds the function, which takes
 * the call and all later ones. Without it the process ends with a message, as
 * the dynamic linker would end it ("symbol lookup error", status 127). */
THUNK_EXPORT void thunk_guest_forward_enter(void);
thunk_function thunk_guest_forward(struct thunk_library *library,
                                   struct thunk_forward *forward);

/* In the constructor of a GTL that has variables: gives them their values if
 * anything that is loaded refers to one of them. Else they get them with the
 * first call, so that a program pays nothing that only links the library. */
THUNK_EXPORT void thunk_guest_data_start(struct thunk_library *library);

/* Thread-local variables that both sides write; see thread_data.h. `data` is
 * this thread's array of them. Starts it: `places` are those of this thread,
 * `alike` has room for all values. */
THUNK_EXPORT void
thunk_guest_thread_data_start(const struct thunk_library *library,
                              struct thunk_thread_datum *data,
                              void *const *places, char *alike);

/* In the runner of a callback: before the program's function what the host has
 * changed becomes the guest's, and afterwards the other way round. */
THUNK_EXPORT void thunk_guest_thread_data_take(struct thunk_thread_datum *data,
                                               size_t count,
                                               const struct thunk_frame *head);
THUNK_EXPORT void thunk_guest_thread_data_give(struct thunk_thread_datum *data,
                                               size_t count);

/* Formats as vprintf does and writes the outcome as a new format of the same
 * meaning that needs no argument but one 0: every '%' doubled, every NUL byte
 * as "%1$c". The host then formats just that, so the guest's own libc decides
 * what all conversions mean. Returns NULL where vprintf would fail (errno says
 * why), and without a format, which some functions take; free() it. */
THUNK_EXPORT char *thunk_guest_format(const char *format, va_list arguments);

/* Makes words of what a printf-like format takes from the list, for the host to
 * work out the format itself. `conversions` are those besides C's,
 * "q=p N=pl R=p R*=ip ": for each what tells it (where several do, the longest
 * counts) and, for each argument, 'i' (int), 'l' (long), 'd' (double) or 'p'
 * (pointer). What is in neither takes nothing. False when there is more than
 * there is room for, which is told with the function's name: the call is not to
 * be made, and errno is E2BIG. */
THUNK_EXPORT bool thunk_guest_words(struct thunk_words *words,
                                    const char *function, const char *format,
                                    const char *conversions, va_list arguments);

/* The same for a scanf-like format, whose arguments are all pointers, those of
 * `conversions` as well. What they point to is the program's, so they need
 * nothing but for two: places of long doubles, and of memory that the function
 * allocates. */
THUNK_EXPORT bool thunk_guest_scan(struct thunk_words *words,
                                   const char *function, const char *format,
                                   const char *conversions, va_list arguments);

/* Whether a number is one from first to last, whatever type each has. */
#define THUNK_IS_WITHIN(number, first, last)                                   \
    ((uint64_t)(number) - (uint64_t)(first) <=                                 \
     (uint64_t)(last) - (uint64_t)(first))

/* An older version of an exported function that is that function itself: the
 * symbol NAME@VERSION of what C calls c_name. The number is the place among
 * those of the source. The linker's script alone would then give the function
 * no version of its own, so that needs a THUNK_NEWEST(). */
#define THUNK_OLDER(number, c_name, name, version)                             \
    THUNK_EXPORT extern __typeof__(c_name) thunk_older_##number                \
        __attribute__((alias(#name)));                                         \
    __asm__(".symver thunk_older_" #number "," #name "@" version ",remove")
#define THUNK_NEWEST(name, version)                                            \
    __asm__(".symver " #name "," #name "@@@" version)

/* The runner for streams: does what a struct thunk_file_frame asks. */
THUNK_EXPORT void thunk_guest_file(thunk_function target,
                                   struct thunk_frame *frame);

/* This thread's side of the instruction door. In libthunk-guest.so, with a
 * place in every thread's static TLS block: thunks read it without a call. */
struct thunk_guest_mailbox {
    struct thunk_mailbox words;
    uint64_t state; /* enum thunk_mailbox_state */
};

enum thunk_mailbox_state {
    THUNK_MAILBOX_NEW = 0,    /* this thread has made no call yet */
    THUNK_MAILBOX_OPEN = 1,   /* knock away */
    THUNK_MAILBOX_CLOSED = 2, /* this process has no instruction door */
    THUNK_MAILBOX_UNUSED = 3, /* this thread has only made system calls */
};

THUNK_EXPORT extern __thread struct thunk_guest_mailbox thunk_guest_mailbox
    __attribute__((tls_model("initial-exec")));

/* What runs an entry that way. Threads that attach at once write the same here
 * again. */
static inline thunk_proc *thunk_enter(struct thunk_library *library,
                                      enum thunk_way way)
{
    return __atomic_load_n(&library->enter[way], __ATOMIC_RELAXED);
}

/* Has the host run proc(arg1, arg2). A signal handler that comes between the
 * words and the knock and makes calls of its own leaves no proc behind: then
 * nothing runs, and the caller finds its frame THUNK_LOST. So proc has to be
 * the first that is written: after an argument, it would be run with what the
 * handler has left of the others. */
static inline void thunk_pass_fast(thunk_proc *proc, void *arg1, void *arg2)
{
    __atomic_store_n(&thunk_guest_mailbox.words.proc, proc, __ATOMIC_RELAXED);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    /* Mostly the caller's own frame, which gcc sees to outlive it here
     * (-Wdangling-pointer); but without a proc nobody reads it. */
    __asm__("" : "+r"(arg2));
    thunk_guest_mailbox.words.arg1 = arg1;
    thunk_guest_mailbox.words.arg2 = arg2;
    thunk_knock();
}

static inline void thunk_pass(thunk_proc *proc, void *arg1, void *arg2)
{
    (void)thunk_syscall(THUNK_SYSCALL, THUNK_INVOKE_PROC, (uintptr_t)proc,
                        (uintptr_t)arg1, (uintptr_t)arg2);
}

/* Makes a call whose entry has the word already. */
static inline thunk_function thunk_send(struct thunk_library *library,
                                        void *word, void **entry,
                                        struct thunk_frame *frame,
                                        enum thunk_way way)
{
    frame->state = THUNK_LOST;
    if (way != THUNK_SYSCALL_DOOR) {
        thunk_pass_fast(thunk_enter(library, way), word, frame);
    } else if (__builtin_expect(thunk_guest_mailbox.state != THUNK_MAILBOX_NEW,
                                1)) {
        thunk_pass(thunk_enter(library, way), word, frame);
    }
    if (__builtin_expect(frame->state != THUNK_DONE, 0)) {
        return thunk_guest_finish(library, entry, frame, way);
    }
    if (way != THUNK_LEAF && __builtin_expect(frame->error != 0, 0)) {
        errno = frame->error;
    }
    return NULL;
}

/* Makes the call of `entry`, a place in library->entries. NULL: it is done, the
 * result is in the frame and errno is set as the host function set it. Else
 * nothing is done, and what it returns is to be called instead: the function of
 * the guest's own library, found past this GTL on the search path. Without that
 * one the process ends with a message, as the dynamic linker would end it
 * ("symbol lookup error", status 127).
 *
 * A function that is not resolved must not come as far as the knock: the door
 * may not be open yet, and what QEMU translates before that never hears it. All
 * else is seen afterwards, since each test would cost an emulated jump, and a
 * knock without a known mailbox just does nothing. What is rare is left to
 * calls that end this one, so that the common way needs no register saved. */
static inline thunk_function thunk_call(struct thunk_library *library,
                                        void **entry, struct thunk_frame *frame,
                                        enum thunk_way way)
{
    void *word = __atomic_load_n(entry, __ATOMIC_ACQUIRE);

    if (__builtin_expect(word == NULL, 0)) {
        return thunk_guest_call(library, entry, frame, way);
    }
    return thunk_send(library, word, entry, frame, way);
}

/* The same for a stub's function, whose entry's word it has. */
static inline void thunk_call_named(struct thunk_library *library,
                                    thunk_function word,
                                    struct thunk_frame *frame,
                                    enum thunk_way way)
{
    void *entry = (void *)(uintptr_t)word;

    (void)thunk_send(library, entry, &entry, frame, way);
}

/* The head of a frame that is about to go to the host. Where the library has
 * thread-local variables, which its own header says, it tells of this thread's.
 */
#ifdef THUNK_THREAD_DATA_COUNT
static inline struct thunk_frame *
thunk_head_with(struct thunk_frame *head, struct thunk_thread_datum *data)
{
    head->request = (void *)data;
    return head;
}
#define THUNK_HEAD(frame) thunk_head_with(&(frame).head, gtl_thread_data())
#else
#define THUNK_HEAD(frame) (&(frame).head)
#endif

/* In the source of a GTL, whose statics have these names: the call of a
 * function by its frame, each way; the call of a host function of a type; and
 * what they returned with the function's type. */
#define THUNK_CALL_WAY(function, frame, way)                                   \
    thunk_call(&gtl_library, &gtl_entries[THUNK_INDEX_##function],             \
               THUNK_HEAD(frame), way)
#define THUNK_CALL(function, frame)                                            \
    THUNK_CALL_WAY(function, frame, THUNK_SYSCALL_DOOR)
#define THUNK_CALL_FAST(function, frame)                                       \
    THUNK_CALL_WAY(function, frame, THUNK_FAST)
#define THUNK_CALL_LEAF(function, frame)                                       \
    THUNK_CALL_WAY(function, frame, THUNK_LEAF)
#define THUNK_CALL_STUB(type, frame)                                           \
    thunk_call(&gtl_library, &gtl_entries[THUNK_STUB_##type],                  \
               THUNK_HEAD(frame), THUNK_SYSCALL_DOOR)
#define THUNK_CALL_STUB_FAST(type, frame)                                      \
    thunk_call(&gtl_library, &gtl_entries[THUNK_STUB_##type],                  \
               THUNK_HEAD(frame), THUNK_FAST)

/* The call of the function that a stub stands for which was had by name. */
#define THUNK_CALL_NAMED_WAY(frame, way)                                       \
    thunk_call_named(&gtl_library, thunk_guest_target(), THUNK_HEAD(frame), way)
#define THUNK_CALL_NAMED(frame)      THUNK_CALL_NAMED_WAY(frame, THUNK_SYSCALL_DOOR)
#define THUNK_CALL_NAMED_FAST(frame) THUNK_CALL_NAMED_WAY(frame, THUNK_FAST)
#define THUNK_CALL_NAMED_LEAF(frame) THUNK_CALL_NAMED_WAY(frame, THUNK_LEAF)
#define THUNK_AS(function, real)     ((__typeof__(&(function)))(real))

/* The same for a variable of the library: what it points to. */
#define THUNK_AS_POINTED(variable, real)                                       \
    (*(__typeof__(&(variable)))(uintptr_t)(real))

#endif
