/* SPDX-License-Identifier: MIT
 *
 * GLX events. The server sends them to the client that made the GLX drawable:
 * the host's connection, where no program looks. So a thread reads them there
 * and has the server send them on to a window of the guest's connection, where
 * the program waits for them, be it in XNextEvent() or poll().
 *
 * Xlib has an event converted by a function of the library that the event
 * belongs to. What comes here has been through that of the host's library; it
 * goes on with a mark in a byte that the protocol leaves unused, and the
 * guest's Xlib, which asks thunk_x11_convert(), gets the values as they are.
 */
#include <X11/Xlib-xcb.h>
#include <X11/Xlibint.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "bridge.h"

/* Another thread of the host may read from the socket on the way, and nothing
 * tells of it; so it is looked after that, in milliseconds. */
#define LOOK_AFTER 20

#define MARK 0x54

/* As in GL/glx.h, which a host with Vulkan alone need not have. The first has
 * the kind in place of the type. */
#define DAMAGED 0x8020
#define SAVED   0x8021

struct clobbered {
    int kind;
    int draw_type;
    unsigned long serial;
    Bool send_event;
    Display *display;
    XID drawable;
    unsigned buffer_mask;
    unsigned aux_buffer;
    int x, y;
    int width, height;
    int count;
};

struct swapped {
    int type;
    unsigned long serial;
    Bool send_event;
    Display *display;
    XID drawable;
    int kind;
    int64_t ust;
    int64_t msc;
    int64_t sbc;
};

/* What follows the first event of GLX, and how they lie in the protocol. */
enum { CLOBBERED, SWAPPED };

struct wire_head {
    uint8_t type;
    uint8_t mark; /* unused but for the bridge's own */
    uint16_t sequence;
    uint16_t kind;
};

struct wire_clobbered {
    struct wire_head head;
    uint16_t draw_type;
    uint32_t drawable;
    uint32_t buffer_mask;
    uint16_t aux_buffer;
    uint16_t x, y;
    uint16_t width, height;
    uint16_t count;
    uint32_t unused;
};

struct wire_swapped {
    struct wire_head head;
    uint16_t sbc_high; /* unused but for the bridge's own */
    uint32_t drawable;
    uint32_t ust_high, ust_low;
    uint32_t msc_high, msc_low;
    uint32_t sbc;
};

union wire {
    xEvent event;
    struct wire_head head;
    struct wire_clobbered clobbered;
    struct wire_swapped swapped;
};

_Static_assert(sizeof(union wire) == 32, "the protocol's size of events");
_Static_assert(sizeof(struct wire_clobbered) == 32, "all of an event");
_Static_assert(sizeof(struct wire_swapped) == 32, "all of an event");

struct listener {
    struct listener *next;
    const Display *guest;
    Display *host;
    Window receiver; /* of the guest's connection */
    int first_event; /* of GLX */
    int stop;        /* readable: the thread is to end */
    pid_t process;   /* a forked child has no such thread */
    pthread_t thread;
    pthread_mutex_t lock; /* while events are read and sent on */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct listener *listeners;
static _Thread_local struct listener *passing;
static _Thread_local bool is_own_thread;

/* With the lock held. */
static struct listener *listener_find_locked(const Display *guest)
{
    struct listener *found = listeners;

    while (found != NULL && found->guest != guest) {
        found = found->next;
    }
    return found;
}

static struct listener *listener_find(const Display *guest)
{
    struct listener *found;

    pthread_mutex_lock(&lock);
    found = listener_find_locked(guest);
    pthread_mutex_unlock(&lock);
    return found;
}

/* ---- from the host's connection to the guest's ---- */

static uint64_t whole(uint32_t high, uint32_t low)
{
    return (uint64_t)high << 32 | low;
}

static uint32_t high(int64_t number)
{
    return (uint32_t)((uint64_t)number >> 32);
}

static bool event_write(int first_event, const XEvent *event, union wire *wire)
{
    if (event->type == DAMAGED || event->type == SAVED) {
        const struct clobbered *from = (const void *)event;

        wire->clobbered = (struct wire_clobbered){
            .head = {.type = (uint8_t)(first_event + CLOBBERED),
                     .mark = MARK,
                     .kind = (uint16_t)from->kind},
            .draw_type = (uint16_t)from->draw_type,
            .drawable = (uint32_t)from->drawable,
            .buffer_mask = from->buffer_mask,
            .aux_buffer = (uint16_t)from->aux_buffer,
            .x = (uint16_t)from->x,
            .y = (uint16_t)from->y,
            .width = (uint16_t)from->width,
            .height = (uint16_t)from->height,
            .count = (uint16_t)from->count,
        };
        return true;
    }
    if (event->type == first_event + SWAPPED) {
        const struct swapped *from = (const void *)event;

        wire->swapped = (struct wire_swapped){
            .head = {.type = (uint8_t)event->type,
                     .mark = MARK,
                     .kind = (uint16_t)from->kind},
            .sbc_high = (uint16_t)high(from->sbc),
            .drawable = (uint32_t)from->drawable,
            .ust_high = high(from->ust),
            .ust_low = (uint32_t)from->ust,
            .msc_high = high(from->msc),
            .msc_low = (uint32_t)from->msc,
            .sbc = (uint32_t)from->sbc,
        };
        return true;
    }
    return false;
}

/* All but what is in every event. */
static void event_read(const union wire *wire, int which, XEvent *event)
{
    if (which == CLOBBERED) {
        const struct wire_clobbered *from = &wire->clobbered;
        struct clobbered *to = (void *)event;

        to->kind = from->head.kind;
        to->draw_type = from->draw_type;
        to->drawable = from->drawable;
        to->buffer_mask = from->buffer_mask;
        to->aux_buffer = from->aux_buffer;
        to->x = from->x;
        to->y = from->y;
        to->width = from->width;
        to->height = from->height;
        to->count = from->count;
    } else {
        const struct wire_swapped *from = &wire->swapped;
        struct swapped *to = (void *)event;

        to->kind = from->head.kind;
        to->drawable = from->drawable;
        to->ust = (int64_t)whole(from->ust_high, from->ust_low);
        to->msc = (int64_t)whole(from->msc_high, from->msc_low);
        to->sbc = (int64_t)whole(from->sbc_high, from->sbc);
    }
}

static void events_pass(struct listener *listener)
{
    xcb_connection_t *connection = XGetXCBConnection(listener->host);
    union wire wire;
    XEvent event;

    pthread_mutex_lock(&listener->lock);
    passing = listener;
    while (XEventsQueued(listener->host, QueuedAfterReading) > 0) {
        XNextEvent(listener->host, &event);
        if (event_write(listener->first_event, &event, &wire)) {
            /* Without a mask it goes to the client that made the window. */
            xcb_send_event(connection, 0, (xcb_window_t)listener->receiver, 0,
                           (const char *)&wire);
            xcb_flush(connection);
        }
    }
    passing = NULL;
    pthread_mutex_unlock(&listener->lock);
}

static void *listen(void *argument)
{
    struct listener *listener = argument;
    struct pollfd polled[] = {
        {.fd = ConnectionNumber(listener->host), .events = POLLIN},
        {.fd = listener->stop, .events = POLLIN},
    };

    is_own_thread = true;
    for (;;) {
        int count = poll(polled, 2, LOOK_AFTER);

        /* Of a lost server the program learns by itself. */
        if ((count < 0 && errno != EINTR) ||
            (count > 0 &&
             (polled[1].revents != 0 || (polled[0].revents & ~POLLIN) != 0))) {
            return NULL;
        }
        events_pass(listener);
    }
}

void bridge_events_pass(const Display *guest)
{
    struct listener *found = listener_find(guest);

    if (found != NULL) {
        events_pass(found);
    }
}

bool bridge_events_is_passing(void)
{
    return passing != NULL;
}

void bridge_events_leave(void)
{
    if (passing != NULL) {
        pthread_mutex_unlock(&passing->lock);
        passing = NULL;
    }
}

bool bridge_events_is_own_thread(void)
{
    return is_own_thread;
}

/* ---- its beginning and end ---- */

static void error_tell(int error)
{
    fprintf(stderr, "thunk: GLX events will not come: %s\n", strerror(error));
}

static void listener_free(struct listener *listener)
{
    if (listener->stop >= 0) {
        close(listener->stop);
    }
    pthread_mutex_destroy(&listener->lock);
    free(listener);
}

/* False: another thread was faster, or there can be no thread. */
static bool listener_start(struct listener *added)
{
    int error = 0;

    pthread_mutex_lock(&lock);
    if (listener_find_locked(added->guest) != NULL) {
        error = EEXIST;
    } else {
        error = pthread_create(&added->thread, NULL, listen, added);
    }
    if (error == 0) {
        added->next = listeners;
        listeners = added;
    }
    pthread_mutex_unlock(&lock);
    if (error != 0 && error != EEXIST) {
        error_tell(error);
    }
    return error == 0;
}

BRIDGE_EXPORT void thunk_x11_listen(Display *dpy, unsigned long mask)
{
    Display *host =
        dpy == NULL || mask == 0 ? NULL : thunk_x11_display_to_host(dpy);
    struct listener *added;
    int opcode, first_event, first_error;

    /* Where the guest's Xlib is the host's all is as natively. */
    if (host == NULL || host == dpy || listener_find(dpy) != NULL ||
        !XQueryExtension(host, "GLX", &opcode, &first_event, &first_error)) {
        return;
    }
    added = calloc(1, sizeof(*added));
    if (added == NULL) {
        error_tell(ENOMEM);
        return;
    }
    *added = (struct listener){
        .guest = dpy,
        .host = host,
        .receiver = bridge_receiver_of(dpy),
        .first_event = first_event,
        .stop = eventfd(0, EFD_CLOEXEC),
        .process = getpid(),
        .lock = PTHREAD_MUTEX_INITIALIZER,
    };
    if (added->stop < 0) {
        error_tell(errno);
    }
    if (added->stop < 0 || !listener_start(added)) {
        listener_free(added);
    }
}

void bridge_events_end(const Display *guest)
{
    struct listener **place = &listeners;
    struct listener *ended;

    pthread_mutex_lock(&lock);
    while (*place != NULL && (*place)->guest != guest) {
        place = &(*place)->next;
    }
    ended = *place;
    if (ended != NULL) {
        *place = ended->next;
    }
    pthread_mutex_unlock(&lock);
    if (ended != NULL && ended->process == getpid()) {
        eventfd_write(ended->stop, 1);
        pthread_join(ended->thread, NULL);
        listener_free(ended);
    }
}

/* ---- for the guest's Xlib ---- */

BRIDGE_EXPORT int thunk_x11_convert(Display *guest, XEvent *event,
                                    const void *wire)
{
    struct listener *listener = listener_find(guest);
    union wire copy;
    int type;
    Bool is_event;

    if (listener == NULL) {
        return False;
    }
    memcpy(&copy, wire, sizeof(copy));
    type = copy.head.type & 0x7f;
    if (copy.head.mark == MARK) {
        event_read(&copy, type - listener->first_event, event);
        return True;
    }
    /* From somebody else: the host's library knows. Its Xlib may look at the
     * number of the request, which is that of another connection. */
    LockDisplay(listener->host);
    copy.head.sequence = (uint16_t)listener->host->last_request_read;
    is_event =
        listener->host->event_vec[type](listener->host, event, &copy.event);
    UnlockDisplay(listener->host);
    return is_event;
}
