/* SPDX-License-Identifier: MIT
 * EGL without a window system draws into memory: prints a hash of the picture,
 * and what is had by name. No X. */
#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <GLES2/gl2.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { SIDE = 64 };

static const char vertex_text[] = "attribute vec2 at;\n"
                                  "varying vec2 place;\n"
                                  "void main() {\n"
                                  "    place = at;\n"
                                  "    gl_Position = vec4(at, 0.0, 1.0);\n"
                                  "}\n";
static const char fragment_text[] =
    "precision mediump float;\n"
    "varying vec2 place;\n"
    "void main() { gl_FragColor = vec4(abs(place), 0.25, 1.0); }\n";

static void check(bool is_good, const char *what)
{
    if (!is_good) {
        printf("%s: error %x\n", what, (unsigned)eglGetError());
        exit(1);
    }
}

static GLuint shader_make(GLenum kind, const char *text)
{
    GLuint shader = glCreateShader(kind);
    GLint is_good;

    glShaderSource(shader, 1, &text, NULL);
    glCompileShader(shader);
    glGetShaderiv(shader, GL_COMPILE_STATUS, &is_good);
    check(is_good, "shader");
    return shader;
}

static void draw(void)
{
    static const float corners[] = {-1, -1, 1, -1, 0, 1};
    GLuint program = glCreateProgram();
    GLuint target, texture;

    glAttachShader(program, shader_make(GL_VERTEX_SHADER, vertex_text));
    glAttachShader(program, shader_make(GL_FRAGMENT_SHADER, fragment_text));
    glBindAttribLocation(program, 0, "at");
    glLinkProgram(program);
    glUseProgram(program);
    glGenTextures(1, &texture);
    glBindTexture(GL_TEXTURE_2D, texture);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, SIDE, SIDE, 0, GL_RGBA,
                 GL_UNSIGNED_BYTE, NULL);
    glGenFramebuffers(1, &target);
    glBindFramebuffer(GL_FRAMEBUFFER, target);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D,
                           texture, 0);
    check(glCheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE,
          "frame buffer");
    glViewport(0, 0, SIDE, SIDE);
    glClearColor(0.1f, 0.2f, 0.3f, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    glEnableVertexAttribArray(0);
    glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, 0, corners);
    glDrawArrays(GL_TRIANGLES, 0, 3);
}

static void pixels_print(void)
{
    static unsigned char pixels[SIDE * SIDE * 4];
    uint64_t value = 0;

    glReadPixels(0, 0, SIDE, SIDE, GL_RGBA, GL_UNSIGNED_BYTE, pixels);
    for (size_t i = 0; i < sizeof(pixels); i++) {
        value = value * 31 + pixels[i];
    }
    printf("%016llx, middle %d %d %d\n", (unsigned long long)value,
           pixels[(SIDE / 2 * SIDE + SIDE / 2) * 4],
           pixels[(SIDE / 2 * SIDE + SIDE / 2) * 4 + 1],
           pixels[(SIDE / 2 * SIDE + SIDE / 2) * 4 + 2]);
}

/* A name gives one function; an unknown name gives what the library gives. */
static void names_print(void)
{
    void (*clear)(GLbitfield) =
        (void (*)(GLbitfield))eglGetProcAddress("glClear");

    printf("glClear %s and %s, eglSwapBuffers %s\n",
           clear != NULL ? "is had" : "is not had",
           (void *)clear == (void *)eglGetProcAddress("glClear") ? "stays"
                                                                 : "changes",
           eglGetProcAddress("eglSwapBuffers") != NULL ? "is had"
                                                       : "is not had");
    glClearColor(0, 1, 0, 1);
    clear(GL_COLOR_BUFFER_BIT);
}

int main(void)
{
    static const EGLint wanted[] = {EGL_SURFACE_TYPE, EGL_PBUFFER_BIT,
                                    EGL_RENDERABLE_TYPE, EGL_OPENGL_ES2_BIT,
                                    EGL_NONE};
    static const EGLint version[] = {EGL_CONTEXT_CLIENT_VERSION, 2, EGL_NONE};
    PFNEGLGETPLATFORMDISPLAYEXTPROC get =
        (PFNEGLGETPLATFORMDISPLAYEXTPROC)eglGetProcAddress(
            "eglGetPlatformDisplayEXT");
    EGLDisplay display =
        get(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, NULL);
    EGLContext context;
    EGLConfig config;
    EGLint major, minor, count;

    check(eglInitialize(display, &major, &minor), "initialize");
    printf("EGL %d.%d\n", major, minor);
    check(eglChooseConfig(display, wanted, &config, 1, &count) && count == 1,
          "config");
    context = eglCreateContext(display, config, EGL_NO_CONTEXT, version);
    check(eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, context),
          "current");
    printf("renderer: %s\n", glGetString(GL_RENDERER));
    draw();
    pixels_print();
    names_print();
    pixels_print();
    check(eglTerminate(display), "terminate");
    return 0;
}
