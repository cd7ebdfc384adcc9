"""`json.patch` as OPA has it: JSON Patch, whose paths may be arrays too."""

from __future__ import annotations

import re
from typing import Any

from assess.policy.rego.value import Missing, RegoSet, Undefined, same, text, whole


def patched(value: Any, operations: Any) -> Any:
    """A value changed step by step. Source: https://www.rfc-editor.org/rfc/rfc6902."""
    if not isinstance(operations, list):
        raise Undefined
    for one in operations:
        if not isinstance(one, dict) or not isinstance(one.get("op"), str) or "path" not in one:
            raise Undefined
        value = _step_of(value, one["op"], _path(one["path"]), one)
    return value


def _step_of(value: Any, op: str, path: list[Any], one: dict[str, Any]) -> Any:
    if op in ("add", "replace", "test") and "value" not in one:
        raise Undefined
    if op == "test":
        return value if same(_at(value, path), one["value"]) else _undefined()
    if op in ("move", "copy"):
        source = _path(one["from"]) if "from" in one else _undefined()
        taken = _at(value, source)
        return _put(_taken(value, source) if op == "move" else value, path, taken)
    if op == "remove":
        return _taken(value, path)
    if op == "replace":
        return _put(_taken(value, path) if path else value, path, one["value"])
    return _put(value, path, one["value"]) if op == "add" else _undefined()


def _path(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [part.replace("~1", "/").replace("~0", "~") for part in text(value).lstrip("/").split("/")] if value != "" else []


def _at(value: Any, path: list[Any]) -> Any:
    for step in path:
        value = value[_step(value, step, 0)]
    return value


def _step(value: Any, step: Any, more: int) -> Any:
    """The key of a step; of an array up to `more` behind its end."""
    if isinstance(value, RegoSet):
        raise Missing("json.patch: into a set")
    if isinstance(value, dict):
        if not isinstance(step, str):
            raise Undefined
        return step if more or step in value else _undefined()
    if not isinstance(value, list):
        raise Undefined
    if step == "-" and more:
        return len(value)
    if isinstance(step, str):
        step = int(step) if re.fullmatch("0|[1-9][0-9]{0,8}", step) else _undefined()
    place = whole(step)
    return place if 0 <= place < len(value) + more else _undefined()


def _put(value: Any, path: list[Any], given: Any) -> Any:
    if not path:
        return given
    key = _step(value, path[0], 1 if len(path) == 1 else 0)
    if len(path) > 1:
        given = _put(value[key], path[1:], given)
    if isinstance(value, dict):
        return {**value, key: given}
    return [*value[:key], given, *value[key + (len(path) > 1) :]]


def _taken(value: Any, path: list[Any]) -> Any:
    if not path:
        return None
    key = _step(value, path[0], 0)
    if len(path) > 1:
        rest = _taken(value[key], path[1:])
        return {**value, key: rest} if isinstance(value, dict) else [*value[:key], rest, *value[key + 1 :]]
    return {k: v for k, v in value.items() if k != key} if isinstance(value, dict) else [*value[:key], *value[key + 1 :]]


def _undefined() -> Any:
    raise Undefined
