# SPDX-License-Identifier: MIT
"""The list of programs, a line for each:

    NAME | PACKAGES | INPUTS | OPTIONS | COMMAND

PACKAGES of Debian. INPUTS are names of generators (inputs.py) or files of the
folder inputs/ here; all of them lie in the working folder when COMMAND runs.
COMMAND is split into words as a shell does and run without one; "< FILE" at its
end is where standard input comes from. "-" is for none. OPTIONS:

    children       it starts other programs; plain QEMU leaves these to the
                   machine, so no figure of plain QEMU's is compared
    display        it needs an X server; DISPLAY names one of our own
    thunks=NAMES   for thunk-run, as --thunks
    mask=NAME      what is named so in masks.py is not compared
    ignore=WHAT    not compared: stdout, stderr, or a pattern of file names. A
                   comment above the line says why
    limit=SECONDS  of wall time for one run, instead of the command's own
"""

import dataclasses
import pathlib
import re
import shlex
import sys

import inputs
import masks

HERE = pathlib.Path(__file__).resolve().parent
LIST = HERE / "list"


@dataclasses.dataclass
class Program:
    line: str
    name: str
    packages: list
    inputs: list
    command: list
    stdin: str
    flags: set       # children, display
    masks: list
    ignored: list
    thunks: str
    limit: float     # 0: none of its own


def words_split(text):
    return [] if text == "-" else text.split()


def options_read(program, words):
    """An option that there is not, or None."""
    for word in words:
        key, _, value = word.partition("=")
        if word in ("children", "display"):
            program.flags.add(word)
        elif key == "thunks" and value:
            program.thunks = value
        elif key == "mask" and value in masks.MASKS:
            program.masks.append(value)
        elif key == "ignore" and value:
            program.ignored.append(value)
        elif key == "limit" and value.isdigit():
            program.limit = float(value)
        else:
            return word
    return None


def line_read(line, where):
    """The program of one line; ends the whole if there is none."""
    fields = [field.strip() for field in line.split("|", 4)]
    if len(fields) < 5 or not all(fields):
        sys.exit(f"{where}: NAME | PACKAGES | INPUTS | OPTIONS | COMMAND "
                 "expected")
    name, packages, needed, options, command = fields
    if not re.fullmatch(r"[\w.+-]+", name):
        sys.exit(f"{where}: no name of a program: {name}")
    words = shlex.split(command)
    stdin = "/dev/null"
    if len(words) > 2 and words[-2] == "<":
        *words, _, stdin = words
    program = Program(" | ".join(fields), name, words_split(packages),
                      words_split(needed), words, stdin, set(), [], [], "", 0)
    wrong = options_read(program, words_split(options))
    if wrong:
        sys.exit(f"{where}: no such option or mask: {wrong}")
    for word in program.inputs:
        if (word not in inputs.GENERATORS
                and not (HERE / "inputs" / word).exists()):
            sys.exit(f"{where}: no such input: {word}")
    return program


def list_read(path=LIST):
    programs = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        program = line_read(line, f"{path}:{number}")
        if program.name in programs:
            sys.exit(f"{path}:{number}: a second '{program.name}'")
        programs[program.name] = program
    return list(programs.values())
