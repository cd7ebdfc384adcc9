"""The engines asked about both sides of a change, and what they say compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assess.model.finding import Finding, Verdict
from assess.policy.change import Change
from assess.policy.compare import Compared, compare
from assess.policy.engine import ENGINE, UNSEEN, Checked, Engine, EngineFailed, run, trouble
from assess.policy.engines import ENGINES, engine
from assess.policy.result import EngineRun
from assess.policy.settle import merged


@dataclass(frozen=True)
class Asked:
    """What engines said. compared: of both sides. runs: what each was asked. before, after: what each said of a side."""

    compared: Compared
    runs: tuple[EngineRun, ...] = ()
    before: tuple[Checked, ...] = ()
    after: tuple[Checked, ...] = ()


def together(every: Iterable[Asked]) -> Asked:
    """Several answers as one."""
    told = list(every)
    return Asked(
        merged(one.compared for one in told), tuple(run for one in told for run in one.runs),
        tuple(side for one in told for side in one.before), tuple(side for one in told for side in one.after),
    )  # fmt: skip


def ask(seen: Change, engines: Sequence[str] = (), opa_url: str = "") -> Asked:
    """What the engines say of a change; all of them where none is named.

    One of all that has nothing to read anywhere in the repository is left out. A named one that has nothing to read, and all
    of them having nothing, is incomparable.
    """
    told: list[Asked] = []
    idle: list[str] = []
    hidden: dict[str, str] = {}
    for name in dict.fromkeys(engines or ENGINES):
        before, after, one = _sides(name, opa_url, seen)
        if one and not before.inputs and not after.inputs and not after.findings and not _anything_to_read(one, seen):
            idle.append(name)
            continue
        hidden |= _hidden(one, seen) if one else {}
        compared = compare(before.findings, after.findings, seen.moves)
        told.append(Asked(compared, (EngineRun(name, after.policies, after.inputs),), (before,), (after,)))
    nothing = tuple(_idle(seen, name) for name in idle) if idle and (engines or not told) else ()
    lost = Asked(Compared(incomparable=(*nothing, *_moved_aside(seen, hidden))))
    found = together([*told, lost])
    kept = tuple(finding for finding in found.compared.resolved if finding.at.path not in hidden)
    return replace(found, compared=replace(found.compared, resolved=kept))


def _sides(name: str, opa_url: str, seen: Change) -> tuple[Checked, Checked, Engine | None]:
    """What an engine says of both sides; no engine where it could not be made ready."""
    try:
        one = engine(name, opa_url)
    except EngineFailed as failure:
        bad = trouble(name, ENGINE, seen.after.at(""), str(failure.what), failure.fix)
        return Checked((bad,)), Checked((bad,)), None
    if seen.whole:
        return Checked(), run(one, [seen.after])[0], one
    before, after = run(one, [seen.before, seen.after])
    return before, after, one


def _anything_to_read(one: Engine, seen: Change) -> bool:
    return any(one.reads(tree, path) for tree in (seen.after, seen.before) for path in tree.entries)


def _idle(seen: Change, name: str) -> Finding:
    return trouble(
        name, ENGINE, seen.after.at(""), "its policies judge no file of the repository: the gate would always be green",
        "Name another --engine, or leave the gate out of this repository.", Verdict.NOT_OBSERVED,
    )  # fmt: skip


def _hidden(one: Engine, seen: Change) -> dict[str, str]:
    """The files of the base that an engine reads and that this change moved to where nothing counts as use: path there -> here."""
    origins = {new: old for old, new in seen.renamed.items()}
    aside = {origins.get(path, path): path for path in seen.touched if path in seen.after.entries and not seen.after.counts(path)}
    return {old: new for old, new in sorted(aside.items()) if old in seen.before.entries and one.reads(seen.before, old)}


def _moved_aside(seen: Change, hidden: Mapping[str, str]) -> Iterator[Finding]:
    """A finding for each file that was checked on the base and is out of sight now."""
    for old, new in hidden.items():
        yield trouble(
            "gate", UNSEEN, seen.after.at(new), f"was checked as {old}; its tree does not count as use any more",
            "Name it as use in the estate file of the base branch first, or take it away.", Verdict.NOT_OBSERVED,
        )  # fmt: skip
