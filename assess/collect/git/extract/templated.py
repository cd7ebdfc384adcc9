"""YAML with Go or Jinja template actions in it, made readable without rendering it.

Every action becomes a placeholder (or nothing, where it stands alone on its line); lines keep their numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PLACEHOLDER = "x0templated0x"
STAR = "*"

_MARK = PLACEHOLDER.encode()
_CONTROL = b"\x01"
_EDGE = b"\x01 \t"
_ALONE = re.compile(rb"(?:[ \t]*(?:\x01|" + _MARK + rb"))+[ \t]*")
_OPENS = re.compile(rb"(if|range|with|define|block|for|macro|filter|call|raw)\b")
_CLOSES = re.compile(rb"end(if|for|macro|filter|call|raw)?\b")
_KEEPS = re.compile(rb"(else|elif|set|import|from|include|extends|template|break|continue|\$\w+\s*:?=)")
_ESCAPE = re.compile(rb"\{\{-?[ \t]{0,3}[\"'`]([{}]{2})[\"'`][ \t]{0,3}-?\}\}")


@dataclass(frozen=True, slots=True)
class Neutral:
    """A template as plain YAML. depths: for each line, from 0, how many conditions and loops it stands in."""

    content: bytes
    depths: tuple[int, ...]

    def depth(self, line: int) -> int:
        """How deep in conditions and loops a line, from 1, is."""
        return self.depths[line - 1] if 0 < line <= len(self.depths) else 0


def is_templated(content: bytes) -> bool:
    """Whether there is a template action."""
    return b"{{" in content or b"{%" in content


def starred(text: str) -> str:
    """A value with `*` for each expression that was not resolved."""
    return text.replace(PLACEHOLDER, STAR)


def neutralise(content: bytes) -> Neutral:
    """A template as YAML with the same lines. Linear in its size, whatever is in it."""
    content = _ESCAPE.sub(rb"\1", content)
    out: list[bytes] = []
    deltas: list[tuple[int, int]] = []
    position, line = 0, 0
    pairs = list(_PAIRS)
    while (found := _next(content, position, pairs)) is not None:
        start, end, action = found
        before, raw = content[position:start], content[start:end]
        line += before.count(b"\n")
        control, delta = _classify(action)
        breaks = raw.count(b"\n")
        deltas.append((line, delta))
        out += [before, _CONTROL if control else _MARK, b"\n" * breaks]
        line += breaks
        position = end
    out.append(content[position:])
    lines = [_line(text) for text in b"".join(out).split(b"\n")]
    return Neutral(b"\n".join(lines), _depths(deltas, len(lines)))


def _next(content: bytes, position: int, pairs: list[tuple[bytes, bytes]]) -> tuple[int, int, bytes] | None:
    """Where the next action starts and ends, and what it says. pairs: the marks of actions; loses those that come no more."""
    starts = [(content.find(pair[0], position), pair) for pair in pairs]
    pairs[:] = [pair for found, pair in starts if found >= 0]
    starts = [(found, pair) for found, pair in starts if found >= 0]
    if not starts:
        return None
    start, (_, close) = min(starts)
    if content.startswith((b"{{`", b"{{ `"), start) and (end := content.find(b"`", start + 4)) >= 0:
        end = content.find(close, end)
    else:
        end = content.find(close, start + 2)
    if end < 0:
        return None
    return start, end + 2, content[start + 2 : end].strip(b"-~+ \t\r\n")


_PAIRS = ((b"{{", b"}}"), (b"{%", b"%}"), (b"{#", b"#}"))


def _classify(action: bytes) -> tuple[bool, int]:
    """Whether an action only controls, and what it does to the depth."""
    if _OPENS.match(action):
        return True, 1
    if _CLOSES.match(action):
        return True, -1
    return bool(_KEEPS.match(action) or action.startswith((b"/*", b"#"))), 0


def _line(text: bytes) -> bytes:
    if _CONTROL not in text and _MARK not in text:
        return text
    if _ALONE.fullmatch(text.rstrip(b"\r")):
        return b""
    end = text.rstrip(b" \t\r")
    text = end.rstrip(_EDGE) if end.endswith(_CONTROL) else text
    start = text.lstrip(b" \t")
    text = text[: len(text) - len(start)] + start.lstrip(_EDGE) if start.startswith(_CONTROL) else text
    return text.replace(_CONTROL, _MARK)


def _depths(deltas: list[tuple[int, int]], lines: int) -> tuple[int, ...]:
    """The depth after the actions of each line: an `if` counts for the lines below it, and for what shares its line."""
    change = [0] * (lines + 1)
    for line, delta in deltas:
        change[line] += delta
    depths, depth = [], 0
    for number in range(lines):
        depth = max(0, depth + change[number])
        depths.append(depth)
    return tuple(depths)
