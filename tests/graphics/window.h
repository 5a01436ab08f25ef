/* SPDX-License-Identifier: MIT
 * A window to draw into, as a GLX program makes one. */
#ifndef WINDOW_H
#define WINDOW_H

#include <GL/gl.h>
#include <GL/glx.h>
#include <stdbool.h>
#include <stdint.h>

enum { WINDOW_WIDTH = 160, WINDOW_HEIGHT = 120 };

struct window {
    Display *display;
    GLXFBConfig config;
    XVisualInfo *visual;
    Window id;
    GLXContext context;
};

/* Ends the program with a message where something cannot be had. */
void window_open(struct window *window, const char *display);
void window_close(struct window *window);

/* A function by name; ends the program where there is none. */
void *procedure(const char *name);

/* Of the pixels in the back buffer; also into `pixels` (RGBA), or NULL. */
uint64_t window_hash(unsigned char *pixels);

uint64_t hash(const unsigned char *bytes, size_t size);

_Noreturn void fail(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

#endif
