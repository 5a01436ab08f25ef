#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whether the random library has every conversion that thunkgen emits.

usage: covered.py GENERATED_FOLDER GOLDEN_FOLDER CTEST BUILD_FOLDER

What there is, the goldens tell: each of the runtime's names in them has to be in
the library's generated sources as well, or in elsewhere.txt with a test that
there is. What there is in the tables of types is listed here. So a conversion
that thunkgen learns is missing here until make.py has it.
"""
import glob
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
# Runtime functions that are called, and kinds of what is in tables. Not what
# is named after a function of the library's.
NAMES = re.compile(r"\bthunk_(?:host|guest|words|count)\w*(?=\()|\bTHUNK_[A-Z_]+\b")
NAMED = re.compile(r"THUNK_(?:INDEX|CALLBACK|VARIABLE)_")
MEMBER = re.compile(
    r"\{\.kind = THUNK_(\w+),(.*?)\.places = \{(.*?)\}\},\n", re.DOTALL)
PLACE = re.compile(r"\{(\d+), (\d+), (\d+), THUNK_(\w+)\}")

# What the tables of types have to contain.
FEATURES = [
    "bytes", "bytes, an array without a length", "bytes, one row longer",
    "integer", "integer, wider", "integer, narrower", "integer, a row",
    "integer, an array without a length", "integer, one row longer",
    "integer, bit-field", "integer, bit-field wider", "integer, bit-field narrower",
    "integer, signed for unsigned", "integer, unsigned for signed",
    "integer, bool for signed", "integer, unsigned for bool",
    "long_double", "long_double, a row", "long_double, an array without a length",
    "record", "record, a row", "record, an array without a length",
    "union", "pointer", "pointer, const",
]


def names(paths):
    found = set()
    for path in paths:
        with open(path, encoding="utf-8") as file:
            found.update(name for name in NAMES.findall(file.read())
                         if NAMED.match(name) is None)
    return found


def features(path):
    """What members of the tables are: x86_64's place first, then aarch64's."""
    found = set()
    with open(path, encoding="utf-8") as file:
        members = MEMBER.findall(file.read())
    for kind, middle, places in members:
        kind = kind.lower()
        x, o = [(int(bits), int(count), sign.lower())
                for _, bits, count, sign in PLACE.findall(places + "}")[:2]]
        found.add(kind)
        if ".is_const" in middle:
            found.add(kind + ", const")
        if x[1] > 1 and x[1] == o[1]:
            found.add(kind + ", a row")
        if x[1] != o[1]:
            found.add(kind + ", one row longer")
        if x[1] == 0 and ".count" in middle:
            found.add(kind + ", an array without a length")
        if kind != "integer":
            continue
        width = "wider" if x[0] > o[0] else "narrower" if x[0] < o[0] else ""
        if x[0] % 8 != 0:
            found.add("integer, bit-field")
            width = "bit-field " + width if width else ""
        if width:
            found.add("integer, " + width)
        if x[2] != o[2]:
            found.add("integer, %s for %s" % (x[2], o[2]))
    return found


def elsewhere():
    """(name, test) of each line."""
    with open(os.path.join(HERE, "elsewhere.txt"), encoding="utf-8") as file:
        return [tuple(line.split()) for line in file
                if line.strip() and not line.startswith("#")]


def tests(ctest, build):
    listed = subprocess.run([ctest, "--test-dir", build, "--show-only=json-v1"],
                            check=True, stdout=subprocess.PIPE)
    return {test["name"] for test in json.loads(listed.stdout)["tests"]}


def main():
    generated, golden, ctest, build = sys.argv[1:]
    sources = [os.path.join(generated, "random-%s.c" % half)
               for half in ("host", "guest")]
    here = names(sources)
    others = dict(elsewhere())
    known = tests(ctest, build)
    emitted = names(
        path for half in ("host", "guest")
        for path in glob.glob(os.path.join(golden, "*/expected/*-%s.c" % half)))
    wrong = ["%s is neither in the random library nor in elsewhere.txt" % name
             for name in emitted - here - set(others)]
    wrong += ["%s is in the random library: remove it from elsewhere.txt" % name
              for name in set(others) & here]
    wrong += ["%s is in no golden: remove it from elsewhere.txt" % name
              for name in set(others) - emitted]
    wrong += ["elsewhere.txt: there is no test %s" % test
              for test in set(others.values()) - known]
    wrong += ["the random library has no member that is: %s" % feature
              for feature in set(FEATURES) - features(sources[0])]
    for line in sorted(wrong):
        print(line)
    print("%d names, %d of them elsewhere; %d kinds of members"
          % (len(emitted), len(others), len(FEATURES)))
    return 1 if wrong or not emitted else 0


sys.exit(main())
