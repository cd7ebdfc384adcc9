"""Program text in braces, read without evaluating it: strings and comments told from code, blocks by their braces."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"(?P<long>'''(?:\\.|(?!''').)*(?:'''|\Z)|\"\"\"(?:\\.|(?!\"\"\").)*(?:\"\"\"|\Z))|(?P<short>'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\")"
    r"|(?P<comment>/\*.*?(?:\*/|\Z)|//[^\n]*|^#![^\n]*)", re.S
)  # fmt: skip
String = tuple[int, int, str]
"""A string with its quotes, between two offsets."""


def without_strings(text: str) -> tuple[str, list[String]]:
    """The code with strings and comments blanked at their places, and the strings with their offsets."""
    strings: list[String] = []

    def blank(match: re.Match[str]) -> str:
        if match["comment"] is None:
            strings.append((match.start(), match.end(), match[0]))
        return re.sub(r"[^\n]", " ", match[0])

    return _TOKEN.sub(blank, text), strings


def pairs(code: str) -> dict[int, int]:
    """Where each opening brace of blanked code is closed: the offset after its closing one, the text's end where there is none."""
    found: dict[int, int] = {}
    open_at: list[int] = []
    for match in re.finditer(r"[{}]", code):
        if match[0] == "{":
            open_at.append(match.start())
        elif open_at:
            found[open_at.pop()] = match.end()
    return {**dict.fromkeys(open_at, len(code)), **found}


def unquoted(raw: str) -> str:
    """What is in a string."""
    mark = 3 if raw[:3] in ("'''", '"""') else 1
    return re.sub(r"\\([\"'$\\])", r"\1", raw[mark:-mark])
