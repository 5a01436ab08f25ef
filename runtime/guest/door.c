/* SPDX-License-Identifier: MIT
 *
 * The guest's side of the instruction door.
 */
#include <link.h>
#include <stdlib.h>
#include <string.h>

#include "guest.h"

__thread struct thunk_guest_mailbox thunk_guest_mailbox
    __attribute__((tls_model("initial-exec")));

/* Whether the process has opened a door at all. */
static bool door_is_open;

/* The loaded object that an address lies in. */
struct search {
    uintptr_t address;
    bool is_open;
};

static int object_open(struct dl_phdr_info *object, size_t size, void *data)
{
    struct search *search = data;
    bool is_found = false;

    (void)size;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        uintptr_t start = object->dlpi_addr + segment->p_vaddr;

        is_found |= segment->p_type == PT_LOAD && search->address >= start &&
                    search->address - start < segment->p_memsz;
    }
    for (int i = 0; is_found && i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        uintptr_t start = object->dlpi_addr + segment->p_vaddr;
        volatile uint64_t answer = THUNK_UNANSWERED;

        if (segment->p_type == PT_LOAD && (segment->p_flags & PF_X) != 0) {
            (void)thunk_syscall(THUNK_SYSCALL, THUNK_OPEN_DOOR, start,
                                start + segment->p_memsz, (uintptr_t)&answer);
            search->is_open |= answer == 1;
        }
    }
    return is_found;
}

/* Opens the code that an address of a loaded object belongs to. */
static bool code_open(const void *address)
{
    struct search search = {.address = (uintptr_t)address};

    dl_iterate_phdr(object_open, &search);
    return search.is_open;
}

void thunk_guest_door_open(const struct thunk_library *library)
{
    const char *wanted = getenv("THUNK_DOOR");
    bool is_open;

    if (wanted != NULL && strcmp(wanted, "syscall") == 0) {
        return;
    }
    is_open = code_open(library);
    if (is_open && !__atomic_load_n(&door_is_open, __ATOMIC_ACQUIRE)) {
        (void)code_open(&door_is_open); /* call.c knocks for callbacks */
        __atomic_store_n(&door_is_open, true, __ATOMIC_RELEASE);
    }
    thunk_log(THUNK_LOG_DEBUG, "%s: instruction door %s", library->soname,
              is_open ? "open" : "not to be had");
}

bool thunk_guest_mailbox_set(void)
{
    struct thunk_guest_mailbox *mailbox = &thunk_guest_mailbox;
    volatile uint64_t answer = THUNK_UNANSWERED;

    thunk_guest_thread_begin();
    if (mailbox->state != THUNK_MAILBOX_OPEN) {
        (void)thunk_syscall(THUNK_SYSCALL, THUNK_SET_MAILBOX,
                            (uintptr_t)&mailbox->words, (uintptr_t)&answer, 0);
        mailbox->state =
            answer == 1 ? THUNK_MAILBOX_OPEN : THUNK_MAILBOX_CLOSED;
    }
    return mailbox->state == THUNK_MAILBOX_OPEN;
}

bool thunk_guest_mailbox_open(void)
{
    struct thunk_guest_mailbox *mailbox = &thunk_guest_mailbox;

    if (mailbox->state == THUNK_MAILBOX_NEW ||
        mailbox->state == THUNK_MAILBOX_UNUSED) {
        if (__atomic_load_n(&door_is_open, __ATOMIC_ACQUIRE)) {
            return thunk_guest_mailbox_set();
        }
        mailbox->state = THUNK_MAILBOX_CLOSED;
    }
    return mailbox->state == THUNK_MAILBOX_OPEN;
}
