/* SPDX-License-Identifier: MIT */
#include "measure.h"

unsigned measure_window(Display *dpy, Window window)
{
    Window root;
    int x, y;
    unsigned width, height, border, depth;

    return XGetGeometry(dpy, window, &root, &x, &y, &width, &height, &border,
                        &depth)
               ? width
               : 0;
}
