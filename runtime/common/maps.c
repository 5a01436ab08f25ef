/* SPDX-License-Identifier: MIT */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "maps.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static const char path[] = "/proc/self/maps";

enum { STACK_SIZE = 64 * 1024, CHUNK_SIZE = 64 * 1024 };

struct reading {
    char *text;
    size_t size;
    bool is_done;
};

/* More of the file. False: there is none, or it cannot be had. */
static bool reading_more(struct reading *reading, int file)
{
    char *more = realloc(reading->text, reading->size + CHUNK_SIZE);
    ssize_t count;

    if (more == NULL) {
        return false;
    }
    reading->text = more;
    count = read(file, more + reading->size, CHUNK_SIZE);
    reading->is_done = count == 0;
    reading->size += count > 0 ? (size_t)count : 0;
    return count > 0;
}

/* With this thread's own copy of the table the program keeps what is closed
 * here, and its locks. */
static void *file_read_apart(void *reading_)
{
    struct reading *reading = reading_;
    int file;

    if (unshare(CLONE_FILES) != 0) {
        return NULL;
    }
    for (int i = 0; i <= STDERR_FILENO; i++) {
        close(i);
    }
    file = open(path, O_RDONLY | O_CLOEXEC);
    while (file >= 0 && reading_more(reading, file)) {
    }
    return NULL;
}

/* A thread of nobody's: no signal is for it. */
static bool thread_run(void *(*function)(void *), void *argument)
{
    pthread_attr_t attributes;
    pthread_t thread;
    sigset_t all, before;
    bool is_made;

    if (pthread_attr_init(&attributes) != 0) {
        return false;
    }
    (void)pthread_attr_setstacksize(&attributes, STACK_SIZE);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    is_made = pthread_create(&thread, &attributes, function, argument) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return is_made && pthread_join(thread, NULL) == 0;
}

bool thunk_maps_open(struct thunk_maps *maps)
{
    struct reading reading = {0};

    *maps = (struct thunk_maps){.lines = fopen(path, "re")};
    if (maps->lines != NULL || (errno != EMFILE && errno != ENFILE)) {
        return maps->lines != NULL;
    }
    if (thread_run(file_read_apart, &reading) && reading.is_done) {
        maps->lines = fmemopen(reading.text, reading.size, "r");
    }
    if (maps->lines == NULL) {
        free(reading.text);
        errno = EMFILE;
        return false;
    }
    maps->text = reading.text;
    return true;
}

void thunk_maps_close(struct thunk_maps *maps)
{
    fclose(maps->lines);
    free(maps->text);
}
