/* SPDX-License-Identifier: MIT
 *
 * Has a window of its own measured, of which the server has not heard yet. */
#include <stdio.h>

#include "measure.h"

int main(void)
{
    Display *display = XOpenDisplay(NULL);
    Window window;

    if (display == NULL) {
        return 1;
    }
    window = XCreateSimpleWindow(display, DefaultRootWindow(display), 0, 0, 123,
                                 45, 0, 0, 0);
    printf("%u\n", measure_window(display, window));
    XCloseDisplay(display);
    return 0;
}
