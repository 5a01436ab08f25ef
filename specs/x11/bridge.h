/* SPDX-License-Identifier: MIT
 *
 * What the bridge's host side has in more than one file. No thunk knows it. */
#ifndef THUNK_X11_BRIDGE_H
#define THUNK_X11_BRIDGE_H

#include <stdbool.h>

#include "thunk_x11.h"

#define BRIDGE_EXPORT __attribute__((visibility("default")))

/* ---- bridge-host.c ---- */

/* A window of the guest's, by whose connection its Xlib has been made ready for
 * GLX events; None: there is none. Calls the guest. */
Window bridge_receiver_of(Display *guest);

/* ---- bridge-events.c; any thread ---- */

/* Sends what has come for that display on to the guest; where nobody asked for
 * events there is nothing to do. When it returns no other thread is in the
 * middle of that either, and errors that came along are kept. */
void bridge_events_pass(const Display *guest);

/* This thread is in bridge_events_pass(), so the program cannot be called. */
bool bridge_events_is_passing(void);

/* Xlib will not come back to this thread: gives up what the first holds. */
void bridge_events_leave(void);

/* This thread is the bridge's, of which the program knows nothing. */
bool bridge_events_is_own_thread(void);

/* The display is about to be closed. */
void bridge_events_end(const Display *guest);

#endif
