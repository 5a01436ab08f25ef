/* SPDX-License-Identifier: MIT
 *
 * The guest's side of the bridge; part of each guest thunk that uses it. It
 * runs inside of calls, when the host asks for something.
 *
 * Xlib and xcb are found where the program has loaded them, so that a program
 * without X, which has EGL draw into memory, needs neither.
 */
#include <X11/Xlibint.h>
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "thunk_x11.h"

#define XLIB(function) ((__typeof__(&(function)))find("libX11.so.6", #function))
#define XCB(function)  ((__typeof__(&(function)))find("libxcb.so.1", #function))

/* That servers send: GLX_PbufferClobber, GLX_BufferSwapComplete. */
enum { GLX_EVENTS = 2 };

static void *find(const char *library, const char *name)
{
    void *handle = dlopen(library, RTLD_LAZY);
    void *found = handle == NULL ? NULL : dlsym(handle, name);

    if (found == NULL) {
        fprintf(stderr,
                "thunk: %s, which the program has a connection of: %s\n",
                library, dlerror());
        abort();
    }
    return found;
}

static int close_hook(Display *display, XExtCodes *codes)
{
    (void)codes;
    thunk_x11_close(display);
    return 0;
}

static void flush_hook(Display *display, XExtCodes *codes, const char *data,
                       long length)
{
    (void)codes, (void)data, (void)length;
    thunk_x11_settle(display);
}

static xcb_connection_t *watch(Display *display)
{
    /* By GLX's name, so that Xlib's messages of errors tell it. */
    XExtCodes *codes = XLIB(XInitExtension)(display, "GLX");
    xcb_connection_t *(*get)(Display *) = NULL;
    void *handle = dlopen("libX11-xcb.so.1", RTLD_LAZY | RTLD_NOLOAD);

    if (codes == NULL) {
        codes = XLIB(XAddExtension)(display);
    }
    if (codes != NULL) {
        XLIB(XESetCloseDisplay)(display, codes->extension, close_hook);
        XLIB(XESetBeforeFlush)(display, codes->extension, flush_hook);
    }
    if (handle != NULL) {
        get = (xcb_connection_t * (*)(Display *))
            dlsym(handle, "XGetXCBConnection");
    }
    return get == NULL ? NULL : get(display);
}

static void sync_both(Display *display, xcb_connection_t *connection)
{
    if (display != NULL) {
        XLIB(XSync)(display, False);
    }
    if (connection != NULL) {
        free(XCB(xcb_get_input_focus_reply)(
            connection, XCB(xcb_get_input_focus)(connection), NULL));
    }
}

/* ":0" for /tmp/.X11-unix/X0, "host:0" for port 6000. */
static void name_write(const struct sockaddr_storage *address, socklen_t length,
                       char *name, size_t size)
{
    const struct sockaddr_un *local = (const void *)address;
    char host[NI_MAXHOST];
    char port[NI_MAXSERV];

    name[0] = '\0';
    if (address->ss_family == AF_UNIX) {
        char path[sizeof(local->sun_path) + 1] = "";
        size_t used = length - offsetof(struct sockaddr_un, sun_path);
        const char *number;

        /* An abstract one begins with a NUL. */
        memcpy(path, local->sun_path, used);
        number = strrchr(path[0] == '\0' ? path + 1 : path, 'X');
        if (number != NULL) {
            snprintf(name, size, ":%s", number + 1);
        }
    } else if (getnameinfo((const struct sockaddr *)address, length, host,
                           sizeof(host), port, sizeof(port),
                           NI_NUMERICHOST | NI_NUMERICSERV) == 0) {
        snprintf(name, size, "%s:%d", host, atoi(port) - 6000);
    }
}

static uint32_t describe(xcb_connection_t *connection, char *name, size_t size)
{
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof(address);

    if (XCB(xcb_connection_has_error)(connection) ||
        getpeername(XCB(xcb_get_file_descriptor)(connection),
                    (struct sockaddr *)&address, &length) != 0) {
        return 0;
    }
    name_write(&address, length, name, size);
    return XCB(xcb_get_setup)(connection)->resource_id_base;
}

static XVisualInfo *visual(Display *display, int screen, VisualID id)
{
    XVisualInfo wanted = {.visualid = id, .screen = screen};
    int count;

    return XLIB(XGetVisualInfo)(display, VisualIDMask | VisualScreenMask,
                                &wanted, &count);
}

static int error(Display *display, XErrorEvent *event)
{
    XErrorHandler handler = XLIB(XSetErrorHandler)(NULL);

    XLIB(XSetErrorHandler)(handler);
    return handler(display, event);
}

static void io_error(Display *display)
{
    XIOErrorHandler handler = XLIB(XSetIOErrorHandler)(NULL);

    XLIB(XSetIOErrorHandler)(handler);
    handler(display);
    exit(1); /* as Xlib does when it returns */
}

static Bool convert_hook(Display *display, XEvent *event, xEvent *wire)
{
    if (!thunk_x11_convert(display, event, wire)) {
        return False;
    }
    event->xany.serial =
        XLIB(_XSetLastRequestRead)(display, (xGenericReply *)wire);
    event->xany.send_event = False;
    event->xany.display = display;
    return True;
}

static Window receive(Display *display)
{
    XExtCodes *codes = XLIB(XInitExtension)(display, "GLX");
    XSetWindowAttributes none;
    Window window;

    for (int kind = 0; codes != NULL && kind < GLX_EVENTS; kind++) {
        XLIB(XESetWireToEvent)
        (display, codes->first_event + kind, convert_hook);
    }
    window = XLIB(XCreateWindow)(display, DefaultRootWindow(display), -1, -1, 1,
                                 1, 0, 0, InputOnly, CopyFromParent, 0, &none);
    XLIB(XSync)(display, False);
    return window;
}

void thunk_x11_start(void)
{
    thunk_x11_connect(watch, sync_both, describe, visual, malloc, error,
                      io_error, receive);
}
