/* SPDX-License-Identifier: MIT
 *
 * The door without a QEMU: answers the dlcall protocol (thunk/protocol.h) for
 * a guest that lives in the same process.
 */
#include "door.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <thunk/frame.h>
#include <thunk/protocol.h>
#include <thunk_arch_guest.h>

static bool is_present = true;
static uint64_t count;

uint64_t door_count(void)
{
    return __atomic_load_n(&count, __ATOMIC_RELAXED);
}

void door_set_present(bool present)
{
    is_present = present;
}

static void *place(uint64_t address)
{
    return (void *)(uintptr_t)address;
}

static void library_load(uint64_t path, uint64_t flags, uint64_t out)
{
    void *handle = dlopen(place(path), (int)flags);

    memcpy(place(out), &handle, sizeof(handle));
}

static void address_find(uint64_t handle, uint64_t name, uint64_t out)
{
    void *address = dlsym(place(handle), place(name));

    memcpy(place(out), &address, sizeof(address));
}

static void attribute_tell(uint64_t key, uint64_t out)
{
    const char *value =
        strcmp(place(key), THUNK_ATTRIBUTE_EMULATOR) == 0 ? "qemu" : NULL;

    memcpy(place(out), &value, sizeof(value));
}

static void error_tell(uint64_t out)
{
    const char *text = dlerror();

    memcpy(place(out), &text, sizeof(text));
}

/* What the plugin keeps for each vCPU. */
static __thread struct thunk_mailbox *mailbox;

static void mailbox_set(uint64_t address, uint64_t out)
{
    const uint64_t granted = 1;

    mailbox = place(address);
    memcpy(place(out), &granted, sizeof(granted));
}

static void door_open(uint64_t out)
{
    const uint64_t granted = 1;

    memcpy(place(out), &granted, sizeof(granted));
}

void thunk_knock(void)
{
    int saved = errno;
    thunk_proc *proc = mailbox == NULL ? NULL : mailbox->proc;

    if (proc != NULL) {
        mailbox->proc = NULL;
        __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);
        proc(mailbox->arg1, mailbox->arg2);
    }
    errno = saved;
}

int64_t thunk_syscall(int64_t number, uint64_t a1, uint64_t a2, uint64_t a3,
                      uint64_t a4)
{
    int saved = errno; /* the guest's own: no host work may change it */

    if (number != THUNK_SYSCALL || !is_present) {
        return -ENOSYS;
    }
    switch (a1) {
    case THUNK_GET_HOST_ATTRIBUTE:
        attribute_tell(a2, a3);
        break;
    case THUNK_LOAD_LIBRARY:
        library_load(a2, a3, a4);
        break;
    case THUNK_GET_PROC_ADDRESS:
        address_find(a2, a3, a4);
        break;
    case THUNK_FREE_LIBRARY: {
        int result = dlclose(place(a2));

        memcpy(place(a3), &result, sizeof(result));
        break;
    }
    case THUNK_GET_LIBRARY_ERROR:
        error_tell(a2);
        break;
    case THUNK_INVOKE_PROC:
        __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);
        ((thunk_proc *)(uintptr_t)a2)(place(a3), place(a4));
        break;
    case THUNK_OPEN_DOOR:
        door_open(a4);
        break;
    case THUNK_SET_MAILBOX:
        mailbox_set(a2, a3);
        break;
    default:
        errno = saved;
        return -EINVAL;
    }
    errno = saved;
    return 0;
}
