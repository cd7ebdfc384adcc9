"""`sprintf` as OPA has it: Go's fmt over numbers and strings, every other term as OPA prints it.

Source: https://pkg.go.dev/fmt#hdr-Printing; a rare format is `Missing` rather than nearly right.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from assess.policy.rego.value import Missing, Undefined, written

_VERB = re.compile(r"%([#+\- 0]*)(\d*)(?:(\.)(\d*))?([\[*])?(.?)", re.DOTALL)
_MAX_WIDTH = 1_000_000
"""What Go takes for a width or precision: https://cs.opensource.google/go/go/+/refs/tags/go1.24.0:src/fmt/print.go;l=307."""


def sprintf(form: Any, operands: Any) -> str:
    """The text of a format filled with operands. Errors: Undefined for wrong types, Missing for a format we do not have."""
    if not isinstance(form, str) or not isinstance(operands, list):
        raise Undefined
    values = [value if isinstance(value, str) or _number(value) else written(value) for value in operands]
    parts: list[str] = []
    used = at = 0
    for found in _VERB.finditer(form):
        parts.append(form[at : found.start()])
        at = found.end()
        flags, width, dot, precision, indirect, verb = found.groups()
        if indirect or max(int(width or 0), int(precision or 0)) > _MAX_WIDTH:
            raise Missing(f"sprintf: {found[0]!r}")
        if not verb:
            parts.append("%!(NOVERB)")
        elif verb == "%":
            parts.append("%")
        elif used >= len(values):
            parts.append(f"%!{verb}(MISSING)")
        else:
            parts.append(_filled(values[used], flags, int(width or 0), int(precision or 0) if dot else None, verb))
            used += 1
    parts.append(form[at:])
    if used < len(values):
        parts.append("%!(EXTRA " + ", ".join(f"{_type(value)}={_filled(value, '', 0, None, 'v')}" for value in values[used:]) + ")")
    return "".join(parts)


def _number(value: Any) -> bool:
    """Whether Go takes a number for one; of those beyond its range it takes the text."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value not in (float("inf"), float("-inf"))


def _type(value: Any) -> str:
    if isinstance(value, str):
        return "string"
    if isinstance(value, float):
        return "float64"
    return "int64" if -(2**63) <= value < 2**63 else "*big.Int"


def _filled(value: Any, flags: str, width: int, precision: int | None, verb: str) -> str:
    if verb == "T":
        return _padded(_type(value), flags, width)
    shown = _string if isinstance(value, str) else _real if isinstance(value, float) else _whole
    made: str | None = shown(value, flags, precision, verb)
    if made is None:
        return f"%!{verb}({_type(value).removeprefix('*')}={_filled(value, '', 0, None, 'v')})"
    zeros = "0" in flags and "-" not in flags and not (isinstance(value, int) and precision is not None)
    if zeros and len(made) < width and isinstance(value, int | float) and verb not in "cq":
        sign = made[0] if made[0] in "+- " else ""
        return sign + made[len(sign) :].rjust(width - len(sign), "0")
    if zeros and isinstance(value, str):
        raise Missing("sprintf: zeros before a string")
    return _padded(made, flags, width)


def _padded(text: str, flags: str, width: int) -> str:
    return text.ljust(width) if "-" in flags else text.rjust(width)


def _string(value: str, flags: str, precision: int | None, verb: str) -> str | None:
    shown = value if precision is None else value[:precision]
    if verb in "sv":
        if verb == "v" and "#" in flags:
            return written(shown)
        return shown
    if verb == "q":
        if set(flags) & {"#", "+"}:
            raise Missing("sprintf: %q with flags")
        return written(shown)
    if verb in "xX":
        if set(flags) & {"#", " "} or precision is not None:
            raise Missing("sprintf: %x of a string with flags")
        made = value.encode().hex()
        return made if verb == "x" else made.upper()
    return None


def _whole(value: int, flags: str, precision: int | None, verb: str) -> str | None:
    if verb in ("dv" if _type(value) == "int64" else "dsv"):
        digits = str(abs(value))
    elif verb in "boxX":
        digits = format(abs(value), verb)
        if "#" in flags:
            digits = {"b": "0b", "o": "0", "x": "0x", "X": "0X"}[verb] + digits
    elif verb == "O":
        digits = "0o" + format(abs(value), "o")
    elif verb in "cqU" and _type(value) == "int64":
        return _character(value, flags, precision, verb)
    else:
        return None
    if precision is not None or (_type(value) != "int64" and flags.strip("-0+ ")):
        raise Missing("sprintf: precision of a whole number")
    return _sign(value < 0, flags) + digits


def _character(value: int, flags: str, precision: int | None, verb: str) -> str:
    if set(flags) & {"#", "+"} or precision is not None:
        raise Missing(f"sprintf: %{verb} with flags")
    if verb == "U":
        return f"U+{value & 0xFFFFFFFFFFFFFFFF:04X}"
    shown = chr(value) if 0 <= value <= 0x10FFFF and not 0xD800 <= value <= 0xDFFF else "\ufffd"
    if verb == "c":
        return shown
    inner = written(shown)[1:-1].replace('\\"', '"')
    return "'" + ("\\'" if shown == "'" else inner) + "'"


def _real(value: float, flags: str, precision: int | None, verb: str) -> str | None:
    if verb not in "eEfFgGv":
        if verb in "bxX":
            raise Missing(f"sprintf: %{verb} of a number with a fraction")
        return None
    if "#" in flags:
        raise Missing("sprintf: a number with a fraction and the flag #")
    number = abs(value)
    if verb in "eEfF":
        made = format(number, f".{6 if precision is None else precision}{verb}")
    elif precision is not None:
        made = _general(number, format(number, f".{max(precision, 1) - 1}e"), precision or 1)
    else:
        made = _general(number, _shortest(number), 6)
    made = made.upper() if verb in "EG" else made
    return _sign(value < 0 or str(value) == "-0.0", flags) + made


def _sign(negative: bool, flags: str) -> str:
    return "-" if negative else "+" if "+" in flags else " " if " " in flags else ""


def _shortest(number: float) -> str:
    """The fewest digits that stand for a number, with an exponent."""
    exact = Decimal(repr(float(number))).normalize()
    digits = "".join(map(str, exact.as_tuple().digits))
    exponent = len(digits) - 1 + int(exact.as_tuple().exponent) if number else 0
    return f"{digits[0]}{'.' + digits[1:] if len(digits) > 1 else ''}e{exponent:+03d}"


def _general(number: float, scientific: str, most: int) -> str:
    """Go's %g: plain digits for exponents from -4 to below `most`, no zeros at the end.

    Source: https://pkg.go.dev/strconv#FormatFloat (%e for large exponents).
    """
    mantissa, _, power = scientific.partition("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    if -4 <= int(power) < max(most, 1):
        plain = format(Decimal(f"{mantissa}e{power}"), "f")
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    return f"{mantissa}e{int(power):+03d}"
