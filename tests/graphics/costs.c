/* SPDX-License-Identifier: MIT
 *
 * What calls cost that two connections have to be brought in step for; prints
 * microseconds of each: a swap of a small window, the same when the program
 * has sent a request to the server before it, that request with a wait for
 * the server alone, and to make a context current.
 */
#include <stdio.h>
#include <time.h>

#include "window.h"

enum { TURNS = 500 };

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static void swap_run(struct window *window)
{
    glXSwapBuffers(window->display, window->id);
}

static void request_run(struct window *window)
{
    XNoOp(window->display);
    XSync(window->display, False);
}

static void swap_request_run(struct window *window)
{
    XNoOp(window->display);
    glXSwapBuffers(window->display, window->id);
}

static void current_run(struct window *window)
{
    glXMakeCurrent(window->display, None, NULL);
    glXMakeCurrent(window->display, window->id, window->context);
}

int main(void)
{
    static const struct {
        const char *name;
        void (*run)(struct window *window);
    } kinds[] = {
        {"swap", swap_run},
        {"request", request_run},
        {"swap-request", swap_request_run},
        {"current", current_run},
    };
    struct window window;

    window_open(&window, NULL);
    XResizeWindow(window.display, window.id, 16, 16);
    XSync(window.display, False);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        double start;

        kinds[i].run(&window);
        start = now();
        for (int turn = 0; turn < TURNS; turn++) {
            kinds[i].run(&window);
        }
        printf("%s %.2f\n", kinds[i].name, (now() - start) / TURNS);
    }
    window_close(&window);
    return 0;
}
