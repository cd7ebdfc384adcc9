"""Files that people write: strict models whose errors read `file:line: key: what`, all at once."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from assess.errors import UsageError
from assess.spec.document import Document, DocumentError, read_yaml


class Strict(BaseModel):
    """The base of every file model: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


M = TypeVar("M", bound=Strict)


def read_file(path: Path, model: type[M], error: type[UsageError] = UsageError) -> M:
    """The one document of a YAML file as a model.

    Errors: `error` with every problem, one a line, each `file:line: key: what`.
    """
    return parse(path.read_bytes(), str(path), model, error)


def parse(text: bytes, name: str, model: type[M], error: type[UsageError] = UsageError) -> M:
    """As `read_file`, of a text; `name` is what errors call it."""
    try:
        documents = read_yaml(text)
    except DocumentError as broken:
        raise error(f"{name}:{broken.line or 1}: not readable as YAML: {broken.why}") from None
    if len(documents) != 1:
        raise error(f"{name}:1: holds {len(documents)} YAML documents; exactly one is expected")
    return validate(documents[0], name, model, error)


def validate(document: Document, name: str, model: type[M], error: type[UsageError] = UsageError) -> M:
    """A parsed document as a model; errors as in `read_file`."""
    try:
        return model.model_validate(document.value)
    except ValidationError as invalid:
        problems = [_sentence(problem, document, name, model) for problem in invalid.errors()]
        raise error("\n".join(dict.fromkeys(problems))) from None


def near_miss(word: str, known: Any) -> str:
    """`; did you mean 'x'?` where a known word is close, else an empty string."""
    close = get_close_matches(word, list(known), n=1)
    return f"; did you mean '{close[0]}'?" if close else ""


def _sentence(problem: Any, document: Document, name: str, model: type[BaseModel]) -> str:
    path = [part for part in problem["loc"] if not (isinstance(part, str) and part.startswith(("function-", "list[")))]
    key = ".".join(str(part) for part in path) or "(file)"
    what = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "extra_forbidden":
        what = f"unknown key{near_miss(str(path[-1]), _keys(model))}"
    elif problem["type"] == "missing":
        what = "is required"
    elif problem["type"] in ("literal_error", "enum"):
        expected = str(problem["ctx"]["expected"])
        what = f"{problem['input']!r} is not one of {expected}{near_miss(str(problem['input']), expected.split(chr(39)))}"
    return f"{name}:{document.line(*path)}: {key}: {what}"


def _keys(model: type[BaseModel]) -> set[str]:
    """Every key that a model or one of its parts knows."""
    schema = model.model_json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return {key for part in parts for key in part.get("properties", {})}
