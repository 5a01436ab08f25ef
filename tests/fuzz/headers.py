#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Mutates headers and has thunkgen, built with sanitizers, read them.

usage: headers.py THUNKGEN BUILD [--count N | --seconds N] [--seed N]

The headers are those of the golden tests and of corpus/headers; each is changed in
a few places, by line or by word, and read with its own spec and library. thunkgen
has to end with status 0 or 1. A header that has it end otherwise stays in BUILD.
"""
import argparse
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
WORDS = """const volatile int char long double float _Complex __int128 _Bool void
struct union enum * ** & ( ) { } [ ] [0] [1] [] , ; ... static extern typedef
register inline __attribute__((packed)) __attribute__((aligned(64)))
__attribute__((vector_size(16))) __attribute__((vector_size(32)))
__attribute__((format(printf,1,2))) __attribute__((noreturn)) :3 :0 = 1
_Alignas(32) _Noreturn _Thread_local __typeof__(int) sizeof(int) va_list FILE
wchar_t size_t (*)(void) (*f)(int) _Float128 _Float16 # #define #include #if
#endif \\ "x" 'x' 0x7fffffffffffffff -1 _Atomic(int) restrict""".split()


def options_read(folder):
    options = folder / "options"
    return options.read_text().split() if options.exists() else []


def cases():
    """(header, folder of its spec and library, options) of each."""
    golden = HERE.parent / "golden"
    for folder in sorted(golden.glob("*/")):
        if (folder / "api.h").exists():
            yield folder / "api.h", folder, options_read(folder)
    yield HERE / "api.h", HERE, []
    # CASE-what.h is one of a golden test.
    for header in sorted((HERE / "corpus" / "headers").glob("*.h")):
        folder = golden / header.stem.split("-")[0]
        yield header, folder, options_read(folder)


def mutate(text, chance):
    lines = text.split("\n")
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(lines))
        kind = chance.randrange(7)
        if kind == 0:
            del lines[at]
            lines = lines or [""]
        elif kind == 1:
            lines.insert(at, chance.choice(lines))
        elif kind == 2:
            lines[at] = lines[at][:chance.randint(0, len(lines[at]))]
        else:
            words = re.findall(r"\w+|\s+|.", lines[at])
            place = chance.randint(0, len(words))
            if kind == 3 and place < len(words):
                del words[place]
            elif kind == 4 and place < len(words):
                words[place] = chance.choice(WORDS)
            elif kind == 5 and words:
                words.insert(place, chance.choice(words))
            else:
                words.insert(place, " " + chance.choice(WORDS) + " ")
            lines[at] = "".join(words)
    return "\n".join(lines)


def library_build(folder, spec, to):
    soname = re.search(r"^soname: *(\S+)", spec.read_text(), re.M).group(1)
    library = to / soname
    command = ["cc", "-shared", "-fPIC", "-w", f"-Wl,-soname,{soname}",
               f"-I{folder}", str(folder / "library.c"), "-o", str(library)]
    if (folder / "library.map").exists():
        command.append(f"-Wl,--version-script={folder / 'library.map'}")
    subprocess.run(command, check=True)
    return library


def run(arguments, spec, library, options, header):
    """What is wrong with how thunkgen ends, or None."""
    work = library.parent
    (work / "api.h").write_text(header)
    ended = subprocess.run(
        [arguments.thunkgen, f"-I{work}", *options, "--header", "api.h",
         "--spec", str(spec), "--library", str(library), "-o",
         str(work / "output")],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=120,
        cwd=work, errors="replace")
    if ended.returncode in (0, 1) and "Sanitizer" not in ended.stderr \
            and "runtime error:" not in ended.stderr:
        return None
    return f"status {ended.returncode}:\n{ended.stderr[-4000:]}"


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1])
    parser.add_argument("thunkgen")
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seconds", type=int)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    started = time.monotonic()
    done = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        ready = []
        for header, source, options in cases():
            to = work / str(len(ready))
            to.mkdir()
            spec = source / "spec.yml" if source != HERE \
                else HERE / "corpus" / "spec" / "all.yml"
            ready.append((header.read_text(), spec,
                          library_build(source, spec, to), options))
        # As they are, first: those of corpus/ have had it end badly once.
        for case in ready:
            failed += tell(arguments, case, case[0], done)
            done += 1
        while (time.monotonic() - started < arguments.seconds
               if arguments.seconds else done < len(ready) + arguments.count):
            case = chance.choice(ready)
            failed += tell(arguments, case, mutate(case[0], chance), done)
            done += 1
    print(f"headers: {done} read, {failed} end badly")
    return 1 if failed else 0


def tell(arguments, case, text, number):
    _, spec, library, options = case
    wrong = run(arguments, spec, library, options, text)
    if wrong is None:
        return 0
    kept = arguments.build / f"header-{number}.h"
    kept.write_text(text)
    print(f"{kept} (with {spec}): {wrong}")
    return 1


sys.exit(main())
