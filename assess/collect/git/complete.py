"""What only the whole repository tells of a fact: calls that lead nowhere, and what is published at versions. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase

from assess.collect.git.purpose import released
from assess.model.fact import Call, Definition, Fact, HelmChart, Procedure

_TEMPLATE = re.compile(r"\.ya?ml$")
_ACTS = re.compile(r"(?i)(deploy|apply|terraform|provision|release|infra|rollout|promote)")
_MARKERS = {
    "ansible": ("galaxy.yml", "galaxy.yaml", "meta/main.yml", "meta/main.yaml"), "puppet": ("metadata.json",), "chef": ("metadata.rb",), "salt": ("FORMULA",),
}  # fmt: skip
"""The files by which a collection, role, module or cookbook is published, by tool."""


def followed(facts: Iterable[Fact], paths: Collection[str]) -> Iterator[Fact]:
    """Facts in which a call of a file that was not read is told as unresolved.

    Only of pipeline templates, and of scripts whose name says that they change something: a script that does nothing of
    note yields no procedure, so a call without a callee is no sign by itself.
    """
    for fact in facts:
        if isinstance(fact, Procedure) and (missing := [c.name for c in fact.calls if _is_missing(c, paths)]):
            yield replace(fact, unresolved=(*fact.unresolved, *missing))
        else:
            yield fact


def _is_missing(call: Call, paths: Collection[str]) -> bool:
    path = call.name
    if call.repository not in ("", "."):
        return False
    if "#" in path or "*" in path or ":" in path or path.startswith(("/", "~", "$")) or path in paths:
        return False
    return bool(_TEMPLATE.search(path) or (_ACTS.search(path) and "." in path.rpartition("/")[2]))


def startable(facts: Iterable[Fact], paths: Collection[str], branches: Collection[str] | None) -> Iterator[Fact]:
    """Facts in which a job that only a push starts, to a branch or a file that is not there, cannot run.

    branches: all of the repository's; None where the clone does not tell, and then no branch is missed.
    """
    told: dict[tuple[str, ...], bool] = {}
    for fact in facts:
        trigger = fact.trigger if isinstance(fact, Procedure) else None
        if (
            not isinstance(fact, Procedure)
            or trigger is None
            or not trigger.can_run
            or trigger.events != ("push",)
            or not (trigger.paths or trigger.branches)
        ):
            yield fact
            continue
        why_not = ""
        if trigger.paths and not told.setdefault(trigger.paths, _touched(trigger.paths, paths)):
            why_not = f"only changes below {', '.join(trigger.paths[:3])} start it, and no file is there"
        elif branches and trigger.branches and all(_LITERAL.fullmatch(b) and b not in branches for b in trigger.branches):
            why_not = f"only pushes to {', '.join(trigger.branches[:3])} start it, and there is no such branch"
        yield replace(fact, trigger=replace(trigger, can_run=False, why_not=why_not)) if why_not else fact


_LITERAL = re.compile(r"[\w./-]+")


def _touched(patterns: Iterable[str], paths: Collection[str]) -> bool:
    """Whether some file fits one of the patterns, `!` ones left aside; a `*` may stand for directories too, to be safe."""
    wanted = [pattern for pattern in patterns if not pattern.startswith("!")]
    wanted += [pattern.replace("**/", "") for pattern in wanted if "**/" in pattern]
    return any(fnmatchcase(path, pattern) for pattern in wanted for path in paths)


def published(facts: Iterable[Fact], paths: Collection[str], tags: Collection[str]) -> Iterator[Fact]:
    """Facts in which charts and configuration content know that they are published at versions."""
    facts = list(facts)
    releases = released(facts, tags)
    for fact in facts:
        if (isinstance(fact, HelmChart) and fact.origin == "own" and _is_tagged(fact.name, tags)) or (
            isinstance(fact, Definition) and releases and _has_marker(fact, paths)
        ):
            yield replace(fact, published=True)
        else:
            yield fact


def _is_tagged(name: str, tags: Collection[str]) -> bool:
    """Whether the repository tags versions of a chart by its name: `shop-1.2.3`, `shop/1.2.3`."""
    tag = re.compile(rf"{re.escape(name)}[-/@]v?\d+\.\d+\.\d+")
    return bool(name) and any(tag.match(other) for other in tags)


def _has_marker(fact: Definition, paths: Collection[str]) -> bool:
    prefix = "" if fact.path in (".", "") else f"{fact.path}/"
    return any(prefix + marker in paths for marker in _MARKERS.get(fact.tool, ()))
