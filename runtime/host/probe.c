/* SPDX-License-Identifier: MIT */
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

enum thunk_probe thunk_host_probe(void *to, const void *from, size_t size)
{
    struct iovec here = {.iov_base = to, .iov_len = size};
    struct iovec there = {.iov_base = (void *)(size_t)from, .iov_len = size};
    ssize_t count = process_vm_readv(getpid(), &here, 1, &there, 1, 0);

    if (count < 0 && (errno == ENOSYS || errno == EPERM)) {
        int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);

        if (memory < 0) {
            return THUNK_PROBE_REFUSED;
        }
        count = pread(memory, to, size, (off_t)(size_t)from);
        close(memory);
    }
    return count == (ssize_t)size ? THUNK_PROBE_DONE : THUNK_PROBE_ABSENT;
}
