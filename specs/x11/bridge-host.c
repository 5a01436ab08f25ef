/* SPDX-License-Identifier: MIT
 *
 * The host's side of the bridge: its connections, by those of the guest.
 *
 * The guest is asked (a callback, in which anything may happen) with the lock
 * released, so what was looked up is looked up again.
 *
 * Where the guest's Xlib is the host's there are no connections beside it: the
 * list stays empty, and all that waits for one has nothing to do.
 */
#include <X11/Xlib-xcb.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bridge.h"

#define EXPORT BRIDGE_EXPORT

/* Ids that were given to the host, most of them more than once. */
#define IDS 64

/* A display, or an xcb connection that is in none. */
struct connection {
    struct connection *next;
    Display *guest;
    Display *host;
    xcb_connection_t *guest_xcb; /* NULL in a display: nobody has it */
    xcb_connection_t *host_xcb;
    uint32_t base; /* of its ids; tells it from a later one. 0: a display */

    /* The server knows these, and all up to that request of the guest's. */
    XID ids[IDS];
    unsigned n_ids;
    unsigned long synced;

    bool has_written; /* the host, and nobody has waited for the server */
    bool is_lost;     /* the server, and the program has yet to be told */
    unsigned n_errors;
    XErrorEvent errors[4]; /* that the program has yet to be told of */
};

static struct {
    thunk_x11_watch *watch;
    thunk_x11_sync *sync;
    thunk_x11_describe *describe;
    thunk_x11_visual *visual;
    thunk_x11_allocate *allocate;
    thunk_x11_error *error;
    thunk_x11_io_error *io_error;
    thunk_x11_receive *receive;
} guest_calls;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct connection *connections;
static atomic_bool is_own; /* the guest's displays are the host's */

static struct connection *connection_find(const Display *guest,
                                          const Display *host)
{
    struct connection *found = connections;

    while (found != NULL &&
           (guest != NULL ? found->guest != guest : found->host != host)) {
        found = found->next;
    }
    return found;
}

static Display *guest_of(Display *host)
{
    struct connection *found;
    Display *guest;

    pthread_mutex_lock(&lock);
    found = connection_find(NULL, host);
    guest = found == NULL ? host : found->guest;
    pthread_mutex_unlock(&lock);
    return guest;
}

static Display *host_of(const Display *guest)
{
    struct connection *found;
    Display *host;

    pthread_mutex_lock(&lock);
    found = connection_find(guest, NULL);
    host = found == NULL ? NULL : found->host;
    pthread_mutex_unlock(&lock);
    return host;
}

/* ---- errors, which are the program's to handle ---- */

/* While the guest's Xlib holds its display the program's handler, which may use
 * that, must not run. */
static _Thread_local bool is_settling;

/* For the next call. More than there is room for are lost. */
static void error_keep(const XErrorEvent *event)
{
    struct connection *of;

    pthread_mutex_lock(&lock);
    of = connection_find(event->display, NULL);
    if (of != NULL && of->n_errors < sizeof(of->errors) / sizeof(*event)) {
        of->errors[of->n_errors++] = *event;
    }
    pthread_mutex_unlock(&lock);
}

static int on_error(Display *host, XErrorEvent *event)
{
    XErrorEvent copy = *event;

    copy.display = guest_of(host);
    if (copy.display == host) {
        return 0;
    }
    if (is_settling || bridge_events_is_passing()) {
        error_keep(&copy);
        return 0;
    }
    return guest_calls.error(copy.display, &copy);
}

/* Tells the program of errors that were kept, and of a lost server. */
static void errors_tell(Display *guest)
{
    XErrorEvent event;
    bool has_one;
    bool is_lost;

    do {
        struct connection *of;

        pthread_mutex_lock(&lock);
        of = connection_find(guest, NULL);
        has_one = of != NULL && of->n_errors > 0;
        is_lost = of != NULL && of->is_lost;
        if (has_one) {
            event = of->errors[0];
            of->n_errors--;
            memmove(&of->errors[0], &of->errors[1],
                    of->n_errors * sizeof(event));
        }
        pthread_mutex_unlock(&lock);
        if (has_one) {
            guest_calls.error(guest, &event);
        }
    } while (has_one);
    if (is_lost) {
        guest_calls.io_error(guest);
    }
}

/* In a thread of the bridge's own: Xlib tells of it once, and has locked out
 * the others, as it expects the process to end. The program hears of it by its
 * next call. */
static void loss_keep(Display *host)
{
    struct connection *of;

    pthread_mutex_lock(&lock);
    of = connection_find(NULL, host);
    if (of != NULL) {
        of->is_lost = true;
    }
    pthread_mutex_unlock(&lock);
    XUnlockDisplay(host);
    pthread_exit(NULL);
}

static int on_io_error(Display *host)
{
    Display *guest = guest_of(host);

    bridge_events_leave();
    if (bridge_events_is_own_thread()) {
        loss_keep(host);
    }
    if (guest != host) {
        guest_calls.io_error(guest);
    }
    return 0;
}

EXPORT void
thunk_x11_connect(thunk_x11_watch *watch, thunk_x11_sync *sync,
                  thunk_x11_describe *describe, thunk_x11_visual *visual,
                  thunk_x11_allocate *allocate, thunk_x11_error *error,
                  thunk_x11_io_error *io_error, thunk_x11_receive *receive)
{
    pthread_mutex_lock(&lock);
    if (guest_calls.watch == NULL) {
        XInitThreads();
        if (!is_own) {
            XSetErrorHandler(on_error);
            XSetIOErrorHandler(on_io_error);
        }
        guest_calls.sync = sync;
        guest_calls.describe = describe;
        guest_calls.visual = visual;
        guest_calls.allocate = allocate;
        guest_calls.error = error;
        guest_calls.io_error = io_error;
        guest_calls.receive = receive;
        guest_calls.watch = watch;
    }
    pthread_mutex_unlock(&lock);
}

/* What uses the bridge may have come first: the handlers are the program's. */
EXPORT void thunk_x11_own(void)
{
    pthread_mutex_lock(&lock);
    if (!is_own && guest_calls.watch != NULL) {
        XSetErrorHandler(NULL);
        XSetIOErrorHandler(NULL);
    }
    is_own = true;
    pthread_mutex_unlock(&lock);
}

/* ---- connections ---- */

static void access_tell(const char *name)
{
    fprintf(stderr,
            "thunk: the host cannot open display '%s', which the program has "
            "open: give QEMU access to it (DISPLAY, XAUTHORITY)\n",
            name);
}

static Display *display_open(Display *guest)
{
    const char *name = DisplayString(guest);
    struct connection *added = calloc(1, sizeof(*added));
    xcb_connection_t *inner = guest_calls.watch(guest);
    Display *host = added == NULL ? NULL : XOpenDisplay(name);

    if (host == NULL) {
        access_tell(name);
        free(added);
        return NULL;
    }
    pthread_mutex_lock(&lock);
    if (connection_find(guest, NULL) == NULL) {
        *added = (struct connection){
            .next = connections,
            .guest = guest,
            .host = host,
            .guest_xcb = inner,
        };
        connections = added;
        host = NULL;
    }
    pthread_mutex_unlock(&lock);
    if (host != NULL) { /* another thread was faster */
        XCloseDisplay(host);
        free(added);
    }
    return host_of(guest);
}

EXPORT Display *thunk_x11_display_to_host(Display *guest)
{
    Display *host = guest == NULL ? NULL : host_of(guest);

    if (guest == NULL || is_own) {
        return guest;
    }
    if (host == NULL) {
        return display_open(guest);
    }
    errors_tell(guest);
    return host;
}

EXPORT Display *thunk_x11_display_to_guest(Display *host)
{
    return host == NULL ? NULL : guest_of(host);
}

Window bridge_receiver_of(Display *guest)
{
    return guest_calls.receive(guest);
}

EXPORT void thunk_x11_close(Display *guest)
{
    struct connection **place = &connections;
    struct connection *closed;

    pthread_mutex_lock(&lock);
    while (*place != NULL && (*place)->guest != guest) {
        place = &(*place)->next;
    }
    closed = *place;
    if (closed != NULL) {
        *place = closed->next;
    }
    pthread_mutex_unlock(&lock);
    if (closed != NULL) {
        bridge_events_end(guest);
        XCloseDisplay(closed->host);
        free(closed);
    }
}

/* With the lock held: what is known of it; takes one out that is out of date.
 */
static struct connection *xcb_find(xcb_connection_t *guest, uint32_t base,
                                   struct connection **old)
{
    for (struct connection **place = &connections; *place != NULL;
         place = &(*place)->next) {
        struct connection *found = *place;

        if (found->guest_xcb == guest &&
            (found->base == 0 || found->base == base)) {
            return found;
        }
        if (found->guest_xcb == guest) {
            *old = found;
            *place = found->next;
            return NULL;
        }
    }
    return NULL;
}

static void xcb_close(struct connection *closed)
{
    if (closed != NULL) {
        xcb_disconnect(closed->host_xcb);
        free(closed);
    }
}

static xcb_connection_t *xcb_of(struct connection *connection)
{
    /* xcb is inside of Xlib; its connection is the first that was made. */
    if (connection->host_xcb == NULL) {
        connection->host_xcb = XGetXCBConnection(connection->host);
    }
    return connection->host_xcb;
}

/* What stands for one whose server is lost: the host's, which has lost it, too;
 * or one that has failed from the start, as xcb gives it for a wrong name. */
static xcb_connection_t *xcb_failed(const xcb_connection_t *guest)
{
    xcb_connection_t *host = NULL;

    pthread_mutex_lock(&lock);
    for (struct connection *known = connections; known != NULL;
         known = known->next) {
        if (known->guest_xcb == guest) {
            host = xcb_of(known);
        }
    }
    pthread_mutex_unlock(&lock);
    return host == NULL ? xcb_connect("no display", NULL) : host;
}

EXPORT xcb_connection_t *thunk_x11_connection_to_host(xcb_connection_t *guest)
{
    char name[256] = "";
    struct connection *found;
    struct connection *old = NULL;
    struct connection *added;
    uint32_t base;

    if (guest == NULL || is_own) {
        return guest;
    }
    base = guest_calls.describe(guest, name, sizeof(name));
    if (base == 0) {
        return xcb_failed(guest);
    }
    added = calloc(1, sizeof(*added));
    if (added == NULL) {
        return NULL;
    }
    pthread_mutex_lock(&lock);
    found = xcb_find(guest, base, &old);
    if (found == NULL) {
        *added = (struct connection){
            .next = connections,
            .guest_xcb = guest,
            .host_xcb = xcb_connect(name, NULL),
            .base = base,
        };
        if (xcb_connection_has_error(added->host_xcb)) {
            access_tell(name);
        }
        found = connections = added;
        added = NULL;
    }
    guest = xcb_of(found);
    pthread_mutex_unlock(&lock);
    free(added);
    xcb_close(old);
    return guest;
}

/* ---- what one connection wrote, seen by the other ---- */

/* What the guest has written to the server, as Xlib counts it. */
static unsigned long requests_of(Display *guest)
{
    return guest == NULL ? 0 : NextRequest(guest);
}

/* With the lock held. Where only xcb has written, Xlib's count is not to be
 * trusted, but a new id says that there is something new. */
static bool is_synced(struct connection *connection, XID id)
{
    if (requests_of(connection->guest) != connection->synced) {
        return false;
    }
    for (unsigned i = 0; i < IDS && i < connection->n_ids; i++) {
        if (connection->ids[i] == id) {
            return true;
        }
    }
    return false;
}

static void sync_note(struct connection *connection, XID id,
                      unsigned long synced)
{
    connection->synced = synced;
    connection->ids[connection->n_ids % IDS] = id;
    connection->n_ids++;
    if (connection->n_ids == 2 * IDS) { /* the ring stays full */
        connection->n_ids = IDS;
    }
}

/* On one connection, or on all where `guest` is NULL. */
static void sync_guest(const Display *guest, XID id)
{
    struct connection *one;
    const struct connection *done[IDS];
    unsigned n_done = 0;

    do {
        Display *display = NULL;
        xcb_connection_t *inner = NULL;
        unsigned long synced = 0;

        pthread_mutex_lock(&lock);
        for (one = connections; one != NULL; one = one->next) {
            bool is_done = guest != NULL && one->guest != guest;

            for (unsigned i = 0; i < n_done; i++) {
                is_done |= done[i] == one;
            }
            if (!is_done && !is_synced(one, id)) {
                break;
            }
        }
        if (one != NULL) {
            display = one->guest;
            inner = display == NULL ? one->guest_xcb : NULL;
            done[n_done++] = one;
            /* XSync() is one more. What another thread adds is not counted. */
            synced = display == NULL ? 0 : requests_of(display) + 1;
        }
        pthread_mutex_unlock(&lock);
        if (one != NULL) {
            guest_calls.sync(display, inner);
            pthread_mutex_lock(&lock);
            for (struct connection *still = connections; still != NULL;
                 still = still->next) {
                if (still == one) {
                    sync_note(one, id, synced);
                }
            }
            pthread_mutex_unlock(&lock);
        }
    } while (one != NULL && n_done < IDS);
}

EXPORT XID thunk_x11_id_to_host(XID id, Display *dpy)
{
    if (id != None && dpy != NULL) {
        (void)thunk_x11_display_to_host(dpy);
        sync_guest(dpy, id);
    }
    return id;
}

EXPORT XID thunk_x11_any_id_to_host(XID id)
{
    if (id != None) {
        sync_guest(NULL, id);
    }
    return id;
}

EXPORT uint32_t thunk_x11_window_to_host(uint32_t id)
{
    return (uint32_t)thunk_x11_any_id_to_host(id);
}

EXPORT void *thunk_x11_id_pointer_to_host(void *id)
{
    thunk_x11_wait_guest();
    return id;
}

EXPORT void thunk_x11_wait_guest(void)
{
    sync_guest(NULL, None);
}

/* Where the program uses xcb inside of Xlib as well, nobody hears it write. */
EXPORT void thunk_x11_wrote(Display *dpy)
{
    Display *host = NULL;
    bool is_heard = false;
    struct connection *of;

    pthread_mutex_lock(&lock);
    of = dpy == NULL ? NULL : connection_find(dpy, NULL);
    if (of != NULL) {
        host = of->host;
        is_heard = of->guest_xcb == NULL;
        of->has_written = is_heard;
    }
    pthread_mutex_unlock(&lock);
    if (host != NULL && is_heard) {
        XFlush(host);
    } else if (host != NULL) {
        XSync(host, False);
    }
    bridge_events_pass(dpy);
}

EXPORT void thunk_x11_settle(Display *guest)
{
    Display *host = NULL;
    struct connection *of;

    pthread_mutex_lock(&lock);
    of = connection_find(guest, NULL);
    if (of != NULL && of->has_written) {
        of->has_written = false;
        host = of->host;
    }
    pthread_mutex_unlock(&lock);
    if (host != NULL) {
        is_settling = true;
        XSync(host, False);
        is_settling = false;
    }
}

EXPORT void thunk_x11_wait_host(Display *dpy)
{
    Display *host = dpy == NULL ? NULL : host_of(dpy);

    if (host != NULL) {
        XSync(host, False);
        bridge_events_pass(dpy);
        errors_tell(dpy);
    }
}

/* For each display. They are copied out: a guest's error handler may close
 * one. */
static void displays_do(void (*run)(Display *guest))
{
    Display *guests[IDS];
    unsigned count = 0;

    pthread_mutex_lock(&lock);
    for (struct connection *one = connections; one != NULL && count < IDS;
         one = one->next) {
        if (one->guest != NULL) {
            guests[count++] = one->guest;
        }
    }
    pthread_mutex_unlock(&lock);
    for (unsigned i = 0; i < count; i++) {
        run(guests[i]);
    }
}

EXPORT void thunk_x11_wait_hosts(void)
{
    displays_do(thunk_x11_wait_host);
}

EXPORT void thunk_x11_all_wrote(void)
{
    displays_do(thunk_x11_wrote);
}

/* ---- memory that the guest will free ---- */

EXPORT XVisualInfo *thunk_x11_visual_info_to_guest(XVisualInfo *host,
                                                   Display *dpy)
{
    XVisualInfo *guest;

    if (host == NULL || is_own) {
        return host;
    }
    guest = guest_calls.visual(dpy, host->screen, host->visualid);
    XFree(host);
    return guest;
}

EXPORT void *thunk_x11_memory_to_guest(void *host)
{
    size_t size = host == NULL ? 0 : malloc_usable_size(host);
    void *guest;

    if (host == NULL || is_own) {
        return host;
    }
    guest = guest_calls.allocate(size);
    if (guest != NULL) {
        memcpy(guest, host, size);
    }
    XFree(host);
    return guest;
}
