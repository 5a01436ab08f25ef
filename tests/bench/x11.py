# SPDX-License-Identifier: MIT
"""Tables of X clients, whose Xlib is emulated (as it is where OpenGL is bridged)
or thunked, on an X server of their own."""

import shutil

from graphics import server
from measure import BUILD, figures, medians, paired, ratio, record, turned

PROGRAM = BUILD / "tests/x11/bin/costs"

# What costs.c does, and what that stands for.
CALLS = {
    "field": "a function that returns a field of Display",
    "request": "a request that goes into Xlib's buffer",
    "line": "likewise",
    "100-lines": "a large one",
    "picture": "a picture of 16x16 to the server",
    "pixel": "a function in a struct of the library's",
    "answer": "a question and its answer",
    "fetched": "a picture of 16x16 from the server, and its end",
}

# By Xlib and by xcb, for information that a server has much of.
CLIENTS = (
    ("xdpyinfo", "-ext", "all"),
    ("xlsfonts",),
    ("xlsatoms",),
    ("xmodmap", "-pke"),
)


def calls(target, environment, quick):
    commands = {"native": [PROGRAM], "emulated": target.emulated(PROGRAM),
                "thunked": target.thunked(PROGRAM, thunks="x11")}
    times = turned([{(variant, name): value
                     for variant, command in commands.items()
                     for name, value in figures(command,
                                                **environment).items()}
                    for _ in range(1 if quick else 7)])
    median = medians(times)
    print("calls of Xlib: nanoseconds of the client's processor time natively, "
          "with Xlib emulated, thunked")
    print("  call            native  emulated   thunked  thunked/emulated")
    for name, what in CALLS.items():
        part = ratio(times, ("thunked", name), ("emulated", name))
        print(f"  {name:12} {median['native', name]:9.0f}"
              f" {median['emulated', name]:9.0f}"
              f" {median['thunked', name]:9.0f} {part:17.2f}  {what}")
        for variant in commands:
            record("x11", f"{name}/{variant}", median[variant, name], "ns")
        record("x11", f"{name}/thunked/emulated", part, "ratio")


def clients(target, environment, quick):
    print("X clients from start to end: milliseconds")
    print("  program            native  emulated   thunked  thunked/emulated")
    words = ["env", *(f"{name}={value}"
                      for name, value in environment.items())]
    for name, *options in CLIENTS:
        path = shutil.which(name)
        if not path:
            print(f"  {name}: left out: install x11-utils, x11-xserver-utils")
            continue
        times = paired({"native": [*words, path, *options],
                        "emulated": [*words,
                                     *target.emulated(path, *options)],
                        "thunked": [*words, *target.thunked(
                            path, *options, thunks="x11")]},
                       3 if quick else 9)
        median = medians(times)
        part = ratio(times, "thunked", "emulated")
        print(f"  {name:14} {1e3 * median['native']:10.1f}"
              f" {1e3 * median['emulated']:9.1f}"
              f" {1e3 * median['thunked']:9.1f} {part:17.2f}")
        for variant, value in median.items():
            record("x11", f"{name}/{variant}", 1e3 * value, "ms")
        record("x11", f"{name}/thunked/emulated", part, "ratio")


def x11(targets, _folder, quick):
    if not shutil.which("Xvfb") or not PROGRAM.exists():
        print("x11: left out: it needs Xvfb and the thunk of Xlib")
        return
    with server() as environment:
        calls(targets[0], environment, quick)
        clients(targets[0], environment, quick)
