"""`time.*` as OPA has it: nanoseconds, Go's layouts, zones by name.

Source: https://pkg.go.dev/time#pkg-constants (layouts); a layout with an element that is not here is `Missing`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from fractions import Fraction
from time import time_ns
from typing import Any
from zoneinfo import ZoneInfo

from assess.policy.rego.value import Missing, Undefined, whole

SECOND = 1_000_000_000
_NAMED = {
    "ANSIC": "Mon Jan _2 15:04:05 2006", "UnixDate": "Mon Jan _2 15:04:05 MST 2006", "RubyDate": "Mon Jan 02 15:04:05 -0700 2006",
    "RFC822": "02 Jan 06 15:04 MST", "RFC822Z": "02 Jan 06 15:04 -0700", "RFC850": "Monday, 02-Jan-06 15:04:05 MST",
    "RFC1123": "Mon, 02 Jan 2006 15:04:05 MST", "RFC1123Z": "Mon, 02 Jan 2006 15:04:05 -0700",
    "RFC3339": "2006-01-02T15:04:05Z07:00", "RFC3339Nano": "2006-01-02T15:04:05.999999999Z07:00",
}  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_ELEMENT = re.compile(
    r"2006|January|Jan|Monday|Mon|MST|Z07:00:00|Z07:00|Z0700|Z07|-07:00:00|-07:00|-0700|-07|"
    r"[.,]0+(?!\d)|[.,]9+(?!\d)|002|01|02|03|04|05|06|15|__2|_2|PM|pm|1|2|3|4|5"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RFC3339 = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)", re.ASCII)


def now_ns() -> int:
    """The present."""
    return time_ns()


def parse_rfc3339_ns(text: Any) -> int:
    """The nanoseconds of a time such as 2026-01-31T12:00:00Z."""
    found = _RFC3339.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise Undefined
    fraction = int(((found[7] or "") + "0" * 9)[:9])
    return _nanoseconds([int(found[n]) for n in range(1, 7)], fraction, 0 if found[8] == "Z" else _offset(found[8]))


def parse_ns(layout: Any, text: Any) -> int:
    """The nanoseconds of a time that is written as a layout says."""
    if not isinstance(layout, str) or not isinstance(text, str):
        raise Undefined
    layout = _NAMED.get(layout, layout)
    if layout == _NAMED["RFC3339"]:
        return parse_rfc3339_ns(text)
    pattern, at = "", 0
    for found in _ELEMENT.finditer(layout):
        behind_seconds = layout[: found.start()].endswith("05") and set(found[0][1:]) == {"9"}
        if found[0] not in _READ and not behind_seconds:
            raise Missing(f"time.parse_ns: {found[0]} in a layout")
        pattern += re.escape(layout[at : found.start()]) + _READ.get(found[0], "")
        at = found.end()
    try:
        shape = re.compile(pattern + re.escape(layout[at:]), re.ASCII)
    except re.error:
        raise Missing("time.parse_ns: an element named twice in a layout") from None
    read = shape.fullmatch(text)
    if not read:
        raise Undefined
    parts = read.groupdict()
    month = parts.get("month") or "1"
    number = int(month) if month.isdigit() else next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(month))
    moment = [int(parts.get("year") or 0), number, *(int(parts.get(name) or low) for name, low in _LOW)]
    if short := parts.get("short"):
        moment[0] = int(short) + (1900 if int(short) >= 69 else 2000)
    elif "year" not in parts:
        raise Missing("time.parse_ns: a layout without a year")
    fraction = int(((parts.get("fraction") or "") + "0" * 9)[:9])
    return _nanoseconds(moment, fraction, _offset(parts.get("zone") or "Z"))


_READ = {
    "2006": r"(?P<year>\d{4})", "06": r"(?P<short>\d\d)", "01": r"(?P<month>\d\d)", "02": r"(?P<day>\d\d)", "15": r"(?P<hour>\d\d)", "04": r"(?P<minute>\d\d)",
    "05": r"(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?", "Jan": f"(?P<month>{'|'.join(m[:3] for m in _MONTHS)})",
    "January": f"(?P<month>{'|'.join(_MONTHS)})", "Z07:00": r"(?P<zone>Z|[+-]\d\d:\d\d)", "-07:00": r"(?P<zone>[+-]\d\d:\d\d)",
    "-0700": r"(?P<zone>[+-]\d\d\d\d)", "Z0700": r"(?P<zone>Z|[+-]\d\d\d\d)",
}  # fmt: skip
_LOW = (("day", 1), ("hour", 0), ("minute", 0), ("second", 0))


def format_time(moment: Any) -> str:
    """A time as a layout says; RFC3339Nano where there is none."""
    local, fraction, layout = _moment(moment)
    parts: list[str] = []
    at = 0
    layout = _NAMED.get(layout, layout) or _NAMED["RFC3339Nano"]
    for found in _ELEMENT.finditer(layout):
        parts += [layout[at : found.start()], _shown(found[0], local, fraction, parts)]
        at = found.end()
    return "".join(parts) + layout[at:]


def _shown(element: str, local: datetime, fraction: int, before: list[str]) -> str:
    if element[0] in ".,":
        digits = f"{fraction:09d}"[: len(element) - 1]
        digits = digits.rstrip("0") if element[1] == "9" else digits
        return element[0] + digits if digits else ""
    if element in _SHOWN:
        return _SHOWN[element](local)
    if element[0] in "-Z":
        seconds = int((local.utcoffset() or timedelta()).total_seconds())
        if element[0] == "Z" and not seconds:
            return "Z"
        colon = ":" if ":" in element else ""
        minutes = "" if len(element) == 3 else f"{colon}{abs(seconds) // 60 % 60:02d}"
        if element.count("00") == 2 or seconds % 60:
            raise Missing("time.format: a zone with seconds")
        return f"{'-' if seconds < 0 else '+'}{abs(seconds) // 3600:02d}{minutes}"
    raise Missing(f"time.format: {element} in a layout")


_SHOWN: dict[str, Callable[[datetime], str]] = {
    "2006": lambda t: f"{t.year:04d}", "06": lambda t: f"{t.year % 100:02d}", "01": lambda t: f"{t.month:02d}", "1": lambda t: str(t.month),
    "January": lambda t: _MONTHS[t.month - 1], "Jan": lambda t: _MONTHS[t.month - 1][:3],
    "02": lambda t: f"{t.day:02d}", "2": lambda t: str(t.day), "_2": lambda t: f"{t.day:2d}", "002": lambda t: f"{t.timetuple().tm_yday:03d}",
    "Monday": lambda t: _DAYS[t.weekday()], "Mon": lambda t: _DAYS[t.weekday()][:3],
    "15": lambda t: f"{t.hour:02d}", "03": lambda t: f"{(t.hour + 11) % 12 + 1:02d}", "3": lambda t: str((t.hour + 11) % 12 + 1),
    "04": lambda t: f"{t.minute:02d}", "4": lambda t: str(t.minute), "05": lambda t: f"{t.second:02d}", "5": lambda t: str(t.second),
    "PM": lambda t: "AM" if t.hour < 12 else "PM", "pm": lambda t: "am" if t.hour < 12 else "pm", "MST": lambda t: t.tzname() or "UTC",
}  # fmt: skip


def parse_duration_ns(text: Any) -> int:
    """The nanoseconds of a duration such as 1h30m; d, w and y are OPA's own."""
    if not isinstance(text, str):
        raise Undefined
    sign, rest = (-1 if text.startswith("-") else 1), text.removeprefix("-") if text.startswith("-") else text.removeprefix("+")
    if rest == "0":
        return 0
    if not _DURATION.fullmatch(rest):
        raise Undefined
    total = 0
    for number, unit in _SEGMENT.findall(rest):
        if number == ".":
            raise Undefined
        total += int(Fraction(number.rstrip(".") if number.endswith(".") else number) * _UNITS[unit])
    if total >= 2**63 + (sign < 0):
        raise Undefined
    return sign * total


_UNITS = {
    "ns": 1, "us": 1000, "\u00b5s": 1000, "\u03bcs": 1000, "ms": 10**6, "s": SECOND, "m": 60 * SECOND, "h": 3600 * SECOND,
    "d": 24 * 3600 * SECOND, "w": 7 * 24 * 3600 * SECOND, "y": 365 * 24 * 3600 * SECOND,
}  # fmt: skip
_SEGMENT = re.compile(r"([0-9.]+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h|d|w|y)")
_DURATION = re.compile(r"(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h|d|w|y))+")


def date_of(moment: Any) -> list[int]:
    """Year, month and day."""
    local, _, _ = _moment(moment)
    return [local.year, local.month, local.day]


def clock_of(moment: Any) -> list[int]:
    """Hour, minute and second."""
    local, _, _ = _moment(moment)
    return [local.hour, local.minute, local.second]


def weekday_of(moment: Any) -> str:
    """The day of the week."""
    return _DAYS[_moment(moment)[0].weekday()]


def add_date(moment: Any, years: Any, months: Any, days: Any) -> int:
    """A time some years, months and days later; a day that a month does not have runs over into the next."""
    local, fraction, _ = _moment(moment)
    years, months, days = whole(years), whole(months), whole(days)
    if local.tzinfo is not UTC:
        raise Missing("time.add_date: in a zone other than UTC")
    try:
        month = local.year * 12 + local.month - 1 + years * 12 + months
        first = datetime(month // 12, month % 12 + 1, 1, local.hour, local.minute, local.second, tzinfo=UTC)
        seconds = int((first + timedelta(days=local.day - 1 + days) - _EPOCH).total_seconds())
    except (ValueError, OverflowError):
        raise Undefined from None
    return _safe(seconds * SECOND + fraction)


def diff(one: Any, other: Any) -> list[int]:
    """What lies between two times: years, months, days, hours, minutes, seconds."""
    first, fraction, _ = _moment(one)
    second, more, _ = _moment(other)
    second = second.astimezone(first.tzinfo)
    if (first, fraction) > (second, more):
        first, second = second, first
    spans = [b - a for a, b in zip(first.timetuple()[:6], second.timetuple()[:6], strict=True)]
    for place, most in ((5, 60), (4, 60), (3, 24)):
        if spans[place] < 0:
            spans[place] += most
            spans[place - 1] -= 1
    if spans[2] < 0:
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        spans[2] += (following - date(first.year, first.month, 1)).days
        spans[1] -= 1
    if spans[1] < 0:
        spans[1] += 12
        spans[0] -= 1
    return spans


def _moment(value: Any) -> tuple[datetime, int, str]:
    """A time in its zone to the second, its nanoseconds, and the layout that goes with it."""
    parts = value if isinstance(value, list) and not isinstance(value, tuple) else [value]
    number = parts[0] if parts else None
    if isinstance(number, bool) or not isinstance(number, int | float) or not all(isinstance(part, str) for part in parts[1:3]):
        raise Undefined
    if number != int(number) or not -(2**63) <= number < 2**63:
        raise Undefined
    seconds, fraction = divmod(int(number), SECOND)
    return (_EPOCH + timedelta(seconds=seconds)).astimezone(_zone(parts[1] if len(parts) > 1 else "")), fraction, (parts[2:3] or [""])[0]


def _zone(name: str) -> tzinfo:
    if name in ("", "UTC"):
        return UTC
    if name == "Local":
        raise Missing("time: the zone of this machine")
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise Undefined from None


def _offset(text: str) -> int:
    """Seconds east of Greenwich."""
    if text == "Z":
        return 0
    digits = text[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 24 or minutes > 60:
        raise Undefined
    return (1 if text[0] == "+" else -1) * (hours * 3600 + minutes * 60)


def _nanoseconds(moment: list[int], fraction: int, offset: int) -> int:
    try:
        at = datetime(*moment, tzinfo=timezone(timedelta()))  # type: ignore[misc, arg-type]
    except ValueError:
        raise Undefined from None
    return _safe((int((at - _EPOCH).total_seconds()) - offset) * SECOND + fraction)


def _safe(nanoseconds: int) -> int:
    if not -(2**63) <= nanoseconds < 2**63:
        raise Undefined
    return nanoseconds
