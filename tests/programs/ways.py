# SPDX-License-Identifier: MIT
"""One run of one program in one of the ways: natively, under plain QEMU,
thunked, and thunked with its calls counted, which takes time and so is not
timed."""

import ctypes
import dataclasses
import fnmatch
import hashlib
import json
import os
import pathlib
import resource
import shutil
import signal
import stat
import subprocess
import time

import inputs
import masks
from describe import HERE

WAYS = ("native", "plain", "thunked", "counted")
EPOCH = 1_700_000_000  # of all inputs: programs keep time stamps in archives
PR_SET_CHILD_SUBREAPER = 36


@dataclasses.dataclass
class Machine:
    """What runs are done with."""
    thunk_run: str
    qemu: str
    results: pathlib.Path
    limit: float        # seconds of one run
    display: str = ""   # of the X server, once there is one


def environment_of(program, folder, machine):
    """The same for all ways, with nothing of the caller's."""
    environment = {
        "PATH": inputs.PATH,
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "TERM": "dumb",
        "USER": "nobody",
        "SOURCE_DATE_EPOCH": str(EPOCH),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PERL_HASH_SEED": "0",
    }
    if "display" in program.flags:
        environment["DISPLAY"] = machine.display
    return environment


def interpreted(command):
    """With a script's interpreter in front, which QEMU has to be told."""
    path = shutil.which(command[0], path=inputs.PATH)
    if path is None:
        return None
    with open(path, "rb") as file:
        head = file.readline(256)
    if not head.startswith(b"#!"):
        return [path, *command[1:]]
    words = os.fsdecode(head[2:]).strip().split(None, 1)
    if words[0].endswith("/env"):
        words = words[1].split()
    return interpreted([*words, path, *command[1:]])


def command_of(program, way, machine, report):
    """What to run, or None where the program is not there."""
    direct = interpreted(program.command)
    if direct is None:
        return None
    if way == "native":
        return program.command
    if way == "plain":
        return [machine.qemu, *direct]
    options = ["--qemu", machine.qemu]
    if program.thunks:
        options += ["--thunks", program.thunks]
    if way == "counted":
        options.append(f"--stats={report}")
    return [machine.thunk_run, *options, "--", *program.command]


# ---- the working folder ------------------------------------------------------

def folder_make(program, folder, cache):
    """Anew, with the program's inputs in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in program.inputs:
        if name in inputs.GENERATORS:
            shutil.copytree(inputs.generate(name, cache), folder,
                            symlinks=True, dirs_exist_ok=True)
        else:
            shutil.copy(HERE / "inputs" / name, folder)
    for name in "home", "tmp":
        (folder / name).mkdir(mode=0o700, exist_ok=True)
    for path in sorted(folder.rglob("*")):
        os.utime(path, (EPOCH, EPOCH), follow_symlinks=False)


def digest(data, program):
    return hashlib.sha256(masks.masked(data, program.masks)).hexdigest()


def tree_of(folder, program):
    """{NAME: what it is} of all that lies in a folder."""
    tree = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if any(fnmatch.fnmatch(name, pattern) for pattern in program.ignored):
            continue
        status = path.lstat()
        kind = f"{stat.S_IMODE(status.st_mode):o}"
        if stat.S_ISLNK(status.st_mode):
            kind = f"link to {os.readlink(path)}"
        elif stat.S_ISREG(status.st_mode):
            kind += " " + digest(path.read_bytes(), program)
        elif stat.S_ISDIR(status.st_mode):
            kind += " folder"
        else:
            kind += " special"
        tree[name] = kind
    return tree


# ---- running -----------------------------------------------------------------

def rest_end():
    """Ends what the program left running, which is ours to wait for."""
    while True:
        children = pathlib.Path(
            f"/proc/self/task/{os.getpid()}/children").read_text().split()
        if not children:
            return
        for child in children:
            os.kill(int(child), signal.SIGKILL)
            os.waitpid(int(child), 0)


def guardian(command, folder, environment, stdin, outputs, limit):
    """In a process of its own, whose children are those of the program alone:
    runs it, and gives what it took."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    start = time.monotonic()
    with open(folder / stdin, "rb") as given, \
            open(outputs[0], "wb") as out, open(outputs[1], "wb") as err:
        try:
            process = subprocess.Popen(
                command, cwd=folder, env=environment, stdin=given, stdout=out,
                stderr=err, start_new_session=True)
        except OSError as error:
            err.write(f"{command[0]}: {error.strerror}\n".encode())
            return {"status": 127, "cpu": 0.0, "wall": 0.0, "late": False}
    late = False
    try:
        status = process.wait(limit)
    except subprocess.TimeoutExpired:
        late = True
        os.killpg(process.pid, signal.SIGKILL)
        status = process.wait()
    wall = time.monotonic() - start
    rest_end()  # before its time is taken
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"status": status, "cpu": usage.ru_utime + usage.ru_stime,
            "wall": wall, "late": late}


def guarded(*arguments):
    """What guardian() gives, in a child of ours."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reading)
            text = json.dumps(guardian(*arguments))
            os.write(writing, text.encode())
            code = 0
        finally:
            rest_end()  # also where somebody has interrupted us
            os._exit(code)
    os.close(writing)
    try:
        with open(reading, "rb") as pipe:
            text = pipe.read()
    finally:
        os.waitpid(child, 0)
    return json.loads(text)


def stats_read(path):
    """What thunk-run's report says of all processes."""
    text = path.read_text() if path.exists() else ""
    decoder = json.JSONDecoder()
    counts = {"processes": 0, "calls": 0, "callbacks": 0, "faults": 0,
              "libraries": {}, "functions": {}}
    while text.strip():
        report, end = decoder.raw_decode(text.lstrip())
        text = text.lstrip()[end:]
        counts["processes"] += 1
        for row in report["functions"]:
            calls = sum(row["calls"].values())
            counts["calls"] += calls
            counts["callbacks"] += row["callbacks"]
            counts["faults"] += row["faults"]
            for kind, key in (("libraries", row["library"]),
                              ("functions", row["function"])):
                counts[kind][key] = counts[kind].get(key, 0) + calls
    most = sorted(counts["functions"].items(), key=lambda item: -item[1])
    counts["functions"] = dict(most[:10])
    return counts


def run_once(program, way, machine):
    """One run: what it took and what came out. Outputs and working folder stay
    in RESULTS/NAME/WAY."""
    folder = machine.results / "work"
    kept = machine.results / program.name / way
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir(parents=True)
    report = kept / "stats.json"
    folder_make(program, folder, machine.results / "inputs")
    command = command_of(program, way, machine, report)
    outputs = kept / "stdout", kept / "stderr"
    taken = guarded(command, folder, environment_of(program, folder, machine),
                    program.stdin, outputs, program.limit or machine.limit)
    came = {"status": str(taken["status"])}
    for name, path in zip(("stdout", "stderr"), outputs):
        if name not in program.ignored:
            came[name] = digest(path.read_bytes(), program)
    came["files"] = tree_of(folder, program)
    taken["came"] = came
    taken["own"] = own_lines(outputs[1])
    if way == "counted":
        taken["counts"] = stats_read(report)
    shutil.move(folder, kept / "work")
    return taken


def own_lines(path):
    """Lines that thunk-run, its plugin or its runtime put among the errors."""
    lines = path.read_text(errors="replace").splitlines()
    return [line for line in lines if line.startswith(("thunk", "libthunk",
                                                       "dlcall"))][:5]
