#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes a library, its header and spec, and a program that calls it, into a
folder: values of all kinds and classes that the calling conventions know.

usage: make.py FOLDER [--seed N] [--random N]

Each type crosses as argument and result, alone and among others that use up
the registers; in a callback; in a function that the library gives out; and
behind a pointer. What a function returns depends on every member of every
argument. The program prints every member of every result.
"""
import argparse
import os
import random

# The kinds of leaves: C type, bits of a number that all of them hold exactly,
# how the program prints it.
KINDS = {
    "b": ("_Bool", "_Bool"),
    "c": ("char", "integer"),
    "sc": ("signed char", "integer"),
    "uc": ("unsigned char", "integer"),
    "s": ("short", "integer"),
    "us": ("unsigned short", "integer"),
    "i": ("int", "integer"),
    "u": ("unsigned", "integer"),
    "l": ("long", "integer"),
    "ul": ("unsigned long", "integer"),
    "i128": ("__int128", "integer"),
    "u128": ("unsigned __int128", "integer"),
    "f": ("float", "float"),
    "d": ("double", "float"),
    "cf": ("_Complex float", "complex"),
    "cd": ("_Complex double", "complex"),
    "v2f": ("v2f", "vector2"),
    "v4f": ("v4f", "vector4"),
    "v2d": ("v2d", "vector2"),
    "v4i": ("v4i", "vector4"),
    "v16c": ("v16c", "vector16"),
}

VECTORS = """typedef float v2f __attribute__((vector_size(8)));
typedef float v4f __attribute__((vector_size(16)));
typedef double v2d __attribute__((vector_size(16)));
typedef int v4i __attribute__((vector_size(16)));
typedef signed char v16c __attribute__((vector_size(16)));
"""

# Records of the classes that the conventions of the three ISAs tell apart:
# registers of one kind, of two kinds, split, memory; aarch64's homogeneous
# aggregates of up to four; riscv64's of one or two.
CLASSES = [
    "c", "c c", "s c", "i", "i i", "i i i", "l", "l l", "l l l", "l l l l l",
    "c c c", "c s i l", "f", "f f", "f f f", "f f f f", "f f f f f", "d", "d d",
    "d d d", "d d d d", "d d d d d", "f d", "d f", "i f", "f i", "i d", "d i",
    "l d", "d l", "l f f", "f f l", "f i f", "c d c", "i i f f", "d c", "b d",
    "cf", "cd", "cf f", "cd d", "cf cf", "i128", "i128 c", "c i128", "u128",
    "v2f", "v4f", "v4f v4f", "v4i", "v2d d", "v16c", "v2f v2f", "v4f f",
    "s s s s", "uc us u ul", "sc f", "l l d", "d d l",
]

# More that a list of members does not say: (C, leaves)
OTHERS = [
    ("struct { char a[3]; }", [("a[0]", "c"), ("a[1]", "c"), ("a[2]", "c")]),
    ("struct { char a[16]; }", [("a[%d]" % i, "c") for i in range(16)]),
    ("struct { char a[17]; }", [("a[%d]" % i, "c") for i in range(17)]),
    ("struct { float a[4]; }", [("a[%d]" % i, "f") for i in range(4)]),
    ("struct { double a[2]; float b; }",
     [("a[0]", "d"), ("a[1]", "d"), ("b", "f")]),
    ("struct { struct { float x, y; } a, b; }",
     [("a.x", "f"), ("a.y", "f"), ("b.x", "f"), ("b.y", "f")]),
    ("struct { struct { double x; } a; struct { struct { int y; } z; } b; }",
     [("a.x", "d"), ("b.z.y", "i")]),
    ("union { double a; long b; }", [("b", "l")]),
    ("union { double a; float b[2]; }", [("a", "d")]),
    ("union { float a; float b; }", [("a", "f")]),
    ("union { float a[4]; char b[16]; }", [("b[%d]" % i, "c")
                                           for i in range(16)]),
    ("struct { union { int a; float b; }; double c; }",
     [("a", "i"), ("c", "d")]),
    ("struct { unsigned a : 5, b : 11; int c : 7; }",
     [("a", "u"), ("b", "u"), ("c", "i")]),
    ("struct { long a : 33; unsigned b : 31; double c; }",
     [("a", "l"), ("b", "u"), ("c", "d")]),
    ("struct __attribute__((packed)) { char a; int b; }",
     [("a", "c"), ("b", "i")]),
    ("struct __attribute__((packed)) { char a; double b; }",
     [("a", "c"), ("b", "d")]),
    ("struct __attribute__((packed)) { short a; long b; float c; }",
     [("a", "s"), ("b", "l"), ("c", "f")]),
    ("struct { int a __attribute__((aligned(16))); }", [("a", "i")]),
    ("struct __attribute__((aligned(32))) { long a; double b; }",
     [("a", "l"), ("b", "d")]),
    ("enum { %s_A = -7, %s_B = 0x7fffffff }", [("", "i")]),
    ("enum { %s_A = 0x100000000 }", [("", "ul")]),
]


class Kind:
    """A type that crosses: its name, its C, its leaves (path, kind)."""

    def __init__(self, name, text, leaves):
        self.name, self.text, self.leaves = name, text, leaves


def record(name, kinds):
    members = [("m%d" % i, kind) for i, kind in enumerate(kinds)]
    text = "struct { %s }" % " ".join(
        "%s %s;" % (KINDS[kind][0], path) for path, kind in members)
    return Kind(name, text, members)


def kinds_make(chance, n_random):
    kinds = [Kind("t_" + name, c, [("", name)])
             for name, (c, _) in KINDS.items()]
    kinds += [record("r_" + members.replace(" ", "_"), members.split())
              for members in CLASSES]
    for i, (text, leaves) in enumerate(OTHERS):
        name = "o_%d" % i
        kinds.append(Kind(name, text.replace("%s", name), leaves))
    for i in range(n_random):
        members = chance.choices(list(KINDS), k=chance.randint(1, 6))
        kinds.append(record("x_%d" % i, members))
    return kinds


def place(base, path):
    return base + ("." + path if path else "")


def lines(kind, pattern):
    """A line for each leaf; `pattern` takes the place's path and C type."""
    return "".join(
        "    " + pattern % {"path": "." + path if path else "",
                            "type": KINDS[leaf][0], "number": i + 1,
                            "print": KINDS[leaf][1]} + "\n"
        for i, (path, leaf) in enumerate(kind.leaves))


def header(kinds):
    text = "#ifndef ABI_H\n#define ABI_H\n\n" + VECTORS + "\n"
    for kind in kinds:
        t = kind.name
        text += """typedef %(text)s %(t)s;
typedef %(t)s %(t)s_call(%(t)s a, int b, double c, %(t)s d);
typedef %(t)s (*%(t)s_given)(double a, %(t)s b, %(t)s c);
%(t)s abi_same_%(t)s(%(t)s a);
%(t)s abi_mix_%(t)s(int a, double b, %(t)s c, float d, %(t)s e, long f, %(t)s g,
                    signed char h, double i);
%(t)s abi_back_%(t)s(%(t)s_call *call, %(t)s a);
%(t)s_given abi_give_%(t)s(void);
void abi_at_%(t)s(%(t)s *a);
""" % {"t": t, "text": kind.text}
    return text + "\nconst char *abi_side(void);\n\n#endif\n"


def library(kinds):
    text = "#include \"abi.h\"\n\n#define ADD(to, type, value) " \
        "((to) = (type)((to) + (value)))\n"
    for kind in kinds:
        t = kind.name
        text += """
%(t)s abi_same_%(t)s(%(t)s a)
{
    return a;
}
%(t)s abi_mix_%(t)s(int a, double b, %(t)s c, float d, %(t)s e, long f, %(t)s g,
                    signed char h, double i)
{
    signed char sum = (signed char)(a + b + (double)d + (double)f + h + i);
%(mix)s    return g;
}
%(t)s abi_back_%(t)s(%(t)s_call *call, %(t)s a)
{
    %(t)s b = a;
%(more)s    a = call(a, 7, 0.5, b);
%(last)s    return a;
}
static %(t)s give_%(t)s(double a, %(t)s b, %(t)s c)
{
%(give)s    return c;
}
%(t)s_given abi_give_%(t)s(void)
{
    return give_%(t)s;
}
void abi_at_%(t)s(%(t)s *a)
{
%(at)s}
""" % {"t": t,
            "mix": lines(kind, "ADD(g%(path)s, %(type)s, c%(path)s);")
            + lines(kind, "ADD(g%(path)s, %(type)s, e%(path)s);")
            + lines(kind, "ADD(g%(path)s, %(type)s, sum);"),
            "more": lines(kind, "ADD(b%(path)s, %(type)s, %(number)d);"),
            "last": lines(kind, "ADD(a%(path)s, %(type)s, 1);"),
            "give": lines(kind, "ADD(c%(path)s, %(type)s, b%(path)s);")
            + lines(kind, "ADD(c%(path)s, %(type)s, (signed char)a);"),
            "at": lines(kind, "ADD((*a)%(path)s, %(type)s, %(number)d);")}
    return text + """
const char *abi_side(void)
{
    return ABI_SIDE;
}
"""


PROGRAM = r"""
#include <complex.h>
#include <stdio.h>

#include "abi.h"

static void show_integer(unsigned __int128 value)
{
    printf(" %llx:%llx", (unsigned long long)(value >> 64),
           (unsigned long long)value);
}
static void show_float(double value)
{
    printf(" %a", value);
}
#define show__Bool(a) show_integer(a)
#define show_complex(a) (show_float(creal(a)), show_float(cimag(a)))
#define show_elements(a, n) \
    for (int n_ = 0; n_ < n; n_++) { show_float((a)[n_]); }
#define show_vector2(a) show_elements(a, 2)
#define show_vector4(a) show_elements(a, 4)
#define show_vector16(a) show_elements(a, 16)
#define set__Bool(to, type, value) ((to) = (value) % 2)
#define set_integer(to, type, value) ((to) = (type)(value))
#define set_float(to, type, value) ((to) = (type)(value) / 4)
#define set_complex(to, type, value) ((to) = (type)((value) - I * (value) / 2))
#define set_elements(to, n, value) \
    for (int n_ = 0; n_ < n; n_++) { (to)[n_] = (value) + n_; }
#define set_vector2(to, type, value) set_elements(to, 2, value)
#define set_vector4(to, type, value) set_elements(to, 4, value)
#define set_vector16(to, type, value) set_elements(to, 16, value)
#define ADD(to, type, value) ((to) = (type)((to) + (value)))
"""


def program(kinds):
    text = PROGRAM
    for kind in kinds:
        t = kind.name
        text += """
static void show_%(t)s(const char *what, %(t)s a)
{
    printf("%(t)s %%s:", what);
%(show)s    printf("\\n");
}
static %(t)s make_%(t)s(int start)
{
    %(t)s a = {0};
%(make)s    return a;
}
static %(t)s call_%(t)s(%(t)s a, int b, double c, %(t)s d)
{
%(call)s    printf("%%d %%a\\n", b, c);
    show_%(t)s("called, first", a);
    return d;
}
static void test_%(t)s(void)
{
    %(t)s a = make_%(t)s(3), b = make_%(t)s(-20);
    show_%(t)s("same", abi_same_%(t)s(a));
    show_%(t)s("mix", abi_mix_%(t)s(-1, 2.5, a, 3.5f, b, 100, a, -5, 9));
    show_%(t)s("back", abi_back_%(t)s(call_%(t)s, b));
    show_%(t)s("given", abi_give_%(t)s()(6, a, b));
    abi_at_%(t)s(&b);
    show_%(t)s("at", b);
}
""" % {"t": t, "show": lines(kind, "show_%(print)s(a%(path)s);"),
            "make": lines(
                kind, "set_%(print)s(a%(path)s, %(type)s, start * %(number)d);"),
            "call": lines(kind, "ADD(d%(path)s, %(type)s, a%(path)s);")}
    text += "\nint main(void)\n{\n" + "".join(
        "    test_%s();\n" % kind.name for kind in kinds)
    return text + """    fprintf(stderr, "side: %s\\n", abi_side());
    return 0;
}
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--random", type=int, default=0)
    options = parser.parse_args()
    kinds = kinds_make(random.Random(options.seed), options.random)
    os.makedirs(options.folder, exist_ok=True)
    for name, text in (
            ("abi.h", header(kinds)), ("abi.c", library(kinds)),
            ("program.c", program(kinds)),
            ("abi.yml", "library: abi\nsoname: libabi.so.1\n")):
        with open(os.path.join(options.folder, name), "w") as file:
            file.write(text)


if __name__ == "__main__":
    main()
