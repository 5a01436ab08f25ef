/* SPDX-License-Identifier: MIT
 *
 * How a thread that the host's library made itself has guest code run. No vCPU
 * stands behind it, so a guest thread does it: its partner, the same one for as
 * long as the host thread lives, so that the guest's thread-local variables are
 * those of that thread. The program cannot tell the two from one thread.
 *
 * All of this is memory of the host runtime that both runtimes write. Where one
 * side waits for the other it is by futex: the guest's is a system call of the
 * guest's like any other, so QEMU stops, forks and interrupts a thread that
 * waits there as it does everywhere.
 */
#ifndef THUNK_SERVICE_H
#define THUNK_SERVICE_H

#include <thunk/frame.h>

/* Who acts next, in `turn` of struct thunk_partner; the other one waits. */
enum thunk_turn {
    THUNK_TURN_HOST = 0,    /* the guest is done with the request */
    THUNK_TURN_GUEST = 1,   /* the guest is to run the request */
    THUNK_TURN_CALL = 2,    /* the host thread is to run proc(arg1, arg2) */
    THUNK_TURN_RETURN = 3,  /* it has: the guest goes on with the request */
    THUNK_TURN_END = 4,     /* the host thread ends: the guest's is to end */
    THUNK_TURN_GONE = 5,    /* the guest thread has ended */
    THUNK_TURN_REFUSED = 6, /* there could be no guest thread */
    THUNK_TURN_ORPHAN = 7,  /* in a forked child: the host thread is not here */
};

/* A host thread and the guest thread that is its partner. */
struct thunk_partner {
    uint32_t turn;   /* enum thunk_turn; a futex */
    uint32_t rounds; /* of the host thread's destructors, so far */
    struct thunk_request request;

    /* What the guest thread's calls want of the host thread. */
    thunk_proc *proc;
    void *arg1;
    void *arg2;

    struct thunk_partner *next; /* in whatever list */
};

enum thunk_service_state {
    THUNK_SERVICE_NONE = 0,     /* no guest thread that makes partners */
    THUNK_SERVICE_STARTING = 1, /* a guest thread is at making it */
    THUNK_SERVICE_READY = 2,
    THUNK_SERVICE_FAILED = 3, /* the guest could not */
};

/* One of the process. Only guest code can make guest threads, so one of them
 * sits and waits for that. */
struct thunk_service {
    uint32_t state;                /* enum thunk_service_state; a futex */
    uint32_t births;               /* of partners asked for; a futex */
    struct thunk_partner *newborn; /* those without a guest thread yet */
    thunk_proc *join; /* (struct thunk_partner *, NULL): this vCPU is its */
};

_Static_assert(sizeof(struct thunk_partner) == 72, "shared layout");
_Static_assert(offsetof(struct thunk_partner, request) == 8, "shared layout");
_Static_assert(sizeof(struct thunk_service) == 24, "shared layout");

#endif
