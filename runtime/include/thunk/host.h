/* SPDX-License-Identifier: MIT
 *
 * The host runtime, as generated host thunk libraries (HTLs) use it.
 *
 * A guest call arrives on the vCPU's thread, on the small stack that QEMU gives
 * it. The runtime moves to a stack of its own, which it takes from a pool, and
 * runs the HTL's entry there; the entry calls the real function. When that one
 * calls back into the guest, the whole stack is suspended and the door returns
 * to the guest, which runs the guest function and comes back to resume it.
 */
#ifndef THUNK_HOST_H
#define THUNK_HOST_H

#include <dlfcn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <thunk/convert.h>
#include <thunk/frame.h>
#include <thunk/words.h>

/* The HTL's code for one function: unpacks the frame, calls the real function,
 * puts the result into the frame. For stubs, there is one for all functions of
 * a type: the frame holds the function, and `real` is NULL. */
typedef void thunk_entry(struct thunk_frame *frame, thunk_function real);

/* `trace` in the structs below is how --trace shows a frame: the C declaration
 * with a conversion for each type in it, "gzopen(path=%s, mode=%s) = %p". As in
 * printf: %d and %u with h, hh or l for integers, %g with h or L for floating
 * types (%hg: float), %c, %p and %s, the latter for strings that end with a
 * NUL. Beyond it: %b for _Bool, %{NAME} for an enum (with h, hh or l if it is
 * no int), and %[SIZE,ALIGN] for what is not shown. The values lie in the frame
 * in that order, each as C aligns it. */
struct thunk_host_function {
    const char *name;    /* of a stub type: the type's */
    const char *version; /* of the symbol; NULL: it has none */
    thunk_entry *entry;
    const char *trace;
};

/* One type of callback: `code` is a host function of exactly that C type. It
 * runs when the host calls a trampoline, learns with thunk_host_target() which
 * guest function is meant, fills a frame and calls thunk_host_callback(). NULL:
 * only the guest calls functions of the type. */
struct thunk_host_callback {
    const char *name;
    thunk_function code;
    const char *trace;
};

/* An enum, for --trace. */
struct thunk_host_constant {
    const char *name;
    int64_t value;
};

struct thunk_host_enum {
    const char *name;                            /* NULL ends a table of them */
    const struct thunk_host_constant *constants; /* a NULL name ends them */
};

/* One HTL. All static in its source; the last group belongs to the runtime. */
struct thunk_host_library {
    const struct thunk_table *table;
    const struct thunk_host_function *functions; /* table->count */

    /* Of the functions, the first are exported, those up to entry_count are
     * types of stubs, and the rest are had by name alone. The first and the
     * last are sorted by name. */
    uint32_t symbol_count;
    uint32_t entry_count;
    const struct thunk_host_callback *callbacks;
    const struct thunk_host_enum *enums;
    void *(*open)(const char *soname, int flags); /* thunk_host_open */
    uint32_t file_callback; /* index of that for streams, plus 1; 0: none */

    thunk_runner *const *runners;     /* the GTL's; guest addresses */
    const thunk_function *stubs;      /* likewise */
    const thunk_function *procedures; /* likewise; by function index */
    const thunk_function *exports;    /* likewise; symbol_count */
    void *handle;                     /* dlopen handle of the real library */
    struct thunk_host_entry *entries; /* entry_count */
    struct thunk_host_stats *stats;   /* table->count, where they are wanted */
    uint64_t thread_callbacks; /* by threads of the host's own, likewise */
    struct thunk_host_library *next; /* of those with stats */
    struct thunk_host_datum *data;   /* variables that both sides write */
    uint32_t data_count;
    uint32_t thread_data_count;
    struct thunk_host_thread_datum *thread_data; /* those of each thread */
    struct thunk_host_library *next_shared; /* of those with such variables */
    thunk_proc **guest_enter;               /* the GTL's; see host/thread.c */
    struct thunk_host_library *next_deferred;
};

/* dlopen(), called from the HTL itself: so its own RUNPATH counts, where the
 * build of a library that is not installed leaves that library's folder. */
static inline void *thunk_host_open(const char *soname, int flags)
{
    void *opened = dlopen(soname, flags);

    /* dlopen() tells its caller by the return address: no tail call. */
    __asm__ volatile("" : "+r"(opened));
    return opened;
}

/* In an entry of an HTL: the real function. */
#define THUNK_REAL(function) ((__typeof__(&(function)))real)

/* The same where that is a variable of the library: what it points to. */
#define THUNK_REAL_POINTED(variable) (*(__typeof__(&(variable)))(uintptr_t)real)

/* For struct thunk_table; see there. `library` is a struct thunk_host_library.
 */
THUNK_EXPORT void thunk_host_attach(void *attachment, void *library);
THUNK_EXPORT void thunk_host_resolve(void *resolution, void *library);

/* The host function pointer that stands for the guest function `target`, which
 * has the type callbacks[index]. The same two give the same pointer on every
 * thread, for good. A stub gives the host function that it stands for. NULL and
 * other constants (SIG_IGN, SIG_ERR), and a pointer that is a trampoline
 * already, are given back as they are. */
THUNK_EXPORT thunk_function thunk_host_trampoline(
    struct thunk_host_library *library, uint32_t index, thunk_function target);

/* The guest function pointer that stands for the host function `function`, a
 * stub: code of callbacks[index] that calls it through entry stub_TYPE. The
 * same two give the same pointer on every thread, for good. A trampoline gives
 * the guest function that it stands for; constants and what is the guest's own
 * anyway are given back as they are. May suspend the host call for the guest to
 * make the stub. Keeps errno. */
THUNK_EXPORT thunk_function thunk_host_stub(struct thunk_host_library *library,
                                            uint32_t index,
                                            thunk_function function);

/* The guest function pointer for the host function `function`, which the
 * library's function of that kind has given out for `name`. Where that is the
 * one that the library exports under this name, it is the thunk's own; else a
 * stub of the name's type: the same two give the same pointer, and two names of
 * one host function two. NULL where the headers declare no such name, of which
 * a message tells. All else is as with thunk_host_stub(). */
THUNK_EXPORT thunk_function
thunk_host_procedure(struct thunk_host_library *library, const char *name,
                     thunk_function function);

/* Tells the type of a guest function that the host will find by itself, in a
 * struct of the program's. The struct is left alone: when the host calls the
 * pointer, the processor faults, because guest code is not executable for the
 * host, and the runtime goes on at the trampoline of that type. Costs a look
 * into a table when it is known; NULL and host functions do no harm. */
THUNK_EXPORT void thunk_host_adopt(struct thunk_host_library *library,
                                   uint32_t index, thunk_function target);

/* The function pointer in a place that a function is given, `handler *out`;
 * NULL where there is no place. */
static inline thunk_function thunk_host_peek(const void *place)
{
    thunk_function found = NULL;

    if (place != NULL) {
        memcpy(&found, place, sizeof(found));
    }
    return found;
}

/* Makes the host function in a place of ours the guest's. */
static inline void thunk_host_convert(struct thunk_host_library *library,
                                      uint32_t index, void *place)
{
    thunk_function found =
        thunk_host_stub(library, index, thunk_host_peek(place));

    memcpy(place, &found, sizeof(found));
}

/* Afterwards: what the host has written there becomes the guest's, as with
 * thunk_host_stub(); what it has left as it was `before` stays. */
static inline void thunk_host_written(struct thunk_host_library *library,
                                      uint32_t index, void *place,
                                      thunk_function before)
{
    if (thunk_host_peek(place) != before) {
        thunk_host_convert(library, index, place);
    }
}

/* In a callback's code, before and after: a place that the guest function is
 * given. A host function there becomes the guest's for that time; gives what
 * was there. What the guest leaves there the host learns the type of, and finds
 * its own again where that is as it was. NULL where there is no place. */
static inline thunk_function thunk_host_lend(struct thunk_host_library *library,
                                             uint32_t index, void *place)
{
    thunk_function before = thunk_host_peek(place);
    thunk_function lent = thunk_host_stub(library, index, before);

    if (lent != before) {
        memcpy(place, &lent, sizeof(lent));
    }
    return before;
}

static inline void thunk_host_lent(struct thunk_host_library *library,
                                   uint32_t index, void *place,
                                   thunk_function before)
{
    thunk_function found = thunk_host_peek(place);

    if (found != before && found == thunk_host_stub(library, index, before)) {
        memcpy(place, &before, sizeof(before));
    } else {
        thunk_host_adopt(library, index, found);
    }
}

/* The same in a place of a struct in memory that both sides use: what stands
 * for the host function there by then, as with thunk_host_stub(). Another
 * thread of the program may write to it meanwhile, and that counts. Does
 * nothing where the place is not aligned. */
THUNK_EXPORT void thunk_host_place_stub(struct thunk_host_library *library,
                                        uint32_t index, void *place);

/* And the way back: a stub there, of whatever type, becomes its host function,
 * for the host to call it without a fault. All else stays. */
THUNK_EXPORT void thunk_host_place_host(void *place);

/* Makes `count` long doubles in a row, in a frame of ours, the host's; or the
 * guest's. Does nothing where both have the same format. */
THUNK_EXPORT void thunk_host_numbers_take(void *at, size_t count);
THUNK_EXPORT void thunk_host_numbers_give(void *at, size_t count);

/* The library's variables that both sides write: what the guest has changed
 * becomes the host's, before the host's code goes on; and the other way round,
 * before the guest's does. */
THUNK_EXPORT void thunk_host_data_take(struct thunk_host_library *library);
THUNK_EXPORT void thunk_host_data_give(struct thunk_host_library *library);

/* The same for thread-local ones, where the library has any (thread_data.h). In
 * an entry; take() gives what give() needs. */
struct thunk_thread_datum;
THUNK_EXPORT struct thunk_thread_datum *
thunk_host_thread_data_take(const struct thunk_host_library *library,
                            const struct thunk_frame *head);
THUNK_EXPORT void
thunk_host_thread_data_give(const struct thunk_host_library *library,
                            struct thunk_thread_datum *data);

/* Has the runner of a callback do so: tells it with the frame where this
 * thread's variables are; `places` has room for each. */
THUNK_EXPORT void
thunk_host_thread_data_lend(const struct thunk_host_library *library,
                            struct thunk_frame *head, void **places);

/* The host's stream that stands for the guest's, whose GTL has the runner for
 * streams at callbacks[index]; of one that stands for a stream of the host's
 * own, that. NULL for NULL, and without memory. */
THUNK_EXPORT FILE *thunk_host_file(struct thunk_host_library *library,
                                   uint32_t index, FILE *guest);

/* The guest's stream for this one of the host's: the one for which it stands,
 * of the host's stdin, stdout and stderr the guest's, of any other one that
 * stands for it from then on. NULL for NULL, and without memory. May suspend
 * the host call for the guest to make it. */
THUNK_EXPORT FILE *thunk_host_file_guest(struct thunk_host_library *library,
                                         uint32_t index, FILE *host);

/* What a place of the program's holds, `FILE **`: the host gets a place of its
 * own, with its own stream in it. */
struct thunk_host_file_place {
    FILE *before; /* to the host */
    FILE *stream; /* the host's place */
};

/* Before the call; `library` is NULL where the function does not read it, and
 * so anything may lie there. Gives what the function is to have: NULL without a
 * place. */
THUNK_EXPORT FILE **
thunk_host_file_place_take(struct thunk_host_file_place *own,
                           struct thunk_host_library *library, uint32_t index,
                           FILE *const *place);

/* Afterwards: what the function has written becomes the guest's. */
THUNK_EXPORT void
thunk_host_file_place_give(const struct thunk_host_file_place *own,
                           struct thunk_host_library *library, uint32_t index,
                           FILE **place);

/* Gives back to the guest what was read ahead from its streams, and has what
 * was written to the host's own that it has reach their files: after each
 * function that may have done so (settle), and before each callback (lend),
 * behind which the function may put back what it has read before. */
THUNK_EXPORT extern uint32_t thunk_host_files_touched;
THUNK_EXPORT extern uint32_t thunk_host_streams_lent;
THUNK_EXPORT void thunk_host_files_give_back(bool is_over);
THUNK_EXPORT void thunk_host_streams_give(void);
THUNK_EXPORT void thunk_host_streams_take(void);

static inline void thunk_host_files_give(bool is_over)
{
    if (__builtin_expect(
            __atomic_load_n(&thunk_host_files_touched, __ATOMIC_RELAXED) != 0,
            0)) {
        thunk_host_files_give_back(is_over);
    }
    if (__builtin_expect(
            __atomic_load_n(&thunk_host_streams_lent, __ATOMIC_RELAXED) != 0,
            0)) {
        thunk_host_streams_give();
    }
}

static inline void thunk_host_files_settle(void)
{
    thunk_host_files_give(true);
}

static inline void thunk_host_files_lend(void)
{
    thunk_host_files_give(false);
}

/* And what the program has in the streams that stand for the host's goes there:
 * before each function, and after each callback. */
static inline void thunk_host_files_take(void)
{
    if (__builtin_expect(
            __atomic_load_n(&thunk_host_streams_lent, __ATOMIC_RELAXED) != 0,
            0)) {
        thunk_host_streams_take();
    }
}

/* The words of a call, from the named parameters on, and what the host has in
 * the place of what they point to: see enum thunk_word. */
struct thunk_host_list {
    struct thunk_words words;
    union thunk_host_slot {
        void *memory;
        uint64_t number[2];
    } slots[THUNK_WORDS_MAX] __attribute__((aligned(16)));
};

/* Adds what the guest has sent; `item` is what makes an item of the host's half
 * the host's, NULL where there is none. The last before the call, as it sets
 * errno. */
THUNK_EXPORT void thunk_host_list_take(struct thunk_host_list *list,
                                       const struct thunk_words *from,
                                       uint64_t (*item)(uint32_t item,
                                                        uint64_t word));

/* Gives the guest what the function has written to places of ours; what it has
 * not written stays as it was. May suspend the host call. Keeps errno. */
THUNK_EXPORT void thunk_host_list_give(struct thunk_host_list *list,
                                       const struct thunk_words *from);

/* Who is called; to be asked first of all in a callback's code. */
struct thunk_host_target {
    struct thunk_host_library *library;
    uint32_t index;
    thunk_function target; /* guest code */
    thunk_function code;   /* callbacks[index].code, for trampoline.S */
};

THUNK_EXPORT const struct thunk_host_target *thunk_host_target(void);

/* Suspends the host call that runs on this thread, lets the guest run the
 * target with `frame`, and returns when the result is there. */
THUNK_EXPORT void thunk_host_callback(const struct thunk_host_target *target,
                                      struct thunk_frame *frame);

/* The text of a printf-like callback. A short one lies on the stack of the
 * callback's code: nothing is lost when the guest leaves it by longjmp(). */
struct thunk_host_text {
    char *text;
    char small[1024];
};

/* Formats as vprintf() does, and gives a format of the same meaning that needs
 * no argument but one 0, as thunk_guest_format() does. NULL where vprintf()
 * would fail, and without a format. thunk_host_format_end() when it has been
 * used. */
THUNK_EXPORT const char *thunk_host_format(struct thunk_host_text *text,
                                           const char *format,
                                           va_list arguments);
THUNK_EXPORT void thunk_host_format_end(struct thunk_host_text *text);

#endif
