/* SPDX-License-Identifier: MIT */
#ifndef THUNK_THREAD_IMAGE_H
#define THUNK_THREAD_IMAGE_H

#include <stdbool.h>
#include <stddef.h>

/* Where a thread-local variable belongs. */
struct thunk_thread_image {
    size_t module; /* the dynamic linker's number of its library */
    size_t offset; /* in that library's block of each thread */
    void *initial; /* what each new thread's is copied from; NULL: all zero */
};

/* Finds it by the place that the variable has in the calling thread. False: it
 * is in no library's block. */
bool thunk_thread_image_find(const void *place,
                             struct thunk_thread_image *found);

#endif
