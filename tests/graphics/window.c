/* SPDX-License-Identifier: MIT */
#include "window.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void fail(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    exit(1);
}

void *procedure(const char *name)
{
    void *found = (void *)glXGetProcAddressARB((const GLubyte *)name);

    if (found == NULL) {
        fail("there is no %s", name);
    }
    return found;
}

uint64_t hash(const unsigned char *bytes, size_t size)
{
    uint64_t value = 0xcbf29ce484222325u; /* FNV-1a */

    for (size_t i = 0; i < size; i++) {
        value = (value ^ bytes[i]) * 0x100000001b3u;
    }
    return value;
}

uint64_t window_hash(unsigned char *pixels)
{
    static _Thread_local unsigned char own[WINDOW_WIDTH * WINDOW_HEIGHT * 4];

    if (pixels == NULL) {
        pixels = own;
    }
    glReadPixels(0, 0, WINDOW_WIDTH, WINDOW_HEIGHT, GL_RGBA, GL_UNSIGNED_BYTE,
                 pixels);
    return hash(pixels, sizeof(own));
}

void window_open(struct window *window, const char *display)
{
    static const int wanted[] = {
        GLX_X_RENDERABLE,
        True,
        GLX_DOUBLEBUFFER,
        True,
        GLX_RED_SIZE,
        8,
        GLX_GREEN_SIZE,
        8,
        GLX_BLUE_SIZE,
        8,
        GLX_DEPTH_SIZE,
        16,
        GLX_SAMPLES,
        0,
        None,
    };
    XSetWindowAttributes attributes = {.event_mask = StructureNotifyMask};
    GLXFBConfig *configs;
    int count = 0;
    XEvent event;

    window->display = XOpenDisplay(display);
    if (window->display == NULL) {
        fail("cannot open display");
    }
    configs = glXChooseFBConfig(window->display, DefaultScreen(window->display),
                                wanted, &count);
    if (configs == NULL || count == 0) {
        fail("no config");
    }
    window->config = configs[0];
    XFree(configs);
    window->visual = glXGetVisualFromFBConfig(window->display, window->config);
    attributes.colormap =
        XCreateColormap(window->display, DefaultRootWindow(window->display),
                        window->visual->visual, AllocNone);
    window->id =
        XCreateWindow(window->display, DefaultRootWindow(window->display), 0, 0,
                      WINDOW_WIDTH, WINDOW_HEIGHT, 0, window->visual->depth,
                      InputOutput, window->visual->visual,
                      CWColormap | CWBorderPixel | CWEventMask, &attributes);
    XMapWindow(window->display, window->id);
    do {
        XNextEvent(window->display, &event);
    } while (event.type != MapNotify);
    window->context = glXCreateNewContext(window->display, window->config,
                                          GLX_RGBA_TYPE, NULL, True);
    if (window->context == NULL ||
        !glXMakeCurrent(window->display, window->id, window->context)) {
        fail("no context");
    }
}

void window_close(struct window *window)
{
    glXMakeCurrent(window->display, None, NULL);
    glXDestroyContext(window->display, window->context);
    XDestroyWindow(window->display, window->id);
    XFree(window->visual);
    XCloseDisplay(window->display);
}
