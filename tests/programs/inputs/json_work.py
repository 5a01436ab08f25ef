# SPDX-License-Identifier: MIT
"""JSON there and back, and regular expressions: no library of ours."""
import json
import re

with open("records.json") as file:
    text = file.read()
for turn in range(4):
    table = json.loads(text)
    text = json.dumps(table, indent=turn, sort_keys=True)
print(len(text), len(re.findall(r'"(\w*an\w*)"', text)))
print(sorted(table, key=lambda row: (row["price"], row["id"]))[:5])
