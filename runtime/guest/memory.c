/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest.h"

void thunk_guest_memory_copy(thunk_function target, struct thunk_frame *head)
{
    struct thunk_memory_frame *frame = (void *)head;
    int saved = errno;

    (void)target;
    frame->result = malloc(frame->size);
    if (frame->result != NULL) {
        memcpy(frame->result, frame->from, frame->size);
    }
    errno = saved;
}
