/* SPDX-License-Identifier: MIT
 *
 * The bridge between a guest's X clients and a host's libraries that draw into
 * their windows. The guest's Xlib and xcb stay the guest's; for each of its
 * connections that a thunked library is given, the host opens one of its own to
 * the same server. Ids of windows, pixmaps and visuals are the server's, so
 * they mean the same on both.
 *
 * This library is thunked itself: the guest's half of a library that uses the
 * bridge (bridge-guest.c) hands over how its Xlib is called, and its host's
 * half has handles converted here (`handles:` in its spec).
 */
#ifndef THUNK_X11_H
#define THUNK_X11_H

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <stddef.h>
#include <stdint.h>
#include <xcb/xcb.h>

/* ---- what the guest does for the host ---- */

/* Has thunk_x11_settle() called before Xlib sends what it has collected, and
 * thunk_x11_close() when the display is closed. Gives the xcb
 * connection inside of it, or NULL where nobody can know it. */
typedef xcb_connection_t *thunk_x11_watch(Display *guest);

/* Has the server process all that was written. Either may be NULL. */
typedef void thunk_x11_sync(Display *display, xcb_connection_t *connection);

/* The name of the server, and what tells this connection from a later one that
 * has the same address; 0: it has failed. */
typedef uint32_t thunk_x11_describe(xcb_connection_t *guest, char *name,
                                    size_t size);

/* For XFree(); NULL where there is none. */
typedef XVisualInfo *thunk_x11_visual(Display *guest, int screen, VisualID id);
typedef void *thunk_x11_allocate(size_t size);

/* The program's handlers. The second does not return. */
typedef int thunk_x11_error(Display *guest, XErrorEvent *event);
typedef void thunk_x11_io_error(Display *guest);

/* Has its Xlib ask thunk_x11_convert() what GLX events are, and gives a window
 * that this connection has made: what is sent there comes to the program. */
typedef Window thunk_x11_receive(Display *guest);

/* ---- calls of the guest ---- */

/* For `start:` of a spec: calls the next. Guest only. */
void thunk_x11_start(void);

/* The first of several counts. */
void thunk_x11_connect(thunk_x11_watch *watch, thunk_x11_sync *sync,
                       thunk_x11_describe *describe, thunk_x11_visual *visual,
                       thunk_x11_allocate *allocate, thunk_x11_error *error,
                       thunk_x11_io_error *io_error,
                       thunk_x11_receive *receive);

/* The guest's Xlib and xcb are thunked as well: its displays and connections
 * are the host's own, and nothing is converted. For `start:` of their specs. */
void thunk_x11_own(void);

/* The guest is about to write to the server: what the host wrote comes first.
 */
void thunk_x11_settle(Display *guest);

/* The guest's display is about to be closed. */
void thunk_x11_close(Display *guest);

/* The 32 bytes of a GLX event as they came to the guest: fills in what GLX
 * knows of it, but not what is in all events. False: it is none. */
int thunk_x11_convert(Display *guest, XEvent *event, const void *wire);

/* ---- conversions; host only ---- */

/* NULL stays NULL. Where the host has no access to the server, a message says
 * so and it gives NULL. What is no display of the guest's comes back as it is.
 */
Display *thunk_x11_display_to_host(Display *guest);
Display *thunk_x11_display_to_guest(Display *host);
xcb_connection_t *thunk_x11_connection_to_host(xcb_connection_t *guest);

/* A native display of EGL's, of that EGL_PLATFORM; and of one that EGL has to
 * guess, which may be anything. */
void *thunk_x11_platform_to_host(void *native_display, unsigned platform);
void *thunk_x11_native_to_host(void *native_display);

/* That EGL_PLATFORM: one that no EGL knows where the display is an object of
 * the guest's that cannot be bridged, Wayland's or GBM's. */
unsigned thunk_x11_platform_kind_to_host(unsigned platform,
                                         const void *native_display);

/* Any other object of these; gives NULL. */
void *thunk_x11_foreign_to_host(void *object);

/* Ids stay what they are; but the server knows them when these return. Where
 * the call has no display, on all connections. */
XID thunk_x11_id_to_host(XID id, Display *dpy);
XID thunk_x11_any_id_to_host(XID id);
uint32_t thunk_x11_window_to_host(uint32_t id);
void *thunk_x11_id_pointer_to_host(void *id);

/* Memory that the guest will XFree(). */
XVisualInfo *thunk_x11_visual_info_to_guest(XVisualInfo *host, Display *dpy);
void *thunk_x11_memory_to_guest(void *host);

/* ---- for `before:` and `after:`; host only ---- */

/* The program is about to ask for GLX events of this mask: from now on they
 * come to it. */
void thunk_x11_listen(Display *dpy, unsigned long mask);

/* The server has done what the guest wrote, on any connection. */
void thunk_x11_wait_guest(void);

/* The host has written something that need not be done before the guest writes
 * in its turn: nobody waits until then. */
void thunk_x11_wrote(Display *dpy);
void thunk_x11_all_wrote(void);

/* The server has done what the host wrote, and told of errors in it. */
void thunk_x11_wait_host(Display *dpy);
void thunk_x11_wait_hosts(void);

#endif
