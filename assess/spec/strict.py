"""Files that people write: strict models whose errors read `file:line: key: what`, all at once."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from assess.errors import UsageError
from assess.spec.document import Document, DocumentError, read_yaml


class Strict(BaseModel):
    """The base of every file model: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


M = TypeVar("M", bound=Strict)


def read_file(path: Path, model: type[M], error: type[UsageError] = UsageError) -> M:
    """The one document of a YAML file as a model.

    Errors: `error` with every problem, one a line, each `file:line: key: what`.
    """
    return parse(path.read_bytes(), str(path), model, error)


def parse(text: bytes, name: str, model: type[M], error: type[UsageError] = UsageError) -> M:
    """As `read_file`, of a text; `name` is what errors call it."""
    try:
        documents = read_yaml(text, unique=True)
    except DocumentError as broken:
        readable = "" if broken.why.startswith("the key ") else "not readable as YAML: "
        raise error(f"{name}:{broken.line or 1}: {readable}{broken.why}") from None
    if len(documents) != 1:
        raise error(f"{name}:1: holds {len(documents)} YAML documents; exactly one is expected")
    return validate(documents[0], name, model, error)


def validate(document: Document, name: str, model: type[M], error: type[UsageError] = UsageError) -> M:
    """A parsed document as a model; errors as in `read_file`."""
    try:
        return model.model_validate(document.value)
    except ValidationError as invalid:
        problems = sorted(_problem(problem, document, model) for problem in invalid.errors())
        raise error("\n".join(dict.fromkeys(f"{name}:{line}: {key}: {what}" for line, key, what in problems))) from None


def near_miss(word: str, known: Any) -> str:
    """`; did you mean 'x'?` where a known word is close, else an empty string."""
    close = get_close_matches(word, list(known), n=1)
    return f"; did you mean '{close[0]}'?" if close else ""


_KINDS = {
    "string": "text", "int": "a whole number", "float": "a number", "bool": "true or false", "date": "a date, YYYY-MM-DD",
    "list": "a list", "tuple": "a list", "dict": "a mapping", "model": "a mapping of keys and values",
}  # fmt: skip
"""What pydantic calls a type, and what a person writes for it."""
_BOUNDS = {
    "greater_than": ("gt", "more than"), "greater_than_equal": ("ge", "at least"), "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}  # fmt: skip


def _problem(problem: Any, document: Document, model: type[BaseModel]) -> tuple[int, str, str]:
    """The line, the key and the sentence of one of pydantic's problems."""
    path = [part for part in problem["loc"] if not (isinstance(part, str) and part.startswith(("function-", "list[")))]
    return document.line(*path), ".".join(str(part) for part in path) or "(file)", _what(problem, path, model)


def _what(problem: Any, path: list[str | int], model: type[BaseModel]) -> str:
    """What is wrong, in words of ours for what people get wrong; pydantic's own for the rest.

    Source: https://docs.pydantic.dev/latest/errors/validation_errors/
    """
    kind, given = str(problem["type"]), problem["input"]
    if kind == "extra_forbidden":
        return f"unknown key{near_miss(str(path[-1]), _keys(model, path[:-1]))}"
    if kind == "missing":
        return "is required"
    if kind in ("literal_error", "enum"):
        expected = str(problem["ctx"]["expected"])
        return f"{given!r} is not one of {expected}{near_miss(str(given), expected.split(chr(39)))}"
    if kind == "string_too_short":
        least = problem["ctx"]["min_length"]
        return f"is too short: {len(given)} of at least {least} characters" if given else "must not be empty"
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        return f"{_shown(given)} is out of bounds: it has to be {words} {problem['ctx'][name]}"
    expected = _KINDS.get("date" if kind.startswith("date") else kind.partition("_")[0], "")
    if expected and kind.endswith(("_type", "_parsing", "_inexact", "_from_float")):
        return f"{_shown(given)} is not {expected}"
    return str(problem["msg"]).removeprefix("Value error, ")


def _shown(given: Any) -> str:
    """A value as a person would find it in the file."""
    if given is None:
        return "nothing"
    if isinstance(given, dict | list):
        return "a mapping" if isinstance(given, dict) else "a list"
    return f"'{given}'"[:60] if isinstance(given, str) else str(given).lower()


def _keys(model: type[BaseModel], path: list[str | int]) -> set[str]:
    """The keys of the model that stands at a path; where several may, those of each."""
    models = [model]
    for part in path:
        if isinstance(part, str):
            fields = [m.model_fields[part] for m in models if part in m.model_fields]
            models = [inner for field in fields for inner in _models(field.annotation)] or models
    return {key for each in models for key in each.model_fields}


def _models(annotation: Any) -> list[type[BaseModel]]:
    """The models in an annotation: `tuple[Team, ...]` holds Team."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [inner for part in get_args(annotation) for inner in _models(part)]
