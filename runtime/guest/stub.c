/* SPDX-License-Identifier: MIT
 *
 * Guest function pointers that stand for host functions. The host decides when
 * one is needed and keeps the table of them (host/stub.c); here they are only
 * made, since only a mapping of the guest's own is code to QEMU.
 *
 * As for the host's trampolines, code and data lie in different pages: a page
 * of code is filled once, made executable, and not written again. There is no
 * lock: a host call from a signal handler may want a stub as well.
 */
#include <string.h>
#include <sys/mman.h>

#include "guest.h"
#include "thunk_trampoline.h"

extern const unsigned char thunk_trampoline_code[THUNK_TRAMPOLINE_SIZE];
void thunk_stub_enter(void);

struct stub_target {
    thunk_function function; /* the host's */
    thunk_function code;     /* of its type, in the GTL */
};

_Static_assert(offsetof(struct stub_target, function) == THUNK_STUB_FUNCTION &&
                   offsetof(struct stub_target, code) == THUNK_STUB_CODE,
               "stub_enter.S reads it");

struct stub_data {
    const struct stub_target *target;
    void (*enter)(void);
};

_Static_assert(sizeof(struct stub_data) == THUNK_TRAMPOLINE_SIZE,
               "data and code keep step");

enum { STUBS_PER_CHUNK = THUNK_TRAMPOLINE_SPAN / THUNK_TRAMPOLINE_SIZE };

/* Only the pages that are used are ever there. */
struct chunk {
    unsigned char code[STUBS_PER_CHUNK][THUNK_TRAMPOLINE_SIZE];
    struct stub_data data[STUBS_PER_CHUNK];
    struct stub_target targets[STUBS_PER_CHUNK];
    size_t used; /* may count on when it is full */
};

_Static_assert(offsetof(struct chunk, data) == THUNK_TRAMPOLINE_SPAN,
               "trampoline.S looks there");

static struct chunk *newest;

_Static_assert(offsetof(struct thunk_guest_ring, slots) == 8 &&
                   sizeof(((struct thunk_guest_ring *)0)->slots) ==
                       THUNK_STUB_RING_SIZE,
               "stub_enter.S knows it");

__thread struct thunk_guest_ring thunk_guest_ring
    __attribute__((tls_model("initial-exec")));

static struct chunk *chunk_new(void)
{
    struct chunk *chunk =
        mmap(NULL, sizeof(*chunk), PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (chunk == MAP_FAILED) {
        return NULL;
    }
    for (size_t i = 0; i < STUBS_PER_CHUNK; i++) {
        memcpy(chunk->code[i], thunk_trampoline_code, THUNK_TRAMPOLINE_SIZE);
    }
    if (mprotect(chunk, sizeof(chunk->code), PROT_READ | PROT_EXEC) != 0) {
        munmap(chunk, sizeof(*chunk));
        return NULL;
    }
    __builtin___clear_cache((char *)chunk->code, (char *)chunk->data);
    return chunk;
}

/* The chunk that comes after `full`; whoever is first makes it. */
static struct chunk *chunk_after(struct chunk *full)
{
    struct chunk *chunk = chunk_new();

    if (chunk == NULL) {
        return NULL;
    }
    if (!__atomic_compare_exchange_n(&newest, &full, chunk, false,
                                     __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        munmap(chunk, sizeof(*chunk));
        return full;
    }
    return chunk;
}

static thunk_function stub_make(thunk_function function, thunk_function code)
{
    struct chunk *chunk = __atomic_load_n(&newest, __ATOMIC_ACQUIRE);
    size_t place = STUBS_PER_CHUNK;

    for (;;) {
        if (chunk != NULL) {
            place = __atomic_fetch_add(&chunk->used, 1, __ATOMIC_RELAXED);
        }
        if (place < STUBS_PER_CHUNK) {
            break;
        }
        chunk = chunk_after(chunk);
        if (chunk == NULL) {
            return NULL;
        }
    }
    chunk->targets[place] = (struct stub_target){function, code};
    chunk->data[place] = (struct stub_data){
        .target = &chunk->targets[place],
        .enter = thunk_stub_enter,
    };
    return (thunk_function)(uintptr_t)chunk->code[place];
}

void thunk_guest_stub_make(thunk_function code, struct thunk_frame *head)
{
    struct thunk_stub_frame *frame = (struct thunk_stub_frame *)(void *)head;
    int saved = errno;

    frame->result = stub_make(frame->function, code);
    errno = saved;
}
