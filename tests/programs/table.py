# SPDX-License-Identifier: MIT
"""The results as Markdown: a line for each program, means, and counts."""

import math

import verdict

# A program counts for the means if there is something to measure: below that,
# QEMU's start is most of its time.
NATIVE_LEAST = 0.05
PLAIN_LEAST = 0.3

CALLS_LEAST = 100  # fewer are a program's look at a version or the like


def library_name(soname):
    stem = soname.split(".so")[0]
    return stem[3:] if stem.startswith("lib") else stem


def cpu_of(result, way):
    """The least of the runs' processor time: the one least disturbed."""
    runs = result.get(way)
    return min(run["cpu"] for run in runs) if runs else None


def is_bound(native, plain):
    """Whether a program is bound by the processor; plain None: not compared."""
    return native >= NATIVE_LEAST or (plain or 0) >= PLAIN_LEAST


def mean(values):
    """The geometric one."""
    return math.exp(sum(map(math.log, values)) / len(values)) if values else 0


def ratio_text(over, under):
    return f"{over / under:.2f}" if over and under else "–"


def number_text(row, key):
    """A crash may leave no report."""
    if row["word"] == verdict.CRASHES and not row["counts"]["processes"]:
        return "?"
    return f"{row['counts'][key]:,}"


def row_of(result):
    """The figures of one program."""
    native, plain, thunked = (cpu_of(result, way)
                              for way in ("native", "plain", "thunked"))
    children = "children" in result["line"].split(" | ")[3].split()
    counts = result["counted"][0]["counts"]
    word, detail = verdict.verdict_of(result)
    own = any(run["own"] for run in result["thunked"])
    return {"name": result["name"], "native": native,
            "plain": None if children else plain, "shown": plain,
            "thunked": thunked, "counts": counts, "word": word,
            "detail": detail, "own": own,
            "bound": is_bound(native, None if children else plain)}


def line_of(row):
    counts = row["counts"]
    used = sorted((name for name in counts["libraries"]
                   if ".so" in name),  # the rest is pointers, of no library
                  key=counts["libraries"].get, reverse=True)
    plain = (f"{row['shown']:.2f}" if row["plain"] is not None
             else f"({row['shown']:.2f})")
    said = row["word"] + (f": {row['detail']}" if row["detail"] else "")
    return (f"| {row['name']}{'' if row['bound'] else ' °'} "
            f"| {' '.join(map(library_name, used)) or '–'} "
            f"| {row['native']:.2f} | {plain} | {row['thunked']:.2f} "
            f"| {ratio_text(row['thunked'], row['native'])} "
            f"| {ratio_text(row['thunked'], row['plain'])} "
            f"| {number_text(row, 'calls')} "
            f"| {number_text(row, 'callbacks')} "
            f"| {number_text(row, 'faults')} "
            f"| {said}{' *' if row['own'] else ''} |")


def means_lines(rows):
    """The means over those that are bound by the processor and did the work."""
    fit = [row for row in rows if row["bound"] and row["thunked"]
           and row["word"] != verdict.CRASHES]
    with_calls = [row for row in fit if row["counts"]["calls"] >= CALLS_LEAST]
    groups = (("all", fit),
              (f"with {CALLS_LEAST} calls to the host or more", with_calls),
              ("with fewer or none",
               [row for row in fit if row not in with_calls]))
    yield ("| geometric means of CPU-bound programs | programs | "
           "thunked/native | thunked/plain | plain/native |")
    yield "|---|---|---|---|---|"
    for name, group in groups:
        if not group:
            continue
        both = [row for row in group if row["plain"]]
        means = (mean([row["thunked"] / row["native"] for row in group]),
                 mean([row["thunked"] / row["plain"] for row in both]),
                 mean([row["plain"] / row["native"] for row in both]))
        yield (f"| {name} | {len(group)} | "
               + " | ".join(f"{value:.2f}" for value in means) + " |")


def table_lines(results, missing):
    """results: those that are finished; missing: {NAME: why there is none}."""
    rows = [row_of(result) for result in results]
    yield ("| program | libraries on the host | native s | plain s | thunked s "
           "| thunked/native | thunked/plain | calls | callbacks | faults | "
           "output |")
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    for row in sorted(rows, key=lambda row: row["name"]):
        yield line_of(row)
    for name, why in missing.items():
        yield f"| {name} | | | | | | | | | | {why} |"
    yield ""
    yield from means_lines(rows)
    yield ""
    counts = {word: sum(row["word"] == word for row in rows)
              for word in verdict.VERDICTS}
    yield (f"Of {len(rows)} programs {counts[verdict.SAME]} have the same "
           f"output as natively; {counts[verdict.AS_PLAIN]} differ as plain emulation "
           f"does; {counts[verdict.DIFFERS]} differ where plain emulation does "
           f"not; {counts[verdict.CRASHES]} crash or do not start; "
           f"{counts[verdict.UNSTEADY]} differ from run to run natively.")
