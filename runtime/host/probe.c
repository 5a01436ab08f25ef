/* SPDX-License-Identifier: MIT */
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
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

/* In the lines of /proc/self/maps, "START-END PERMISSIONS ...". */
static bool maps_have_code(FILE *maps, uintptr_t address)
{
    char *line = NULL;
    size_t size = 0;
    bool is_code = false;

    while (getline(&line, &size, maps) > 0) {
        unsigned long long start, end;
        char permissions[5];

        if (sscanf(line, "%llx-%llx %4s", &start, &end, permissions) == 3 &&
            address >= start && address < end) {
            is_code = permissions[2] == 'x';
            break;
        }
    }
    free(line);
    return is_code;
}

bool thunk_host_probe_code(thunk_function address)
{
    int saved = errno;
    FILE *maps = fopen("/proc/self/maps", "re");
    bool is_code = true;

    if (maps != NULL) {
        is_code = maps_have_code(maps, (uintptr_t)address);
        fclose(maps);
    }
    errno = saved;
    return is_code;
}
