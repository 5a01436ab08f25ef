# SPDX-License-Identifier: MIT
"""Tables of what calls cost: calls, nested, scale, threads. The programs that
measure are in calls/, the scheme to compare with is in plain/."""

from measure import (BENCH, PLAIN, figures, medians, ratio, record, turned)

# What is set against which row of the plain scheme.
PLAIN_ROWS = {
    "instruction-leaf": "plain-call", "instruction-full": "plain-call",
    "syscall-leaf": "plain-call", "syscall-full": "plain-call",
    "instruction-callback": "plain-callback",
    "syscall-callback": "plain-callback", "fault-callback": "plain-callback",
    "untyped-callback": "plain-callback", "untyped-call": "plain-call",
}
DEPTHS = (1, 2, 4, 8, 16, 32)
THREAD_KINDS = ("magic-syscall", "instruction-leaf", "instruction-full",
                "syscall-full", "plain-call", "plain-callback")


def bench_calls(target, rounds, *mode, **environment):
    command = target.thunked(target.program("calls"), PLAIN, str(rounds),
                             *mode, thunks=BENCH / "thunks")
    return figures(command, **environment)


def calls_once(target, rounds):
    """A run, and what only THUNK_DOOR=syscall shows, in units of this run."""
    run = bench_calls(target, rounds, "calls")
    forced = bench_calls(target, rounds, "calls", THUNK_DOOR="syscall")
    run["syscall-leaf"] = forced["instruction-leaf"] * (
        run["magic-syscall"] / forced["magic-syscall"])
    return run


def calls_print(target, times):
    name = f"calls-{target.name}"
    print(f"  {target.title:40} {'ns':>9}  x local  x magic  plain/it")
    for kind, value in medians(times).items():
        local = ratio(times, kind, "local")
        magic = ratio(times, kind, "magic-syscall")
        gain = ""
        record(name, kind, value, "ns")
        record(name, f"{kind}/local", local, "ratio")
        record(name, f"{kind}/magic-syscall", magic, "ratio")
        if kind in PLAIN_ROWS:
            plain = PLAIN_ROWS[kind]
            times_plain = ratio(times, plain, kind)
            record(name, f"{plain}/{kind}", times_plain, "ratio")
            gain = f"{times_plain:9.2f}"
        print(f"    {kind:38} {value:9.1f} {local:8.2f} {magic:8.2f} {gain}")
    record(name, "syscall-full/instruction-leaf",
           ratio(times, "syscall-full", "instruction-leaf"), "ratio")


def calls(targets, folder, quick):
    print("calls of a function of three ints, and callbacks of one: "
          "nanoseconds; how many\nemulated local calls, or bare magic "
          "syscalls, that is; how many times as long\nthe plain scheme takes. "
          "'library' is an emulated call into another library")
    for target in targets:
        runs = [calls_once(target, 3 if quick else 15)
                for _ in range(1 if quick else 5)]
        calls_print(target, turned(runs))


def nested(targets, folder, quick):
    print("a callback that makes a call whose callback makes a call ...: "
          "nanoseconds a level")
    for target in targets:
        runs = [bench_calls(target, 3 if quick else 9, "nested")
                for _ in range(1 if quick else 3)]
        times = turned(runs)
        values = medians(times)
        name = f"nested-{target.name}"
        heads = "".join(f"{f'depth {depth}':>10}" for depth in DEPTHS)
        print(f"  {target.title:40}{heads}")
        for kind in ("instruction", "syscall", "plain"):
            line = [values[f"{kind}-nested-{depth}"] for depth in DEPTHS]
            print(f"    {kind:38}" + "".join(f"{ns:10.1f}" for ns in line))
            for depth, value in zip(DEPTHS, line):
                record(name, f"{kind}-{depth}", value, "ns")
                if kind != "plain":
                    record(name, f"plain/{kind}-{depth}",
                           ratio(times, f"plain-nested-{depth}",
                                 f"{kind}-nested-{depth}"), "ratio")


def scale(targets, folder, quick):
    print("calls a second on 2 threads over 1, of the runs in which nobody "
          "else took a\nprocessor; 'local' shows what this machine gives at best")
    rounds = 3 if quick else 15
    for target in targets:
        values = bench_calls(target, rounds, "scale")
        print(f"  {target.title:40} 2 over 1  quiet runs")
        for name in (name for name in values if name.endswith("-quiet")):
            kind = name.removesuffix("-quiet")
            quiet = int(values[name])
            print(f"    {kind:38}", f"{values[kind]:8.2f}" if quiet else
                  f"{'none':>8}", f"{quiet:5} of {rounds}")
            if quiet > 0:
                record(f"scale-{target.name}", kind, values[kind], "ratio")


def threads(targets, folder, quick):
    print("64 threads that live: the first call of each, of one that comes "
          "when others have\nleft, and the memory that a thread takes by "
          "itself and by its call")
    for target in targets:
        name = f"threads-{target.name}"
        print(f"  {target.title:40} first us  next us   KiB own  KiB call")
        for kind in THREAD_KINDS:
            runs = [bench_calls(target, 1, "thread", kind)
                    for _ in range(1 if quick else 5)]
            values = medians(turned(runs))
            first, following = (values[key] / 1e3 for key in
                                ("first-call", "next-first-call"))
            print(f"    {kind:38} {first:9.1f} {following:8.1f}"
                  f" {values['thread-kib']:9.1f} {values['call-kib']:9.2f}")
            record(name, f"{kind}-first-call", first, "us")
            record(name, f"{kind}-next-first-call", following, "us")
            record(name, f"{kind}-thread-resident", values["thread-kib"],
                   "KiB")
            record(name, f"{kind}-call-resident", values["call-kib"], "KiB")
