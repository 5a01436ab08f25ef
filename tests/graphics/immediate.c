/* SPDX-License-Identifier: MIT
 * A million tiny GL calls; prints the nanoseconds of one. */
#include <stdio.h>
#include <time.h>

#include "window.h"

enum { ROUNDS = 200, TRIANGLES = 833 }; /* 6 calls each */

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(void)
{
    struct window window;
    double start;

    window_open(&window, NULL);
    glClear(GL_COLOR_BUFFER_BIT);
    glScalef(0.001f, 0.001f, 1); /* it is about the calls */
    start = now();
    for (int round = 0; round < ROUNDS; round++) {
        glBegin(GL_TRIANGLES);
        for (int i = 0; i < TRIANGLES; i++) {
            float at = (float)i / TRIANGLES;

            glColor3f(at, 1 - at, 0.5f);
            glNormal3f(0, 0, 1);
            glTexCoord2f(at, at);
            glVertex2f(at, at);
            glVertex2f(at, 0);
            glVertex2f(0, at);
        }
        glEnd();
    }
    glFinish();
    printf("call %.3f\n", (now() - start) * 1e9 / (ROUNDS * TRIANGLES * 6));
    fprintf(stderr, "%016llx\n", (unsigned long long)window_hash(NULL));
    window_close(&window);
    return 0;
}
