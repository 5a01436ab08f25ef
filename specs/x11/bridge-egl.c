/* SPDX-License-Identifier: MIT
 *
 * Native displays as EGL is given them: X's are bridged, Wayland's and GBM's
 * cannot be, as they are objects of the guest's own libraries, and windows and
 * buffers hang on them. EGL then answers as one that does not know such a
 * platform, after which toolkits try another.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <thunk/environment.h>
#include <unistd.h>

#include "bridge.h"

/* Of eglext.h. */
#define PLATFORM_X11     0x31d5u
#define PLATFORM_GBM     0x31d7u
#define PLATFORM_WAYLAND 0x31d8u
#define PLATFORM_XCB     0x31dcu

/* No platform has this number. */
#define PLATFORM_NONE 0u

static void foreign_tell(void)
{
    static atomic_flag is_told = ATOMIC_FLAG_INIT;

    if (!atomic_flag_test_and_set(&is_told)) {
        fputs("thunk: EGL on the host cannot use the program's display, which "
              "is none of X's: no Wayland and no GBM with OpenGL thunked\n",
              stderr);
    }
}

BRIDGE_EXPORT unsigned
thunk_x11_platform_kind_to_host(unsigned platform, const void *native_display)
{
    /* The default display is the host's own. */
    if (native_display != NULL &&
        (platform == PLATFORM_WAYLAND || platform == PLATFORM_GBM)) {
        foreign_tell();
        return PLATFORM_NONE;
    }
    return platform;
}

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

/* The environment may have EGL take anything for a display of that platform.
 * Of the guest's it is none, and EGL is left to find out by itself. */
static void environment_correct(void)
{
    static const char variable[] = "EGL_PLATFORM";
    static const char *const platforms[] = {"wayland", "drm", "gbm"};
    const char *platform = thunk_host_variable(variable);

    for (size_t i = 0;
         platform != NULL && i < sizeof(platforms) / sizeof(*platforms); i++) {
        if (strcmp(platform, platforms[i]) == 0) {
            thunk_host_variable_remove(variable);
            return;
        }
    }
}

BRIDGE_EXPORT void *thunk_x11_native_to_host(void *native_display)
{
    if (native_display == NULL) {
        return NULL;
    }
    if (is_display(native_display)) {
        return thunk_x11_display_to_host(native_display);
    }
    foreign_tell();
    environment_correct();
    return native_display;
}

BRIDGE_EXPORT void *thunk_x11_foreign_to_host(void *object)
{
    if (object != NULL) {
        foreign_tell();
    }
    return NULL;
}
