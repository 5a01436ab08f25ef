#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Layouts against the truth: random records as thunkgen's model has them, and
as the compilers of all ABIs lay them out.

usage: layout.py THUNKGEN [--cases N] [--seed N] [--wrong] ISA=COMPILER...

Each case is a record: members of all kinds of types, bit-fields, arrays,
anonymous and nested records, flexible arrays; packed, aligned, under
"#pragma pack". What the compiler makes of it is read from an object file, so
nothing needs to run: sizes and offsets from a table, the places of bit-fields
from constants in which only they have ones. What thunkgen refuses since compilers do
not agree on it (check "compiler") is not among the cases. With --wrong the
compilers see other records, and the script has to notice.
"""
import argparse
import collections
import math
import os
import random
import re
import struct
import subprocess
import sys
import tempfile

BATCH = 200  # records in one header
# Members of members that a record may have to be in another one. Arrays of arrays
# of records would soon be gigabytes, and each bit-field takes a whole constant.
MEMBERS_MAX = 300

PRELUDE = """
#include <stddef.h>
#include <stdatomic.h>
#include <uchar.h>
#include <wchar.h>
typedef float v2f __attribute__((vector_size(8)));
typedef int v4i __attribute__((vector_size(16)));
typedef int aligned_int __attribute__((aligned(16)));
typedef long loose_long __attribute__((aligned(2)));
typedef int pair[2];
typedef void (*hook)(int);
enum plain { PLAIN_A, PLAIN_B };
enum minus { MINUS_A = -5, MINUS_B = 5 };
enum wide { WIDE_A = 0x123456789LL };
enum __attribute__((packed)) small { SMALL_A, SMALL_B = 200 };
enum __attribute__((packed)) middle { MIDDLE_A = -300 };
"""

SCALARS = """char;signed char;unsigned char;short;unsigned short;int;unsigned;long;
unsigned long;long long;unsigned long long;_Bool;float;double;long double;
void *;hook;wchar_t;char16_t;char32_t;size_t;__int128;unsigned __int128;
_Complex float;_Complex double;_Complex long double;v2f;v4i;aligned_int;
loose_long;pair;enum plain;enum minus;enum wide;enum small;enum middle;
atomic_int;_Atomic char;_Atomic double;volatile int;const short"""
SCALARS = [word.strip() for word in SCALARS.replace("\n", "").split(";")]

# Bit-fields: type, bits
FIELDS = [("_Bool", 1), ("char", 8), ("signed char", 8), ("unsigned char", 8),
          ("short", 16), ("unsigned short", 16), ("int", 32), ("unsigned", 32),
          ("long", 64), ("unsigned long", 64), ("long long", 64),
          ("unsigned long long", 64), ("enum plain", 32), ("enum minus", 32),
          ("enum small", 8)]


class Members:
    """What a record holds, by path: a bit-field's or not."""

    def __init__(self):
        self.paths = []  # (path, kind); kind: "value", "bits", "flexible"

    def add(self, path, kind):
        self.paths.append((path, kind))


def join(path, name):
    return path + "." + name if path else name


def elements(size):
    """How many an array of such dimensions has."""
    return math.prod(int(length) for length in re.findall(r"\d+", size))


class Maker:
    def __init__(self, chance):
        self.chance = chance
        self.names = []  # of records so far, that can be in others
        self.count = 0
        self.weights = {}  # of these, by name: members of members
        self.weight = 0    # of the one in work
        self.times = 1     # elements of the arrays around what is in work

    def maybe(self, probability):
        return self.chance.random() < probability

    def name(self):
        self.count += 1
        return "m%d" % self.count

    def attributes(self, is_record):
        found = []
        if self.maybe(0.15):
            found.append("packed")
        if self.maybe(0.12):
            found.append("aligned(%d)" % self.chance.choice(
                (1, 2, 4, 8, 16, 32, 64)))
        elif is_record and self.maybe(0.03):
            found.append("aligned")
        return " __attribute__((%s))" % ", ".join(found) if found else ""

    def dimensions(self, last):
        if not self.maybe(0.25):
            return ""
        return "".join("[%d]" % self.chance.randint(0 if last else 1, 4)
                       for _ in range(self.chance.randint(1, 3)))

    def bit_field(self, path, members):
        kind, bits = self.chance.choice(FIELDS)
        if self.maybe(0.15):
            width = 0 if self.maybe(0.5) else self.chance.randint(1, bits)
            return "%s : %d;" % (kind, width)
        name = self.name()
        members.add(join(path, name), "bits")
        return "%s %s : %d%s;" % (
            kind, name, self.chance.randint(1, bits),
            self.chance.choice(("", "", "", " __attribute__((packed))")))

    def inner(self, path, members, depth):
        """A record in a record: anonymous, or a member of unnamed type."""
        keyword = self.chance.choice(("struct", "union"))
        if self.maybe(0.5):
            body = self.body(path, members, depth + 1, keyword)
            return "%s {%s}%s;" % (keyword, body, self.attributes(True))
        name = self.name()
        size = "".join("[%d]" % self.chance.randint(1, 3)
                       for _ in range(self.chance.randint(0, 2)))
        members.add(join(path, name), "value")
        first = re.sub(r"\d+", "0", size)
        outer = self.times
        self.times *= elements(size)
        body = self.body(join(path, name) + first, members, depth + 1, keyword)
        self.times = outer
        return "%s {%s} %s%s%s;" % (keyword, body, name, size,
                                    self.attributes(False))

    def member(self, path, members, depth):
        choice = self.chance.random()
        if choice < 0.3:
            return self.bit_field(path, members)
        if choice < 0.42 and depth < 3:
            return self.inner(path, members, depth)
        name = self.name()
        members.add(join(path, name), "value")
        kind = self.chance.choice(self.names) \
            if self.names and choice < 0.55 else self.chance.choice(SCALARS)
        # Elements whose size is no multiple of their alignment are no C.
        size = "" if kind == "aligned_int" else self.dimensions(False)
        self.weight += self.times * elements(size) * self.weights.get(kind, 1)
        return "%s %s%s%s;" % (kind, name, size, self.attributes(False))

    def body(self, path, members, depth, keyword):
        lines = [self.member(path, members, depth)
                 for _ in range(self.chance.randint(1, 7))]
        if not any(";" in line and " : " not in line for line in lines):
            name = self.name()  # something with a name has to be there
            members.add(join(path, name), "value")
            lines.append("char %s;" % name)
        if depth == 0 and keyword == "struct" and self.maybe(0.1):
            name = self.name()
            members.add(join(path, name), "flexible")
            lines.append("%s %s[]%s;" % (
                self.chance.choice([s for s in SCALARS if s != "aligned_int"]),
                name, self.chance.choice(("", "[2]"))))
        return " ".join(lines)

    def record(self, number):
        keyword = "union" if self.maybe(0.2) else "struct"
        name = "%s r%d" % (keyword, number)
        members = Members()
        self.weight = 0
        body = self.body("", members, 0, keyword)
        text = "%s {%s}%s;" % (name, body, self.attributes(True))
        if self.maybe(0.1):
            text = "#pragma pack(push, %d)\n%s\n#pragma pack(pop)" % (
                self.chance.choice((1, 2, 4, 8)), text)
        if self.weight <= MEMBERS_MAX and \
                not any(kind == "flexible" for _, kind in members.paths):
            self.names.append(name)
            self.weights[name] = self.weight
        return name, text, members.paths


def truth_source(records):
    """C whose section .truth has the table, and whose .bits the constants."""
    table, lines = [], []
    for name, _, paths in records:
        table += ["sizeof(%s)" % name, "_Alignof(%s)" % name]
        for i, (path, kind) in enumerate(paths):
            if kind == "bits":
                lines.append(
                    "const %s bits_%s_%d __attribute__((section(\".bits\"))) ="
                    " {.%s = -1};" % (name, name.split()[1], i, path))
            else:
                table.append("offsetof(%s, %s)" % (name, path))
                table.append("0" if kind == "flexible" else
                             "sizeof(((%s *)0)->%s)" % (name, path))
    return ("#include \"api.h\"\n"
            "const unsigned long truth[] __attribute__((section(\".truth\")))"
            " = {\n%s};\n%s\n" % (",\n".join(table), "\n".join(lines)))


class Object:
    """As much of an ELF file as is needed."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = file.read()
        start, = struct.unpack_from("<Q", self.data, 0x28)
        size, count, names = struct.unpack_from("<HHH", self.data, 0x3a)
        self.headers = [struct.unpack_from("<IIQQQQIIQQ", self.data,
                                           start + i * size)
                        for i in range(count)]
        strings = self.content(names)
        self.names = [self.string(strings, header[0])
                      for header in self.headers]

    @staticmethod
    def string(strings, at):
        return strings[at:strings.index(b"\0", at)].decode()

    def content(self, index):
        header = self.headers[index]
        return self.data[header[4]:header[4] + header[5]]

    def section(self, name):
        return self.content(self.names.index(name)) \
            if name in self.names else b""

    def symbols(self):
        index = self.names.index(".symtab")
        strings = self.content(self.headers[index][6])
        return {self.string(strings, name): (value, size)
                for name, _, _, _, value, size in
                struct.iter_unpack("<IBBHQQ", self.content(index))}


def ones(content):
    """First bit and count of the ones in a row, or None."""
    value = int.from_bytes(content, "little")
    if value == 0:
        return None
    first = (value & -value).bit_length() - 1
    count = value.bit_length() - first
    return (first, count) if value >> first == (1 << count) - 1 else None


def truth_read(path, records):
    """The compiler's lines, as those of the dump."""
    found = Object(path)
    table = [value for value, in
             struct.iter_unpack("<Q", found.section(".truth"))]
    bits = found.section(".bits")
    symbols = found.symbols()
    told = {}
    at = iter(table)
    for name, _, paths in records:
        lines = ["%d bytes, aligned to %d" % (next(at), next(at))]
        for i, (path, kind) in enumerate(paths):
            if kind == "bits":
                value, size = symbols["bits_%s_%d" % (name.split()[1], i)]
                place = ones(bits[value:value + size])
                lines.append("%s: bit %d, %d bits" % (path, *place)
                             if place else "%s: no bits" % path)
            else:
                lines.append("%s: bit %d, %d bytes" % (
                    path, 8 * next(at), next(at)))
        told[name] = lines
    return told


def dump_read(text):
    """{isa: {record: lines}} of what thunkgen understood."""
    told = collections.defaultdict(dict)
    isa = record = None
    for line in text.splitlines():
        head = re.match(r"  ((?:struct|union) r\d+): (.*)$", line)
        if line.startswith("model for "):
            isa, record = line.split()[-1], None
        elif head:
            record = told[isa].setdefault(head.group(1), [head.group(2)])
        elif line.startswith("    ") and record is not None:
            record.append(line.strip())
        else:
            record = None
    return told


def run(arguments, **options):
    done = subprocess.run(arguments, capture_output=True, text=True, **options)
    if done.returncode != 0:
        print(" ".join(arguments), done.stdout, done.stderr[:4000])
        sys.exit("the command failed")
    return done.stdout


def batch(options, compilers, seed, count, work):
    """Compares one header of records. Returns what differs."""
    maker = Maker(random.Random(seed))
    records = [maker.record(i) for i in range(count)]
    members = {name: dict(paths) for name, _, paths in records}
    functions = ["f%d" % i for i in range(count)]
    with open(os.path.join(work, "api.h"), "w") as file:
        file.write(PRELUDE + "\n".join(text for _, text, _ in records) + "\n")
        for function, (name, _, _) in zip(functions, records):
            file.write("void %s(%s *);\n" % (function, name))
    with open(os.path.join(work, "library.c"), "w") as file:
        file.write("".join("void %s(void) {}\n" % f for f in functions))
    with open(os.path.join(work, "truth.c"), "w") as file:
        file.write(truth_source(records))
    with open(os.path.join(work, "spec.yml"), "w") as file:
        file.write("library: random\nsoname: librandom.so.1\n")
    host = compilers.get(os.uname().machine) or next(iter(compilers.values()))
    run([host, "-shared", "-fPIC", "-Wl,-soname,librandom.so.1", "-o",
         "library.so", "library.c"], cwd=work)
    # Refused layouts (exit status 1) are dumped as well.
    dump = subprocess.run(
        [options.thunkgen, "-I.", "--header", "api.h", "--spec", "spec.yml",
         "--library", "library.so", "--guest", ",".join(compilers),
         "--dump=model"], cwd=work, capture_output=True, text=True)
    if "[header-" in dump.stderr or dump.returncode not in (0, 1):
        sys.exit("seed %d: %s" % (seed, dump.stderr[:4000]))
    told = dump_read(dump.stdout)
    different = []
    for isa, compiler in compilers.items():
        run([compiler, "-c", "-w", "-o", isa + ".o", "truth.c"] +
            ["-fpack-struct=2"] * options.wrong, cwd=work)
        for name, lines in truth_read(os.path.join(work, isa + ".o"),
                                      records).items():
            # A flexible array has no size.
            model = [re.sub(r", \d+ bytes$", ", 0 bytes", line)
                     if members[name].get(line.split(":")[0]) == "flexible"
                     else line for line in told[isa].get(name, [])]
            if sorted(model) != sorted(lines):
                text = next(t for n, t, _ in records if n == name)
                different.append((isa, name, text,
                                  sorted(set(model) - set(lines)),
                                  sorted(set(lines) - set(model))))
    return different


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("thunkgen")
    parser.add_argument("compilers", nargs="+", metavar="ISA=COMPILER")
    parser.add_argument("--cases", type=int, default=10000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--wrong", action="store_true")
    options = parser.parse_args()
    options.thunkgen = os.path.abspath(options.thunkgen)
    compilers = dict(pair.split("=", 1) for pair in options.compilers)
    n_different = n_cases = 0
    with tempfile.TemporaryDirectory() as work:
        while n_cases < options.cases:
            count = min(BATCH, options.cases - n_cases)
            for isa, name, text, model, truth in batch(
                    options, compilers, options.seed + n_cases, count, work):
                n_different += 1
                if options.wrong:
                    continue
                print("%s, seed %d, %s\n  %s\n  thunkgen: %s\n  compiler: %s" %
                      (isa, options.seed + n_cases, name, text,
                       "; ".join(model), "; ".join(truth)))
            n_cases += count
    print("%d records for %s: %d differ" %
          (n_cases, ", ".join(compilers), n_different))
    return 1 if (n_different > 0) != options.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
