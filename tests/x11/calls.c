/* SPDX-License-Identifier: MIT
 *
 * What an X client and Xlib do with each other beside plain calls: handlers,
 * predicates, hooks, functions in structs, and memory that one allocates and
 * the other frees. Prints the same natively and thunked; the argument is what
 * to do.
 */
#include <X11/Xatom.h>
#include <X11/Xlib-xcb.h>
#include <X11/Xlib.h>
#include <X11/Xlibint.h>
#include <X11/Xresource.h>
#include <X11/Xutil.h>
#include <X11/extensions/XShm.h>
#include <X11/keysym.h>
#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xcb/xcb.h>

static Display *display;
static Window window;

static void open_all(void)
{
    display = XOpenDisplay(NULL);
    if (display == NULL) {
        puts("no display");
        exit(1);
    }
    window = XCreateSimpleWindow(display, DefaultRootWindow(display), 10, 20,
                                 64, 48, 1, 0, 0xffffff);
    XSync(display, False);
}

/* ---- handlers ---- */

static int n_errors;

static int on_error(Display *of, XErrorEvent *event)
{
    char text[64];

    XGetErrorText(of, event->error_code, text, sizeof text);
    printf("error %d of request %d: %s, %s display\n", event->error_code,
           event->request_code, text, of == display ? "our" : "another");
    n_errors++;
    return 0;
}

static int on_error_too(Display *of, XErrorEvent *event)
{
    (void)of, (void)event;
    puts("the other handler");
    return 0;
}

static void errors_do(void)
{
    XErrorHandler first = XSetErrorHandler(on_error);
    XErrorHandler second = XSetErrorHandler(on_error_too);
    XErrorHandler third, again;

    printf("first is ours: %d, second: %d\n", first == on_error,
           second == on_error);
    XMapWindow(display, 12345);
    XSync(display, False);
    third = XSetErrorHandler(second);
    printf("third: %d\n", third == on_error_too);
    XMapWindow(display, 12345);
    XSync(display, False);
    /* NULL is the default one, and that has an address of its own. */
    (void)XSetErrorHandler(NULL);
    again = XSetErrorHandler(on_error);
    printf("default: %d\n", again == first && again != NULL);
    (void)XSetErrorHandler(first);
    printf("back: %d\n", XSetErrorHandler(on_error) == first);
    XFreePixmap(display, 54321);
    XSync(display, False);
    printf("%d errors\n", n_errors);
}

static int n_after;

static int after(Display *of)
{
    n_after += of == display;
    return 0;
}

static void after_do(void)
{
    int (*before)(Display *) = XSetAfterFunction(display, after);
    int (*kept)(Display *);

    XNoOp(display);
    XNoOp(display);
    printf("after: %d, none before: %d\n", n_after, before == NULL);
    kept = XSynchronize(display, True);
    printf("kept is ours: %d\n", kept == after);
    XSetErrorHandler(on_error);
    XMapWindow(display, 1); /* told at once */
    printf("synchronous: %d\n", n_errors);
    kept = XSynchronize(display, False);
    XMapWindow(display, 1);
    printf("no more: %d\n", n_errors);
    XSync(display, False);
    printf("now: %d\n", n_errors);
}

/* ---- events ---- */

struct wanted {
    long number;
    int asked;
};

static Bool is_wanted(Display *of, XEvent *event, XPointer argument)
{
    struct wanted *wanted = (struct wanted *)(void *)argument;

    wanted->asked++;
    return of == display && event->type == ClientMessage &&
           event->xclient.data.l[0] == wanted->number;
}

static void message_send(long number)
{
    XEvent event = {.type = ClientMessage};

    event.xclient.window = window;
    event.xclient.format = 32;
    event.xclient.message_type = XA_PRIMARY;
    event.xclient.data.l[0] = number;
    XSendEvent(display, window, False, 0, &event);
}

static void events_do(void)
{
    struct wanted wanted = {.number = 3};
    XEvent event;
    int is_there;

    for (long i = 0; i < 5; i++) {
        message_send(i);
    }
    XIfEvent(display, &event, is_wanted, (XPointer)&wanted);
    printf("got %ld, asked %d times\n", event.xclient.data.l[0], wanted.asked);
    wanted = (struct wanted){.number = 9};
    is_there = XCheckIfEvent(display, &event, is_wanted, (XPointer)&wanted);
    printf("9: %d, asked %d times\n", is_there, wanted.asked);
    wanted = (struct wanted){.number = 4};
    XPeekIfEvent(display, &event, is_wanted, (XPointer)&wanted);
    printf("peeked %ld, %d are left\n", event.xclient.data.l[0],
           XPending(display));
    while (XPending(display) > 0) {
        XNextEvent(display, &event);
        printf("event %ld\n", event.xclient.data.l[0]);
    }
}

/* ---- hooks of extensions ---- */

static Bool (*wire_before)(Display *, XEvent *, xEvent *);
static int n_wire;

static Bool to_event(Display *of, XEvent *to, xEvent *from)
{
    n_wire++;
    return wire_before(of, to, from);
}

static int on_close(Display *of, XExtCodes *codes)
{
    printf("closed: %d, number %d\n", of == display, codes->extension > 0);
    return 0;
}

static long n_flushed;

static void on_flush(Display *of, XExtCodes *codes, _Xconst char *data,
                     long length)
{
    n_flushed += of == display && codes != NULL && data != NULL ? length : 0;
}

static int free_private(XExtData *data)
{
    printf("private: %s\n", (char *)data->private_data);
    free(data->private_data);
    return 0;
}

static void hooks_do(void)
{
    XExtCodes *codes = XAddExtension(display);
    XExtData *data = calloc(1, sizeof *data); /* Xlib frees it */
    XEDataObject object = {.display = display};
    XEvent event;

    wire_before = XESetWireToEvent(display, ClientMessage, to_event);
    (void)XESetCloseDisplay(display, codes->extension, on_close);
    XESetBeforeFlush(display, codes->extension, on_flush);
    data->number = codes->extension;
    data->private_data = strdup("the program's");
    data->free_private = free_private;
    XAddToExtensionList(XEHeadOfExtensionList(object), data);
    printf("found: %d\n", XFindOnExtensionList(XEHeadOfExtensionList(object),
                                               codes->extension) == data);
    message_send(7);
    XNextEvent(display, &event);
    printf("event %ld by %d calls of ours, flushed: %d\n",
           event.xclient.data.l[0], n_wire, n_flushed > 0);
    printf("ours comes back: %d\n",
           XESetWireToEvent(display, ClientMessage, wire_before) == to_event);
    XCloseDisplay(display);
    display = NULL;
}

/* ---- memory ---- */

static void image_do(void)
{
    char *pixels = calloc(64 * 48, 4);
    XImage *image =
        XCreateImage(display, DefaultVisual(display, DefaultScreen(display)),
                     (unsigned)DefaultDepth(display, DefaultScreen(display)),
                     ZPixmap, 0, pixels, 64, 48, 32, 0);
    Pixmap pixmap = XCreatePixmap(display, window, 64, 48, 24);
    XImage *part, *got;

    XPutPixel(image, 3, 5, 0x123456);
    XPutImage(display, pixmap, DefaultGC(display, DefaultScreen(display)),
              image, 0, 0, 0, 0, 64, 48);
    XDestroyImage(image); /* frees our pixels */
    got = XGetImage(display, pixmap, 0, 0, 64, 48, AllPlanes, ZPixmap);
    part = XSubImage(got, 2, 4, 8, 8);
    printf("pixels %lx %lx %lx\n", XGetPixel(got, 3, 5), XGetPixel(part, 1, 1),
           XGetPixel(part, 0, 0));
    XDestroyImage(part);
    XDestroyImage(got);
    XFreePixmap(display, pixmap);
}

/* One that libXext makes, with functions of libX11's in it. */
static void image_shared(void)
{
    int screen = DefaultScreen(display);
    XShmSegmentInfo segment = {0};
    XImage *image = XShmCreateImage(display, DefaultVisual(display, screen),
                                    (unsigned)DefaultDepth(display, screen),
                                    ZPixmap, NULL, &segment, 8, 8);
    XImage *part;

    image->data = calloc(8 * 8, 4);
    XPutPixel(image, 3, 2, 0xabcdef);
    part = XSubImage(image, 2, 1, 4, 4);
    printf("shared %lx %lx\n", XGetPixel(image, 3, 2), XGetPixel(part, 1, 1));
    XAddPixel(image, 1);
    XPutImage(display, window, DefaultGC(display, screen), image, 0, 0, 0, 0, 8,
              8);
    printf("then %lx\n", XGetPixel(image, 3, 2));
    XDestroyImage(part);
    free(image->data);
    image->data = NULL;
    XDestroyImage(image);
}

static void memory_do(void)
{
    XSizeHints *hints = XAllocSizeHints();
    XFontStruct *font = XLoadQueryFont(display, "fixed");
    char *title = NULL, *names[2];
    XTextProperty text;
    char **list;
    int count;

    hints->flags = PMinSize;
    XSetWMNormalHints(display, window, hints);
    XFree(hints);
    XFree(strdup("the program's own")); /* one heap for who knows no other */
    XStoreName(display, window, "a title");
    if (XFetchName(display, window, &title)) {
        printf("title: %s\n", title);
        XFree(title);
    }
    names[0] = strdup("one");
    names[1] = strdup("two");
    XStringListToTextProperty(names, 2, &text);
    free(names[0]);
    free(names[1]);
    if (XTextPropertyToStringList(&text, &list, &count)) {
        printf("list: %d %s %s\n", count, list[0], list[1]);
        XFreeStringList(list);
    }
    XFree(text.value);
    printf("font: %d\n", font != NULL && font->ascent > 0);
    if (font != NULL) {
        printf("width: %d\n", XTextWidth(font, "wide", 4) > 0);
        XFreeFont(display, font);
    }
    image_do();
    image_shared();
}

/* What is documented for XFree(), by who knows that it is free(). */
static void properties_free(void)
{
    XTextProperty text;
    XClassHint hint;
    Window root, parent, *children = NULL;
    Atom *atoms, type;
    unsigned char *bytes;
    unsigned long n_items, left;
    unsigned count;
    int format, n_atoms;

    XStoreName(display, window, "a title");
    XSetClassHint(display, window, &(XClassHint){"of calls", "Calls"});
    printf("class: %d", XGetClassHint(display, window, &hint));
    printf(" %s %s\n", hint.res_name, hint.res_class);
    free(hint.res_name);
    free(hint.res_class);
    printf("name: %d", XGetWMName(display, window, &text));
    printf(" %s\n", (char *)text.value);
    free(text.value);
    printf("property: %d",
           XGetWindowProperty(display, window, XA_WM_NAME, 0, 100, False,
                              AnyPropertyType, &type, &format, &n_items, &left,
                              &bytes));
    printf(" %s %lu\n", (char *)bytes, n_items);
    free(bytes);
    atoms = XListProperties(display, window, &n_atoms);
    printf("properties: %d\n", n_atoms);
    free(atoms);
    printf("tree: %d",
           XQueryTree(display, window, &root, &parent, &children, &count));
    printf(" %d %u\n", parent == root, count);
    free(children);
}

static void freed_do(void)
{
    XImage *image = XGetImage(display, DefaultRootWindow(display), 0, 0, 300,
                              200, AllPlanes, ZPixmap);
    XWMHints *hints = XAllocWMHints();
    char *name = XGetAtomName(display, XA_PRIMARY);
    int count;

    printf("%s\n", name);
    free(name);
    free(hints);
    free(XListDepths(display, DefaultScreen(display), &count));
    XFree(XListDepths(display, DefaultScreen(display), &count));
    properties_free();
    /* Another block of the program's in the place of the library's */
    free(image->data);
    image->data = calloc(300 * 200, 4);
    printf("pixel %lx\n", XGetPixel(image, 2, 3));
    XDestroyImage(image);
}

static void reply_print(xcb_get_geometry_reply_t *reply,
                        xcb_generic_error_t *error)
{
    if (reply != NULL) {
        printf("%d,%d %dx%d\n", reply->x, reply->y, reply->width,
               reply->height);
    }
    if (error != NULL) {
        printf("error %d of request %d\n", error->error_code,
               error->major_code);
    }
    free(reply);
    free(error);
}

static void xcb_do(void)
{
    xcb_connection_t *connection = XGetXCBConnection(display);
    xcb_generic_error_t *error = (void *)&error; /* is overwritten */
    xcb_get_geometry_cookie_t cookie =
        xcb_get_geometry(connection, (xcb_drawable_t)window);
    xcb_intern_atom_reply_t *atom;
    xcb_get_geometry_reply_t *reply;
    xcb_generic_event_t *event;
    char *host = NULL;
    int number, screen;

    reply = xcb_get_geometry_reply(connection, cookie, &error);
    reply_print(reply, error);
    cookie = xcb_get_geometry(connection, 12345);
    reply = xcb_get_geometry_reply(connection, cookie, &error);
    reply_print(reply, error);
    atom = xcb_intern_atom_reply(
        connection, xcb_intern_atom(connection, 1, 7, "PRIMARY"), NULL);
    printf("atom %u\n", atom->atom);
    free(atom);
    printf("display: %d",
           xcb_parse_display("far:7.1", &host, &number, &screen));
    printf(" %s %d %d\n", host, number, screen);
    free(host);
    /* An error as an event */
    xcb_disconnect(xcb_connect(NULL, NULL));
    connection = xcb_connect(NULL, NULL);
    xcb_map_window(connection, 4711);
    xcb_flush(connection);
    event = xcb_wait_for_event(connection);
    printf("event %d\n", event->response_type);
    free(event);
    error =
        xcb_request_check(connection, xcb_map_window_checked(connection, 4711));
    printf("checked: %d\n", error->error_code);
    free(error);
    xcb_disconnect(connection);
}

/* Each way of freeing, so often that a lost block would be seen. */
static void often_do(void)
{
    for (int i = 0; i < 3000; i++) {
        char *name = XGetAtomName(display, XA_PRIMARY);
        XImage *image;

        XFree(name);
        image =
            XCreateImage(display, DefaultVisual(display, 0), 24, ZPixmap, 0,
                         malloc(i % 2 == 0 ? 4096 : 1u << 20), 16, 16, 32, 0);
        XDestroyImage(image);
    }
    puts("done");
}

/* ---- resources ---- */

static Bool resource_print(XrmDatabase *database, XrmBindingList bindings,
                           XrmQuarkList quarks, XrmRepresentation *type,
                           XrmValue *value, XPointer closure)
{
    (void)database, (void)bindings;
    printf("%s %s: %s\n", XrmQuarkToString(quarks[0]), XrmQuarkToString(*type),
           (char *)value->addr);
    ++*(int *)(void *)closure;
    return False;
}

static void resources_do(void)
{
    XrmDatabase database;
    XrmName name = NULLQUARK;
    XrmValue value;
    char *type;
    int count = 0;

    XrmInitialize();
    database = XrmGetStringDatabase("color: red\nsize: 5\n");
    if (XrmGetResource(database, "color", "Color", &type, &value)) {
        printf("color: %s\n", (char *)value.addr);
    }
    XrmEnumerateDatabase(database, &name, &name, XrmEnumAllLevels,
                         resource_print, (XPointer)&count);
    printf("%d resources\n", count);
    XrmDestroyDatabase(database);
}

/* ---- input methods ---- */

static void on_destroy(XIC context, XPointer data, XPointer call_data)
{
    (void)context, (void)call_data;
    printf("destroyed: %s\n", (char *)data);
}

/* The key that gives an a, as the server would send it. */
static void key_look_up(XIC context)
{
    XEvent event = {.type = KeyPress};
    KeySym symbol = NoSymbol;
    char text[8] = "";
    int length;

    event.xkey.display = display;
    event.xkey.window = window;
    event.xkey.root = DefaultRootWindow(display);
    event.xkey.same_screen = True;
    event.xkey.keycode = XKeysymToKeycode(display, XK_a);
    length =
        XmbLookupString(context, &event.xkey, text, sizeof text, &symbol, NULL);
    printf("%d %s %d\n", length, text, symbol == XK_a);
}

static void input_do(void)
{
    char given[] = "the context";
    XIMCallback callback = {given, (XIMProc)(void (*)(void))on_destroy};
    XIMStyles *styles = NULL;
    long mask = -1;
    Window focus = None;
    XIM method;
    XIC context;
    XVaNestedList list;

    setlocale(LC_ALL, "");
    XSetLocaleModifiers("@im=none");
    method = XOpenIM(display, NULL, NULL, NULL);
    printf("locale: %d, method: %d\n", XSupportsLocale(), method != NULL);
    if (method == NULL) {
        return;
    }
    printf("unknown: %d\n",
           XGetIMValues(method, XNQueryInputStyle, &styles, NULL) != NULL);
    printf("styles: %d\n", styles->count_styles);
    XFree(styles);
    context =
        XCreateIC(method, XNInputStyle, XIMPreeditNothing | XIMStatusNothing,
                  XNClientWindow, window, XNFocusWindow, window,
                  XNDestroyCallback, &callback, NULL);
    printf("context: %d\n", context != NULL);
    printf("values: %d", XGetICValues(context, XNFilterEvents, &mask,
                                      XNFocusWindow, &focus, NULL) == NULL);
    printf(" %lx %d\n", (unsigned long)mask, focus == window);
    list = XVaCreateNestedList(0, XNForeground, 1L, XNBackground, 2L, NULL);
    printf("list: %d\n", list != NULL);
    printf("set: %d\n",
           XSetICValues(context, XNPreeditAttributes, list, NULL) == NULL);
    XFree(list);
    key_look_up(context);
    XDestroyIC(context);
    XCloseIM(method);
}

/* ---- threads ---- */

static void *thread_run(void *argument)
{
    (void)argument;
    for (int i = 0; i < 200; i++) {
        XLockDisplay(display);
        message_send(i);
        XFree(XGetAtomName(display, XA_SECONDARY));
        XUnlockDisplay(display);
        XFree(malloc(200000));
        XFree(malloc(20));
    }
    return NULL;
}

static void threads_do(void)
{
    pthread_t threads[3];
    XEvent event;
    int count = 0;

    for (int i = 0; i < 3; i++) {
        pthread_create(&threads[i], NULL, thread_run, NULL);
    }
    for (int i = 0; i < 3; i++) {
        pthread_join(threads[i], NULL);
    }
    XSync(display, False);
    while (XPending(display) > 0) {
        XNextEvent(display, &event);
        count += event.type == ClientMessage;
    }
    printf("%d events\n", count);
}

/* ---- the end ---- */

static void at_exit(void)
{
    puts("the program's own exit");
}

static int on_io_error(Display *of)
{
    printf("lost: %d\n", of == display);
    return 0;
}

/* The server ends us, as xkill does. */
static void client_kill(void)
{
    XKillClient(display, window);
    XSync(display, False);
    puts("not reached");
}

static void lost_do(void)
{
    atexit(at_exit);
    XSetIOErrorHandler(on_io_error);
    client_kill();
}

static void lost_default_do(void)
{
    atexit(at_exit);
    printf("in the buffer, ");
    client_kill();
}

static void error_default_do(void)
{
    atexit(at_exit);
    printf("in the buffer, ");
    XMapWindow(display, 12345);
    XSync(display, False);
    puts("not reached");
}

/* ---- what is wrong ---- */

static void null_do(void)
{
    puts("before");
    fflush(stdout);
    XSync(NULL, False);
    puts("not reached");
}

static void garbage_do(void)
{
    puts("before");
    fflush(stdout);
    XSync((Display *)(void *)16, False);
    puts("not reached");
}

static void none_do(void)
{
    xcb_connection_t *connection = xcb_connect("no:such:display", NULL);

    printf("%d, xcb %d\n", XOpenDisplay("no:such:display") == NULL,
           xcb_connection_has_error(connection));
    printf("name: %s\n", XDisplayName("given"));
    xcb_disconnect(connection);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
        int has_display;
    } cases[] = {
        {"after", after_do, 1},
        {"error_default", error_default_do, 1},
        {"errors", errors_do, 1},
        {"events", events_do, 1},
        {"freed", freed_do, 1},
        {"garbage", garbage_do, 0},
        {"hooks", hooks_do, 1},
        {"input", input_do, 1},
        {"lost", lost_do, 1},
        {"lost_default", lost_default_do, 1},
        {"memory", memory_do, 1},
        {"none", none_do, 0},
        {"null", null_do, 0},
        {"often", often_do, 1},
        {"resources", resources_do, 0},
        {"threads", threads_do, 1},
        {"xcb", xcb_do, 1},
    };

    for (size_t i = 0; argc == 2 && i < sizeof cases / sizeof *cases; i++) {
        if (strcmp(cases[i].name, argv[1]) == 0) {
            if (cases[i].has_display) {
                open_all();
            }
            cases[i].run();
            if (display != NULL) {
                XCloseDisplay(display);
            }
            return 0;
        }
    }
    fputs("usage: calls CASE\n", stderr);
    return 2;
}
