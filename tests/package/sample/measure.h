/* SPDX-License-Identifier: MIT */
#ifndef MEASURE_H
#define MEASURE_H

#include <X11/Xlib.h>

/* The width of a window in pixels; 0: there is no such window. */
unsigned measure_window(Display *dpy, Window window);

#endif
