"""What expressions of a GitHub workflow stand for, where the file says it: matrices, environment, choices, defaults.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstrategymatrix
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assess.collect.git.expressions import MAX_ROWS, Row, is_plain, rows_of
from assess.collect.git.extract.steps import mapping, sequence

Combination = dict[str, Any]


def rows(job: Mapping[str, Any], workflow: Mapping[str, Any]) -> list[Row]:
    """The values that a job's expressions take together, one row for each run of it; none where nothing is constant."""
    combined: Sequence[Row] = _matrix(mapping(job.get("strategy")).get("matrix")) or [{}]
    chosen = rows_of(_choices(mapping(workflow.get("on")))) or [{}]
    if len(combined) * len(chosen) > MAX_ROWS:
        return []
    return [row for one in combined for more in chosen if (row := {**one, **more})]


def _matrix(value: Any) -> Sequence[Row]:
    """Each combination of a matrix; of one that is made while it runs, none."""
    if not isinstance(value, dict):
        return []
    axes = {key: items for key, items in mapping(value).items() if key not in ("include", "exclude") and isinstance(items, list)}
    dynamic = len(axes) < len(value.keys() - {"include", "exclude"})
    found: list[Combination] = [{}] if axes else []
    for key, items in axes.items():
        found = [{**one, key: item} for one in found for item in items]
        if len(found) > MAX_ROWS:
            return []
    found = [one for one in found if not any(_fits(one, mapping(hole)) for hole in sequence(value.get("exclude")))]
    extra: list[Combination] = []
    for entry in map(mapping, sequence(value.get("include"))[:MAX_ROWS]):
        same = {key: item for key, item in entry.items() if key in axes}
        joined = [one for one in found if _fits(one, same)]
        for one in joined:
            one.update(entry)
        if not joined and not dynamic:
            extra.append(entry)
    return [row for one in (*found, *extra) if (row := dict(_flat("matrix", one)))][:MAX_ROWS]


def _fits(one: Combination, wanted: Combination) -> bool:
    return all(one.get(key) == item for key, item in wanted.items())


def _flat(name: str, value: Any, depth: int = 0) -> Iterable[tuple[str, str]]:
    if isinstance(value, dict) and depth < 5:
        for key, item in value.items():
            yield from _flat(f"{name}.{key}", item, depth + 1)
    elif is_plain(text := str(value)) and isinstance(value, str | int):
        yield name, text


def _choices(events: Mapping[str, Any]) -> dict[str, list[str]]:
    """The values that a person may choose from who starts the workflow."""
    found: dict[str, list[str]] = {}
    for name, spec in mapping(mapping(events.get("workflow_dispatch")).get("inputs")).items():
        options = [str(option) for option in sequence(mapping(spec).get("options"))]
        if options and all(map(is_plain, options)):
            found[f"inputs.{name}"] = found[f"github.event.inputs.{name}"] = options
    return found


def environment(*holders: Mapping[str, Any]) -> dict[str, str]:
    """The variables of a workflow, job and step whose value is a word or an expression; the later one wins."""
    found: dict[str, str] = {}
    for holder in holders:
        for name, value in mapping(holder.get("env")).items():
            text = str(value).strip()
            if isinstance(value, str | int) and ((text.startswith("${{") and "secrets" not in text and len(text) < 200) or is_plain(text)):
                found[name] = text
            else:
                found.pop(name, None)
    return found


def with_environment(found: Iterable[Row], variables: Mapping[str, str]) -> list[Row]:
    """Rows in which the variables stand too, by the name of the shell and of an expression."""
    named = {name: text for key, text in variables.items() for name in (key, f"env.{key}")}
    return [{**named, **row} for row in found] or ([named] if named else [])


def defaults(inputs: Any) -> tuple[tuple[str, str], ...]:
    """The inputs of a reusable workflow or action with the values they have where the caller says nothing."""
    pairs = ((f"inputs.{name}", str(mapping(spec).get("default", ""))) for name, spec in mapping(inputs).items())
    return tuple((name, text) for name, text in pairs if is_plain(text))
