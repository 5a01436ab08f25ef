/* SPDX-License-Identifier: MIT
 *
 * Threads of the host's own: those that a library of the host has made, and
 * that no vCPU stands behind. When one calls back it gets a partner, a guest
 * thread of its own, and waits while that one runs the guest function; see
 * thunk/service.h.
 *
 * Whatever the guest function calls on the host, the host thread itself runs,
 * in the middle of its own callback: its locks and its thread-local variables
 * are what the library expects there. So the partner's vCPU passes everything
 * on (thread_forward()), and call.c works on the host thread as it does on a
 * vCPU's.
 *
 * Only guest code can make the guest thread that makes partners. It is there
 * from the start where the spec says 'threads: true'. Elsewhere it is made when
 * it is first wanted, by the next guest thread that makes any call: its way in
 * is barred for a moment, which it notices without having looked for it.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "../common/turn.h"
#include "host.h"
#include "observe.h"

enum {
    /* Destructors of other keys may still call back when ours runs. POSIX runs
     * them all four times while there is work. Ours acts in the second, since
     * what the guest's destructors call may need one here after it. */
    LAST_ROUND = 2,
    PAUSE = 10 * 1000 * 1000, /* nanoseconds between two looks */
    PATIENCE = 100,           /* looks until a word is said */
};

static void service_join(void *partner, void *unused);

static struct thunk_service service = {.join = service_join};

static __thread struct {
    struct thunk_partner *own;    /* of this host thread */
    struct thunk_partner *serves; /* whose guest thread this vCPU runs */
} self __attribute__((tls_model("initial-exec")));

/* Under thunk_host_lock() */
static struct thunk_partner *partners_unused;
static struct thunk_host_library *libraries; /* by next_deferred */

static pthread_key_t partner_key;
static bool has_partner_key;
static pthread_once_t partner_key_once = PTHREAD_ONCE_INIT;

static void service_join(void *partner, void *unused)
{
    (void)unused;
    self.serves = partner;
}

/* enter() of libraries that are deferred: nothing is done, so the guest finds
 * its frame as it was and comes by thunk_guest_finish(). */
static void enter_defer(void *entry, void *frame)
{
    (void)entry;
    (void)frame;
}

/* Has the next guest thread that calls anything start the service. */
static void service_want(void)
{
    for (struct thunk_host_library *library = libraries; library != NULL;
         library = library->next_deferred) {
        for (int way = 0; way < THUNK_WAY_COUNT; way++) {
            __atomic_store_n(&library->guest_enter[way], enter_defer,
                             __ATOMIC_RELEASE);
        }
    }
}

struct thunk_service *thunk_host_service(struct thunk_host_library *library,
                                         thunk_proc **guest_enter)
{
    bool is_first;

    thunk_host_lock();
    if (library->guest_enter == NULL) {
        library->guest_enter = guest_enter;
        library->next_deferred = libraries;
        libraries = library;
    }
    is_first = library->guest_enter == guest_enter;
    thunk_host_unlock();
    return is_first ? &service : NULL;
}

struct thunk_host_library *thunk_host_libraries(void)
{
    return libraries;
}

/* Waits for the service to be there. */
static bool service_await(const struct thunk_host_target *target)
{
    const struct timespec pause = {.tv_nsec = PAUSE};
    uint32_t state;
    int looks = 0;

    while ((state = turn_load(&service.state)) != THUNK_SERVICE_READY &&
           state != THUNK_SERVICE_FAILED) {
        if (state == THUNK_SERVICE_NONE) {
            thunk_host_lock();
            service_want();
            thunk_host_unlock();
        }
        if (looks++ == PATIENCE) {
            thunk_log(THUNK_LOG_ERROR,
                      "%s: a thread of the host's own waits to call back (%s) "
                      "until a thread of the program calls something: say "
                      "'threads: true' in the spec",
                      target->library->table->soname,
                      target->library->callbacks[target->index].name);
        }
        turn_sleep(&service.state, state, &pause);
    }
    return state == THUNK_SERVICE_READY;
}

/* Runs what the partner's calls want of this thread until it is not the
 * guest's turn any more. */
static uint32_t partner_await(struct thunk_partner *partner)
{
    for (;;) {
        uint32_t turn = turn_load(&partner->turn);

        switch (turn) {
        case THUNK_TURN_CALL:
            partner->proc(partner->arg1, partner->arg2);
            turn_pass(&partner->turn, THUNK_TURN_RETURN);
            break;
        case THUNK_TURN_GUEST:
        case THUNK_TURN_RETURN:
        case THUNK_TURN_END:
            turn_sleep(&partner->turn, turn, NULL);
            break;
        default:
            return turn;
        }
    }
}

static void partner_free(struct thunk_partner *partner)
{
    thunk_host_lock();
    partner->next = partners_unused;
    partners_unused = partner;
    thunk_host_unlock();
}

/* The host thread ends. Its guest thread ends first, destructors and all, for
 * who waits for this thread natively finds those done. */
static void partner_leave(void *argument)
{
    struct thunk_partner *partner = argument;

    if (++partner->rounds < LAST_ROUND) {
        pthread_setspecific(partner_key, partner);
        return;
    }
    /* A thread that was cancelled has left a callback to itself. */
    if (partner_await(partner) != THUNK_TURN_GONE) {
        turn_pass(&partner->turn, THUNK_TURN_END);
        (void)partner_await(partner);
    }
    self.own = NULL;
    partner_free(partner);
}

static void partner_key_make(void)
{
    has_partner_key = pthread_key_create(&partner_key, partner_leave) == 0;
    if (!has_partner_key) {
        thunk_log(THUNK_LOG_ERROR, "no pthread key left: guest threads stay "
                                   "when threads of the host's own end");
    }
}

/* The guest's handlers are behind QEMU's, and that one expects a vCPU. A signal
 * for the process goes to a thread that has not blocked it. */
static void signals_block(void)
{
    sigset_t set;

    thunk_host_signal_set(&set);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static struct thunk_partner *partner_new(void)
{
    struct thunk_partner *partner;

    thunk_host_lock();
    partner = partners_unused;
    if (partner != NULL) {
        partners_unused = partner->next;
    }
    thunk_host_unlock();
    if (partner == NULL) {
        partner = malloc(sizeof(*partner));
    }
    if (partner != NULL) {
        partner->rounds = 0;
    }
    return partner;
}

/* Asks for a guest thread, which finds the request there. */
static void partner_bear(struct thunk_partner *partner)
{
    __atomic_store_n(&partner->turn, THUNK_TURN_GUEST, __ATOMIC_RELAXED);
    partner->next = __atomic_load_n(&service.newborn, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(&service.newborn, &partner->next,
                                        partner, true, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED)) {
    }
    turn_pass(&service.births, turn_load(&service.births) + 1);
}

/* This thread's partner, made for its first callback. `is_new`: it is yet to
 * be asked for. */
static struct thunk_partner *partner_get(const struct thunk_host_target *target,
                                         bool *is_new)
{
    struct thunk_partner *partner = self.own;

    *is_new = partner == NULL;
    if (partner != NULL) {
        return partner;
    }
    pthread_once(&partner_key_once, partner_key_make);
    signals_block();
    partner = service_await(target) ? partner_new() : NULL;
    if (partner != NULL) {
        self.own = partner;
        if (has_partner_key) {
            pthread_setspecific(partner_key, partner);
        }
    }
    return partner;
}

static void partner_refuse(const struct thunk_host_target *target)
{
    thunk_log(THUNK_LOG_ERROR,
              "%s: a thread of the host's own called back (%s), and there can "
              "be no guest thread for it",
              target->library->table->soname,
              target->library->callbacks[target->index].name);
    abort();
}

void thunk_host_thread_callback(const struct thunk_host_target *target,
                                struct thunk_frame *frame)
{
    int error = errno;
    bool is_new;
    struct thunk_partner *partner = partner_get(target, &is_new);
    uint32_t turn;

    thunk_observe_thread_callback(target->library);
    if (partner == NULL) {
        partner_refuse(target);
        return;
    }
    partner->request = (struct thunk_request){
        .run = target->library->runners[target->index],
        .target = target->target,
        .frame = frame,
        .error = error,
    };
    if (is_new) {
        partner_bear(partner);
    } else {
        turn_pass(&partner->turn, THUNK_TURN_GUEST);
    }
    turn = partner_await(partner);
    if (turn == THUNK_TURN_REFUSED) {
        partner_refuse(target);
    }
    if (turn == THUNK_TURN_GONE) {
        /* The guest function has ended its thread, which is this one. */
        self.own = NULL;
        pthread_setspecific(partner_key, NULL);
        partner_free(partner);
        pthread_exit(NULL);
    }
    errno = partner->request.error;
}

bool thunk_host_thread_forward(thunk_proc *proc, void *arg1, void *arg2)
{
    struct thunk_partner *partner = self.serves;

    if (partner == NULL) {
        return false;
    }
    partner->proc = proc;
    partner->arg1 = arg1;
    partner->arg2 = arg2;
    turn_pass(&partner->turn, THUNK_TURN_CALL);
    while (turn_load(&partner->turn) == THUNK_TURN_CALL) {
        turn_sleep(&partner->turn, THUNK_TURN_CALL, NULL);
    }
    return true;
}

bool thunk_host_thread_has_partner(void)
{
    return self.own != NULL;
}

bool thunk_host_thread_serves(void)
{
    return self.serves != NULL;
}

thunk_function thunk_host_thread_target(void)
{
    return self.serves == NULL ? NULL : self.serves->request.target;
}

/* The child has neither the host's threads nor the guest's. It gets a service
 * only when a thread wants it, whatever the spec says: most children make no
 * threads, and to them it is better not to be one of several. */
static void fork_child(void)
{
    if (self.serves != NULL) {
        self.serves->turn = THUNK_TURN_ORPHAN;
        self.serves = NULL;
    }
    self.own = NULL;
    service.newborn = NULL;
    service.state = THUNK_SERVICE_NONE;
}

__attribute__((constructor)) static void fork_watch(void)
{
    (void)pthread_atfork(NULL, NULL, fork_child);
}
