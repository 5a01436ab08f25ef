/* SPDX-License-Identifier: MIT */
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../common/maps.h"

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

enum search { FOUND, NOT_FOUND, REFUSED };

static enum search maps_search(uintptr_t address,
                               struct thunk_probe_memory *memory)
{
    struct thunk_maps maps;
    enum search search = thunk_maps_open(&maps) ? NOT_FOUND : REFUSED;
    char *line = NULL;
    size_t size = 0;

    while (search == NOT_FOUND && getline(&line, &size, maps.lines) > 0) {
        unsigned long long start, end;
        char permissions[5];
        int path = 0;

        if (sscanf(line, "%llx-%llx %4s %*s %*s %*s %n", &start, &end,
                   permissions, &path) >= 3 &&
            address >= start && address < end) {
            *memory = (struct thunk_probe_memory){
                .is_readable = permissions[0] == 'r',
                .is_writable = permissions[1] == 'w',
                .is_executable = permissions[2] == 'x',
                .is_file = path > 0 && line[path] != '\0' && line[path] != '\n',
            };
            search = FOUND;
        }
    }
    free(line);
    if (search != REFUSED) {
        thunk_maps_close(&maps);
    }
    return search;
}

bool thunk_host_probe_memory(uintptr_t address,
                             struct thunk_probe_memory *memory)
{
    return maps_search(address, memory) == FOUND;
}

bool thunk_host_probe_code(thunk_function address)
{
    struct thunk_probe_memory memory;
    int saved = errno;
    enum search search = maps_search((uintptr_t)address, &memory);

    errno = saved;
    return search == REFUSED || (search == FOUND && memory.is_executable);
}
