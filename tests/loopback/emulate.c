/* SPDX-License-Identifier: MIT */
#include "emulate.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <thunk_arch_host.h>

#include "check.h"

static char *first;
static size_t count_of_addresses;
static loop_visit translated;
static uint64_t count;
static __thread char *last;

static void emulate(int number, siginfo_t *info, void *context)
{
    char *pc = (char *)thunk_arch_pc(context);

    (void)info;
    if (pc < first || pc >= first + count_of_addresses) {
        signal(number, SIG_DFL);
        return;
    }
    last = pc;
    __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);
    thunk_arch_pc_set(context, (uintptr_t)translated);
}

char *emulate_guest_code(size_t size, loop_visit visit)
{
    struct sigaction action = {.sa_flags = SA_SIGINFO, .sa_sigaction = emulate};

    first = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(first != MAP_FAILED);
    count_of_addresses = size;
    translated = visit;
    CHECK(sigaction(SIGSEGV, &action, NULL) == 0);
    return first;
}

uint64_t emulate_count(void)
{
    return __atomic_load_n(&count, __ATOMIC_RELAXED);
}

char *emulate_last(void)
{
    return last;
}
