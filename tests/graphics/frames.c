/* SPDX-License-Identifier: MIT
 *
 * Draws 60 frames, always the same: immediate mode, display lists, client
 * arrays, buffers that are mapped and written, shaders had by name, textures.
 * Prints the hash of each, once as GL reads it and once as X does after the
 * swap; writes some to FOLDER as pictures.
 * usage: frames FOLDER
 */
#include <X11/Xutil.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "window.h"

enum { FRAMES = 60, SIDE = 32 };

static PFNGLGENBUFFERSPROC gen_buffers;
static PFNGLBINDBUFFERPROC bind_buffer;
static PFNGLBUFFERDATAPROC buffer_data;
static PFNGLMAPBUFFERPROC map_buffer;
static PFNGLUNMAPBUFFERPROC unmap_buffer;
static PFNGLUSEPROGRAMPROC use_program;
static PFNGLUNIFORM1FPROC uniform1f;

static GLuint buffer, program, texture, list;
static GLint angle_place;
static unsigned messages;

static void on_message(GLenum source, GLenum type, GLuint id, GLenum severity,
                       GLsizei length, const GLchar *message, const void *user)
{
    (void)source, (void)severity, (void)length;
    if (type == GL_DEBUG_TYPE_OTHER && id == 7 && user == &messages &&
        strcmp(message, "tell") == 0) {
        messages++;
    }
}

static void debug_start(void)
{
    PFNGLDEBUGMESSAGECALLBACKPROC callback =
        (PFNGLDEBUGMESSAGECALLBACKPROC)procedure("glDebugMessageCallback");
    void *found = NULL;

    glEnable(GL_DEBUG_OUTPUT);
    glEnable(GL_DEBUG_OUTPUT_SYNCHRONOUS);
    callback(on_message, &messages);
    glGetPointerv(GL_DEBUG_CALLBACK_USER_PARAM, &found);
    printf("user parameter %s\n", found == &messages ? "kept" : "lost");
}

static GLuint shader_make(GLenum kind, const char *text)
{
    PFNGLCREATESHADERPROC create =
        (PFNGLCREATESHADERPROC)procedure("glCreateShader");
    PFNGLSHADERSOURCEPROC source =
        (PFNGLSHADERSOURCEPROC)procedure("glShaderSource");
    PFNGLCOMPILESHADERPROC compile =
        (PFNGLCOMPILESHADERPROC)procedure("glCompileShader");
    PFNGLGETSHADERIVPROC get = (PFNGLGETSHADERIVPROC)procedure("glGetShaderiv");
    GLuint shader = create(kind);
    GLint is_good = 0;

    source(shader, 1, &text, NULL);
    compile(shader);
    get(shader, GL_COMPILE_STATUS, &is_good);
    if (!is_good) {
        fail("a shader does not compile");
    }
    return shader;
}

static void program_make(void)
{
    PFNGLCREATEPROGRAMPROC create =
        (PFNGLCREATEPROGRAMPROC)procedure("glCreateProgram");
    PFNGLATTACHSHADERPROC attach =
        (PFNGLATTACHSHADERPROC)procedure("glAttachShader");
    PFNGLLINKPROGRAMPROC link =
        (PFNGLLINKPROGRAMPROC)procedure("glLinkProgram");
    PFNGLGETUNIFORMLOCATIONPROC place =
        (PFNGLGETUNIFORMLOCATIONPROC)procedure("glGetUniformLocation");

    program = create();
    attach(program,
           shader_make(GL_VERTEX_SHADER,
                       "uniform float angle;\n"
                       "void main() {\n"
                       "    float s = sin(angle), c = cos(angle);\n"
                       "    vec4 p = gl_Vertex;\n"
                       "    p.xy = mat2(c, s, -s, c) * p.xy;\n"
                       "    gl_Position = p;\n"
                       "    gl_FrontColor = vec4(abs(p.xy), 0.5, 1.0);\n"
                       "}\n"));
    attach(program, shader_make(GL_FRAGMENT_SHADER,
                                "void main() { gl_FragColor = gl_Color; }\n"));
    link(program);
    angle_place = place(program, "angle");
}

static void texture_make(void)
{
    static unsigned char texels[SIDE * SIDE * 4];

    for (unsigned i = 0; i < sizeof(texels); i++) {
        texels[i] = (unsigned char)(i * 7 + i / SIDE * 3);
    }
    glGenTextures(1, &texture);
    glBindTexture(GL_TEXTURE_2D, texture);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, SIDE, SIDE, 0, GL_RGBA,
                 GL_UNSIGNED_BYTE, texels);
}

static void scene_make(void)
{
    gen_buffers = (PFNGLGENBUFFERSPROC)procedure("glGenBuffers");
    bind_buffer = (PFNGLBINDBUFFERPROC)procedure("glBindBuffer");
    buffer_data = (PFNGLBUFFERDATAPROC)procedure("glBufferData");
    map_buffer = (PFNGLMAPBUFFERPROC)procedure("glMapBuffer");
    unmap_buffer = (PFNGLUNMAPBUFFERPROC)procedure("glUnmapBuffer");
    use_program = (PFNGLUSEPROGRAMPROC)procedure("glUseProgram");
    uniform1f = (PFNGLUNIFORM1FPROC)procedure("glUniform1f");
    gen_buffers(1, &buffer);
    program_make();
    texture_make();
    list = glGenLists(1);
    glNewList(list, GL_COMPILE);
    glBegin(GL_TRIANGLE_FAN);
    for (int i = 0; i < 24; i++) {
        glColor3ub((GLubyte)(i * 10), (GLubyte)(255 - i * 10), 80);
        glVertex2f(0.8f * cosf((float)i), 0.8f * sinf((float)i));
    }
    glEnd();
    glEndList();
}

static void immediate_draw(int frame)
{
    glPushMatrix();
    glRotatef((float)frame * 6, 0.3f, 0.2f, 1);
    glCallList(list);
    glPopMatrix();
    glEnable(GL_TEXTURE_2D);
    glBegin(GL_QUADS);
    glTexCoord2f(0, 0), glVertex3f(-0.9f, -0.9f, 0.5f);
    glTexCoord2f(1, 0), glVertex3f(-0.2f, -0.9f, 0.5f);
    glTexCoord2f(1, 1), glVertex3f(-0.2f, -0.2f, 0.5f);
    glTexCoord2f(0, 1), glVertex3f(-0.9f, -0.2f, 0.5f);
    glEnd();
    glDisable(GL_TEXTURE_2D);
}

static void array_draw(int frame)
{
    float at = (float)frame / FRAMES;
    float corners[3][2] = {{0.1f, at - 0.5f}, {0.9f, at}, {0.4f, 0.9f}};
    float(*mapped)[2];

    /* From the program's memory, then from memory that is mapped. */
    bind_buffer(GL_ARRAY_BUFFER, 0);
    glEnableClientState(GL_VERTEX_ARRAY);
    glVertexPointer(2, GL_FLOAT, 0, corners);
    glColor3f(at, 1 - at, 0.25f);
    glDrawArrays(GL_TRIANGLES, 0, 3);
    bind_buffer(GL_ARRAY_BUFFER, buffer);
    buffer_data(GL_ARRAY_BUFFER, sizeof(corners), NULL, GL_STREAM_DRAW);
    mapped = map_buffer(GL_ARRAY_BUFFER, GL_WRITE_ONLY);
    for (int i = 0; i < 3; i++) {
        mapped[i][0] = -corners[i][0];
        mapped[i][1] = corners[i][1];
    }
    unmap_buffer(GL_ARRAY_BUFFER);
    glVertexPointer(2, GL_FLOAT, 0, NULL);
    use_program(program);
    uniform1f(angle_place, at * 6);
    glDrawArrays(GL_TRIANGLES, 0, 3);
    use_program(0);
    glDisableClientState(GL_VERTEX_ARRAY);
}

/* What X finds in the window: the swap has to be there. */
static uint64_t screen_hash(const struct window *window)
{
    XImage *image = XGetImage(window->display, window->id, 0, 0, WINDOW_WIDTH,
                              WINDOW_HEIGHT, AllPlanes, ZPixmap);
    uint64_t value;

    for (int i = 3; i < image->bytes_per_line * image->height; i += 4) {
        image->data[i] = 0; /* no color */
    }
    value = hash((unsigned char *)image->data,
                 (size_t)image->bytes_per_line * WINDOW_HEIGHT);
    XDestroyImage(image);
    return value;
}

static void picture_write(const char *folder, int frame,
                          const unsigned char *pixels)
{
    char path[4096];
    FILE *file;

    snprintf(path, sizeof(path), "%s/frame-%02d.ppm", folder, frame);
    file = fopen(path, "wb");
    if (file == NULL) {
        fail("cannot write %s", path);
    }
    fprintf(file, "P6 %d %d 255\n", WINDOW_WIDTH, WINDOW_HEIGHT);
    for (int y = WINDOW_HEIGHT - 1; y >= 0; y--) {
        for (int x = 0; x < WINDOW_WIDTH; x++) {
            fwrite(&pixels[(y * WINDOW_WIDTH + x) * 4], 1, 3, file);
        }
    }
    fclose(file);
}

int main(int argc, char **argv)
{
    static unsigned char pixels[WINDOW_WIDTH * WINDOW_HEIGHT * 4];
    PFNGLDEBUGMESSAGEINSERTPROC tell;
    struct window window;

    if (argc != 2) {
        fail("usage: frames FOLDER");
    }
    window_open(&window, NULL);
    printf("%s\n%s\n", glGetString(GL_RENDERER), glGetString(GL_VERSION));
    printf("current: display %d, drawable %d, context %d\n",
           glXGetCurrentDisplay() == window.display,
           glXGetCurrentDrawable() == window.id,
           glXGetCurrentContext() == window.context);
    debug_start();
    tell = (PFNGLDEBUGMESSAGEINSERTPROC)procedure("glDebugMessageInsert");
    scene_make();
    glEnable(GL_DEPTH_TEST);
    for (int frame = 0; frame < FRAMES; frame++) {
        glClearColor((float)frame / FRAMES, 0.2f, 0.3f, 1);
        glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
        immediate_draw(frame);
        array_draw(frame);
        tell(GL_DEBUG_SOURCE_APPLICATION, GL_DEBUG_TYPE_OTHER, 7,
             GL_DEBUG_SEVERITY_HIGH, -1, "tell");
        printf("%d: %016llx", frame, (unsigned long long)window_hash(pixels));
        glXSwapBuffers(window.display, window.id);
        printf(" %016llx\n", (unsigned long long)screen_hash(&window));
        if (frame % 20 == 10) {
            picture_write(argv[1], frame, pixels);
        }
        if (frame == 40) { /* drawn by X, seen by GL afterwards */
            XResizeWindow(window.display, window.id, WINDOW_WIDTH * 2,
                          WINDOW_HEIGHT);
        }
    }
    printf("%u messages, error %u\n", messages, glGetError());
    window_close(&window);
    return 0;
}
