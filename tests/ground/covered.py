#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whether each case of ground.txt has tests, and these are there.

usage: covered.py CTEST BUILD_FOLDER

A case within a test has to be named in the folder of that test's sources.
"""
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)

# Tests that are only there where something else is, and what that is.
NEEDS = {
    "graphics.": "OpenGL", "vulkan.": "Vulkan", "e2e.": "a library's thunk",
    "fuzz.": "libFuzzer", "random.": "Python", "layout.": "Python",
}


def listed(ctest, build):
    said = subprocess.run([ctest, "--test-dir", build, "--show-only=json-v1"],
                          check=True, stdout=subprocess.PIPE)
    return {test["name"] for test in json.loads(said.stdout)["tests"]}


def words(area):
    """All names in the sources of tests/AREA."""
    found = set()
    for folder, _, files in os.walk(os.path.join(TESTS, area)):
        for file in files:
            with open(os.path.join(folder, file), errors="replace",
                      encoding="utf-8") as text:
                found.update(re.findall(r"\w+", text.read()))
    return found


def cases():
    with open(os.path.join(HERE, "ground.txt"), encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip() and not line.startswith("#"):
                name, _, tests = line.partition(":")
                yield number, name.strip(), tests.split()


def main():
    ctest, build = sys.argv[1:]
    known, in_area, wrong, absent = listed(ctest, build), {}, [], []
    names = [name for _, name, _ in cases()]
    for number, name, tests in cases():
        where = "ground.txt:%d: %s" % (number, name)
        if not tests:
            wrong.append("%s has no test" % where)
        if names.count(name) > 1:
            wrong.append("%s is there twice" % where)
        for test in tests:
            test, _, case = test.partition("/")
            area = test.partition(".")[0]
            if area not in in_area:
                in_area[area] = words(area)
            if case and case not in in_area[area]:
                wrong.append("%s: tests/%s has no %s" % (where, area, case))
            if test in known:
                continue
            needs = [what for start, what in NEEDS.items()
                     if test.startswith(start)]
            if needs and not any(other.startswith(area + ".")
                                 for other in known):
                absent.append("%s: not built, for want of %s" % (test, needs[0]))
            else:
                wrong.append("%s: there is no test %s" % (where, test))
    for line in absent + wrong:
        print(line)
    print("%d cases" % len(names))
    return 1 if wrong or not names else 0


sys.exit(main())
