/* SPDX-License-Identifier: MIT
 * Each thread has a context, a window and a display of its own, or all share a
 * display: what each draws is its own. usage: crew own|shared */
#include <X11/Xlib.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "window.h"

enum { THREADS = 4, FRAMES = 25 };

static struct window shared;

/* They draw at once. Displays come and go one by one, while nobody draws: of a
 * hundred native runs in which they do not, Mesa spoils the heap in three. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t barrier;
static uint64_t hashes[THREADS];

static void draw(int who, int frame)
{
    glClearColor((float)who / THREADS, (float)frame / FRAMES, 0.5f, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    glBegin(GL_TRIANGLES);
    glVertex2f(-1, -1);
    glVertex2f(1, (float)who / THREADS);
    glVertex2f((float)frame / FRAMES, 1);
    glEnd();
}

static void *own_run(void *argument)
{
    int who = (int)(size_t)argument;
    struct window window;

    pthread_mutex_lock(&lock);
    window_open(&window, NULL);
    pthread_mutex_unlock(&lock);
    pthread_barrier_wait(&barrier);
    for (int frame = 0; frame < FRAMES; frame++) {
        draw(who, frame);
        hashes[who] = hashes[who] * 31 + window_hash(NULL);
        glXSwapBuffers(window.display, window.id);
    }
    pthread_barrier_wait(&barrier);
    pthread_mutex_lock(&lock);
    window_close(&window);
    pthread_mutex_unlock(&lock);
    return NULL;
}

/* Contexts that go with pixel buffers of one display. */
static void *shared_run(void *argument)
{
    static const int size[] = {GLX_PBUFFER_WIDTH, WINDOW_WIDTH,
                               GLX_PBUFFER_HEIGHT, WINDOW_HEIGHT, None};
    int who = (int)(size_t)argument;
    GLXPbuffer buffer = glXCreatePbuffer(shared.display, shared.config, size);
    GLXContext context = glXCreateNewContext(
        shared.display, shared.config, GLX_RGBA_TYPE, shared.context, True);

    for (int frame = 0; frame < FRAMES; frame++) {
        if (!glXMakeContextCurrent(shared.display, buffer, buffer, context)) {
            fail("no context on thread %d", who);
        }
        draw(who, frame);
        hashes[who] = hashes[who] * 31 + window_hash(NULL);
        if (glXGetCurrentDisplay() != shared.display) {
            fail("another display on thread %d", who);
        }
        glXMakeContextCurrent(shared.display, None, None, NULL);
    }
    glXDestroyContext(shared.display, context);
    glXDestroyPbuffer(shared.display, buffer);
    return NULL;
}

int main(int argc, char **argv)
{
    bool is_shared = argc > 1 && strcmp(argv[1], "shared") == 0;
    pthread_t threads[THREADS];

    XInitThreads();
    pthread_barrier_init(&barrier, NULL, THREADS);
    if (is_shared) {
        window_open(&shared, NULL);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, is_shared ? shared_run : own_run,
                       (void *)i);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        printf("%d %016llx\n", i, (unsigned long long)hashes[i]);
    }
    if (is_shared) {
        window_close(&shared);
    }
    return 0;
}
