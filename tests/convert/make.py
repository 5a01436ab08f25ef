#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes random records that x86_64 has otherwise than the other ISAs, a library
that works on them and has lists of them, its spec, and a program, into a folder;
see cases.h.

usage: make.py FOLDER [--seed N] [--records N]
"""
import argparse
import os
import random

# A type of x86_64, one of the others; all hold 0 to 99.
TYPES = [
    ("char", "char"), ("signed char", "short"), ("unsigned char", "unsigned"),
    ("short", "long"), ("unsigned short", "int"), ("int", "int"),
    ("int", "unsigned char"), ("unsigned", "long"), ("long", "long"),
    ("long", "short"), ("unsigned long", "unsigned"), ("float", "float"),
    ("double", "double"), ("long double", "long double"),
    ("enum kind", "enum kind"), ("__int128", "__int128"),
]
BITS = [("unsigned", "unsigned"), ("unsigned", "unsigned long"),
        ("unsigned long", "unsigned short"), ("int", "long")]
WIDTHS = {"unsigned": 32, "unsigned long": 64, "unsigned short": 16,
          "int": 32, "long": 64}
ATTRIBUTES = ["", "", "", "__attribute__((aligned(%d))) " % 8,
              "__attribute__((aligned(%d))) " % 32]


# What a node of a list holds besides, for each record; the next comes last.
NODE = ["    struct %s in;", "    struct %s *row;", "    short n;",
        "    struct node_%s *next;"]


class Record:
    def __init__(self, chance, name, before):
        self.name = name
        self.paths = []
        here, there = [], []
        for i in range(chance.randint(1, 7)):
            self.member(chance, "m%d" % i, before, here, there)
        if chance.random() < 0.3:
            here.append("    long only_here;")
        if chance.random() < 0.3:
            there.insert(chance.randint(0, len(there)),
                         "    short only_there[3];")
        chance.shuffle(there)
        self.here = self.text(chance, here) + self.node(chance)
        self.there = self.text(chance, there) + self.node(chance)

    def node(self, chance):
        members = ["    char before;"] + [
            line % self.name if "%" in line else line for line in NODE]
        chance.shuffle(members)
        return "struct node_%s {\n%s\n};\n" % (self.name, "\n".join(members))

    def text(self, chance, members):
        attribute = chance.choice(["", "", "", "__attribute__((packed)) "])
        return "struct %s%s {\n%s\n};\n" % (attribute, self.name,
                                            "\n".join(members))

    def member(self, chance, name, before, here, there):
        roll = chance.random()
        if roll < 0.15:
            one, other = chance.choice(BITS)
            self.paths.append(name)
            here.append("    %s %s : %d;" % (one, name,
                                             chance.randint(8, WIDTHS[one])))
            there.append("    %s %s : %d;" % (other, name,
                                              chance.randint(8, WIDTHS[other])))
            return
        dimensions = [chance.randint(1, 3)
                      for _ in range(chance.choice([0, 0, 0, 1, 2]))]
        if roll < 0.4 and before:
            inner = chance.choice(before)
            one = other = "struct " + inner.name
            paths = ["." + path for path in inner.paths]
        else:
            one, other = chance.choice(TYPES)
            paths = [""]
        places = [""]
        for size in dimensions:
            places = ["%s[%d]" % (place, i) for place in places
                      for i in range(size)]
        rows = "".join("[%d]" % size for size in dimensions)
        unnamed = not dimensions and paths == [""] and chance.random() < 0.15
        for place in places:
            self.paths += [name + place + path for path in paths]
        for to, of in ((here, one), (there, other)):
            line = "%s%s %s%s;" % (chance.choice(ATTRIBUTES), of, name, rows)
            to.append("    struct { %s };" % line if unnamed
                      else "    " + line)


def records_make(chance, count):
    records = []
    for i in range(count):
        # Such as are not made of too much
        small = [record for record in records if len(record.paths) < 12]
        records.append(Record(chance, "r%d" % i, small))
    return records


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def files_write(folder, records):
    each = "".join("    apply(%s) \\\n" % record.name for record in records)
    write(folder, "shuffled.h",
          "#include \"cases.h\"\n\nenum kind { KIND_A, KIND_B = 200 };\n"
          "const char *shuffled_side(void);\n"
          "#ifdef __x86_64__\n%s#else\n%s#endif\n%s"
          % ("".join(record.here for record in records),
             "".join(record.there for record in records),
             "".join("DECLARE(%s)\nDECLARE_LIST(%s)\n" % ((record.name,) * 2)
                     for record in records)))
    write(folder, "members.h",
          "".join("#define MEMBERS_%s(x) %s\n"
                  % (record.name, " ".join("x(%s)" % path
                                           for path in record.paths))
                  for record in records) + "#define EACH(apply) \\\n" + each
          + "\n")
    write(folder, "shuffled.c",
          "#include \"shuffled.h\"\n#include \"members.h\"\n"
          "const char *shuffled_side(void) { return CONVERT_SIDE; }\n"
          "#define DEFINE(name) DEFINE_AS(name, MEMBERS_##name) "
          "DEFINE_LIST(name)\n"
          "EACH(DEFINE)\n")
    write(folder, "program.c",
          "#include \"shuffled.h\"\n#include \"members.h\"\n"
          "#define ONE(name) CASE(name, MEMBERS_##name) "
          "CASE_LIST(name, MEMBERS_##name)\nEACH(ONE)\n"
          "#define CALL(name) case_##name(); case_list_##name();\n"
          "int main(void)\n{\n"
          "    fprintf(stderr, \"side: %s\\n\", shuffled_side());\n"
          "    EACH(CALL)\n    return 0;\n}\n")
    lines = "".join("  read_%s: {length: {at: n}}\n"
                    "  write_%s: {out: [at], length: {at: n}}\n"
                    "  change_%s: {inout: [at], length: {at: n}}\n"
                    "  list_%s: {library_keeps: [result]}\n"
                    "  find_%s: {out: [to], library_keeps: [to],"
                    " length: {to: 1, \"*to\": 1}}\n"
                    "  turn_%s: {inout: [first]}\n"
                    % ((record.name,) * 6) for record in records)
    types = "".join("  struct node_%s: {length: {row: n, next: 1}, single: true}"
                    "\n" % record.name for record in records)
    write(folder, "shuffled.yml", "library: shuffled\n"
          "soname: libshuffled.so.1\ntypes:\n" + types
          + "functions:\n" + lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--records", type=int, default=40)
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    files_write(options.folder,
                records_make(random.Random(options.seed), options.records))


main()
