# SPDX-License-Identifier: MIT
"""The plot of tests/bench/run --plot: gnuplot's work."""

import shutil
import subprocess
import sys

from measure import rows

TERMINALS = {".svg": "svg size 1000,900 dynamic background rgb 'white'",
             ".png": "pngcairo size 1000,900"}
BARS = ("local", "library", "instruction-leaf", "instruction-full",
        "instruction-callback", "magic-syscall", "syscall-full", "plain-call",
        "syscall-callback", "plain-callback", "fault-callback",
        "untyped-callback", "untyped-call")


def plot_check(path):
    """Ends the program, before it measures, if there can be no plot."""
    if path.suffix not in TERMINALS:
        sys.exit(f"bench: --plot {path}: a name that ends in "
                 f"{' or '.join(TERMINALS)}")
    if not shutil.which("gnuplot"):
        sys.exit("bench: --plot needs gnuplot: install gnuplot-nox")


def table(prefix):
    """{TARGET: {VARIANT: VALUE}} of the rows of one table in nanoseconds."""
    found = {}
    for name, variant, value, unit in rows:
        if name.startswith(prefix) and unit == "ns":
            found.setdefault(name.removeprefix(prefix), {})[variant] = value
    return found


def calls_script(calls):
    """Bars: a cluster for each kind, a bar in it for each target."""
    lines = ["$calls << EOD"]
    for kind in BARS:
        values = [f"{values[kind]:.6g}" for values in calls.values()]
        lines.append(" ".join([kind, *values]))
    titles = [f"$calls using {column}:xtic(1) title '{target}'"
              for column, target in enumerate(calls, 2)]
    return lines + [
        "EOD", "set title 'One call'", "set style data histogram",
        "set style histogram cluster gap 1", "set style fill solid 0.8",
        "set xtics rotate by -25", f"plot {', '.join(titles)}"]


def nested_script(nested):
    """Lines: the cost of a level by depth, for each door and target."""
    lines, curves = [], []
    for number, (target, values) in enumerate(nested.items()):
        for kind in ("instruction", "syscall", "plain"):
            block = f"${kind}{number}"
            points = [f"{variant.rpartition('-')[2]} {value:.6g}"
                      for variant, value in values.items()
                      if variant.rpartition("-")[0] == kind]
            lines += [f"{block} << EOD", *points, "EOD"]
            curves.append(f"{block} with linespoints "
                          f"title '{target} {kind}'")
    return lines + [
        "set title 'A level of nested callbacks, by depth'",
        "set xtics norotate (1, 2, 4, 8, 16, 32)", "set logscale x 2",
        f"plot {', '.join(curves)}"]


def plot_write(path):
    calls, nested = table("calls-"), table("nested-")
    parts = ([calls_script(calls)] if calls else []) + (
        [nested_script(nested)] if nested else [])
    if not parts:
        sys.exit("bench: nothing to plot: measure calls or nested")
    script = [f"set terminal {TERMINALS[path.suffix]} noenhanced",
              f"set output '{path}'",
              f"set multiplot layout {len(parts)},1",
              "set ylabel 'ns'", "set logscale y", "set grid y",
              "set key outside font ',9'"]
    script += [line for part in parts for line in part]
    subprocess.run(["gnuplot"], input="\n".join([*script, "unset multiplot\n"]),
                   text=True, check=True)
