# SPDX-License-Identifier: MIT
"""Checks a file of --stats. usage: stats.py FILE PROCESSES [NAME.FIELD=VALUE]...

FILE has that many reports. FIELD: syscall, fast and leaf are calls through these
doors, calls is their sum, and the others are as in the file; each summed up over
all reports. ">=" may take the place of "=".
"""

import json
import re
import sys

WAYS = ("syscall", "fast", "leaf")


def reports_read(path):
    text = open(path, encoding="ascii").read()
    decoder = json.JSONDecoder()
    while text.strip():
        report, end = decoder.raw_decode(text.lstrip())
        text = text.lstrip()[end:]
        yield report


def value_of(reports, name, field):
    value = 0
    for report in reports:
        for row in report["functions"]:
            if row["function"] != name:
                continue
            if field == "calls":
                value += sum(row["calls"].values())
            else:
                value += row["calls"][field] if field in WAYS else row[field]
    return value


def main():
    path, processes, *expected = sys.argv[1:]
    reports = list(reports_read(path))
    if len({report["process"] for report in reports}) != int(processes):
        sys.exit(f"{path}: not {processes} processes: {reports}")
    for text in expected:
        name, field, sign, wanted = re.fullmatch(
            r"(\w+)\.(\w+)(>?=)(\d+)", text).groups()
        value = value_of(reports, name, field)
        if value != int(wanted) if sign == "=" else value < int(wanted):
            sys.exit(f"{path}: {text}: it is {value}: {reports}")


main()
