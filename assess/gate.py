"""The gate: what a change adds. Base and head are read from git objects; see DESIGN section 6."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from assess.model.finding import Finding, Verdict
from assess.policy.change import Change, change
from assess.policy.compare import Compared, compare
from assess.policy.engine import ENGINE, UNSEEN, Checked, Engine, EngineFailed, run, trouble
from assess.policy.engines import ENGINES, engine
from assess.policy.result import Action, EngineRun, GateResult, Judged, State, worst_first


def gate(path: Path, base: str, head: str = "HEAD", engines: Sequence[str] = (), opa_url: str = "") -> GateResult:
    """The verdict on the change from merge-base(base, head) to head.

    engines: by name. Where none is named it is all of them, and one that has nothing to read anywhere in the repository is
    left out. A named engine that has nothing to read, and all of them having nothing, is incomparable: such a gate would
    be green whatever is changed. A change that touches no input, in a repository that has some, passes.
    Errors: IncompleteError where a revision or the merge base is not there; UsageError for an engine that there is not.
    """
    seen = change(path, base, head)
    told: list[Compared] = [Compared(incomparable=tuple(_moved_aside(seen)))]
    runs: list[EngineRun] = []
    idle: list[str] = []
    for name in dict.fromkeys(engines or ENGINES):
        before, after, one = _asked(name, opa_url, seen)
        if one and not before.inputs and not after.inputs and not after.findings and not _anything_to_read(one, seen):
            idle.append(name)
            continue
        runs.append(EngineRun(name, after.policies, after.inputs))
        told.append(compare(before.findings, after.findings, seen.moves))
    if idle and (engines or not runs):
        told.append(Compared(incomparable=tuple(_idle(seen, name) for name in idle)))
    return GateResult(
        target=seen.after.repository.target, base=str(seen.before.repository.commit.id),
        touched=len(seen.touched), aside=tuple(_aside(seen)), engines=tuple(runs),
        judged=worst_first(one for compared in told for one in _judged(compared)),
    )  # fmt: skip


def _judged(compared: Compared) -> Iterator[Judged]:
    """The findings of one engine with what is done about them: what is new blocks, unless its policy only warns."""
    for state in State:
        for finding in getattr(compared, state.value):
            action = (Action.BLOCK if finding.blocks else Action.WARN) if state is State.NEW else Action.REPORT
            yield Judged(finding, state, action)


def _asked(name: str, opa_url: str, seen: Change) -> tuple[Checked, Checked, Engine | None]:
    """What an engine says of both sides; no engine where it could not be made ready."""
    try:
        one = engine(name, opa_url)
    except EngineFailed as failure:
        bad = trouble(name, ENGINE, seen.after.at(""), str(failure.what), failure.fix)
        return Checked((bad,)), Checked((bad,)), None
    before, after = run(one, [seen.before, seen.after])
    return before, after, one


def _anything_to_read(one: Engine, seen: Change) -> bool:
    return any(one.reads(tree, path) for tree in (seen.after, seen.before) for path in tree.entries)


def _idle(seen: Change, name: str) -> Finding:
    return trouble(
        name, ENGINE, seen.after.at(""), "its policies judge no file of the repository: the gate would always be green",
        "Name another --engine, or leave the gate out of this repository.", Verdict.NOT_OBSERVED,
    )  # fmt: skip


def _aside(seen: Change) -> Iterator[str]:
    """The touched files of the head whose trees do not count as use, where they look like something that is checked."""
    for path in sorted(seen.touched):
        if path in seen.after.entries and path.endswith(_CHECKED) and not seen.after.counts(path):
            yield path


_CHECKED = (".tf", ".tf.json", ".tfvars", ".tofu", ".yml", ".yaml", ".json")


def _moved_aside(seen: Change) -> Iterator[Finding]:
    """A finding for each file that was checked on the base and that this change moved out of sight."""
    origins = {new: old for old, new in seen.renamed.items()}
    for path in _aside(seen):
        origin = origins.get(path, path)
        if origin in seen.before.entries and seen.before.counts(origin) and origin.endswith(_CHECKED):
            yield trouble(
                "gate", UNSEEN, seen.after.at(path), f"was checked as {origin}; its tree does not count as use any more",
                "Name it as use in the estate file of the base branch first, or take it away.", Verdict.NOT_OBSERVED,
            )  # fmt: skip
