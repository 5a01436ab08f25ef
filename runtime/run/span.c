/* SPDX-License-Identifier: MIT */
#include "span.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

bool span_map(struct span *span, const char *path, struct stat *status)
{
    /* A FIFO would wait for somebody to write. */
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    void *bytes = MAP_FAILED;

    if (file < 0) {
        return false;
    }
    if (fstat(file, status) == 0 && S_ISREG(status->st_mode) &&
        status->st_size > 0) {
        bytes = mmap(NULL, (size_t)status->st_size, PROT_READ, MAP_PRIVATE,
                     file, 0);
    }
    close(file);
    if (bytes == MAP_FAILED) {
        return false;
    }
    *span = (struct span){bytes, (size_t)status->st_size};
    return true;
}

struct span span_part(struct span span, uint64_t offset, uint64_t size)
{
    if (offset >= span.size) {
        return (struct span){NULL, 0};
    }
    span.bytes += offset;
    span.size -= offset;
    span.size = size < span.size ? size : span.size;
    return span;
}

const char *span_text(struct span span, uint64_t offset)
{
    if (offset >= span.size ||
        memchr(span.bytes + offset, '\0', span.size - offset) == NULL) {
        return NULL;
    }
    return (const char *)span.bytes + offset;
}
