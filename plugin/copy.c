/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE
#include "copy.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

/* The kernel answers with an error where our own access would end QEMU. (It
 * checks the local side, to, no less than the remote one.) Sandboxes and QEMU
 * itself, under which a plugin may run too, lack process_vm_readv. */
bool copy_memory(void *to, const void *from, size_t size)
{
    const struct iovec local = {to, size};
    const struct iovec remote = {(void *)(uintptr_t)from, size};
    ssize_t done = process_vm_readv(getpid(), &local, 1, &remote, 1, 0);

    if (done < 0 && (errno == ENOSYS || errno == EPERM)) {
        int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);

        done = pread(memory, to, size, (off_t)(uintptr_t)from);
        close(memory);
    }
    return done == (ssize_t)size;
}

bool copy_string(char *text, size_t size, uint64_t from)
{
    for (size_t done = 0; done < size;) {
        const char *at = (const char *)((uintptr_t)from + done);
        size_t chunk = COPY_PAGE - (uintptr_t)at % COPY_PAGE;

        chunk = chunk < size - done ? chunk : size - done;
        if (!copy_memory(text + done, at, chunk)) {
            return false;
        }
        if (memchr(text + done, '\0', chunk)) {
            return true;
        }
        done += chunk;
    }
    return false;
}
