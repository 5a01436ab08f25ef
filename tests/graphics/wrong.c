/* SPDX-License-Identifier: MIT
 * What goes wrong, one way a run, and how it is told.
 * usage: wrong CASE */
#include <EGL/egl.h>
#include <X11/Xutil.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "window.h"

static sigjmp_buf out;
static unsigned errors;

static void on_fault(int number)
{
    (void)number;
    siglongjmp(out, 1);
}

/* A display that is none natively ends in a fault, or is told. */
static void display_try(Display *display)
{
    signal(SIGSEGV, on_fault);
    if (sigsetjmp(out, 1) == 0) {
        printf("version: %d\n", glXQueryVersion(display, NULL, NULL));
    } else {
        puts("version: SIGSEGV");
    }
    signal(SIGSEGV, SIG_DFL);
}

static void garbage_run(void)
{
    display_try((Display *)0x1234);
    display_try((Display *)"this is no display, but text of some length......");
}

static void null_run(void)
{
    display_try(NULL);
    printf("current: %p %lu %p\n", (void *)glXGetCurrentDisplay(),
           glXGetCurrentDrawable(), (void *)glXGetCurrentContext());
    printf("make: %d\n", glXMakeCurrent(NULL, None, NULL));
}

/* Without a handler it is the end. */
static void fatal_run(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    puts("here");
    glXQueryVersion((Display *)0x1234, NULL, NULL);
    puts("still here");
}

static void none_run(void)
{
    setenv("DISPLAY", ":9999", 1);
    printf("display: %p\n", (void *)XOpenDisplay(NULL));
    printf(
        "egl: %d\n",
        eglInitialize(eglGetDisplay((EGLNativeDisplayType)0x1234), NULL, NULL));
}

static void names_run(void)
{
    static const char *const names[] = {"glClear", "glXSwapBuffers", "",
                                        "noSuchFunction", "wglNone"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        printf("'%s': %s\n", names[i],
               glXGetProcAddress((const GLubyte *)names[i]) == NULL ? "no"
                                                                    : "yes");
    }
    printf("glClear twice: %d\n",
           glXGetProcAddress((GLubyte *)"glClear") ==
               glXGetProcAddressARB((GLubyte *)"glClear"));
}

static int on_error(Display *display, XErrorEvent *event)
{
    errors++;
    printf("error %d, display %d\n", event->error_code,
           display == event->display && DisplayString(display) != NULL);
    return 0;
}

/* Newer functions than the context's version has: all have a name, and a call
 * does what it does. */
static void old_run(void)
{
    static const int version[] = {GLX_CONTEXT_MAJOR_VERSION_ARB, 4,
                                  GLX_CONTEXT_MINOR_VERSION_ARB, 5, None};
    static const char *const names[] = {"glGenVertexArrays",
                                        "glDispatchCompute",
                                        "glMultiDrawArraysIndirectCount"};
    PFNGLXCREATECONTEXTATTRIBSARBPROC create =
        (PFNGLXCREATECONTEXTATTRIBSARBPROC)procedure(
            "glXCreateContextAttribsARB");
    PFNGLDISPATCHCOMPUTEPROC dispatch;
    struct window window;
    int major = -1;

    window_open(&window, NULL);
    printf("%s\n", glGetString(GL_VERSION));
    glGetIntegerv(GL_MAJOR_VERSION, &major);
    printf("major %d, error %x\n", major, glGetError());
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        printf("%s: %d\n", names[i],
               glXGetProcAddress((const GLubyte *)names[i]) != NULL);
    }
    dispatch = (PFNGLDISPATCHCOMPUTEPROC)procedure("glDispatchCompute");
    dispatch(1, 1, 1);
    printf("dispatch: error %x\n", glGetError());
    XSetErrorHandler(on_error);
    printf("context of 4.5: %d\n",
           create(window.display, window.config, NULL, True, version) != NULL);
    XSync(window.display, False);
    printf("any error: %d\n", errors > 0);
    window_close(&window);
}

/* Errors of calls that the program traps, as all that use GLX do. */
static void error_run(void)
{
    struct window window;

    window_open(&window, NULL);
    XSetErrorHandler(on_error);
    printf("make: %d\n",
           glXMakeCurrent(window.display, 0x7654321, window.context));
    XSync(window.display, False);
    printf("any error: %d\n", errors > 0);
    window_close(&window);
}

/* The default handler ends the program. */
static void untrapped_run(void)
{
    struct window window;

    window_open(&window, NULL);
    setvbuf(stdout, NULL, _IONBF, 0);
    puts("here");
    glXMakeCurrent(window.display, 0x7654321, window.context);
    XSync(window.display, False);
    puts("still here");
}

/* Displays come and go, in places that are used again. */
static void reopen_run(void)
{
    struct window window;

    for (int i = 0; i < 20; i++) {
        window_open(&window, NULL);
        glClearColor((float)i / 20, 0, 0, 1);
        glClear(GL_COLOR_BUFFER_BIT);
        printf("%016llx\n", (unsigned long long)window_hash(NULL));
        window_close(&window);
    }
}

/* Draws until the server is gone. */
static void lost_run(void)
{
    struct window window;

    window_open(&window, NULL);
    puts("drawing");
    fflush(stdout);
    for (;;) {
        glClear(GL_COLOR_BUFFER_BIT);
        glXSwapBuffers(window.display, window.id);
    }
}

static int on_io_error(Display *display)
{
    printf("lost %d\n", DisplayString(display) != NULL);
    fflush(stdout);
    _exit(7);
}

static void handled_run(void)
{
    XSetIOErrorHandler(on_io_error);
    lost_run();
}

/* A window that another closed. */
static void destroyed_run(void)
{
    struct window window;

    window_open(&window, NULL);
    XSetErrorHandler(on_error);
    XDestroyWindow(window.display, window.id);
    glClear(GL_COLOR_BUFFER_BIT);
    glXSwapBuffers(window.display, window.id);
    XSync(window.display, False);
    puts("done");
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } cases[] = {
        {"destroyed", destroyed_run}, {"error", error_run},
        {"fatal", fatal_run},         {"garbage", garbage_run},
        {"handled", handled_run},     {"lost", lost_run},
        {"names", names_run},         {"none", none_run},
        {"null", null_run},           {"old", old_run},
        {"reopen", reopen_run},       {"untrapped", untrapped_run},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (argc > 1 && strcmp(argv[1], cases[i].name) == 0) {
            cases[i].run();
            return 0;
        }
    }
    return 2;
}
