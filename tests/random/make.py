#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes a library of random types, its spec, and a program that gives it random
values by each way that thunkgen converts, into a folder.

usage: make.py FOLDER [--seed N]

The types are random by the seed, the values by the one that the program is
given. Both sides work out for themselves what they must see, by C's own
conversions: see values.h and leaves.h. What is done with each type is in
behind.in, for types that x86_64 has otherwise than the others, and value.in,
for those that cross by value, with functions that take and return them; in
place.in where these functions are in memory. fixed.* have what no type is needed
for.

What thunkgen emits (emit_*.c, by what plan_convert*.c, plan_shape.c and the like
have planned), and where it is met here; T is a type of behind.in, V of value.in:

  thunk_host_copy, in          read_T (a parameter), one_T (a number), ended_T and
                               const_list_T (terminated)
  the same, out and inout      write_T (*parameter), change_all_T (an expression)
  thunk_host_given             by_in_T, by_out_T, by_inout_T
  thunk_host_result_keep       keep_T, and given back, kept_T
  the same, of a parameter     led_T
  thunk_host_result_give       give_away_T
  THUNK_INTEGER                r0 to r7: widths, signs, bool, enums, bit-fields;
                               lone_long, lone_sign, lone_enum
  THUNK_LONG_DOUBLE            lone_number, lone_complex, lone_row; in r0 to r7
  THUNK_BYTES, THUNK_RECORD    r0 to r7; aligned, packed, in rows
  THUNK_POINTER                held_T (by number, member, terminated), list_T,
                               tree_T, ring_T (single)
  THUNK_UNION                  tagged_T
  .flexible                    last_all_T
  thunk_host_numbers_*         value_V and all that call_V crosses by
  thunk_host_trampoline        call_back_V, call_struct_V, call_chosen_V
  thunk_host_stub, _convert    own_V, own_struct_V, call_chosen_V
  thunk_host_adopt, _peek,     call_behind_V, call_place_V, own_place_V
    _written
  thunk_host_lend, _lent       call_filled_V
  thunk_host_place_*           own_table_V, is_own_table_V
  thunk_words_*, _list_*       list_counted, list_ended, list_keys, list_by, each as
                               "..." and as a va_list
  handles_* and their like     token_turn, token_behind, token_call
  thunk_host_data_*,           variables_turn, variables_call
    _thread_data_*

elsewhere.txt lists what is not, and covered.py looks whether that is all.
"""
import argparse
import os
import random

HERE = os.path.dirname(os.path.abspath(__file__))

# Integers as x86_64 has them and as the others do.
INTEGERS = [
    ("char_x", "char_o"), ("signed char", "short"), ("unsigned char", "unsigned"),
    ("short", "long"), ("unsigned short", "int"), ("int", "int"),
    ("int", "unsigned char"), ("unsigned", "long"), ("long", "short"),
    ("unsigned long", "unsigned"), ("signed char", "unsigned long"),
    ("_Bool", "int"), ("unsigned", "_Bool"), ("few_x", "few_o"),
    ("many_x", "many_o"), ("int", "many_o"),
]
BITS = [("unsigned", "unsigned"), ("unsigned", "unsigned long"),
        ("unsigned long", "unsigned short"), ("int", "long"), ("int", "unsigned"),
        ("signed char", "long"), ("_Bool", "unsigned"), ("long", "_Bool")]
WIDTHS = {"unsigned": 32, "unsigned long": 64, "unsigned short": 16, "int": 32,
          "long": 64, "signed char": 8, "_Bool": 1}
# What else there is, and how a value of it is made.
OTHERS = [
    ("number_x", "number_o", "number"), ("complex_x", "complex_o", "complex"),
    ("number_x", "number_o", "number"), ("float", "float", "float"),
    ("double", "double", "double"), ("__int128", "__int128", "integer"),
    ("void *", "void *", "pointer"), ("const char *", "const char *", "pointer"),
]

# Types that are no records: C before and behind the name, numbers in it.
LONE = [
    ("lone_number", "number_x", "number_o", "", [("number", "")]),
    ("lone_complex", "complex_x", "complex_o", "", [("complex", "")]),
    ("lone_row", "number_x", "number_o", "[2][3]",
     [("number", "[%d][%d]" % (i, j)) for i in range(2) for j in range(3)]),
    ("lone_long", "long", "int", "", [("integer", "")]),
    ("lone_sign", "unsigned char", "short", "", [("integer", "")]),
    ("lone_enum", "few_x", "few_o", "", [("integer", "")]),
    ("lone_same", "double", "double", "", [("double", "")]),
]

# A record with what the tables of types have to have whatever the seed: x86_64's
# member, the others', name, rows of both, kind of number and paths in it.
EACH = [
    ("float", "float", "longer", "[3]", "[2]", "float", ["[0]", "[1]"]),
    ("short", "unsigned", "row_longer", "[2]", "[4]", "integer", ["[0]", "[1]"]),
    ("unsigned", "short", "row", "[2]", "[2]", "integer", ["[0]", "[1]"]),
    ("_Bool", "unsigned", "flag", "", "", "integer", [""]),
    ("int", "_Bool", "to_flag", "", "", "integer", [""]),
    ("unsigned", "_Bool", "to_flag_too", "", "", "integer", [""]),
    ("_Bool", "long", "flag_too", "", "", "integer", [""]),
    ("int", "unsigned long", "to_unsigned", "", "", "integer", [""]),
    ("unsigned short", "int", "to_signed", "", "", "integer", [""]),
    ("unsigned", "unsigned long", "bits", " : 7", " : 40", "integer", [""]),
    ("int", "int", "bits_too", " : 30", " : 5", "integer", [""]),
    ("number_x", "number_o", "numbers", "[2]", "[2]", "number", ["[0]", "[1]"]),
    ("char *", "char *", "place", "", "", "pointer", [""]),
]

# By value: what all ABIs have alike, but for long doubles; some of the classes
# of tests/abi, with random values.
VALUES = [
    ("value_long", "long"), ("value_char", "signed char"),
    ("value_number", "long double"), ("value_complex", "_Complex long double"),
    ("value_float", "float"), ("value_wide", "__int128"),
    ("value_enum", "enum random_kind"),
]
VALUE_RECORDS = [
    "short", "long int", "float double", "long double_", "number",
    "number number", "complex short", "float float float", "double double",
    "int float unsigned", "long long long long", "wide number", "pointer float",
]
VALUE_KINDS = {
    "short": ("short", "integer"), "int": ("int", "integer"),
    "unsigned": ("unsigned", "integer"), "long": ("long", "integer"),
    "wide": ("__int128", "integer"), "float": ("float", "float"),
    "double": ("double", "double"), "double_": ("double", "double"),
    "number": ("long double", "number"), "pointer": ("void *", "pointer"),
    "complex": ("_Complex long double", "complex"),
}


class Type:
    """Its name, its two declarations, and its numbers: (kind, path)."""

    def __init__(self, name, x, o, leaves):
        self.name, self.x, self.o, self.leaves = name, x, o, leaves

    def leaves_macro(self):
        return "#define LEAVES_%s(apply, way) \\\n%s\n\n" % (
            self.name, " \\\n".join(
                "    apply(%s, %d, %s, way)" % (kind, i, path)
                for i, (kind, path) in enumerate(self.leaves)))


class Record:
    """A struct in the making, which the two have otherwise."""

    def __init__(self, chance, name, before):
        self.chance, self.name, self.before = chance, name, before
        self.leaves, self.x, self.o = [], [], []
        # It differs in any case
        self.x.append("char_x first;")
        self.o.append("int first;")
        self.leaves.append(("integer", ".first"))
        for i in range(chance.randint(2, 7)):
            self.member("m%d" % i)
        if chance.random() < 0.3:
            self.x.append("long only_x;")
        if chance.random() < 0.3:
            self.o.insert(chance.randint(0, len(self.o)), "short only_o[3];")
        if chance.random() < 0.3:
            self.x.append("unsigned : 0;")
        chance.shuffle(self.o)

    def bits(self, name):
        one, other = self.chance.choice(BITS)
        self.leaves.append(("integer", "." + name))
        for to, of in ((self.x, one), (self.o, other)):
            to.append("%s %s : %d;" % (of, name,
                                       self.chance.randint(1, WIDTHS[of])))

    def member(self, name):
        chance, roll = self.chance, self.chance.random()
        if roll < 0.2:
            self.bits(name)
            return
        leaves = None
        if roll < 0.35 and self.before:
            inner = chance.choice(self.before)
            one, other = "x_" + inner.name, "o_" + inner.name
            leaves = inner.leaves
        elif roll < 0.6:
            one, other, kind = chance.choice(OTHERS)
        elif roll < 0.65:
            one = other = "union { unsigned whole; float real; }"
            leaves = [("integer", ".whole")]
        else:
            one, other = chance.choice(INTEGERS)
            kind = "integer"
        self.rows(name, one, other, leaves or [(kind, "")])

    def rows(self, name, one, other, leaves):
        chance = self.chance
        sizes = [chance.randint(1, 3)
                 for _ in range(chance.choice([0, 0, 0, 1, 2]))]
        longer = chance.choice([0, 0, 1, 2]) if len(sizes) == 1 else 0
        places = [""]
        for size in sizes:
            places = ["%s[%d]" % (place, i) for place in places
                      for i in range(size)]
        self.leaves += [(kind, "." + name + place + path) for place in places
                        for kind, path in leaves]
        is_unnamed = chance.random() < 0.15
        for to, of, more in ((self.x, one, longer), (self.o, other, 0)):
            rows = "".join("[%d]" % (size + more) for size in sizes)
            attribute = chance.choice(
                ["", "", "", "__attribute__((aligned(8))) ",
                 "__attribute__((aligned(32))) "])
            line = "%s%s %s%s;" % (attribute, of, name, rows)
            to.append("struct { %s };" % line if is_unnamed else line)

    def type(self):
        texts = []
        for letter, members in (("x", self.x), ("o", self.o)):
            packed = self.chance.choice(
                ["", "", "", "__attribute__((packed)) "])
            texts.append("struct %s%s_%s {\n    %s\n};\ntypedef struct %s_%s "
                         "%s_%s;" % (packed, letter, self.name,
                                     "\n    ".join(members), letter, self.name,
                                     letter, self.name))
        return Type(self.name, texts[0], texts[1], self.leaves)


def behind_make(chance):
    types = []
    for name, x, o, rows, leaves in LONE:
        types.append(Type(name, "typedef %s x_%s%s;" % (x, name, rows),
                          "typedef %s o_%s%s;" % (o, name, rows), leaves))
    records = []
    for i in range(8):
        small = [record for record in records if len(record.leaves) < 12]
        records.append(Record(chance, "r%d" % i, small).type())
    return types + records + [each_make(records[0])]


def each_make(inner):
    """The record of EACH, with a row of another in it."""
    rows = [("x_" + inner.name, "o_" + inner.name, "inner", "[2]", "[2]", None,
             ["[0]", "[1]"])] + EACH
    x = ["%s %s%s;" % (x, name, row) for x, _, name, row, _, _, _ in rows]
    o = ["%s %s%s;" % (o, name, row) for _, o, name, _, row, _, _ in rows]
    leaves = [(kind, ".inner" + path + rest) for path in rows[0][6]
              for kind, rest in inner.leaves]
    leaves += [(kind, "." + name + path) for _, _, name, _, _, kind, paths in EACH
               for path in paths]
    texts = ["typedef struct {\n    %s\n} %s_each;" % ("\n    ".join(members), way)
             for members, way in ((x, "x"), (o[::-1], "o"))]
    return Type("each", texts[0], texts[1], leaves)


def values_make():
    types = []
    for name, text in VALUES:
        kind = {"long double": "number", "float": "float",
                "_Complex long double": "complex"}.get(text, "integer")
        one = text.replace("_Complex long double", "complex_x").replace(
            "long double", "number_x")
        types.append(Type(name, "typedef %s x_%s;" % (one, name),
                          "typedef %s o_%s;" % (
                              one.replace("x_x", "x_o").replace("r_x", "r_o"),
                              name), [(kind, "")]))
    for i, members in enumerate(VALUE_RECORDS):
        name = "value%d" % i
        kinds = [VALUE_KINDS[member] for member in members.split()]
        texts = []
        for letter in "xo":
            text = " ".join("%s m%d;" % (
                {"number": "number_" + letter,
                 "complex": "complex_" + letter}.get(kind, c), place)
                for place, (c, kind) in enumerate(kinds))
            texts.append("typedef struct { %s } %s_%s;" % (text, letter, name))
        types.append(Type(name, texts[0], texts[1],
                          [(kind, ".m%d" % place)
                           for place, (_, kind) in enumerate(kinds)]))
    return types


def is_alike(type):
    """Whether all ABIs have the same bytes. Functions that take or return others
    cannot be in memory, where a fault could reach them without their type."""
    return not any(kind in ("number", "complex") for kind, _ in type.leaves)


class Template:
    """A file of sections, "%% name"; @T@ is a type's name."""

    def __init__(self, name):
        with open(os.path.join(HERE, name), encoding="utf-8") as file:
            self.sections = dict(
                section.split("\n", 1)
                for section in file.read().split("%% ")[1:])

    def text(self, section, types):
        return "".join(self.sections.get(section, "").replace("@T@", type.name)
                       for type in types)


# Each side's own, under the names that the other's have, too.
HEAD = """#ifndef RANDOM_H
#define RANDOM_H

#include "fixed.h"

enum __attribute__((packed)) few_packed { FEW_A, FEW_B = 200 };
enum few_plain { PLAIN_A, PLAIN_B = 200 };
enum many_signed { MANY_A = -1, MANY_B = 0x100000000 };
enum many_plain { MANY_C = 70000 };
typedef enum few_packed few_x;
typedef enum few_plain few_o;
typedef enum many_plain many_x;
typedef enum many_signed many_o;
"""
OWN = """#ifdef __x86_64__
#define char_x    char
#define number_x  long double
#define complex_x _Complex long double
%s#else
#define char_o    char
#define number_o  long double
#define complex_o _Complex long double
%s#endif
"""
OTHER = """#ifdef __x86_64__
#define char_o    unsigned char
#define number_o  values_o
#define complex_o values_complex_o
%s#else
#define char_x    signed char
#define number_x  values_x
#define complex_x values_complex_x
%s#endif
"""


def declarations(types, is_x):
    letter = "x" if is_x else "o"
    return "".join("%s\n" % (type.x if is_x else type.o) for type in types), \
        "".join("#define %s_%s %s\n" % (letter, type.name, type.name)
                for type in types)


class Texts:
    """What the templates make of all types."""

    def __init__(self, behind, values):
        self.types = behind + values
        alike = [type for type in values if is_alike(type)]
        others = [type for type in values if not is_alike(type)]
        self.of = [(Template("behind.in"), behind), (Template("value.in"), values),
                   (Template("place.in"), alike)]
        self.case = Template("value.in").text("program-case", others)

    def text(self, section):
        return "".join(template.text(section, types)
                       for template, types in self.of)

    def header(self):
        own = []
        for is_x in (True, False):
            text, names = declarations(self.types, is_x)
            own.append(names + text)
        return HEAD + OWN % tuple(own) + self.text("header") + "\n#endif\n"

    def both(self):
        other = [declarations(self.types, is_x)[0] for is_x in (False, True)]
        return ("#include \"random.h\"\n#include \"fixed_both.h\"\n"
                "#include \"leaves.h\"\n\n" + OTHER % tuple(other)
                + "".join(
                    type.leaves_macro() + "LEAVES_DEFINE(%s)\n" % type.name
                    for type in self.types)
                + self.text("both"))

    def spec(self):
        fixed = Template("fixed.in").sections
        return ("library: random\nsoname: librandom.so.1\n" + fixed["spec"]
                + "".join("%s:\n%s%s" % (key, fixed.get("spec-" + key, ""),
                                         self.text("spec-" + key))
                          for key in ("types", "callbacks", "functions")))

    def library(self):
        return ("#include \"both.h\"\n#include \"fixed_library.c\"\n\n"
                + self.text("library"))

    def cases(self):
        return (self.text("program") + self.case + "#define CASES(apply) \\\n"
                + " \\\n".join("    apply(%s)" % type.name
                                for type in self.types) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    texts = Texts(behind_make(random.Random(options.seed)), values_make())
    os.makedirs(options.folder, exist_ok=True)
    for name, text in (
            ("random.h", texts.header()), ("both.h", texts.both()),
            ("random.yml", texts.spec()), ("random.c", texts.library()),
            ("cases.h", texts.cases())):
        with open(os.path.join(options.folder, name), "w",
                  encoding="utf-8") as file:
            file.write(text)


main()
