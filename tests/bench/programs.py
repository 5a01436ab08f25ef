# SPDX-License-Identifier: MIT
"""Tables of whole programs: startup, steady, zlib, minizip, generator, and of
what is generated: sizes."""

import os
import pathlib
import random
import shutil
import statistics

from measure import (BENCH, BUILD, figures, longer, medians, paired,
                     processor_time, ratio, record, run, turned)

MIB = 1 << 20
LIBRARIES = BUILD / "lib/thunkgen"


def startup(targets, folder, quick):
    print("start-up of programs that do nothing: alone, linked with a library "
          "that has a\nthunk, with libz; milliseconds more than plain QEMU "
          "takes")
    linked_z = BUILD / "tests/e2e/bin/nothing"
    for target in targets:
        programs = {"no-thunk": target.program("nothing"),
                    "thunk": target.program("nothing-linked")}
        if target.isa == os.uname().machine and linked_z.exists():
            programs["libz"] = linked_z
        print(f"  {target.title:40} plain QEMU   +plugin  +thunk-run")
        for name, program in programs.items():
            thunks = BENCH / "thunks" if name == "thunk" else None
            times = paired({
                "emulated": target.emulated(program),
                "plugin": target.plugged(program),
                "thunk-run": target.thunked(program, thunks=thunks),
            }, 5 if quick else 40)
            plain = 1e3 * statistics.median(times["emulated"])
            more = {variant: 1e3 * longer(times, variant, "emulated")
                    for variant in ("plugin", "thunk-run")}
            print(f"    {name:38} {plain:10.2f} {more['plugin']:+9.2f}"
                  f" {more['thunk-run']:+11.2f}")
            row = f"startup-{target.name}"
            record(row, f"{name}/emulated", plain, "ms")
            for variant, value in more.items():
                record(row, f"{name}/{variant}-emulated", value, "ms")


def steady(targets, folder, quick):
    print("programs without a thunk: processor time with the plugin over "
          "without. 'system'\nmakes nothing but system calls: QEMU tells "
          "plugins of each")
    perl = shutil.which("perl")
    script = ("my %h; for my $i (1 .. 400000) { $h{$i % 5000} .= chr($i % 64) }"
              "print scalar(keys %h);")
    for target in targets:
        program = target.program("steady")
        commands = {"compute": [program, "compute"],
                    "system": [program, "system"]}
        if perl and target.isa == os.uname().machine:
            commands["perl"] = [perl, "-e", script]
        print(f"  {target.title:40} plain QEMU   plugin/plain")
        for name, command in commands.items():
            times = paired({"emulated": target.emulated(*command),
                            "plugin": target.plugged(*command)},
                           1 if quick else 25, clock=processor_time)
            plain = statistics.median(times["emulated"])
            slower = ratio(times, "plugin", "emulated")
            print(f"    {name:38} {plain:8.2f} s {slower:14.3f}")
            record(f"steady-{target.name}", f"{name}/emulated", plain, "s")
            record(f"steady-{target.name}", f"{name}/plugin/emulated", slower,
                   "ratio")


def small_once(target, rounds):
    """{(VARIANT, KIND): ns} of one turn of all variants."""
    program = target.program("small")
    turns = {
        "native": ([program], {}),
        "emulated": (target.emulated(program), {}),
        "thunked": (target.thunked(program), {}),
        "syscall": (target.thunked(program), {"THUNK_DOOR": "syscall"}),
        "fast": (target.thunked(program, thunks=BENCH / "zlib-fast"), {}),
    }
    return {(variant, kind): value
            for variant, (command, environment) in turns.items()
            for kind, value in figures([*command, str(rounds)],
                                       **environment).items()}


def zlib(targets, folder, quick):
    print("small calls of zlib, bytes in the name: nanoseconds natively, in "
          "plain QEMU, with\nspecs/zlib.yml, with THUNK_DOOR=syscall, with "
          "everything 'door: fast'; over plain QEMU")
    variants = ("native", "emulated", "thunked", "syscall", "fast")
    for target in targets:
        if not target.program("small").exists():
            continue
        runs = [small_once(target, 3 if quick else 9)
                for _ in range(1 if quick else 5)]
        times = turned(runs)
        values = medians(times)
        name = f"zlib-{target.name}"
        print(f"  {target.title}", f"{'':26}" + "".join(
            f"{variant:>9}" for variant in variants) +
            "  thunked/   syscall/     fast/ emulated", sep="\n")
        for kind in (kind for variant, kind in times if variant == "native"):
            line = f"    {kind:22}" + "".join(
                f"{values[variant, kind]:9.1f}" for variant in variants)
            for variant in variants:
                record(name, f"{kind}/{variant}", values[variant, kind], "ns")
            for variant in ("thunked", "syscall", "fast"):
                part = ratio(times, (variant, kind), ("emulated", kind))
                line += f" {part:10.2f}"
                record(name, f"{kind}/{variant}/emulated", part, "ratio")
            print(line)


def fill(parts, size):
    whole = b"".join(parts)
    return (whole * (size // len(whole) + 1))[:size]


def test_data(kind):
    """64 MiB. How much slower emulation is depends on the data: least where
    deflate sits in one small loop, which QEMU translates well."""
    if kind == "code":
        compiler = run(["gcc", "-print-prog-name=cc1"])
        return fill([pathlib.Path(compiler.strip()).read_bytes()], 64 * MIB)
    headers = fill((header.read_bytes() for header in
                    sorted(pathlib.Path("/usr/include").rglob("*.h"))),
                   32 * MIB)
    return headers + random.Random(1).randbytes(32 * MIB)


def minizip_row(target, folder, kind, level, quick):
    tail = ["-o", f"-{level}"]
    program = shutil.which("minizip")
    idle = f"LD_LIBRARY_PATH={BENCH / 'zlib-idle'}"
    times = paired({
        "native": [program, *tail, "n.zip", kind],
        "thunked": target.thunked(program, *tail, "t.zip", kind),
        "idle-native": ["env", idle, program, *tail, "i.zip", kind],
        "idle-emulated": [target.qemu, "-E", idle, program, *tail, "i.zip",
                          kind],
    }, 3 if quick else 9, folder=folder)
    emulated = paired({
        "emulated": target.emulated(program, *tail, "e.zip", kind),
    }, 1 if quick else 3, folder=folder)
    to_native = ratio(times, "thunked", "native")
    median = medians({**times, **emulated})
    to_emulated = median["thunked"] / median["emulated"]
    floor = 1 + (longer(times, "idle-emulated", "idle-native")
                 / median["native"])
    print(f"  {kind:5} {level:5} {median['native']:7.2f}s"
          f" {median['emulated']:8.2f}s {median['thunked']:8.2f}s"
          f" {to_native:15.3f} {floor:6.3f} {to_emulated:17.3f}")
    name = f"minizip-{kind}-{level}"
    for variant, value in median.items():
        record(name, variant, value, "s")
    record(name, "thunked/native", to_native, "ratio")
    record(name, "floor", floor, "ratio")
    record(name, "thunked/emulated", to_emulated, "ratio")


def minizip(targets, folder, quick):
    if (targets[0].isa != os.uname().machine or not shutil.which("minizip")
            or not (BENCH / "zlib-idle").exists()):
        print("minizip: left out: it needs a guest of the host's own ISA, "
              "zlib.h, and Debian's\npackage minizip")
        return
    print("minizip, 64 MiB: stock program of Debian; native, plain QEMU, "
          "thunked.\n'mixed' is half C headers, half random; 'code' is a "
          "compiler's machine code.\nThe floor is native time and what plain "
          "QEMU adds to minizip with a zlib that\ndoes nothing: QEMU's start "
          "and minizip's own code.")
    print("  data  level   native  emulated   thunked  thunked/native  floor"
          "  thunked/emulated")
    for kind in ("mixed", "code"):
        (folder / kind).write_bytes(test_data(kind))
        for level in (6, 9):
            minizip_row(targets[0], folder, kind, level, quick)


def kibibytes(path):
    """Of what a shared object has in memory, or None."""
    size = shutil.which("size")
    if not size or not path.exists():
        return None
    return sum(map(int, run([size, path]).splitlines()[1].split()[:3])) / 1024


def sizes(targets, folder, quick):
    """Of code, data and what is zeroed; debug information does not count."""
    isa = targets[0].isa
    guests = sorted(path for path in (LIBRARIES / "guest" / isa).iterdir()
                    if not path.is_symlink())
    print(f"guest libraries for {isa}, KiB of memory")
    total = 0
    for path in guests:
        value = kibibytes(path)
        if value is None:
            print("sizes: left out: install binutils")
            return
        print(f"  {path.name:28} {value:8.0f}")
        record(f"sizes-{isa}", path.name, value, "KiB")
        total += value
    hosts = sum(map(kibibytes, (LIBRARIES / "host").glob("*.so")))
    print(f"  {'all of them':28} {total:8.0f}")
    print(f"host libraries, all of them    {hosts:8.0f}")
    record(f"sizes-{isa}", "guest", total, "KiB")
    record(f"sizes-{isa}", "host", hosts, "KiB")
