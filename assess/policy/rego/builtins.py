"""OPA's builtins that a compiled module asks its host for. What is neither here nor native is refused at load, by name.

Each is equal to OPA's over the table in `tests/content/builtins.yaml`. `Undefined` is what OPA makes of operands that a
builtin does not take; `Missing` (something OPA can and we cannot) is an error of the engine.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any

from assess.policy.rego import go_regex, go_time, units
from assess.policy.rego.go_text import sprintf
from assess.policy.rego.json_patch import patched
from assess.policy.rego.value import Missing, RegoSet, Undefined, same, text, whole

MAX_ITEMS = 1_000_000
"""What one call may make."""


def any_prefix_match(search: Any, base: Any) -> bool:
    """Whether one of some strings begins with one of others."""
    return any(one.startswith(tuple(_texts(base))) for one in _texts(search))


def any_suffix_match(search: Any, base: Any) -> bool:
    """Whether one of some strings ends with one of others."""
    return any(one.endswith(tuple(_texts(base))) for one in _texts(search))


def _texts(value: Any) -> list[str]:
    return [text(item) for item in value] if isinstance(value, list | RegoSet) else [text(value)]


def count_of(search: Any, part: Any) -> int:
    """How often a string is in another, without overlaps; an empty one is between all characters."""
    return text(search).count(text(part))


def split_n(value: Any, delimiter: Any, number: Any) -> list[str]:
    """The first so many parts of a string, or for a negative number the last."""
    whole_text, between, n = text(value), text(delimiter), whole(number)
    if n == 0:
        return []
    parts = whole_text.split(between) if between else list(whole_text)
    return parts[:n] if n >= 0 else parts[max(len(parts) + n, 0) :]


def index_of_n(base: Any, search: Any) -> list[int]:
    """Every place of a string in another, overlapping ones too."""
    one, other = text(base), text(search)
    if not other:
        raise Undefined
    return [at for at in range(len(one) - len(other) + 1) if one.startswith(other, at)]


def range_step(first: Any, last: Any, step: Any) -> list[int]:
    """Whole numbers from one to another, in steps; downwards where the first is larger."""
    a, b, by = whole(first), whole(last), whole(step)
    if by <= 0:
        raise Undefined
    if abs(b - a) // by >= MAX_ITEMS:
        raise Missing(f"numbers.range_step: more than {MAX_ITEMS} numbers")
    return list(range(a, b + 1, by) if a <= b else range(a, b - 1, -by))


def hex_decode(value: Any) -> str:
    """The text behind hexadecimal digits."""
    if not re.fullmatch(r"([0-9a-fA-F]{2})*", text(value)):
        raise Undefined
    return _decoded(bytes.fromhex(value))


def base64_decode(value: Any) -> str:
    """The text behind base64; line ends are passed over. Source: https://pkg.go.dev/encoding/base64#Encoding.Decode."""
    try:
        return _decoded(base64.b64decode(re.sub("[\r\n]", "", text(value)), validate=True))
    except ValueError:
        raise Undefined from None


def _decoded(content: bytes) -> str:
    """A text; each byte that is no UTF-8 becomes U+FFFD, as Go takes it for when it reads a string."""
    return re.sub("[\udc80-\udcff]", "\ufffd", content.decode("utf-8", "surrogateescape"))


def digest(name: str) -> Callable[[Any], str]:
    """The builtin that hashes a text."""
    return lambda value: hashlib.new(name, text(value).encode(), usedforsecurity=False).hexdigest()


def subset(whole_value: Any, part: Any) -> bool:
    """Whether an object, array or set holds another; an array may hold the members of a set."""
    kinds = tuple("set" if isinstance(v, RegoSet) else type(v).__name__ for v in (whole_value, part))
    if kinds == ("list", "set"):
        held = sum(any(same(one, other) for other in part) for one in whole_value)
        return bool(whole_value) and held >= len(part)  # OPA counts an element that stands there twice as two
    if kinds[0] != kinds[1] or kinds[0] not in ("dict", "list", "set"):
        raise Undefined
    return _holds(whole_value, part)


def _holds(one: Any, other: Any) -> bool:
    if same(one, other):
        return True
    if isinstance(one, dict) and isinstance(other, dict):
        return all(key in one and _holds(one[key], value) for key, value in other.items())
    if isinstance(one, RegoSet) and isinstance(other, RegoSet):
        return all(any(same(member, kept) for kept in one) for member in other)
    if isinstance(one, list) and isinstance(other, list):
        return _run(one, other)
    return False


def _run(one: list[Any], other: list[Any]) -> bool:
    """Whether a list is a part of another in one piece, by OPA's own search (which never looks back)."""
    start = length = 0
    if len(other) > len(one):
        return False
    while length < len(other):
        if start + length == len(one):
            return False
        if same(one[start + length], other[length]):
            length += 1
        else:
            start, length = start + 1, 0
    return True


_SEMVER_PARTS = re.compile(r"[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*", re.ASCII)


def _semver(value: Any) -> tuple[list[int], str]:
    """The three numbers of a version and its pre-release. Source: https://semver.org/#spec-item-11."""
    version, plus, meta = text(value).removeprefix("v").partition("+")
    numbers, dash, pre = version.partition("-")
    bad = (plus and not _SEMVER_PARTS.fullmatch(meta)) or (dash and not _SEMVER_PARTS.fullmatch(pre))
    zeros = any(len(part) > 1 and part[0] == "0" and re.fullmatch("[0-9]+", part) for part in pre.split("."))
    if bad or zeros or not re.fullmatch(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2}", numbers):
        raise Undefined
    found = [int(part) for part in numbers.split(".")]
    if max(found) >= 2**63:
        raise Undefined
    return found, pre


def semver_is_valid(value: Any) -> bool:
    """Whether a text is a semantic version."""
    try:
        return bool(_semver(value))
    except Undefined:
        return False


def semver_compare(one: Any, other: Any) -> int:
    """-1, 0 or 1."""
    (a, pre_a), (b, pre_b) = _semver(one), _semver(other)
    if a != b:
        return 1 if a > b else -1
    if not pre_a or not pre_b:
        return (not pre_a) - (not pre_b)
    keys = [[(0, int(p), "") if re.fullmatch("[0-9]+", p) else (1, 0, p) for p in pre.split(".")] for pre in (pre_a, pre_b)]
    if any(key[1] >= 2**63 for key in keys[0] + keys[1]):
        raise Missing("semver.compare: a pre-release number that is too large")
    return (keys[0] > keys[1]) - (keys[0] < keys[1])


BUILTINS: Mapping[str, Callable[..., Any]] = {
    "idp_assess.base64_decode": base64_decode,
    "crypto.md5": digest("md5"), "crypto.sha1": digest("sha1"), "crypto.sha256": digest("sha256"),
    "hex.decode": hex_decode, "hex.encode": lambda value: text(value).encode().hex(),
    "indexof_n": index_of_n, "json.patch": patched, "numbers.range_step": range_step, "object.subset": subset,
    "regex.find_n": go_regex.find_n, "regex.replace": go_regex.replace, "regex.split": go_regex.split,
    "semver.compare": semver_compare, "semver.is_valid": semver_is_valid, "sprintf": sprintf,
    "strings.any_prefix_match": any_prefix_match, "strings.any_suffix_match": any_suffix_match,
    "strings.count": count_of, "strings.split_n": split_n,
    "time.add_date": go_time.add_date, "time.clock": go_time.clock_of, "time.date": go_time.date_of, "time.diff": go_time.diff,
    "time.format": go_time.format_time, "time.now_ns": go_time.now_ns, "time.parse_duration_ns": go_time.parse_duration_ns,
    "time.parse_ns": go_time.parse_ns, "time.parse_rfc3339_ns": go_time.parse_rfc3339_ns, "time.weekday": go_time.weekday_of,
    "units.parse": units.parse, "units.parse_bytes": units.parse_bytes,
}  # fmt: skip
REPLACED: Mapping[str, str] = {"base64.decode": "idp_assess.base64_decode"}
"""Builtins that WebAssembly has, and not as OPA does: base64 without padding or with other characters is decoded there."""
CHANGING = frozenset({"time.now_ns"})
"""Builtins that answer otherwise the next time: what they decide is not kept."""
