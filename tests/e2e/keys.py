#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a command at a terminal and plays what a person does there.

usage: keys.py STEPS COMMAND [ARGUMENT]...

What the command writes to the terminal goes to stdout, byte by byte. STEPS is
a file with a step in each line; texts are written as Python has them:

    expect TEXT     wait until that has come since the last step of the kind
    send TEXT       press these keys
    size ROWS COLUMNS
                    another size of the window, which sends SIGWINCH
    signal NAME     send the command a signal, as in SIGTERM
    waiting         wait until it waits for keys: before what sends a signal,
                    since a program that is about to wait may miss that

Nothing is timed: each step waits for what shows that its turn has come. The
exit status is the command's, or 128 and the number of its signal.
"""
import ast
import fcntl
import os
import pty
import signal
import struct
import sys
import termios
import time

# System calls in which an x86_64 process waits for keys: read, poll, select,
# pselect6, ppoll.
WAITING = {"0", "7", "23", "270", "271"}


def size_set(terminal, rows, columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ,
                struct.pack("HHHH", rows, columns, 0, 0))


class Terminal:
    def __init__(self, command):
        self.seen = b""
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            size_set(0, 24, 80)
            os.execvp(command[0], command)

    def read(self):
        """More of what it writes; False: it has gone."""
        try:
            got = os.read(self.terminal, 4096)
        except OSError:
            got = b""
        sys.stdout.buffer.write(got)
        sys.stdout.buffer.flush()
        self.seen += got
        return got != b""

    def expect(self, text):
        while text not in self.seen:
            if not self.read():
                sys.exit(f"keys: it ended before it wrote {text!r}")
        self.seen = self.seen[self.seen.index(text) + len(text):]

    def wait_waiting(self):
        while True:
            with open(f"/proc/{self.process}/syscall", encoding="ascii") as at:
                if at.read().split()[0] in WAITING:
                    return
            time.sleep(0.01)

    def end(self):
        while self.read():
            pass
        _, status = os.waitpid(self.process, 0)
        return os.waitstatus_to_exitcode(status)


def step_do(terminal, verb, rest):
    if verb == "expect":
        terminal.expect(ast.literal_eval(rest).encode())
    elif verb == "send":
        os.write(terminal.terminal, ast.literal_eval(rest).encode())
    elif verb == "size":
        size_set(terminal.terminal, *map(int, rest.split()))
    elif verb == "signal":
        os.kill(terminal.process, getattr(signal, rest))
    elif verb == "waiting":
        terminal.wait_waiting()
    else:
        sys.exit(f"keys: no step '{verb}'")


def main():
    terminal = Terminal(sys.argv[2:])
    with open(sys.argv[1], encoding="utf-8") as steps:
        for line in steps:
            line = line.strip()
            if line != "" and not line.startswith("#"):
                step_do(terminal, *line.partition(" ")[::2])
    status = terminal.end()
    return status if status >= 0 else 128 - status


sys.exit(main())
