/* SPDX-License-Identifier: MIT
 *
 * Native displays as EGL is given them. */
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "bridge.h"

/* Of eglext.h. */
#define PLATFORM_X11     0x31d5u
#define PLATFORM_XCB     0x31dcu

BRIDGE_EXPORT void *thunk_x11_platform_to_host(void *native_display,
                                               unsigned platform)
{
    switch (platform) {
    case PLATFORM_X11:
        return thunk_x11_display_to_host(native_display);
    case PLATFORM_XCB:
        return thunk_x11_connection_to_host(native_display);
    default:
        return native_display;
    }
}

/* Whether it may be a Display: memory that has a socket where Xlib keeps it. */
static bool is_display(void *pointer)
{
    struct {
        XExtData *ext_data;
        struct _XPrivate *private1;
        int fd;
    } head;
    struct iovec to = {&head, sizeof(head)};
    struct iovec from = {pointer, sizeof(head)};
    struct sockaddr_storage address;
    socklen_t length = sizeof(address);

    return process_vm_readv(getpid(), &to, 1, &from, 1, 0) ==
               (ssize_t)sizeof(head) &&
           getpeername(head.fd, (struct sockaddr *)&address, &length) == 0;
}

BRIDGE_EXPORT void *thunk_x11_native_to_host(void *native_display)
{
    if (native_display == NULL) {
        return NULL;
    }
    if (is_display(native_display)) {
        return thunk_x11_display_to_host(native_display);
    }
    return native_display;
}
