"""A gate's result as JSON, with its exit codes; its shape is `reports/schema/gate.v1.json`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from assess.policy.gate.result import SCHEMA, GateResult
from assess.report.gate.view import Shown
from assess.spec.wire import escaped


@dataclass(frozen=True, slots=True)
class Document:
    """The whole file. exit_codes: all that apply; the process ends with the first."""

    exit_codes: tuple[int, ...]
    result: GateResult


def render(shown: Shown) -> str:
    """The result with the model's own names, and its exit codes."""
    return as_json(asdict(Document(tuple(map(int, shown.result.exit_codes)), shown.result)))


def as_json(value: Any) -> str:
    """A value as indented JSON in ASCII: whatever a name holds, half a surrogate pair too, is written and does nothing."""
    return escaped(json.dumps(value, indent=2).encode()).decode() + "\n"


def schema() -> dict[str, Any]:
    """The JSON Schema of what `render` makes."""
    from pydantic import TypeAdapter

    made = TypeAdapter(Document).json_schema(mode="serialization")
    made["$defs"]["GateResult"]["properties"]["schema"] = {"const": SCHEMA, "type": "string"}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": SCHEMA, **{k: v for k, v in made.items() if k != "title"}}
