# SPDX-License-Identifier: MIT
"""That tests/programs/run works. usage: tool.py BUILD

What the programs of the real list do is not looked at: only that its lines can
be read, and that a short list of our own is run, compared and told of as it
should be. Exit status 77: skipped.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

import table  # noqa: E402
import verdict  # noqa: E402
import ways  # noqa: E402

RUN = pathlib.Path(__file__).with_name("run")
SKIPPED = 77

LIST = """\
# NAME | PACKAGES | INPUTS | OPTIONS | COMMAND
shell | - | - | - | sh -c "read line; echo got $line; echo err >&2; echo x > made; exit 3" < /etc/hostname
zlib | - | small | - | python3 -Sc "import zlib; print(zlib.crc32(open('small.png', 'rb').read()))"
number | - | - | - | sh -c 'echo $$'
lacking | no-such-package | - | - | true
"""


def need(condition, text):
    if not condition:
        sys.exit(f"tool: {text}")


def board(build, *arguments, status=0):
    done = subprocess.run(
        [sys.executable, RUN, "--thunk-run", build / "bin/thunk-run",
         *arguments], text=True, capture_output=True)
    if done.returncode == SKIPPED:
        print(f"skipped: {done.stdout.strip()}")
        sys.exit(SKIPPED)
    need(done.returncode == status, f"{arguments}: status {done.returncode}, "
         f"not {status}:\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def case_runs(build, folder):
    """A list of our own: run, found again, told of."""
    listed, results = folder / "list", folder / "results"
    listed.write_text(LIST)
    options = "--list", listed, "--results", results
    text = board(build, *options)
    need("missing: no-such-package" in text, f"nothing is missing:\n{text}")
    if "missing: python3" in text:
        print("skipped: no python3 in /usr/bin")
        sys.exit(SKIPPED)
    found = {name: json.loads((results / name / "result.json").read_text())
             for name in ("shell", "zlib", "number")}
    words = {name: verdict.verdict_of(result)[0]
             for name, result in found.items()}
    need(words == {"shell": verdict.SAME, "zlib": verdict.SAME,
                   "number": verdict.UNSTEADY}, f"{words}:\n{text}")
    came = found["shell"]["plain"][0]["came"]
    need(came["status"] == "3" and "made" in came["files"], f"{came}")
    counts = found["zlib"]["counted"][0]["counts"]
    need(counts["libraries"].get("libz.so.1", 0) > 0, f"no calls: {counts}")
    need(all(run["cpu"] > 0 for run in found["zlib"]["thunked"]), "no time")

    before = (results / "shell/result.json").stat().st_mtime_ns
    board(build, *options)
    after = (results / "shell/result.json").stat().st_mtime_ns
    need(before == after, "what was finished is run again")
    text = board(build, *options, "--table")
    for part in ("| zlib", "| z |", "Of 3 programs 2 have the same output",
                 "| missing: no-such-package |"):
        need(part in text, f"--table without '{part}':\n{text}")


def case_usage(build, folder):
    """Lists that cannot be read, and the real one, which can."""
    need("libsqlite3-tcl" in board(build, "--packages").split(),
         "--packages without one of the real list")
    for line, told in (("a | - | - | true", "expected"),
                       ("a | - | - | mask=x | true", "no such option"),
                       ("a | - | x | - | true", "no such input")):
        (folder / "wrong").write_text(f"\n{line}\n")
        text = board(build, "--list", folder / "wrong", status=1)
        need("wrong:2" in text and told in text, f"'{line}' tells {text}")


def case_ends(build, folder):
    """What runs too long is ended, with what it has left running."""
    outputs = folder / "out", folder / "err"
    command = ["sh", "-c", "(setsid sleep 60 &) ; echo here; sleep 60"]
    taken = ways.guarded(command, folder, {"PATH": "/usr/bin:/bin"},
                         "/dev/null", outputs, 0.5)
    need(taken["late"] and 0.4 < taken["wall"] < 20, f"no limit: {taken}")
    need(outputs[0].read_text() == "here\n", "no output")


def outcome(**changes):
    came = {"status": "0", "stdout": "a", "stderr": "b", "files": {"f": "1"}}
    status = changes.pop("ended", 0)
    return {"came": {**came, **changes}, "status": status, "late": False,
            "cpu": 1.0, "own": []}


def case_verdicts(build, folder):
    """Each word of a verdict, and when it is said."""
    good, other = outcome(), outcome(stdout="c")
    killed = outcome(ended=-6, status="-6")
    files = outcome(files={"f": "1", "g": "2"})
    for native, plain, thunked, word, detail in (
            (good, good, good, verdict.SAME, ""),
            (good, good, other, verdict.DIFFERS, "stdout"),
            (good, good, files, verdict.DIFFERS, "g"),
            (good, other, other, verdict.AS_PLAIN, "stdout"),
            (good, other, files, verdict.DIFFERS, "g"),
            (good, good, killed, verdict.CRASHES, "SIGABRT"),
            (killed, killed, killed, verdict.SAME, ""),
            (good, killed, killed, verdict.AS_PLAIN, "status")):
        result = {"native": [native, native], "plain": [plain],
                  "thunked": [thunked], "counted": [thunked]}
        said = verdict.verdict_of(result)
        need(said == (word, detail), f"{said}, not {(word, detail)}")
    need(abs(table.mean([2, 8]) - 4) < 1e-9, "no geometric mean")


def main():
    build = pathlib.Path(sys.argv[1])
    for case in case_verdicts, case_usage, case_ends, case_runs:
        with tempfile.TemporaryDirectory() as folder:
            case(build, pathlib.Path(folder))


if __name__ == "__main__":
    main()
