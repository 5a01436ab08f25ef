/* SPDX-License-Identifier: MIT
 *
 * What the guest half and the host half of a thunk share: the head of every
 * frame, the request of a suspended call, and the table of a host thunk
 * library. Both halves see the same bytes (guest_base is 0), and all guests and
 * hosts are little-endian with 8-byte pointers, so these structs need no
 * conversion; the assertions below pin that.
 */
#ifndef THUNK_FRAME_H
#define THUNK_FRAME_H

#include <stddef.h>
#include <stdint.h>

/* Version of everything in this header. Two halves of different versions
 * refuse each other before anything else is looked at. */
#define THUNK_ABI 15

/* What a thunk library exports; the rest is compiled with hidden visibility. */
#define THUNK_EXPORT __attribute__((visibility("default")))

/* A fact that thunkgen found for the ABIs of host and guests; both halves
 * compile it, so neither can be built for an ABI in which it does not hold. */
#define THUNK_PIN_SIZE(type, size)                                             \
    _Static_assert(sizeof(type) == (size), "size of " #type)
#define THUNK_PIN_OFFSET(type, member, offset)                                 \
    _Static_assert(offsetof(type, member) == (offset),                         \
                   "place of " #member " in " #type)

/* Where a call stands when it comes back through the door. */
enum thunk_state {
    THUNK_LOST = 0,      /* preset by the guest: nothing was done */
    THUNK_DONE = 1,      /* the result is in the frame */
    THUNK_CALLBACK = 2,  /* the host function waits for a guest function */
    THUNK_REFUSED = 3,   /* the call was not made; the host has told why */
    THUNK_CRASHED = 4,   /* the host function ran into SIGSEGV */
    THUNK_SIGNALLED = 5, /* it waits until the guest has taken a signal */
};

/* How a call goes to the host; the spec says it for each function. Where the
 * plugin has no instruction door, all take the system call. */
enum thunk_way {
    /* Through a system call: the function may block or take long. */
    THUNK_SYSCALL_DOOR = 0,
    /* Through the instruction door, which is much shorter: the function does
     * neither, see protocol.h. */
    THUNK_FAST = 1,
    /* That, and on the stack of QEMU's own thread, which is small: it calls
     * nothing back and leaves errno alone, too. */
    THUNK_LEAF = 2,
    THUNK_WAY_COUNT
};

struct thunk_request;
struct thunk_service;

/* First member of every frame. A frame is one struct per function, generated
 * for both sides: this head, the arguments by value, then the result. It lives
 * on the stack of the guest function that fills it in; for a callback, on the
 * host stack of the trampoline. */
struct thunk_frame {
    uint32_t state; /* enum thunk_state */

    /* errno of the host function where it set one, else 0. The host presets
     * errno with 0, which no function sets (C11 7.5p3). While a request waits,
     * a number of the host's that tells this wait from others. */
    int32_t error;

    /* Only while state is THUNK_CALLBACK: what the guest is to run. While it is
     * THUNK_SIGNALLED: only what resume takes. Before that, where the library
     * has thread-local variables, where those are: see thread_data.h. */
    struct thunk_request *request;
};

/* A function of whatever type; cast it to its own before calling. */
typedef void (*thunk_function)(void);

/* A guest function of the GTL that calls `target` with the arguments in
 * `frame` and leaves the result there. One for each callback type. */
typedef void thunk_runner(thunk_function target, struct thunk_frame *frame);

/* What a suspended host call waits for. It belongs to the host and stays valid
 * until the call is resumed. */
struct thunk_request {
    thunk_runner *run;         /* guest code */
    thunk_function target;     /* the program's own function pointer */
    struct thunk_frame *frame; /* arguments in, result out */
    int32_t error;             /* errno: the host's in, the guest's out */
    int32_t reserved;
};

/* What the host has the guest's own runtime run for a host function that it
 * gives to the guest: to make the stub, a guest function, that stands for it.
 */
struct thunk_stub_frame {
    struct thunk_frame head;
    thunk_function function; /* the host's, or the word of an entry for it */
    thunk_function result;   /* NULL: no memory */
};

/* A host function that the door can call. */
typedef void thunk_proc(void *arg1, void *arg2);

/* What an HTL exports, as THUNK_TABLE_SYMBOL. The guest reads it in place. */
struct thunk_table {
    uint32_t abi;   /* THUNK_ABI */
    uint32_t count; /* functions */
    uint64_t hash;  /* of all signatures and layouts: see thunkgen's plan */
    const char *soname;
    thunk_proc *attach;  /* (struct thunk_attachment *, library) */
    thunk_proc *resolve; /* (struct thunk_resolution *, library) */
    void *library;       /* the host's own */
};

#define THUNK_TABLE_SYMBOL "thunk_table"

/* What becomes of a variable's value. */
enum thunk_datum_kind {
    THUNK_DATUM_START = 0,    /* copied once, from the host */
    THUNK_DATUM_BOTH = 1,     /* both sides write it */
    THUNK_DATUM_FUNCTION = 2, /* likewise: a function pointer, converted */
    THUNK_DATUM_FILE = 3,     /* likewise: a FILE * */
    THUNK_DATUM_ONE = 4,      /* the host's library uses the guest's */
    THUNK_DATUM_OWN = 5,      /* the guest's own library uses the GTL's */
};

/* Whether the value is something else on each side. */
static inline int thunk_datum_is_converted(uint64_t kind)
{
    return kind == THUNK_DATUM_FUNCTION || kind == THUNK_DATUM_FILE;
}

/* A variable of a library; a table of them is in the GTL. */
struct thunk_datum {
    const char *name;
    const char *version; /* NULL: the symbol has none */
    uint64_t size;
    uint64_t kind;       /* enum thunk_datum_kind */
    uint64_t is_thread;  /* each thread has its own, of START or BOTH; `guest`
                          * and `host` are those of the thread that attaches */
    uint64_t callback;   /* index of a function's type */
    uint64_t is_used;    /* something that is loaded refers to it; the guest
                          * runtime's */
    void *guest;         /* what programs see */
    void *host;          /* set by attach; NULL: the host has none */
    void *first;         /* likewise: what of FUNCTION and FILE the guest begins
                          * with */
    const void *initial; /* likewise: what a thread-local one begins as; NULL:
                          * zero */
};

/* Variables of the guest's libc that the host's libraries share. */
enum thunk_variable {
    THUNK_VARIABLE_ENVIRONMENT = 0, /* char **environ */
    THUNK_VARIABLE_NAME = 1,        /* char *program_invocation_name */
    THUNK_VARIABLE_SHORT_NAME = 2,  /* char *program_invocation_short_name */
    THUNK_VARIABLE_ARGUMENT = 3,    /* getopt()'s char *optarg */
    THUNK_VARIABLE_NEXT = 4,        /* int optind */
    THUNK_VARIABLE_ERRORS = 5,      /* int opterr */
    THUNK_VARIABLE_OPTION = 6,      /* int optopt */
    THUNK_VARIABLE_COUNT
};

/* What the guest runtime calls of the host's for the process as a whole. */
enum thunk_process_call {
    THUNK_PROCESS_FINISH = 0,     /* the program has called exit(), and its
                                   * libraries are at their end */
    THUNK_PROCESS_THREAD_END = 1, /* this guest thread ends; may come again */
    THUNK_PROCESS_ATTACHED = 2,   /* a library has been, and may call back */
    THUNK_PROCESS_HANDLER = 3,    /* the turn of a handler for the end */
    THUNK_PROCESS_CALL_COUNT
};

/* Argument of attach: opens the host's own library. */
struct thunk_attachment {
    thunk_runner *const *runners; /* in: the GTL's, by callback index */
    const thunk_function *stubs;  /* in: likewise, code of stubs */

    /* in: by function index, code of stubs for functions that are had by name,
     * and of the functions themselves; NULL where none is */
    const thunk_function *procedures;
    const thunk_function *exports;
    thunk_runner *make_stub; /* in: (code, struct thunk_stub_frame *) */
    thunk_runner *heap;    /* in: of a struct thunk_heap_frame; thunk/heap.h */
    thunk_runner *file;    /* in: of a struct thunk_file_frame; thunk/file.h */
    thunk_runner *program; /* in: of a struct thunk_program_frame;
                            * thunk/program.h */
    thunk_runner *net_run; /* in: of any struct thunk_net_frame; thunk/net.h */

    /* in: functions for the guest's __cxa_atexit() and on_exit(), which call
     * THUNK_PROCESS_HANDLER with the handler's number; and what gives one to
     * at_quick_exit(), which libc has in each object that calls it */
    void (*at_exit)(void *handler);
    void (*on_exit)(int status, void *handler);
    int (*quick_exit_add)(void);
    uint64_t machine;            /* in: the guest's, as ELF's e_machine */
    thunk_proc **guest_enter;    /* in: where the guest keeps `enter` below */
    uint64_t long_double_digits; /* in: the guest's LDBL_MANT_DIG */
    struct thunk_datum *data;    /* in, and out: their places on the host */
    uint64_t data_count;         /* in */
    void *streams[3];            /* in: the guest's stdin, stdout, stderr */
    char characters[64];         /* in: the guest's locale of LC_CTYPE */
    void *variables[THUNK_VARIABLE_COUNT]; /* in: where the guest has each */

    /* out, by enum thunk_way: (entry, struct thunk_frame *) */
    thunk_proc *enter[THUNK_WAY_COUNT];

    /* out: (struct thunk_request *, struct thunk_frame *) */
    thunk_proc *resume;
    /* out: of the process; thunk/service.h; NULL: another GTL of the same
     * library has attached before, in another namespace of the program's */
    struct thunk_service *service;
    void *net_entry; /* out: what resolving would give for functions without
                      * a type: takes a struct thunk_net_frame */
    thunk_proc *net_fault; /* out: (struct thunk_net_fault *, NULL) */
    void *stream_entry;    /* out: what resolving would give for the use of the
                            * host's streams: takes a struct thunk_file_frame */

    /* out: what resolving would give for each: takes a struct
     * thunk_process_frame; thunk/program.h */
    void *process_entries[THUNK_PROCESS_CALL_COUNT];
    const char *error; /* out: NULL, or why it cannot be had */
};

/* Argument of resolve: finds one function of the library, by its place in the
 * table or, where that is THUNK_RESOLVE_NAME, any symbol by its name. */
struct thunk_resolution {
    uint64_t index;      /* in */
    const char *name;    /* in: with THUNK_RESOLVE_NAME */
    const char *version; /* in: likewise; NULL: none */
    void *entry;         /* out: first argument of enter, or the symbol's
                          * address; NULL when missing */
    const char *error;   /* out: why it is missing */
};

#define THUNK_RESOLVE_NAME (~(uint64_t)0)

_Static_assert(sizeof(void *) == 8, "guests and hosts are LP64");
_Static_assert(sizeof(struct thunk_frame) == 16, "shared layout");
_Static_assert(offsetof(struct thunk_frame, request) == 8, "shared layout");
_Static_assert(sizeof(struct thunk_request) == 32, "shared layout");
_Static_assert(sizeof(struct thunk_stub_frame) == 32, "shared layout");
_Static_assert(sizeof(struct thunk_table) == 48, "shared layout");
_Static_assert(sizeof(struct thunk_attachment) == 384, "shared layout");
_Static_assert(sizeof(struct thunk_resolution) == 40, "shared layout");

#endif
