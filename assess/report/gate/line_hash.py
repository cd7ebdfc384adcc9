"""GitHub's `primaryLocationLineHash`: by it code scanning knows an alert again after its line moved.

Source: src/fingerprints.ts of https://github.com/github/codeql-action. A line's hash is over the 100 UTF-16 code units that
follow its start, blanks left out and line ends as LF: the sum of unit · 37^(99-position), modulo 2^64. The text ends in 65535
and zeros. Equal hashes in a file are numbered. A value of our own instead would make the upload warn at each alert.
"""

from __future__ import annotations

import sys
from array import array
from itertools import accumulate

BLOCK, BASE, MASK = 100, 37, (1 << 64) - 1
END = 65535
_LEFT_OUT = str.maketrans("", "", " \t")


def line_hashes(content: bytes) -> list[str]:
    """`hash:occurrence` of each line, in order; an empty file has one line, and so has what follows the last line end."""
    units = _units(content)
    starts = [0, *(place + 1 for place, unit in enumerate(units[:-BLOCK]) if unit == 10)]
    sums = list(accumulate(units, lambda sum, unit: (sum * BASE + unit) & MASK, initial=0))
    power = pow(BASE, BLOCK, 1 << 64)
    seen: dict[int, int] = {}
    found = []
    for start in starts:
        value = (sums[start + BLOCK] - sums[start] * power) & MASK
        seen[value] = seen.get(value, 0) + 1
        found.append(f"{value:x}:{seen[value]}")
    return found


def _units(content: bytes) -> array[int]:
    """The text as UTF-16 code units, what is no UTF-8 replaced as Node replaces it, with its end and the zeros after it."""
    text = content.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").translate(_LEFT_OUT)
    units = array("H", text.encode(f"utf-16-{sys.byteorder[0]}e"))
    units.append(END)
    units.extend([0] * BLOCK)
    return units
