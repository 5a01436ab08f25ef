# SPDX-License-Identifier: MIT
"""What the runs of a program say: where its ways differ from the native one."""

import signal

# Words of a verdict, in the order of the table's last lines.
SAME = "same"
AS_PLAIN = "as plain"    # differs from native, and so does plain emulation
DIFFERS = "differs"
CRASHES = "crashes"
UNSTEADY = "unsteady"    # native runs differ among themselves
VERDICTS = (SAME, AS_PLAIN, DIFFERS, CRASHES, UNSTEADY)


def differences(one, other):
    """Names of what came out otherwise: status, stdout, stderr, files."""
    found = [name for name in ("status", "stdout", "stderr")
             if one.get(name) != other.get(name)]
    files, others = one["files"], other["files"]
    found += sorted(name for name in files.keys() | others.keys()
                    if files.get(name) != others.get(name))
    return found


def differs_in(result, way):
    """Names of what any run of a way has otherwise than the first native."""
    first = result["native"][0]["came"]
    found = []
    for run in result.get(way, []):
        found += [name for name in differences(first, run["came"])
                  if name not in found]
        if run["late"] and "time limit" not in found:
            found.append("time limit")
    return found


def ended(run):
    """How a run ended that did not end well, or ''."""
    if run["late"]:
        return "time limit"
    status = run["status"]
    if status < 0:
        return signal.Signals(-status).name
    if status in (126, 127):
        return f"status {status}"
    return ""


def crash_of(result, way):
    """How a run of a way ended where the native run did not end so, or ''."""
    first = result["native"][0]
    for run in result.get(way, []):
        if ended(run) and ended(run) != ended(first):
            return ended(run)
    return ""


def shortened(names):
    head = ", ".join(names[:3])
    return head + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def verdict_of(result):
    """A word of VERDICTS, and which outputs or how it ended."""
    unsteady = differs_in(result, "native")
    plain = differs_in(result, "plain")
    crash = crash_of(result, "thunked")
    if crash and crash != crash_of(result, "plain"):
        return CRASHES, crash
    if crash_of(result, "counted") and not crash:
        return CRASHES, f"with --stats: {crash_of(result, 'counted')}"
    thunked = differs_in(result, "thunked")
    if not thunked and not unsteady:
        counted = differs_in(result, "counted")
        if counted:
            return DIFFERS, f"with --stats: {shortened(counted)}"
        return SAME, ""
    if set(thunked) - set(plain) - set(unsteady):
        return DIFFERS, shortened([name for name in thunked
                                   if name not in plain + unsteady])
    if set(thunked) - set(unsteady):
        return AS_PLAIN, shortened(thunked)
    return UNSTEADY, shortened(unsteady)
