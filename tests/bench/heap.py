# SPDX-License-Identifier: MIT
"""Table of the heap that programs share with the host's libraries."""

import os

from measure import figures, medians, ratio, record, turned


def heap_once(target, rounds):
    """{(VARIANT, KIND): ns} of one turn of all variants."""
    program = target.program("heap")
    commands = {
        "emulated": target.emulated(program),
        "own": target.thunked("--without=heap", program),
        "heap": target.thunked(program),
    }
    if target.isa == os.uname().machine:
        commands["native"] = [program]
    return {(variant, kind): value for variant, command in commands.items()
            for kind, value in figures([*command, str(rounds)]).items()}


def heap(targets, folder, quick):
    print("malloc() and its family: nanoseconds an operation natively, in "
          "plain QEMU, with\nthunk-run --without heap, with the common heap; "
          "that over plain QEMU")
    variants = ("native", "emulated", "own", "heap")
    for target in targets:
        times = turned([heap_once(target, 20000 if quick else 1000000)
                        for _ in range(1 if quick else 7)])
        values = medians(times)
        print(f"  {target.title}", f"{'':18}" + "".join(
            f"{variant:>11}" for variant in variants) + "   heap/emulated",
            sep="\n")
        for kind in (kind for variant, kind in times if variant == "heap"):
            line = f"    {kind:14}"
            for variant in variants:
                value = values.get((variant, kind))
                line += f"{value:11.1f}" if value else f"{'':11}"
                if value:
                    record(f"heap-{target.name}", f"{kind}/{variant}", value,
                           "ns")
            part = ratio(times, ("heap", kind), ("emulated", kind))
            record(f"heap-{target.name}", f"{kind}/heap/emulated", part,
                   "ratio")
            print(f"{line}{part:16.2f}")
