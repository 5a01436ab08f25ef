/* SPDX-License-Identifier: MIT
 *
 * What the inner of two QEMUs needs to die of SIGSEGV as its guest does. It
 * sends itself the signal and waits for it in sigsuspend()
 * (linux-user/signal.c); the outer one, which never blocks SIGSEGV on its host,
 * takes it at once, finds it blocked for the inner one, keeps it, and does not
 * look at what it keeps in sigsuspend(): QEMU 7.2 then waits for ever, with or
 * without thunks. So it is sent to the thread itself, unblocked. Preloaded into
 * the inner QEMU.
 */
#include <signal.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

int kill(pid_t pid, int sig)
{
    sigset_t fault;

    if (pid != getpid() || (sig != SIGSEGV && sig != SIGBUS)) {
        return (int)syscall(SYS_kill, pid, sig);
    }
    sigemptyset(&fault);
    sigaddset(&fault, sig);
    pthread_sigmask(SIG_UNBLOCK, &fault, NULL);
    return (int)syscall(SYS_tgkill, pid, syscall(SYS_gettid), sig);
}
