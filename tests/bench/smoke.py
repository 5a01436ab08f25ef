# SPDX-License-Identifier: MIT
"""That tests/bench/run works. usage: smoke.py CASE BUILD

What it measures is not looked at: only that there are rows, in CSV and plot.
Exit status 77: skipped.
"""

import csv
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

RUN = pathlib.Path(__file__).with_name("run")
SKIPPED = 77

# For each table a few of its rows, of the first guest.
ROWS = {
    "calls": ("loop", "local", "library", "magic-syscall", "instruction-leaf",
              "instruction-full", "syscall-leaf", "syscall-full",
              "instruction-callback", "syscall-callback", "fault-callback",
              "untyped-callback", "untyped-call",
              "plain-call", "plain-callback", "instruction-leaf/local",
              "syscall-full/magic-syscall", "plain-call/instruction-full",
              "plain-callback/instruction-callback"),
    "nested": ("instruction-1", "instruction-32", "syscall-32", "plain-32",
               "plain/instruction-8"),
    "threads": ("instruction-full-first-call", "syscall-full-first-call",
                "instruction-full-thread-resident",
                "instruction-full-call-resident"),
    "startup": ("no-thunk/emulated", "no-thunk/plugin-emulated",
                "thunk/thunk-run-emulated"),
    "heap": ("pair/native", "pair/heap", "8-threads/heap/emulated"),
    "generator": ("zlib", "all"),
    "zlib": ("crc32-16/native", "crc32-16/emulated", "adler32-16/thunked",
             "inflate-1/syscall", "inflate-1/fast",
             "inflate-1/thunked/emulated"),
    "sizes": ("libthunk-guest.so", "guest", "host"),
}
UNITS = {"ns", "us", "ms", "s", "KiB", "1/s", "ratio"}


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


def need(condition, text):
    if not condition:
        sys.exit(f"smoke: {text}")


def bench(build, *arguments, status=0):
    """Runs the command with the QEMU on PATH alone, which is enough here."""
    environment = {**os.environ, "THUNK_BUILD": build, "THUNK_TEST_QEMUS": ""}
    done = subprocess.run([sys.executable, RUN, *arguments], text=True,
                          capture_output=True, env=environment)
    if done.returncode != 0 and "no QEMU to measure with" in done.stderr:
        skip(done.stderr.strip())
    need(done.returncode == status, f"{arguments}: status {done.returncode}, "
         f"not {status}:\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def rows_check(build, file, *tables):
    bench(build, "--quick", "--csv", file, *tables)
    with open(file, newline="") as opened:
        head, *rows = csv.reader(opened)
    need(head == ["name", "variant", "value", "unit"], f"CSV head: {head}")
    for name, variant, value, unit in rows:
        need(unit in UNITS, f"{name}, {variant}: unit '{unit}'")
        float(value)
    for table in tables:
        own = [row for row in rows
               if row[0] == table or row[0].startswith(f"{table}-")]
        need(own, f"no rows of {table}")
        found = {row[1] for row in own if row[0] == own[0][0]}
        missing = set(ROWS[table]) - found
        need(not missing, f"{own[0][0]}: no rows {sorted(missing)}")


def case_calls(build, folder):
    rows_check(build, folder / "calls.csv", "calls", "nested", "threads")


def case_programs(build, folder):
    tables = ["startup", "heap"]
    if shutil.which("size"):
        tables.append("sizes")
    if list(pathlib.Path(build).glob("tests/bench/programs/*/small")):
        tables.append("zlib")
    if shutil.which("ninja") and (pathlib.Path(build) / "build.ninja").exists():
        tables.append("generator")
    rows_check(build, folder / "programs.csv", *tables)


def case_plot(build, folder):
    if not shutil.which("gnuplot"):
        skip("there is no gnuplot: install gnuplot-nox")
    for name, start in ("plot.svg", b"<?xml"), ("plot.png", b"\x89PNG"):
        bench(build, "--quick", "--plot", folder / name, "nested")
        need((folder / name).read_bytes().startswith(start),
             f"{name}: no such picture")


def case_usage(build, folder):
    text = bench(build, "nonsense", status=2)
    need("no table 'nonsense'" in text, text)
    text = bench(build, "--plot", folder / "plot.txt", status=1)
    need(".svg or .png" in text, text)
    empty = str(folder)
    text = bench(empty, "calls", status=1)
    need("./bootstrap test" in text, text)
    text = bench(build, "--help")
    for table in ROWS:
        need(table in text, f"--help without {table}")


def main():
    case, build = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        globals()[f"case_{case}"](build, pathlib.Path(folder))


if __name__ == "__main__":
    main()
