# SPDX-License-Identifier: MIT
"""Tables of OpenGL, on an X server of their own and Mesa's software renderer."""

import contextlib
import os
import pathlib
import pty
import re
import shutil
import statistics
import subprocess
import tempfile
import time

from measure import (BENCH, BUILD, ROOT, figures, medians, paired, ratio,
                     record, turned)

PROGRAMS = BUILD / "tests/graphics/bin"
SOFTWARE = {"LIBGL_ALWAYS_SOFTWARE": "1", "vblank_mode": "0"}


@contextlib.contextmanager
def server(*options):
    """The environment of a display of our own."""
    read, write = os.pipe()
    process = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "800x600x24",
         "-noreset", "-nolisten", "tcp", *options],
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


def picture(folder, path):
    """What the server whose -fbdir that folder is shows, as PNG."""
    shown = subprocess.run(["xwdtopnm", folder / "Xvfb_screen0"],
                           capture_output=True, check=True).stdout
    with open(path, "wb") as file:
        subprocess.run(["pnmtopng"], input=shown, stdout=file, check=True,
                       stderr=subprocess.DEVNULL)


def game_frames(command, duration, path):
    """Frames per second of Neverball's moving title, of whose end a picture is
    left."""
    with (tempfile.TemporaryDirectory() as name,
          server("-fbdir", name) as display):
        folder = pathlib.Path(name)
        (folder / ".neverball").mkdir()
        shutil.copy(ROOT / "tests/graphics/neverballrc", folder / ".neverball")
        with open(folder / "out", "wb") as out:
            process = subprocess.Popen(
                [str(word) for word in command], stdout=out,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **display, "HOME": name,
                     "SDL_AUDIODRIVER": "dummy"})
            time.sleep(duration)
            picture(folder, path)
            process.terminate()
            process.wait()
        told = [int(line.split()[0]) for line in open(folder / "out")]
    # The first seconds are those of loading; 0 is less than one.
    return statistics.mean(told[3:]) if len(told) > 3 else None


def games(targets, _folder, quick):
    target = targets[0]
    path = shutil.which("neverball", path=os.environ["PATH"] + ":/usr/games")
    if not path or not shutil.which("Xvfb") or not shutil.which("xwdtopnm"):
        print("games: left out: it needs Xvfb, neverball and netpbm")
        return
    pictures = BENCH / "pictures"
    pictures.mkdir(exist_ok=True)
    variants = {"native": ([path], 15), "thunked": (target.thunked(path), 15),
                "emulated": (target.emulated(path), 45)}
    runs = [{name: game_frames(command, seconds,
                               pictures / f"neverball-{name}.png")
             for name, (command, seconds) in variants.items()}
            for _ in range(1 if quick else 3)]
    if None in [value for one in runs for value in one.values()]:
        print("games: left out: neverball tells no frames")
        return
    times = turned(runs)
    print("neverball, its title: frames per second natively, in plain QEMU, "
          f"thunked; pictures in {pictures}")
    median = medians(times)
    print("    native  emulated   thunked  thunked/native  emulated/native")
    print(f"  {median['native']:8.0f} {median['emulated']:9.1f}"
          f" {median['thunked']:9.0f}"
          f" {ratio(times, 'thunked', 'native'):15.3f}"
          f" {ratio(times, 'emulated', 'native'):16.4f}")
    for name, value in median.items():
        record("games", f"neverball/{name}", value, "1/s")
    for name in ("thunked", "emulated"):
        record("games", f"neverball/{name}/native",
               ratio(times, name, "native"), "ratio")


def info(target, environment, quick):
    """How long a program takes that opens a display, makes a context, asks
    for all that there is, and ends."""
    path = shutil.which("glxinfo")
    if not path:
        print("glxinfo: left out: install mesa-utils")
        return
    words = ["env", *(f"{name}={value}"
                      for name, value in environment.items())]
    times = paired({"native": [*words, path],
                    "emulated": [*words, *target.emulated(path)],
                    "thunked": [*words, *target.thunked(path)]},
                   3 if quick else 15)
    median = medians(times)
    to_native = ratio(times, "thunked", "native")
    to_emulated = ratio(times, "thunked", "emulated")
    print("glxinfo from start to end, milliseconds")
    print("    native  emulated   thunked  thunked/native  thunked/emulated")
    print(f"  {1e3 * median['native']:8.0f} {1e3 * median['emulated']:9.0f}"
          f" {1e3 * median['thunked']:9.0f} {to_native:15.2f}"
          f" {to_emulated:17.3f}")
    for name, value in median.items():
        record("glxinfo", name, 1e3 * value, "ms")
    record("glxinfo", "thunked/native", to_native, "ratio")
    record("glxinfo", "thunked/emulated", to_emulated, "ratio")


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
        info(target, environment, quick)
