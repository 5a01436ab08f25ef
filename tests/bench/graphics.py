# SPDX-License-Identifier: MIT
"""Tables of OpenGL, on an X server of their own and Mesa's software renderer."""

import contextlib
import os
import pty
import re
import shutil
import subprocess

from measure import BUILD, medians, ratio, record, figures, turned

PROGRAMS = BUILD / "tests/graphics/bin"
SOFTWARE = {"LIBGL_ALWAYS_SOFTWARE": "1", "vblank_mode": "0"}


@contextlib.contextmanager
def server():
    """The environment of a display of our own."""
    read, write = os.pipe()
    process = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "800x600x24",
         "-noreset", "-nolisten", "tcp"],
        pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with open(read) as file:
            yield {**SOFTWARE, "DISPLAY": ":" + file.readline().strip()}
    finally:
        process.kill()
        process.wait()


def frames_per_second(command, duration, environment):
    """What a program of mesa-utils says of its first seconds; on a terminal,
    since it would keep its lines back otherwise."""
    parent, child = pty.openpty()
    process = subprocess.Popen(
        ["timeout", str(duration), *map(str, command)], stdout=child,
        stderr=subprocess.DEVNULL, env={**os.environ, **environment})
    os.close(child)
    text = b""
    with contextlib.suppress(OSError):  # the end of a terminal
        while data := os.read(parent, 4096):
            text += data
    os.close(parent)
    process.wait()
    told = re.search(rb"= ([0-9.]+) FPS", text)
    return float(told[1]) if told else None


def gears(target, environment, quick):
    print("gears of mesa-utils: frames per second natively, in plain QEMU, "
          "thunked")
    print("  program          native  emulated   thunked  thunked/native  "
          "emulated/native")
    for program in ("glxgears", "es2gears_x11"):
        path = shutil.which(program)
        if not path:
            print(f"  {program}: left out: install mesa-utils")
            continue
        commands = {"native": [path], "thunked": target.thunked(path)}
        runs = [{name: frames_per_second(command, 6, environment)
                 for name, command in commands.items()}
                for _ in range(1 if quick else 5)]
        emulated = frames_per_second(target.emulated(path), 9, environment)
        if None in [emulated, *(value for one in runs
                                for value in one.values())]:
            print(f"  {program}: left out: it tells no frames")
            continue
        times = turned(runs)
        median = {**medians(times), "emulated": emulated}
        to_native = ratio(times, "thunked", "native")
        emulated /= median["native"]
        print(f"  {program:14} {median['native']:8.0f}"
              f" {median['emulated']:9.0f} {median['thunked']:9.0f}"
              f" {to_native:15.3f} {emulated:16.3f}")
        for name, value in median.items():
            record("gears", f"{program}/{name}", value, "1/s")
        record("gears", f"{program}/thunked/native", to_native, "ratio")
        record("gears", f"{program}/emulated/native", emulated, "ratio")


def program_table(target, environment, quick, name, unit):
    """What a program of tests/graphics measures, natively and otherwise."""
    program = PROGRAMS / name
    turns = {
        "native": ([program], {}),
        "emulated": (target.emulated(program), {}),
        "thunked": (target.thunked(program), {}),
        "syscall": (target.thunked(program), {"THUNK_DOOR": "syscall"}),
    }
    runs = [{(variant, kind): value
             for variant, (command, more) in turns.items()
             for kind, value in figures(command, **environment,
                                        **more).items()}
            for _ in range(1 if quick else 7)]
    times = turned(runs)
    values = medians(times)
    print(f"{'':14}" + "".join(f"{variant:>10}" for variant in turns) +
          "  emulated/thunked  syscall/thunked")
    for kind in (kind for variant, kind in times if variant == "native"):
        line = f"  {kind:12}"
        for variant in turns:
            line += f"{values[variant, kind]:10.2f}"
            record(name, f"{kind}/{variant}", values[variant, kind], unit)
        for variant in ("emulated", "syscall"):
            part = ratio(times, (variant, kind), ("thunked", kind))
            record(name, f"{kind}/{variant}/thunked", part, "ratio")
            line += f"{part:17.2f}"
        print(line)


def graphics(targets, folder, quick):
    target = targets[0]
    if not shutil.which("Xvfb") or not (PROGRAMS / "costs").exists():
        print("graphics: left out: it needs Xvfb and the thunks of OpenGL")
        return
    with server() as environment:
        print("a million tiny calls of GL: nanoseconds of one; with "
              "THUNK_DOOR=syscall at last")
        program_table(target, environment, quick, "immediate", "ns")
        print("calls that two connections are brought in step for: "
              "microseconds of one")
        program_table(target, environment, quick, "costs", "us")
        gears(target, environment, quick)
