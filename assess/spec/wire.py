"""The two files that a run leaves: `assessment.json` and `facts.jsonl.zst`, written and read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

from pydantic import Discriminator, Tag, TypeAdapter, ValidationError

from assess.errors import UsageError
from assess.model.assessment import SCHEMA, Assessment
from assess.model.fact import FACT_KINDS, Fact
from assess.model.gap import Gap
from assess.model.outcome import Reading
from assess.model.placement import LEVELS, Scope
from assess.model.target import Source, Target

FACTS_SCHEMA = "idp-assess/facts/v1"


_adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)
"""pydantic's reader and writer of a type, made once."""


def assessment_json(assessment: Assessment) -> bytes:
    """An assessment as indented JSON, keys in the order of the model, facts tagged with their kind."""
    import orjson

    value = _adapter(Assessment).dump_python(_without_facts(assessment), mode="json")
    value["facts"] = [_tagged(fact) for fact in assessment.facts]
    return escaped(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


_ACTED_ON = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|#(?=#\\w{0,20}\\[)")
"""What a terminal, an editor or a CI server acts on and JSON does not ask to be escaped; as in report/text.py."""


def escaped(text: bytes) -> bytes:
    """JSON that says the same without such characters: whoever looks at the file sees them."""
    if text.isascii() and b"\x7f" not in text and b"##" not in text:
        return text
    return _ACTED_ON.sub(lambda match: f"\\u{ord(match[0]):04x}", text.decode()).encode()


def read_assessment(path: Path) -> Assessment:
    """An assessment from its JSON file. Errors: UsageError where it is none, or of another schema version."""
    import orjson

    try:
        value = orjson.loads(path.read_bytes())
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", str(path)) from None
    except orjson.JSONDecodeError as error:
        raise UsageError(f"not JSON: {error}", str(path), "Give an assessment.json that `idp-assess scan` wrote.") from None
    if not isinstance(value, dict) or value.get("schema") != SCHEMA:
        raise UsageError(f"not an assessment of schema {SCHEMA}", str(path), "Scan again with this version.")
    from dataclasses import replace

    facts = value.pop("facts", [])
    if not isinstance(facts, list):
        raise UsageError("facts: not a list", str(path), _DAMAGED)
    try:
        told = tuple(_untagged(item) for item in facts)
        assessment: Assessment = _adapter(Assessment).validate_python({**value, "facts": ()})
    except _NoFact as error:
        raise UsageError(f"facts: {error}", str(path), _DAMAGED) from None
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}", str(path), _DAMAGED) from None
    if lost := _lost(assessment):
        raise UsageError(lost, str(path), _DAMAGED)
    return replace(assessment, facts=told)


_DAMAGED = "The file was changed or cut off after it was written, or comes from another version: scan again."


def _lost(assessment: Assessment) -> str:
    """What an assessment has to hold and does not; empty where it is whole.

    Every report starts from the organization, and from each target in both readings.
    """
    placed = {(p.scope, p.subject, p.reading) for p in assessment.placements}
    for reading in Reading:
        if not any(scope is Scope.ORGANIZATION and r is reading for scope, _, r in placed):
            return f"placements: the organization is missing ({reading.value})"
        for target in assessment.targets:
            if target.source is not Source.FORGE and not any((scope, target.label, reading) in placed for scope in _SINGLE):
                return f"placements: {target.label} is missing ({reading.value})"
    for one in assessment.placements:
        if not 0 <= one.low <= one.high <= LAST or len(one.histogram) != LAST + 2:
            return f"placements: {one.subject} stands at no level of the ladder ({one.low} to {one.high})"
    for unit in assessment.units:
        if any(not 0 <= low <= high <= LAST for low, high in (unit.declared, unit.confirmed)):
            return f"units: {unit.unit} stands at no level of the ladder"
    return ""


LAST = len(LEVELS) - 1
_SINGLE = [scope for scope in Scope if scope not in (Scope.ORGANIZATION, Scope.TEAM)]


def facts_text(targets: Sequence[Target], facts: Sequence[Fact], gaps: Sequence[Gap], read_at: str = "") -> bytes:
    """What the facts file holds, before it is compressed.

    Shape: JSON lines: a head with the time of reading and how many lines of each sort follow, then targets, facts and
    gaps, each with its `kind`.
    """
    import orjson

    counts = {"targets": len(targets), "facts": len(facts), "gaps": len(gaps)}
    lines: list[dict[str, Any]] = [{"kind": "head", "schema": FACTS_SCHEMA, "read_at": read_at, **counts}]
    lines += [{"kind": "Target", **_adapter(Target).dump_python(target, mode="json")} for target in targets]
    lines += [_tagged(fact) for fact in facts]
    lines += [{"kind": "Gap", **_adapter(Gap).dump_python(gap, mode="json")} for gap in gaps]
    return b"".join(orjson.dumps(line) + b"\n" for line in lines)


def digest(text: bytes) -> str:
    """The name of a facts text: the sha256 of what follows its head, as `Assessment.facts_digest` has it.

    The head says when the facts were read; the same facts, read again, keep their name.
    """
    return sha256(text.partition(b"\n")[2]).hexdigest()


def compressed(text: bytes) -> bytes:
    """A facts text as its file holds it."""
    import zstandard

    return zstandard.ZstdCompressor(level=9).compress(text)


MAX_FACTS_BYTES = 2_000_000_000


Facts = tuple[str, list[Target], list[Fact], list[Gap]]
"""When the targets were read (UTC, ISO 8601, or empty), the targets, their facts and gaps."""


def read_facts(path: Path) -> Facts:
    """What a facts file holds. Errors: UsageError where it is none, or less than its head says that was written."""
    lines = _lines(path)
    head = next(lines)
    targets: list[Target] = []
    facts: list[Fact] = []
    gaps: list[Gap] = []
    for number, line in enumerate(lines, 2):
        try:
            kind = line.pop("kind", "")
            if kind == "Target":
                targets.append(_adapter(Target).validate_python(line))
            elif kind == "Gap":
                gaps.append(_adapter(Gap).validate_python(line))
            else:
                facts.append(_untagged({"kind": kind, **line}))
        except (_NoFact, ValidationError) as error:
            why = str(error) if isinstance(error, _NoFact) else f"{error.errors()[0]['msg']}"
            raise UsageError(f"line {number} is no fact: {why}", str(path), _DAMAGED) from None
    read_at = _whole(path, head, targets, facts, gaps)
    return read_at, targets, facts, gaps


def _whole(path: Path, head: dict[str, Any], targets: list[Target], facts: list[Fact], gaps: list[Gap]) -> str:
    """When the file's targets were read. Errors: UsageError where something of it is missing."""
    counted: tuple[tuple[str, int], ...] = (("targets", len(targets)), ("facts", len(facts)), ("gaps", len(gaps)))
    for name, found in counted:
        if head.get(name) != found:
            raise UsageError(f"holds {found} {name}, and was written with {head.get(name)}", str(path), _DAMAGED)
    if not targets:
        raise UsageError("holds no target: there is nothing to judge", str(path), _DAMAGED)
    labels = {target.label for target in targets}
    if strangers := ({fact.at.target for fact in facts} | {gap.at.target for gap in gaps}) - labels:
        raise UsageError(f"holds facts of {min(strangers)}, which is not among its targets", str(path), _DAMAGED)
    read_at = head.get("read_at")
    try:
        if read_at:
            datetime.fromisoformat(read_at)
    except (TypeError, ValueError):
        raise UsageError("its head does not say when it was read", str(path), _DAMAGED) from None
    return str(read_at or "")


def read_facts_text(path: Path) -> bytes:
    """A facts file's text. Errors: UsageError where the file is none."""
    import zstandard

    try:
        return zstandard.ZstdDecompressor().decompress(path.read_bytes(), max_output_size=MAX_FACTS_BYTES)
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", str(path)) from None
    except zstandard.ZstdError:
        raise UsageError("not a facts file", str(path), "Give a facts.jsonl.zst that `idp-assess scan` wrote.") from None


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    import orjson

    try:
        lines = [orjson.loads(line) for line in read_facts_text(path).splitlines()]
    except orjson.JSONDecodeError:
        raise UsageError("not a facts file", str(path), "Give a facts.jsonl.zst that `idp-assess scan` wrote.") from None
    for number, line in enumerate(lines, 1):
        if not isinstance(line, dict):
            raise UsageError(f"line {number} is no fact: not an object", str(path), _DAMAGED)
    if not lines or lines[0].get("schema") != FACTS_SCHEMA:
        raise UsageError(f"not facts of schema {FACTS_SCHEMA}", str(path), "Scan again with this version.")
    yield from lines


def _tagged(fact: Fact) -> dict[str, Any]:
    return {"kind": fact.kind, **_adapter(type(fact)).dump_python(fact, mode="json")}


class _NoFact(Exception):
    """A value that is no fact of any kind that we know."""


def _untagged(value: Any) -> Any:
    """A fact from its JSON value. Errors: _NoFact, ValidationError."""
    if not isinstance(value, dict):
        raise _NoFact("not an object")
    kind = FACT_KINDS.get(str(value.get("kind")))
    if kind is None:
        raise _NoFact(f"unknown kind {str(value.get('kind'))!r}"[:80])
    return _adapter(kind).validate_python({k: v for k, v in value.items() if k != "kind"})


def _without_facts(assessment: Assessment) -> Assessment:
    from dataclasses import replace

    return replace(assessment, facts=())


def assessment_schema() -> dict[str, Any]:
    """The JSON Schema of `assessment.json`, facts told apart by `kind`."""
    from typing import Union

    kinds = tuple(Annotated[kind, Tag(name)] for name, kind in FACT_KINDS.items())
    facts = TypeAdapter(tuple[Annotated[Union[kinds], Discriminator(lambda v: v.kind)], ...]).json_schema(mode="serialization")  # type: ignore[valid-type]  # noqa: UP007
    schema = _adapter(Assessment).json_schema(mode="serialization")
    for name in FACT_KINDS:
        definition = facts["$defs"][name]
        definition["properties"] = {"kind": {"const": name, "type": "string"}, **definition["properties"]}
        definition["required"] = ["kind", *definition.get("required", [])]
    schema["$defs"] = {**schema["$defs"], **facts["$defs"]}
    schema["properties"]["facts"] = {"type": "array", "items": facts["items"]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": SCHEMA, **{k: v for k, v in schema.items() if k != "title"}}
