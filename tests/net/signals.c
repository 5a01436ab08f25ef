/* SPDX-License-Identifier: MIT
 *
 * usage: signals CASE
 *
 * A program that has uses of its own for SIGSEGV, and calls host functions that
 * are only reached by one. Tells what it has seen, which must be the same
 * natively and through a thunk.
 */
#include "wild.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thunk_arch_context.h>
#include <unistd.h>

enum { PAGE = 65536 };

/* Of a page that is not there; below it is one that can be read. */
static char *hole;

static sigjmp_buf escape;
static volatile int caught;

/* Calls the library through a pointer that no type tells of; under natural
 * conditions nobody sees anything of it. */
static void host_call(void)
{
    if (wild_table()->add(caught, 1) != caught + 1) {
        printf("wrong sum\n");
    }
}

static void fault(void)
{
    *(volatile char *)hole = 1;
}

static const char *name_of(void (*handler)(int))
{
    return handler == SIG_DFL   ? "default"
           : handler == SIG_IGN ? "ignore"
                                : "own";
}

static void tell(const char *what, const struct sigaction *action)
{
    const int flags =
        SA_SIGINFO | SA_ONSTACK | SA_NODEFER | (int)SA_RESETHAND | SA_RESTART;

    printf("%s: %s, flags %x, SIGUSR1 %d, SIGSEGV %d\n", what,
           name_of(action->sa_handler), (unsigned)(action->sa_flags & flags),
           sigismember(&action->sa_mask, SIGUSR1),
           sigismember(&action->sa_mask, SIGSEGV));
}

static void install(void (*handler)(int, siginfo_t *, void *), int flags)
{
    struct sigaction action = {.sa_flags = SA_SIGINFO | flags}, before, now;

    action.sa_sigaction = handler;
    sigemptyset(&action.sa_mask);
    sigaddset(&action.sa_mask, SIGUSR1);
    sigaction(SIGSEGV, &action, &before);
    sigaction(SIGSEGV, NULL, &now);
    tell("before", &before);
    tell("now", &now);
    if (now.sa_sigaction != handler || action.sa_sigaction != handler) {
        printf("another handler\n");
    }
}

/* ---- handlers ---- */

static void mask_tell(void)
{
    sigset_t set;

    sigprocmask(SIG_SETMASK, NULL, &set);
    printf("masked: SIGUSR1 %d, SIGSEGV %d\n", sigismember(&set, SIGUSR1),
           sigismember(&set, SIGSEGV));
}

static void caught_tell(int number, siginfo_t *info)
{
    caught++;
    printf("caught %d, code %d, at %s\n", number, info->si_code,
           info->si_addr == hole ? "the hole" : "another place");
    mask_tell();
}

/* As a runtime with lazy memory does it. */
static void repair(int number, siginfo_t *info, void *context)
{
    (void)context;
    caught_tell(number, info);
    host_call();
    mprotect(hole, PAGE, PROT_READ | PROT_WRITE);
}

static void leave(int number, siginfo_t *info, void *context)
{
    (void)context;
    caught_tell(number, info);
    siglongjmp(escape, 1);
}

static void landed(void)
{
    printf("landed\n");
    siglongjmp(escape, 2);
}

/* As a runtime that checks for NULL by SIGSEGV. */
static void redirect(int number, siginfo_t *info, void *context)
{
    caught_tell(number, info);
    thunk_arch_pc_set(context, (uintptr_t)landed);
}

static char *stack;

static void on_stack(int number, siginfo_t *info, void *context)
{
    const char *here = __builtin_frame_address(0);

    printf("on the stack for signals: %d\n",
           here >= stack && here < stack + 4 * PAGE);
    leave(number, info, context);
}

static void plain(int number)
{
    caught++;
    printf("caught %d\n", number);
    siglongjmp(escape, 1);
}

static void sent(int number, siginfo_t *info, void *context)
{
    (void)context;
    caught++;
    printf("sent %d, code %d, from here %d\n", number, info->si_code,
           info->si_pid == getpid());
}

static void fault_survive(void)
{
    mprotect(hole, PAGE, PROT_NONE);
    if (sigsetjmp(escape, 1) == 0) {
        fault();
        printf("went on\n");
    } else {
        printf("came back\n");
    }
}

/* ---- cases ---- */

static void all_kinds(void)
{
    struct sigaction action = {0};
    struct sigaction before;
    struct sigaction *volatile same = &action;
    stack_t place = {.ss_size = 4 * PAGE};

    install(repair, 0);
    fault_survive();
    host_call();
    install(leave, SA_NODEFER);
    fault_survive();
    fault_survive();
    install(redirect, SA_RESTART);
    fault_survive();
    host_call();
    stack = malloc(place.ss_size);
    place.ss_sp = stack;
    sigaltstack(&place, NULL);
    install(on_stack, SA_ONSTACK);
    host_call();
    fault_survive();
    install(leave, (int)SA_RESETHAND);
    host_call();
    fault_survive();
    sigaction(SIGSEGV, NULL, &before);
    printf("after once: %s\n", name_of(before.sa_handler));
    printf("signal: %s\n", name_of(signal(SIGSEGV, plain)));
    host_call();
    fault_survive();
    printf("signal: %s\n", name_of(signal(SIGSEGV, SIG_IGN)));
    host_call();
    kill(getpid(), SIGSEGV);
    install(sent, 0);
    host_call();
    kill(getpid(), SIGSEGV);
    host_call();
    action.sa_handler = SIG_DFL;
    sigaction(SIGSEGV, same, &action);
    tell("the same place", &action);
    host_call();
    mprotect(hole, PAGE, PROT_NONE);
    printf("bad: %ld", syscall(SYS_rt_sigaction, SIGSEGV, hole, NULL, 8));
    printf(" %s\n", strerror(errno));
    free(stack);
    place.ss_flags = SS_DISABLE;
    sigaltstack(&place, NULL);
}

/* Before the first call of the library, and after it. */
static void handlers(void)
{
    struct sigaction action = {0};

    action.sa_sigaction = leave;
    action.sa_flags = SA_SIGINFO | SA_NODEFER;
    sigaction(SIGSEGV, &action, NULL);
    fault_survive();
    host_call();
    fault_survive();
    all_kinds();
    all_kinds();
}

/* The kernel's own struct, in memory that cannot be written. */
struct kernel_action {
    void *handler;
    unsigned long flags;
    void *more[2];
};

static void constant(void)
{
    struct kernel_action *action;
    struct kernel_action now = {0};
    struct sigaction usual = {.sa_flags = SA_SIGINFO};

    host_call();
    action = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    usual.sa_sigaction = leave;
    sigaction(SIGSEGV, &usual, NULL);
    syscall(SYS_rt_sigaction, SIGSEGV, NULL, action, 8); /* with a restorer */
    printf("read: %d\n", action->handler == (void *)(uintptr_t)leave);
    mprotect(action, PAGE, PROT_READ);
    signal(SIGSEGV, SIG_DFL);
    printf("set: %ld\n", syscall(SYS_rt_sigaction, SIGSEGV, action, &now, 8));
    printf("before: %d, kept: %d\n", now.handler == NULL,
           action->handler == (void *)(uintptr_t)leave);
    host_call();
    fault_survive();
    printf("set: %ld\n", syscall(SYS_rt_sigaction, SIGSEGV, action, NULL, 7));
}

static void *thread_work(void *unused)
{
    for (int i = 0; i < 500; i++) {
        host_call();
    }
    return unused;
}

/* Some change the action while others need ours. */
static void threads(void)
{
    pthread_t workers[4];

    host_call();
    for (int i = 0; i < 4; i++) {
        pthread_create(&workers[i], NULL, thread_work, NULL);
    }
    for (int i = 0; i < 2000; i++) {
        signal(SIGSEGV, i % 2 == 0 ? plain : SIG_DFL);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(workers[i], NULL);
    }
    printf("action: %s\n", name_of(signal(SIGSEGV, SIG_DFL)));
}

/* Signals are blocked wherever the pointers are called. */
static void blocked(void)
{
    struct sigaction action = {.sa_flags = SA_SIGINFO};
    sigset_t all, before;

    sigfillset(&all);
    action.sa_sigaction = leave;
    sigaction(SIGSEGV, &action, NULL);
    host_call();
    sigprocmask(SIG_BLOCK, &all, &before);
    printf("before: %d\n", sigismember(&before, SIGSEGV));
    host_call();
    sigprocmask(SIG_SETMASK, NULL, &before);
    printf("blocked: %d, SIGUSR1 %d\n", sigismember(&before, SIGSEGV),
           sigismember(&before, SIGUSR1));
    mask_tell();
    pthread_sigmask(SIG_UNBLOCK, &all, &before);
    printf("before: %d\n", sigismember(&before, SIGSEGV));
    mask_tell();
    host_call();
    fault_survive();
}

static void blocked_thread(void)
{
    pthread_t worker;
    sigset_t all, before;

    host_call();
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_create(&worker, NULL, thread_work, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_join(worker, NULL);
    mask_tell();
}

static void on_alarm(int number)
{
    sigset_t set;

    host_call();
    sigprocmask(SIG_SETMASK, NULL, &set);
    printf("handler of %d: SIGUSR1 %d\n", number, sigismember(&set, SIGUSR1));
}

/* A handler that masks all. */
static void blocked_handler(void)
{
    struct sigaction action = {.sa_handler = on_alarm}, before;

    sigfillset(&action.sa_mask);
    sigaction(SIGALRM, &action, NULL);
    host_call();
    raise(SIGALRM);
    mask_tell();
    sigaction(SIGALRM, NULL, &before);
    tell("alarm", &before);
    sigaction(SIGUSR2, &action, &before);
    raise(SIGUSR2);
    sigaction(SIGUSR2, NULL, &before);
    tell("user", &before);
}

static void child(void)
{
    int status;

    install(leave, 0);
    host_call();
    fflush(stdout);
    if (fork() == 0) {
        host_call();
        fault_survive();
        signal(SIGSEGV, SIG_DFL);
        host_call();
        fflush(stdout);
        fault();
        _exit(0);
    }
    wait(&status);
    printf("child: %d %d\n", WIFSIGNALED(status),
           WIFSIGNALED(status) ? WTERMSIG(status) : 0);
    fault_survive();
}

/* ---- how it ends ---- */

static void die(void)
{
    host_call();
    printf("dies\n");
    fault();
    printf("lives\n");
}

static void die_ignoring(void)
{
    signal(SIGSEGV, SIG_IGN);
    die();
}

static void die_sent(void)
{
    host_call();
    printf("dies\n");
    kill(getpid(), SIGSEGV);
    printf("lives\n");
}

static void die_raised(void)
{
    host_call();
    raise(SIGSEGV);
    printf("lives\n");
}

static void die_blocked(void)
{
    sigset_t set;

    signal(SIGSEGV, plain);
    host_call();
    sigemptyset(&set);
    sigaddset(&set, SIGSEGV);
    sigprocmask(SIG_BLOCK, &set, NULL);
    printf("dies\n");
    if (sigsetjmp(escape, 1) == 0) {
        fault();
    }
    printf("lives\n");
}

static void report(int number, siginfo_t *info, void *context)
{
    (void)context;
    caught_tell(number, info);
    signal(SIGSEGV, SIG_DFL);
}

/* As a program that reports its crash. */
static void die_reporting(void)
{
    host_call();
    install(report, 0);
    fault();
}

/* A jump that leads nowhere is the program's own. */
static void die_jumping(void)
{
    host_call();
    printf("dies\n");
    ((void (*)(void))(uintptr_t)hole)();
}

static void jump(void)
{
    volatile uintptr_t places[] = {(uintptr_t)hole, 0, 0xdead00};

    host_call();
    signal(SIGSEGV, plain);
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (sigsetjmp(escape, 1) == 0) {
            ((void (*)(void))places[i])();
        }
    }
    host_call();
}

static const struct test {
    const char *name;
    void (*run)(void);
} tests[] = {
    {"handlers", handlers},
    {"constant", constant},
    {"threads", threads},
    {"blocked", blocked},
    {"blocked_thread", blocked_thread},
    {"blocked_handler", blocked_handler},
    {"child", child},
    {"jump", jump},
    {"die", die},
    {"die_ignoring", die_ignoring},
    {"die_sent", die_sent},
    {"die_raised", die_raised},
    {"die_blocked", die_blocked},
    {"die_reporting", die_reporting},
    {"die_jumping", die_jumping},
    {NULL, NULL},
};

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    hole = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (const struct test *test = tests; argc == 2 && test->name != NULL;
         test++) {
        if (strcmp(argv[1], test->name) == 0) {
            test->run();
            return 0;
        }
    }
    fprintf(stderr, "usage: signals CASE\n");
    return 2;
}
