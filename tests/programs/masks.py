# SPDX-License-Identifier: MIT
"""What differs from run to run without emulation, and so is not compared.

Each mask is a pattern of bytes, whatever file or output they are in, and why no
two runs have the same ones. What a mask finds is exchanged for its name.
"""

import re

MASKS = {
    "seconds": (rb"\d+\.\d+ ?s(ec(onds?|s)?)?\b|\d+ /sec\b",
                "a program that tells how long it took"),
    "times": (rb"(decode|encode|other|total) \d+\.\d+",
              "pngcrush tells how long each part took"),
    "megabytes": (rb"\d+\.\d+ M[bB]\b",
                  "a program that tells how much memory it took"),
}


def masked(data, names):
    for name in names:
        data = re.sub(MASKS[name][0], b"<" + name.encode() + b">", data)
    return data
