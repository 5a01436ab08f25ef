/* SPDX-License-Identifier: MIT
 * GLX events, and where they come. The server tells of a swap what is shown by
 * the Present extension, too, so that needs no driver. usage: events CASE */
#include <X11/Xlib-xcb.h>
#include <X11/Xutil.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xcb/present.h>

#include "window.h"

/* Of GLX_INTEL_swap_event. */
#define SWAPS GLX_BUFFER_SWAP_COMPLETE_INTEL_MASK

static struct window window;
static GLXWindow glx_window;
static int first_event;

static void start(void)
{
    int first_error;

    window_open(&window, NULL);
    glXQueryExtension(window.display, &first_error, &first_event);
    glx_window =
        glXCreateWindow(window.display, window.config, window.id, NULL);
    glXMakeContextCurrent(window.display, glx_window, glx_window,
                          window.context);
}

static void end(void)
{
    glXMakeContextCurrent(window.display, None, None, NULL);
    glXDestroyWindow(window.display, glx_window);
    window_close(&window);
}

static void mask_print(GLXDrawable drawable)
{
    unsigned long mask = 0;

    glXGetSelectedEvent(window.display, drawable, &mask);
    printf("mask %lx\n", mask);
}

/* Has the server show something in the window; its event has that number. */
static void present(uint32_t number)
{
    xcb_connection_t *connection = XGetXCBConnection(window.display);
    Pixmap pixmap =
        XCreatePixmap(window.display, window.id, WINDOW_WIDTH, WINDOW_HEIGHT,
                      (unsigned)window.visual->depth);

    XSync(window.display, False);
    xcb_present_pixmap(connection, (xcb_window_t)window.id,
                       (xcb_pixmap_t)pixmap, number, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                       0, 0, 0, NULL);
    xcb_flush(connection);
    XFreePixmap(window.display, pixmap);
    XFlush(window.display);
}

static Bool is_swap(Display *display, XEvent *event, XPointer user)
{
    (void)display, (void)user;
    return event->type == first_event + GLX_BufferSwapComplete;
}

static void swap_print(const XEvent *event)
{
    const GLXBufferSwapComplete *swap = (const void *)event;

    printf("swap of %s, kind %x, number %lld, times %d %d, display %d\n",
           swap->drawable == window.id    ? "the window"
           : swap->drawable == glx_window ? "the GLX window"
                                          : "something",
           (unsigned)swap->event_type, (long long)swap->sbc, swap->ust > 0,
           swap->msc > 0, swap->display == window.display);
}

static void swap_wait(void)
{
    XEvent event;

    XIfEvent(window.display, &event, is_swap, NULL);
    swap_print(&event);
}

/* In Xlib, which waits in the kernel itself. */
static void waited_run(void)
{
    start();
    mask_print(glx_window);
    glXSelectEvent(window.display, glx_window,
                   SWAPS | GLX_PBUFFER_CLOBBER_MASK);
    mask_print(glx_window);
    for (uint32_t number = 1; number < 6; number++) {
        present(number);
        swap_wait();
    }
    glXSelectEvent(window.display, glx_window, 0);
    mask_print(glx_window);
    end();
}

/* As toolkits wait, among other things. */
static void polled_run(void)
{
    struct pollfd polled = {.events = POLLIN};

    start();
    glXSelectEvent(window.display, glx_window, SWAPS);
    polled.fd = ConnectionNumber(window.display);
    for (uint32_t number = 1; number < 6; number++) {
        bool has_come = false;

        present(number);
        while (!has_come) {
            XEvent event;

            while (XPending(window.display) == 0) {
                if (poll(&polled, 1, -1) < 0) {
                    fail("poll");
                }
            }
            XNextEvent(window.display, &event);
            has_come = is_swap(window.display, &event, NULL);
            if (has_come) {
                swap_print(&event);
            }
        }
    }
    end();
}

/* Drawing goes on, with answers of the server in which the event may come. */
static void drawn_run(void)
{
    start();
    glXSelectEvent(window.display, glx_window, SWAPS);
    for (uint32_t number = 1; number < 4; number++) {
        XEvent event;

        present(number);
        do {
            glClear(GL_COLOR_BUFFER_BIT);
            glXSwapBuffers(window.display, glx_window);
            glXWaitGL();
        } while (!XCheckIfEvent(window.display, &event, is_swap, NULL));
        swap_print(&event);
    }
    end();
}

/* In the protocol's words, by another client of the server's. */
static void send(const void *wire)
{
    xcb_connection_t *sender = xcb_connect(NULL, NULL);

    xcb_send_event(sender, 0, (xcb_window_t)window.id, 0, wire);
    xcb_flush(sender);
    free(xcb_get_input_focus_reply(sender, xcb_get_input_focus(sender), NULL));
    xcb_disconnect(sender);
    XSync(window.display, False);
    printf("%d events\n", XPending(window.display));
}

static void sent_run(void)
{
    static const int size[] = {GLX_PBUFFER_WIDTH, 10, GLX_PBUFFER_HEIGHT, 10,
                               None};
    struct {
        uint8_t type, unused;
        uint16_t sequence, kind, draw_type;
        uint32_t drawable, mask;
        uint16_t aux, x, y, width, height, count;
        uint32_t unused2;
    } clobbered = {.kind = GLX_SAVED,
                   .draw_type = GLX_PBUFFER,
                   .mask = GLX_DEPTH_BUFFER_BIT,
                   .aux = 1,
                   .x = 2,
                   .y = 3,
                   .width = 4,
                   .height = 5,
                   .count = 6};
    struct {
        uint8_t type, unused;
        uint16_t sequence, kind, unused2;
        uint32_t drawable, ust[2], msc[2], sbc;
    } swapped = {.kind = GLX_FLIP_COMPLETE_INTEL,
                 .ust = {1, 2},
                 .msc = {3, 4},
                 .sbc = 5};
    GLXPbuffer buffer;
    GLXEvent event;

    start();
    buffer = glXCreatePbuffer(window.display, window.config, size);
    glXSelectEvent(window.display, buffer, GLX_PBUFFER_CLOBBER_MASK);
    mask_print(buffer);
    clobbered.type = (uint8_t)(first_event + GLX_PbufferClobber);
    clobbered.drawable = (uint32_t)buffer;
    send(&clobbered);
    XNextEvent(window.display, (XEvent *)&event);
    printf("clobbered %d, kind %x of %x, mask %x, aux %u, %d %d %d %d, %d\n",
           event.glxpbufferclobber.drawable == buffer,
           (unsigned)event.glxpbufferclobber.event_type,
           (unsigned)event.glxpbufferclobber.draw_type,
           event.glxpbufferclobber.buffer_mask,
           event.glxpbufferclobber.aux_buffer, event.glxpbufferclobber.x,
           event.glxpbufferclobber.y, event.glxpbufferclobber.width,
           event.glxpbufferclobber.height, event.glxpbufferclobber.count);
    swapped.type = (uint8_t)(first_event + GLX_BufferSwapComplete);
    swapped.drawable = 0x7654321; /* of which GLX knows nothing */
    send(&swapped);
    swapped.drawable = (uint32_t)glx_window;
    send(&swapped);
    XNextEvent(window.display, (XEvent *)&event);
    printf("%llx %llx\n", (unsigned long long)event.glxbufferswapcomplete.ust,
           (unsigned long long)event.glxbufferswapcomplete.msc);
    swap_print((XEvent *)&event);
    glXDestroyPbuffer(window.display, buffer);
    end();
}

static unsigned errors;

static int on_error(Display *display, XErrorEvent *event)
{
    (void)event;
    errors += display == window.display;
    return 0;
}

/* They come before the call is over, to whoever reads. */
static void errors_run(void)
{
    unsigned late = 0;

    start();
    glXSelectEvent(window.display, glx_window, SWAPS);
    XSetErrorHandler(on_error);
    for (unsigned round = 1; round <= 300; round++) {
        glXSelectEvent(window.display, 0x7654321, SWAPS);
        XSync(window.display, False);
        late += errors != round;
    }
    printf("%u errors, %u late\n", errors, late);
    end();
}

/* Displays come and go with what listens on them. */
static void reopen_run(void)
{
    for (uint32_t number = 1; number < 20; number++) {
        start();
        glXSelectEvent(window.display, glx_window, SWAPS);
        if (number % 2 == 0) {
            present(number);
            swap_wait();
        }
        end();
    }
    puts("done");
}

/* Draws until the server is gone. */
static void lost_run(void)
{
    start();
    glXSelectEvent(window.display, glx_window, SWAPS);
    present(1);
    swap_wait();
    puts("drawing");
    fflush(stdout);
    for (;;) {
        glClear(GL_COLOR_BUFFER_BIT);
        glXSwapBuffers(window.display, glx_window);
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } cases[] = {
        {"drawn", drawn_run},   {"errors", errors_run}, {"lost", lost_run},
        {"polled", polled_run}, {"reopen", reopen_run}, {"sent", sent_run},
        {"waited", waited_run},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (argc > 1 && strcmp(argv[1], cases[i].name) == 0) {
            cases[i].run();
            return 0;
        }
    }
    return 2;
}
