"""`units.*` as OPA has it: exact numbers, and the same rounding.

Source: https://www.openpolicyagent.org/docs/policy-reference/builtins/units.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from assess.policy.rego.value import Missing, Real, Undefined, text

_AMOUNT = re.compile(r"(?:[0-9.+\-]|[eE](?=[0-9+\-])[+\-]?)*")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_SIZES = {"": 1} | {f"{unit}i": 1024**n for n, unit in enumerate("kmgtpe", 1)} | {unit: 1000**n for n, unit in enumerate("kmgtpe", 1)}


def _amount(value: str) -> tuple[Fraction, str]:
    if " " in value:
        raise Undefined
    number = _AMOUNT.match(value)
    amount, unit = (number[0], value[number.end() :]) if number else ("", value)
    exponent = re.search(r"[eE][+-]?([0-9]+)", amount)
    if exponent and len(exponent[1]) > 6:
        raise Undefined
    if exponent and len(exponent[1]) > 3:
        raise Missing("units: an exponent of more than three digits")
    if not _NUMBER.fullmatch(amount):
        raise Undefined
    return Fraction(amount.rstrip(".") if amount.endswith(".") else amount), unit


def parse(value: Any) -> int | float:
    """The number behind a quantity such as 100m or 4Gi: `m` is a thousandth, `M` a million."""
    amount, unit = _amount(text(value).replace('"', ""))
    size = Fraction(0.001) if unit == "m" else _size(unit.lower())
    found = amount * size
    return int(found) if found.denominator == 1 else _rounded(found)


def parse_bytes(value: Any) -> int:
    """The bytes behind a size such as 10MB or 4Ki."""
    amount, unit = _amount(text(value).lower().replace('"', ""))
    return int(amount * _size("" if unit == "" else unit.removesuffix("b") or "?"))


def _size(unit: str) -> Fraction:
    if unit not in _SIZES:
        raise Undefined
    return Fraction(_SIZES[unit])


def _rounded(exact: Fraction) -> float:
    """To ten places behind the point, halves away from zero, as Go's Rat.FloatString has it."""
    scaled = abs(exact) * 10**10
    digits = int(scaled) + (scaled - int(scaled) >= Fraction(1, 2))
    return Real(f"{'-' if exact < 0 else ''}{digits // 10**10}.{digits % 10**10:010d}")
