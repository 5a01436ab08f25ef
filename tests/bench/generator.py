# SPDX-License-Identifier: MIT
"""The table of the generator: each spec of specs/, and all of them."""

import resource
import shlex
import shutil
import statistics
import subprocess

from measure import BUILD, ROOT, record


def commands_find():
    """The command of each spec, as the build has it, by the spec's name."""
    ninja = shutil.which("ninja")
    if not ninja or not (BUILD / "build.ninja").exists():
        return {}
    lines = subprocess.run([ninja, "-C", BUILD, "-t", "commands", "all"],
                           check=True, text=True, capture_output=True).stdout
    found = {}
    for line in lines.splitlines():
        for command in line.split(" && "):
            words = shlex.split(command) if "--spec" in command else [""]
            if words[0] == str(BUILD / "bin/thunkgen"):
                spec = words[words.index("--spec") + 1]
                if spec.startswith(str(ROOT / "specs") + "/"):
                    found[spec.rpartition("/")[2].removesuffix(".yml")] = words
    return dict(sorted(found.items()))


def cpu_time(command):
    """Of user and kernel, so that other work on the machine counts little."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime
            - before.ru_utime - before.ru_stime)


def generator(targets, folder, quick):
    commands = commands_find()
    if not commands:
        print("generator: left out: it needs a build by ninja")
        return
    print("thunkgen, CPU ms for each spec, as the build calls it")
    total = 0
    for name, words in commands.items():
        words = list(words)
        words[words.index("-o") + 1] = str(folder / "generated")
        for option in "--depfile", "--deptarget":
            place = words.index(option)
            del words[place:place + 2]
        guests = words[words.index("--guest") + 1]
        time = 1e3 * statistics.median(cpu_time(words)
                                       for _ in range(1 if quick else 5))
        print(f"  {name:12} {time:8.0f}  {guests}")
        record("generator", name, time, "ms")
        total += time
    print(f"  {'all of them':12} {total:8.0f}")
    record("generator", "all", total, "ms")
