/* SPDX-License-Identifier: MIT
 * Native displays that are none of X's: tells what EGL does with real ones of
 * the program's own, with something unknown, and with the default ones.
 * usage: foreign wayland|gbm|unknown|default|compositor */
#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Without headers, which only who writes for these has. */
static void *call(const char *library, const char *name, int argument)
{
    void *handle = dlopen(library, RTLD_NOW);
    void *(*function)(int) =
        handle == NULL ? NULL : (void *(*)(int))dlsym(handle, name);

    if (function == NULL) {
        printf("no %s: %s\n", name, dlerror());
        exit(1);
    }
    return function(argument);
}

/* Of a server that is gone. */
static void *wayland_make(void)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) {
        perror("socketpair");
        exit(1);
    }
    close(ends[1]);
    return call("libwayland-client.so.0", "wl_display_connect_to_fd", ends[0]);
}

static void *gbm_make(void)
{
    return call("libgbm.so.1", "gbm_create_device", open("/dev/null", O_RDWR));
}

static void tell(const char *what, EGLDisplay display)
{
    EGLint error = eglGetError();
    EGLint major, minor;

    printf("%s: %s, error %x, initialize %d\n", what,
           display == EGL_NO_DISPLAY ? "none" : "a display", (unsigned)error,
           eglInitialize(display, &major, &minor));
}

/* A compositor gives EGL its own display, of another library. */
static void compositor_tell(struct wl_display *served)
{
    PFNEGLBINDWAYLANDDISPLAYWLPROC bind =
        (PFNEGLBINDWAYLANDDISPLAYWLPROC)eglGetProcAddress(
            "eglBindWaylandDisplayWL");
    EGLDisplay display =
        eglGetPlatformDisplay(EGL_PLATFORM_SURFACELESS_MESA, NULL, NULL);
    EGLint major, minor;
    EGLBoolean is_bound;

    if (bind == NULL || !eglInitialize(display, &major, &minor)) {
        puts("no display to bind to");
        return;
    }
    is_bound = bind(display, served);
    printf("bind: %u, error %x\n", is_bound, (unsigned)eglGetError());
    eglTerminate(display);
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";

    setvbuf(stdout, NULL, _IONBF, 0);
    if (strcmp(what, "wayland") == 0) {
        void *wayland = wayland_make();

        tell("platform",
             eglGetPlatformDisplay(EGL_PLATFORM_WAYLAND_KHR, wayland, NULL));
        tell("guessed", eglGetDisplay(wayland));
    } else if (strcmp(what, "gbm") == 0) {
        void *gbm = gbm_make();

        tell("platform",
             eglGetPlatformDisplay(EGL_PLATFORM_GBM_KHR, gbm, NULL));
        tell("guessed", eglGetDisplay(gbm));
    } else if (strcmp(what, "unknown") == 0) {
        void *unknown = wayland_make();

        tell("platform",
             eglGetPlatformDisplay(EGL_PLATFORM_ANDROID_KHR, unknown, NULL));
        tell("guessed", eglGetDisplay((void *)&what));
    } else if (strcmp(what, "default") == 0) {
        tell("wayland",
             eglGetPlatformDisplay(EGL_PLATFORM_WAYLAND_KHR, NULL, NULL));
        tell("gbm", eglGetPlatformDisplay(EGL_PLATFORM_GBM_KHR, NULL, NULL));
        compositor_tell(NULL);
    } else if (strcmp(what, "compositor") == 0) {
        compositor_tell((void *)&what);
    }
    return 0;
}
