"""Applications that a chart makes from its values: `range .Values.apps` over a template of one Application.

The template says how a path is put together, the chart's `values.yaml` says of what; each alone says little.
Source: https://argo-cd.readthedocs.io/en/stable/operator-manual/cluster-bootstrapping/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from assess.collect.git.extract.objects import Object, clean_url, dig, resolved, text, unresolved
from assess.collect.git.extract.templated import STAR
from assess.collect.git.file import Extractor, File, Part
from assess.model.fact import Fact, GitOpsSource
from assess.model.gap import Gap
from assess.spec.document import DocumentError, read_yaml

_MAX_APPS = 300
_MAX_VALUES = 300_000
_RANGE = re.compile(r"\{\{-?\s*range\s+(?:\$(\w+)\s*(?:,\s*\$(\w+)\s*)?:=\s*)?\$?\.Values\.([\w.]+)")
_ALIAS = re.compile(r"\{\{-?\s*\$(\w+)\s*:=\s*\$?\.Values\.([\w.]+)\s*-?\}\}")
_ACTION = re.compile(r"\{\{-?([^{}]{1,300})\}\}")
_TOKEN = re.compile(r"(?<![\w.\"])(\$\w*)?((?:\.\w+)+)|\$(\w+)")


@dataclass(frozen=True, slots=True)
class Ranged(Part):
    """A source whose path, name or address is an expression. written: those, as they stand in the template."""

    fact: GitOpsSource
    chart: str
    over: str
    names: tuple[str, str]
    """The variables that the loop binds: key and value."""
    aliases: tuple[tuple[str, str], ...]
    written: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Values(Part):
    """The default values of a chart, unread until a template asks."""

    chart: str
    content: bytes


def values(file: File) -> Iterator[Fact | Gap | Part]:
    """The values of a chart."""
    if len(file.content) <= _MAX_VALUES:
        yield Values(file.path, file.directory, file.content)


def ranged(found: Object, fact: Fact) -> Ranged | None:
    """The part that stands for a source in a chart's template; None where there is nothing to look up."""
    chart, within, _ = found.file.path.rpartition("/templates/") if "/templates/" in found.file.path else ("", "", "")
    if not isinstance(fact, GitOpsSource) or not within or not found.templated or found.guessed:
        return None
    lines = found.file.text.split("\n")
    places = {"name": ("metadata", "name"), "path": ("spec", "source", "path"), "source": ("spec", "source", "repoURL")}
    written = {key: _written(lines, found.at(*place).line) for key, place in places.items() if dig(found.value, *place)}
    if not any("{{" in written.get(key, "") for key in ("path", "source")):
        return None
    above = "\n".join(lines[: found.at().line])
    loops = list(_RANGE.finditer(above))
    loop = loops[-1] if loops else None
    key, value = (loop[1] or "", loop[2] or "") if loop else ("", "")
    return Ranged(
        found.file.path, fact, chart, loop[3] if loop else "", (key if value else "", value or key),
        tuple((m[1], m[2]) for m in _ALIAS.finditer(above)), tuple(written.items()),
    )  # fmt: skip


def _written(lines: list[str], line: int) -> str:
    return lines[line - 1].partition(":")[2].strip() if 0 < line <= len(lines) else ""


def assemble(parts: Iterable[Part]) -> Iterator[Fact]:
    """The sources that templates make: one for each entry they range over, or as it was where values do not tell."""
    parts = tuple(parts)
    by_chart = {part.chart: part for part in parts if isinstance(part, Values)}
    for part in parts:
        if isinstance(part, Ranged):
            made = list(_made(part, _read(by_chart.get(part.chart))))
            yield from made or [part.fact]


def _read(part: Values | None) -> Any:
    try:
        documents = read_yaml(part.content) if part else []
    except DocumentError:
        return None
    return documents[0].value if documents else None


def _made(part: Ranged, given: Any) -> Iterator[GitOpsSource]:
    held = dig(given, *part.over.split(".")) if part.over else [None]
    entries = list(held.items()) if isinstance(held, dict) else list(enumerate(held)) if isinstance(held, list) else []
    for key, entry in islice(entries, _MAX_APPS):
        if dig(entry, "enabled") is False:
            continue
        made = {name: _resolve(expression, part, given, str(key), entry) for name, expression in part.written}
        path = made.get("path", "")
        yield replace(
            part.fact, name=made.get("name") or part.fact.name,
            source=clean_url(made.get("source", "")) or part.fact.source,
            delivers=(resolved(".", path),) if path and not unresolved(path) else part.fact.delivers,
        )  # fmt: skip


def _resolve(expression: str, part: Ranged, given: Any, key: str, entry: Any) -> str:
    """An expression with what its values say, `*` where they say nothing."""
    done = _ACTION.sub(lambda match: _action(match[1], part, given, key, entry) or STAR, expression)
    return done.strip("\"' ")


def _action(action: str, part: Ranged, given: Any, key: str, entry: Any) -> str:
    """The first of an action's references that has a value; its `printf` format is kept, other functions are not run."""
    aliases = dict(part.aliases)
    value = ""
    for root, path, alone in _TOKEN.findall(re.sub(r"\"[^\"]*\"", " ", action)):
        name, keys = (root or "").removeprefix("$"), path.strip(".").split(".") if path else []
        if alone:
            value = {part.names[1]: text(entry), part.names[0]: key}.get(alone) or text(given, *_at(aliases, alone))
        elif keys[:1] == ["Values"]:
            value = text(given, *keys[1:])
        elif name in aliases:
            value = text(given, *_at(aliases, name), *keys)
        elif not root or name == part.names[1]:
            value = text(entry, *keys)
        if value:
            break
    found = re.match(r"\s*printf\s+\"([^\"%]*)%s([^\"%]*)\"", action)
    return f"{found[1]}{value or STAR}{found[2]}" if found else value


def _at(aliases: dict[str, str], name: str) -> list[str]:
    return aliases[name].split(".") if name in aliases else [""]


CHART_VALUES = Extractor(name="chart-values", run=values, names=frozenset({"values.yaml"}))
