"""The two files that a run leaves: `assessment.json` and `facts.jsonl.zst`, written and read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

from pydantic import Discriminator, Tag, TypeAdapter, ValidationError

from assess.errors import UsageError
from assess.model.assessment import SCHEMA, Assessment
from assess.model.fact import FACT_KINDS, Fact
from assess.model.gap import Gap
from assess.model.target import Target

FACTS_SCHEMA = "idp-assess/facts/v1"


_adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)
"""pydantic's reader and writer of a type, made once."""


def assessment_json(assessment: Assessment) -> bytes:
    """An assessment as indented JSON, keys in the order of the model, facts tagged with their kind."""
    import orjson

    value = _adapter(Assessment).dump_python(_without_facts(assessment), mode="json")
    value["facts"] = [_tagged(fact) for fact in assessment.facts]
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


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

    try:
        facts = tuple(_untagged(item) for item in value.pop("facts", ()))
        assessment: Assessment = _adapter(Assessment).validate_python({**value, "facts": ()})
        return replace(assessment, facts=facts)
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}", str(path)) from None


def facts_text(targets: Iterable[Target], facts: Iterable[Fact], gaps: Iterable[Gap]) -> bytes:
    """What the facts file holds, before it is compressed.

    Shape: JSON lines: a head, then targets, facts and gaps, each with its `kind`.
    """
    import orjson

    lines = [{"kind": "head", "schema": FACTS_SCHEMA}]
    lines += [{"kind": "Target", **_adapter(Target).dump_python(target, mode="json")} for target in targets]
    lines += [_tagged(fact) for fact in facts]
    lines += [{"kind": "Gap", **_adapter(Gap).dump_python(gap, mode="json")} for gap in gaps]
    return b"".join(orjson.dumps(line) + b"\n" for line in lines)


def digest(text: bytes) -> str:
    """The name of a facts text: its sha256, as `Assessment.facts_digest` has it."""
    return sha256(text).hexdigest()


def compressed(text: bytes) -> bytes:
    """A facts text as its file holds it."""
    import zstandard

    return zstandard.ZstdCompressor(level=9).compress(text)


MAX_FACTS_BYTES = 2_000_000_000


def read_facts(path: Path) -> tuple[list[Target], list[Fact], list[Gap]]:
    """Targets, facts and gaps of a facts file. Errors: UsageError where it is none."""
    targets: list[Target] = []
    facts: list[Fact] = []
    gaps: list[Gap] = []
    for number, line in enumerate(_lines(path), 1):
        try:
            kind = line.pop("kind")
            if kind == "Target":
                targets.append(_adapter(Target).validate_python(line))
            elif kind == "Gap":
                gaps.append(_adapter(Gap).validate_python(line))
            elif kind != "head":
                facts.append(_untagged({"kind": kind, **line}))
        except (KeyError, ValidationError) as error:
            raise UsageError(f"line {number} is no fact: {type(error).__name__}", str(path), "Scan again with this version.") from None
    return targets, facts, gaps


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
    if not lines or not isinstance(lines[0], dict) or lines[0].get("schema") != FACTS_SCHEMA:
        raise UsageError(f"not facts of schema {FACTS_SCHEMA}", str(path), "Scan again with this version.")
    yield from lines


def _tagged(fact: Fact) -> dict[str, Any]:
    return {"kind": fact.kind, **_adapter(type(fact)).dump_python(fact, mode="json")}


def _untagged(value: dict[str, Any]) -> Any:
    kind = FACT_KINDS[value["kind"]]
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
