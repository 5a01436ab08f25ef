/* SPDX-License-Identifier: MIT
 *
 * Guest threads for threads of the host's own, see thunk/service.h: one that
 * makes partners, and the partners. They are threads of the program like those
 * that it makes itself, but that signals for the process go elsewhere, which is
 * how libraries make their threads, too.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "../common/turn.h"
#include "guest.h"

enum {
    /* For a thread that calls nothing but pthread_create(). More than the least
     * of any guest; what the sanitizers add has room, too. */
    SERVICE_STACK = 256 * 1024,
    /* Rounds of destructors in which the others have their turn first. POSIX
     * promises two more; the last belongs to sanitizers, which want to be the
     * last of all. */
    ROUNDS = 2,
};

static pthread_key_t partner_key;
static bool has_partner_key;
static pthread_once_t partner_key_once = PTHREAD_ONCE_INIT;

/* What the service says; set before there is a partner. */
static thunk_proc *join;

/* Of this partner: how often its key's destructor has run. */
static __thread int rounds __attribute__((tls_model("initial-exec")));

/* The thread ends, be it with its host thread or by itself. The destructors of
 * the program's own keys come first: who has waited for the host thread finds
 * them done. */
static void partner_leave(void *argument)
{
    struct thunk_partner *partner = argument;

    if (rounds++ < ROUNDS) {
        pthread_setspecific(partner_key, partner);
    } else if (turn_load(&partner->turn) != THUNK_TURN_ORPHAN) {
        turn_pass(&partner->turn, THUNK_TURN_GONE);
    }
}

static void partner_key_make(void)
{
    has_partner_key = pthread_key_create(&partner_key, partner_leave) == 0;
}

static void request_run(struct thunk_partner *partner)
{
    struct thunk_request *request = &partner->request;

    errno = request->error;
    request->run(request->target, request->frame);
    request->error = errno;
    if (turn_load(&partner->turn) == THUNK_TURN_ORPHAN) {
        thunk_log(THUNK_LOG_ERROR,
                  "a forked child came back from a callback of a thread of the "
                  "host's own, which is only in the parent");
        abort();
    }
    turn_pass(&partner->turn, THUNK_TURN_HOST);
}

/* Faults must find the program's handlers. */
static void faults_unblock(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGSEGV);
    sigaddset(&set, SIGBUS);
    sigaddset(&set, SIGFPE);
    sigaddset(&set, SIGILL);
    sigaddset(&set, SIGTRAP);
    sigaddset(&set, SIGABRT);
    sigaddset(&set, SIGSYS);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static void *partner_main(void *argument)
{
    struct thunk_partner *partner = argument;
    uint32_t turn;

    thunk_guest_thread_forget(); /* the host thread's own end is what counts */
    pthread_setspecific(partner_key, partner);
    faults_unblock();
    thunk_pass(join, partner, NULL);
    while ((turn = turn_load(&partner->turn)) != THUNK_TURN_END) {
        if (turn == THUNK_TURN_GUEST) {
            request_run(partner);
        } else {
            turn_sleep(&partner->turn, turn, NULL);
        }
    }
    return NULL;
}

/* A thread of the runtime's own with that much stack, or the usual if 0. */
static bool thread_make(void *(*function)(void *), void *argument, size_t stack)
{
    pthread_attr_t attributes;
    pthread_t thread;
    bool is_made;

    if (pthread_attr_init(&attributes) != 0) {
        return false;
    }
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (stack != 0) {
        pthread_attr_setstacksize(&attributes, stack);
    }
    is_made = pthread_create(&thread, &attributes, function, argument) == 0;
    pthread_attr_destroy(&attributes);
    return is_made;
}

__attribute__((noreturn)) static void *service_main(void *argument)
{
    struct thunk_service *service = argument;

    join = service->join;
    turn_pass(&service->state, THUNK_SERVICE_READY);
    for (;;) {
        uint32_t births = turn_load(&service->births);
        struct thunk_partner *partner =
            __atomic_exchange_n(&service->newborn, NULL, __ATOMIC_ACQUIRE);

        if (partner == NULL) {
            turn_sleep(&service->births, births, NULL);
        }
        while (partner != NULL) {
            struct thunk_partner *next = partner->next;

            if (!thread_make(partner_main, partner, 0)) {
                turn_pass(&partner->turn, THUNK_TURN_REFUSED);
            }
            partner = next;
        }
    }
}

/* The host's memory tells whether there is one: it is right in a forked child,
 * however that was made. */
void thunk_guest_service_start(struct thunk_service *service)
{
    uint32_t state = THUNK_SERVICE_NONE;
    sigset_t all, before;

    if (!__atomic_compare_exchange_n(&service->state, &state,
                                     THUNK_SERVICE_STARTING, false,
                                     __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        return;
    }
    pthread_once(&partner_key_once, partner_key_make);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (!has_partner_key ||
        !thread_make(service_main, service, SERVICE_STACK)) {
        thunk_log(THUNK_LOG_ERROR,
                  "no guest thread to serve threads of the host's own");
        turn_pass(&service->state, THUNK_SERVICE_FAILED);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void thunk_guest_service_resume(struct thunk_library *library)
{
    int saved = errno;

    thunk_guest_service_start(
        __atomic_load_n(&library->service, __ATOMIC_RELAXED));
    for (int way = 0; way < THUNK_WAY_COUNT; way++) {
        __atomic_store_n(&library->enter[way],
                         thunk_guest_enter_kept(library, (enum thunk_way)way),
                         __ATOMIC_RELEASE);
    }
    errno = saved;
}
