"""The text of `.idp/waivers.yaml`: one more waiver, or some taken out, every other byte as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Collection

from assess.errors import UsageError
from assess.policy.gate.trusted import waiver_lines
from assess.spec.gate import WAIVERS_FILE, Waiver, WaiverFile
from assess.spec.strict import parse

HEAD = "# What is accepted for a time, and by whom. It counts once it is on the base branch; `idp-assess waiver list` says what does.\nwaivers:\n"
_EMPTY = re.compile(r"(?m)^waivers:[ \t]*(\[[ \t]*\]|~|null)?[ \t]*(#.*)?$")
_ITEM = re.compile(r"^(\s*)-\s")
_ASIDE = re.compile(r"\s*(#|$)")


def added(text: str, waiver: Waiver, note: str = "") -> str:
    """The text with one more waiver at its end. note: a line of comment above it.

    Errors: UsageError for a file that cannot be used, an id that it has already, and a text that cannot be added to.
    """
    text = text if text.strip() else HEAD
    had = parse(text.encode(), WAIVERS_FILE, WaiverFile) if not _bare(text) else WaiverFile()
    if waiver.id in {one.id for one in had.waivers}:
        raise UsageError(f"{WAIVERS_FILE} has a waiver {waiver.id} already", fix="Give another --id.")
    if not had.waivers:
        text = _EMPTY.sub(lambda found: "waivers:" + (f" {found[2]}" if found[2] else ""), text, count=1)
    item = _item(waiver, _indent(text), note)
    longer = text + ("" if text.endswith("\n") else "\n") + item
    try:
        fits = parse(longer.encode(), WAIVERS_FILE, WaiverFile).waivers == (*had.waivers, waiver)
    except UsageError:
        fits = False
    if not fits:
        raise UsageError(f"{WAIVERS_FILE} is not written as a list at its end", fix=f"Add this by hand:\n{item}")
    return longer


def without(text: str, ids: Collection[str]) -> str:
    """The text without some waivers. Comments stay; those between two waivers are about the second.

    Errors: UsageError for a file that cannot be used or is not written as a list of its own lines.
    """
    had = parse(text.encode(), WAIVERS_FILE, WaiverFile)
    starts = waiver_lines(text.encode(), had)
    lines = text.splitlines(keepends=True)
    ends = [*(starts[one.id] - 1 for one in had.waivers[1:]), len(lines)]
    gone: set[int] = set()
    for one, end in zip(had.waivers, ends, strict=True):
        if one.id in ids:
            span = range(starts[one.id] - 1, end)
            while span and _ASIDE.match(lines[span[-1]]):
                span = span[:-1]
            gone |= set(span)
    shorter = "".join(line for number, line in enumerate(lines) if number not in gone)
    kept = tuple(one for one in had.waivers if one.id not in ids)
    if not kept:
        shorter = _EMPTY.sub(lambda found: "waivers: []" + (f" {found[2]}" if found[2] else ""), shorter, count=1)
    try:
        if parse(shorter.encode(), WAIVERS_FILE, WaiverFile).waivers == kept:
            return shorter
    except UsageError:
        pass
    raise UsageError(f"{WAIVERS_FILE} is not written one waiver after the other", fix=f"Take out by hand: {', '.join(sorted(ids))}.")


def next_id(text: str) -> str:
    """The id after the highest of the form `W-7`."""
    return f"W-{max((int(number) for number in re.findall(r'W-([0-9]{1,6})', text)), default=0) + 1}"


def _bare(text: str) -> bool:
    """Whether there is a key without a list yet, which by itself is no file that can be used."""
    return all(_EMPTY.match(line) or _ASIDE.match(line) for line in text.splitlines())


def _indent(text: str) -> str:
    return next((found[1] for line in text.splitlines() if (found := _ITEM.match(line))), "  ")


def _item(waiver: Waiver, indent: str, note: str) -> str:
    """One waiver as YAML. Free text is written as a JSON string, which YAML reads alike."""
    values = waiver.model_dump(mode="json", exclude_defaults=True)
    said = [f"{key}: {value if key in ('created', 'expires') else json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    comment = f"{indent}# {note}\n" if note else ""
    return comment + "".join(f"{indent}{'- ' if not number else '  '}{line}\n" for number, line in enumerate(said))
