/* SPDX-License-Identifier: MIT
 *
 * What calls of Xlib cost the client: nanoseconds of its processor's time each,
 * so what the server does meanwhile does not count. Prints NAME VALUE.
 */
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static Display *display;
static Window window;
static GC gc;
static XImage *image;

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void field(int i)
{
    (void)i;
    (void)XDisplayWidth(display, 0);
}

static void request(int i)
{
    (void)i;
    XNoOp(display);
}

static void line(int i)
{
    XDrawLine(display, window, gc, i % 60, 3, 7, i % 40);
}

static void lines(int i)
{
    XSegment segments[100] = {{0, 0, 0, 0}};

    segments[i % 100].x1 = 5;
    XDrawSegments(display, window, gc, segments, 100);
}

static void picture(int i)
{
    XPutImage(display, window, gc, image, 0, 0, i % 32, i % 16, 16, 16);
}

static void pixel(int i)
{
    (void)XGetPixel(image, i % 16, i / 16 % 16);
}

static void answer(int i)
{
    (void)i;
    XSync(display, False);
}

static void fetched(int i)
{
    XImage *got = XGetImage(display, RootWindow(display, 0), i % 32, i % 16, 16,
                            16, AllPlanes, ZPixmap);

    XDestroyImage(got);
}

int main(void)
{
    static const struct {
        const char *name;
        void (*run)(int i);
        int count;
    } costs[] = {
        {"field", field, 100000},    {"request", request, 100000},
        {"line", line, 100000},      {"100-lines", lines, 5000},
        {"picture", picture, 20000}, {"pixel", pixel, 10000},
        {"answer", answer, 5000},    {"fetched", fetched, 5000},
    };

    display = XOpenDisplay(NULL);
    if (display == NULL) {
        return 1;
    }
    window = XCreateSimpleWindow(display, RootWindow(display, 0), 0, 0, 64, 48,
                                 0, 0, 0);
    gc = XCreateGC(display, window, 0, NULL);
    image = XGetImage(display, RootWindow(display, 0), 0, 0, 16, 16, AllPlanes,
                      ZPixmap);
    for (size_t i = 0; i < sizeof costs / sizeof *costs; i++) {
        double start;

        costs[i].run(0);
        XSync(display, False);
        start = now();
        for (int k = 0; k < costs[i].count; k++) {
            costs[i].run(k);
        }
        printf("%s %.1f\n", costs[i].name, (now() - start) / costs[i].count);
        XSync(display, False);
    }
    XDestroyImage(image);
    XFreeGC(display, gc);
    XCloseDisplay(display);
    return 0;
}
