/* SPDX-License-Identifier: MIT
 * The ways in which a window closes while a program draws into it.
 * usage: closed CASE */
#include <X11/Xutil.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "window.h"

static struct window window;
static unsigned errors;

static int on_error(Display *display, XErrorEvent *event)
{
    errors += display == window.display && event->error_code != Success;
    return 0;
}

static void draw(int frame)
{
    glClearColor((float)(frame % 10) / 10, 0.5f, 0.25f, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    glBegin(GL_TRIANGLES);
    glVertex2f(-1, -1);
    glVertex2f(1, (float)(frame % 7) / 7);
    glVertex2f(0, 1);
    glEnd();
}

static void draw_and_tell(int frame)
{
    draw(frame);
    printf("%d: %016llx\n", frame, (unsigned long long)window_hash(NULL));
    glXSwapBuffers(window.display, window.id);
}

/* What a window manager sends when its button is pressed. */
static void delete_send(Atom protocols, Atom delete)
{
    Display *manager = XOpenDisplay(NULL);
    XEvent event = {.xclient = {.type = ClientMessage,
                                .window = window.id,
                                .message_type = protocols,
                                .format = 32}};

    event.xclient.data.l[0] = (long)delete;
    event.xclient.data.l[1] = CurrentTime;
    XSendEvent(manager, window.id, False, NoEventMask, &event);
    XSync(manager, False);
    XCloseDisplay(manager);
}

/* The program is asked to close it, and does. */
static void asked_run(void)
{
    Atom protocols, delete;
    bool is_open = true;

    window_open(&window, NULL);
    protocols = XInternAtom(window.display, "WM_PROTOCOLS", False);
    delete = XInternAtom(window.display, "WM_DELETE_WINDOW", False);
    XSetWMProtocols(window.display, window.id, &delete, 1);
    for (int frame = 0; is_open; frame++) {
        draw_and_tell(frame);
        if (frame == 5) {
            delete_send(protocols, delete);
        }
        while (XPending(window.display) > 0) {
            XEvent event;

            XNextEvent(window.display, &event);
            if (event.type == ClientMessage &&
                event.xclient.message_type == protocols &&
                (Atom)event.xclient.data.l[0] == delete) {
                is_open = false;
            }
        }
    }
    window_close(&window);
    puts("closed");
}

/* With its context current, which then gets another window. */
static void current_run(void)
{
    struct window next;

    window_open(&window, NULL);
    draw_and_tell(1);
    XDestroyWindow(window.display, window.id);
    XSync(window.display, False);
    XSetErrorHandler(on_error);
    draw(2);
    glXSwapBuffers(window.display, window.id);
    glFinish();
    XSync(window.display, False);
    /* GL's own error is none to compare: Mesa takes a size for the window that
     * nothing has set. */
    printf("error of X: %d\n", errors > 0);
    printf("current: %d %d\n", glXGetCurrentDrawable() == window.id,
           glXGetCurrentContext() == window.context);
    glXMakeCurrent(window.display, None, NULL);
    glXDestroyContext(window.display, window.context);
    XFree(window.visual);
    XSync(window.display, False);
    errors = 0;
    next = window;
    window_open(&window, NULL);
    draw_and_tell(3);
    window_close(&window);
    XCloseDisplay(next.display);
    printf("errors since: %u\n", errors);
}

/* Another client closes it, in the middle of a loop without a question. */
static void others_run(void)
{
    Display *other = XOpenDisplay(NULL);

    window_open(&window, NULL);
    XSetErrorHandler(on_error);
    for (int frame = 0; errors == 0; frame++) {
        draw(frame);
        glXSwapBuffers(window.display, window.id);
        if (frame == 20) {
            XDestroyWindow(other, window.id);
            XSync(other, False);
        }
        if (frame % 5 == 0) {
            XSync(window.display, False);
        }
    }
    puts("an error came");
    glXMakeCurrent(window.display, None, NULL);
    glXDestroyContext(window.display, window.context);
    XCloseDisplay(window.display);
    XCloseDisplay(other);
    puts("closed");
}

/* As xkill does. */
static void killed_run(void)
{
    Display *other = XOpenDisplay(NULL);

    window_open(&window, NULL);
    setvbuf(stdout, NULL, _IONBF, 0);
    puts("drawing");
    for (int frame = 0;; frame++) {
        draw(frame);
        glXSwapBuffers(window.display, window.id);
        if (frame == 20) {
            XKillClient(other, window.id);
            XSync(other, False);
        }
        while (XPending(window.display) > 0) {
            XEvent event;

            XNextEvent(window.display, &event);
        }
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } cases[] = {
        {"asked", asked_run},
        {"current", current_run},
        {"killed", killed_run},
        {"others", others_run},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (argc > 1 && strcmp(argv[1], cases[i].name) == 0) {
            cases[i].run();
            return 0;
        }
    }
    return 2;
}
