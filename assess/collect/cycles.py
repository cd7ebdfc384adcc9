"""The search for cyclic garbage, made rarer while values are made that stay and hold no cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_NEW, _YOUNG, _MIDDLE = 20_000, 20, 20
"""How many values are made before those are looked through, and how often before older ones are, too; Python's own 700, 10
and 10 take an eighth of a scan. Source: https://docs.python.org/3.11/library/gc.html#gc.set_threshold"""


@contextmanager
def rarely_looked_for() -> Iterator[None]:
    """Nothing; while it lasts, garbage in cycles is looked for rarely. Whoever looks for none at all is left to it."""
    before = gc.get_threshold()
    if before[0]:
        gc.set_threshold(max(before[0], _NEW), _YOUNG, _MIDDLE)
    try:
        yield
    finally:
        gc.set_threshold(*before)
