/* SPDX-License-Identifier: MIT
 *
 * Bytes of a file that nobody vouches for: what lies outside of it is not
 * there, and no offset into it is believed.
 */
#ifndef THUNK_RUN_SPAN_H
#define THUNK_RUN_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

struct span {
    const unsigned char *bytes;
    size_t size;
};

/* Maps a regular file, for good, and tells its status. False: there is none
 * that can be read, or nothing in it. */
bool span_map(struct span *span, const char *path, struct stat *status);

/* Copies what lies at an offset; false if not all of it is there. Here, since
 * a symbol takes ten of them and a program has thousands. */
static inline bool span_read(struct span span, uint64_t offset, void *to,
                             size_t size)
{
    if (offset > span.size || size > span.size - offset) {
        return false;
    }
    memcpy(to, span.bytes + offset, size);
    return true;
}

/* What lies from an offset on, at most `size` bytes of it. */
struct span span_part(struct span span, uint64_t offset, uint64_t size);

/* The text at an offset; NULL: none that ends. */
const char *span_text(struct span span, uint64_t offset);

#endif
