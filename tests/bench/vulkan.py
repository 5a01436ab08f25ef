# SPDX-License-Identifier: MIT
"""Tables of Vulkan, on an X server of their own and Mesa's software renderer."""

import os
import shutil
import subprocess
import time

from graphics import server
from measure import medians, ratio, record, turned


def seconds(command, frames, environment):
    start = time.monotonic()
    done = subprocess.run(
        [*map(str, command), "--c", str(frames)], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
        env={**os.environ, **environment})
    return time.monotonic() - start if done.returncode == 0 else None


def frames_per_second(command, few, many, environment):
    """Without start and end: by a short run and a long one."""
    short = seconds(command, few, environment)
    long = seconds(command, many, environment)
    return (many - few) / (long - short) if short and long else None


def vulkan(targets, _folder, quick):
    target = targets[0]
    path = shutil.which("vkcube")
    if not shutil.which("Xvfb") or not path:
        print("vulkan: left out: it needs Xvfb and vkcube (vulkan-tools)")
        return
    variants = {"native": ([path], 100, 3100),
                "thunked": (target.thunked(path), 100, 3100),
                "emulated": (target.emulated(path), 5, 35)}
    with server() as environment:
        runs = [{name: frames_per_second(*variant, environment)
                 for name, variant in variants.items()}
                for _ in range(1 if quick else 7)]
    if None in [value for one in runs for value in one.values()]:
        print("vulkan: left out: vkcube does not run")
        return
    times = turned(runs)
    median = medians(times)
    print("vkcube: frames per second natively, in plain QEMU, thunked")
    print("    native  emulated   thunked  thunked/native  emulated/native")
    print(f"  {median['native']:8.0f} {median['emulated']:9.1f}"
          f" {median['thunked']:9.0f}"
          f" {ratio(times, 'thunked', 'native'):15.3f}"
          f" {ratio(times, 'emulated', 'native'):16.4f}")
    for name, value in median.items():
        record("vulkan", f"vkcube/{name}", value, "1/s")
    for name in ("thunked", "emulated"):
        record("vulkan", f"vkcube/{name}/native", ratio(times, name, "native"),
               "ratio")
