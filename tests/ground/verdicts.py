#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What `thunkgen check` says of each construct, without a spec and with the one
that there is.

usage: verdicts.py THUNKGEN LIBGROUND LIBCONVERT

Which functions they are, ground.txt tells (ground.verdicts/NAME) and ground.h;
what is expected is in verdicts.txt. TEST_UPDATE=1 in the environment commits.
"""
import difflib
import json
import os
import platform
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
EXPECTED = os.path.join(HERE, "verdicts.txt")


def report(thunkgen, folder, name, library, spec):
    """{function: its verdict and its layout's}"""
    result = subprocess.run(
        [thunkgen, "check", "--format=json", "-I", folder, "--header",
         name + ".h", "--spec", spec, "--library", library,
         "--guest", "x86_64,aarch64,riscv64"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if result.returncode not in (0, 1):
        sys.exit("thunkgen check: %s" % result.stderr.decode())
    said = {}
    for symbol in json.loads(result.stdout)["symbols"]:
        said[symbol["name"]] = "%s, %s" % (symbol["verdict"], symbol["layout"])
    return said


def both(thunkgen, name, library):
    folder = os.path.join(TESTS, name)
    spec = os.path.join(folder, name + ".yml")
    with tempfile.TemporaryDirectory() as work:
        bare = os.path.join(work, "bare.yml")
        with open(spec, encoding="utf-8") as full, \
                open(bare, "w", encoding="utf-8") as to:
            to.writelines(line for line in full
                          if re.match("(library|soname):", line))
        return (report(thunkgen, folder, name, library, bare),
                report(thunkgen, folder, name, library, spec))


def wanted():
    """The functions: those of the ground's own library, and those that the list
    names."""
    with open(os.path.join(HERE, "ground.txt"), encoding="utf-8") as file:
        return set(re.findall(r"ground\.verdicts/(\w+)", file.read()))


def main():
    thunkgen, ground, convert = sys.argv[1:]
    if platform.machine() != "x86_64":
        print("skipped: the verdicts are for x86_64 hosts")
        return 77
    lines, missing = [], wanted()
    for name, library in (("ground", ground), ("convert", convert)):
        without, with_spec = both(thunkgen, name, library)
        for function in sorted(without):
            if name == "ground" or function in wanted():
                missing.discard(function)
                lines.append("%s\n    without a spec: %s\n    with it: %s\n"
                             % (function, without[function],
                                with_spec[function]))
    text = "".join(lines)
    if missing:
        sys.exit("no such function: %s" % ", ".join(sorted(missing)))
    if os.environ.get("TEST_UPDATE") == "1":
        with open(EXPECTED, "w", encoding="utf-8") as file:
            file.write(text)
    with open(EXPECTED, encoding="utf-8") as file:
        expected = file.read()
    sys.stdout.writelines(difflib.unified_diff(
        expected.splitlines(True), text.splitlines(True), "verdicts.txt", "said"))
    return 0 if text == expected else 1


sys.exit(main())
