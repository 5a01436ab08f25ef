# SPDX-License-Identifier: MIT
"""What the tables of tests/bench/run share: how to measure, where what is
measured lies, and the rows of the CSV."""

import dataclasses
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("THUNK_BUILD", ROOT / "build"))
BENCH = BUILD / "tests/bench"
PROGRAMS = BENCH / "programs"
PLAIN = BENCH / "libplain-host.so"
THUNK_RUN = BUILD / "bin/thunk-run"
PLUGIN = BUILD / "lib/thunkgen/libdlcall.so"
ISAS = ("x86_64", "aarch64", "riscv64")

rows = []  # (name, variant, value, unit)


def record(name, variant, value, unit):
    rows.append((name, variant, value, unit))


def value_of(name, variant):
    """The value of a row that was recorded, or None."""
    return next((row[2] for row in rows if row[:2] == (name, variant)), None)


@dataclasses.dataclass
class Target:
    """A guest ISA and a QEMU for it."""
    isa: str
    qemu: str
    version: str
    sysroot: str = ""  # of a guest of another ISA than the host

    @property
    def name(self):
        return f"{self.isa}-{self.version}"

    @property
    def title(self):
        return f"{self.isa} guest, QEMU {self.version}"

    def program(self, name):
        return PROGRAMS / self.isa / name

    def emulated(self, *command):
        """The command under QEMU alone."""
        root = ["-L", self.sysroot] if self.sysroot else []
        return [self.qemu, *root, *command]

    def plugged(self, *command):
        """The same with the plugin, and nothing else of ours."""
        return [self.qemu, "-plugin", f"file={PLUGIN}",
                *self.emulated(*command)[1:]]

    def thunked(self, *command, thunks=None):
        root = ["--sysroot", self.sysroot] if self.sysroot else []
        where = ["--thunks", thunks] if thunks else []
        return [THUNK_RUN, "--qemu", self.qemu, *root, *where, *command]


def sysroot_of(isa):
    """Where a cross compiler's libraries are: Debian's are in /usr/TRIPLE."""
    compiler = shutil.which(f"{isa}-linux-gnu-gcc")
    if os.uname().machine == isa or not compiler:
        return ""
    libc = run([compiler, "-print-file-name=libc.so.6"]).strip()
    return str(pathlib.Path(libc).resolve().parents[1])


def target_of(isa, qemu, is_listed):
    """The target, or None and a word on why not."""
    if not (PROGRAMS / isa / "nothing").exists():
        print(f"{isa}: left out: no compiler for its programs was found")
        return None
    version = run([qemu, "--version"]).split()[2]
    if is_listed:  # there may be several builds of a version
        version += f"({pathlib.Path(qemu).resolve().parents[1].name})"
    target = Target(isa, qemu, version, sysroot_of(isa))
    nothing = target.thunked(target.program("nothing"), thunks=BENCH / "thunks")
    tried = subprocess.run(nothing, capture_output=True, text=True)
    if tried.returncode != 0:
        print(f"{target.title}: left out: {tried.stderr.strip()}")
        return None
    return target


def qemu_find(isa):
    """What thunk-run takes for such guests, or ""."""
    command = [ROOT / "tests/find-qemu", isa, PLUGIN.parent / "qemu"]
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()


def targets_find():
    """The host's own ISA first, then the others; of each ISA the QEMU that
    thunk-run takes first, then those of THUNK_TEST_QEMUS."""
    others = os.environ.get("THUNK_TEST_QEMUS", "").split(";")
    own = os.uname().machine
    found = []
    for isa in sorted(ISAS, key=lambda isa: isa != own):
        first = (isa == own and os.environ.get("THUNK_QEMU")
                 or qemu_find(isa))
        listed = [qemu for qemu in others
                  if os.path.basename(qemu) == f"qemu-{isa}"]
        if not first:
            print(f"{isa}: no QEMU with plugins")
        for qemu in [first, *listed]:
            target = qemu and target_of(isa, qemu, qemu in listed)
            if target:
                found.append(target)
    return found


def run(command, **environment):
    """What a command prints; ends the whole if it fails."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, text=True,
                          capture_output=True,
                          env={**os.environ, **environment})
    if done.returncode != 0:
        words = " ".join(map(str, command))
        sys.exit(f"bench: status {done.returncode} of {words}\n{done.stderr}")
    return done.stdout


def figures(command, **environment):
    """NAME: VALUE, from a program that prints such lines."""
    return {name: float(value) for name, value in
            (line.split() for line in run(command, **environment).splitlines())}


def processor_time():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def seconds(command, clock, folder):
    start = clock()
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    elapsed = clock() - start
    if done.returncode != 0:
        sys.exit(f"bench: {command} failed:\n{done.stderr.decode()}")
    return elapsed


def paired(commands, pairs, clock=time.monotonic, folder=None):
    """Times of each command, run in turn `pairs` times after a warm-up."""
    times = {name: [] for name in commands}
    for turn in range(pairs + 1):
        for name, command in commands.items():
            elapsed = seconds(command, clock, folder)
            if turn > 0:
                times[name].append(elapsed)
    return times


def medians(times):
    return {name: statistics.median(values) for name, values in times.items()}


def ratio(times, over, under):
    """The median of the ratios of pairs."""
    return statistics.median(
        a / b for a, b in zip(times[over], times[under]))


def longer(times, one, other):
    return statistics.median(a - b for a, b in zip(times[one], times[other]))


def turned(runs):
    """[{NAME: VALUE}, ...] as {NAME: [VALUE, ...]}, for ratio()."""
    return {name: [run[name] for run in runs] for name in runs[0]}
